"""Ordinary sentences of different fields in the opening picture: no word is unknown, and what words look at is true.

Each sentence has, by its words, what they may look at most; judged by us. The other words look about evenly, and so
say nothing; a word that looks clearly at something and is not named here fails.
"""

import numpy as np
import pytest

from attention_core import OPENING, attend
from attention_core.origins import words_without_meaning

CLEARLY = 1.5  # times an even share of a word's attention

# Living things look at the living, actions at whom they concern, water at water, money at money.
SENTENCES = {
    "My grandmother baked fresh bread for the hungry children.": {
        "my grandmother baked hungry children": "grandmother children"
    },
    "The doctor gave the sick boy some medicine.": {"doctor gave boy": "doctor boy"},
    "After the storm the sailors swam from their sinking boat to the beach.": {
        "storm swam boat beach": "sailors swam boat",
        "sailors their sinking": "sailors swam",
    },
    "She paid three dollars for a cup of coffee at the station.": {
        "she": "she",
        "paid three dollars for station": "paid dollars",
        "cup coffee": "cup coffee",
    },
    "Our football team won the game because every player trained hard this winter.": {
        "our football team won game player trained": "our team player"
    },
    "The scientist wrote a long article about the planets and published it last week.": {
        "scientist wrote published it": "scientist"
    },
    "When the rain stopped, two frogs jumped into the pond behind the old farmhouse.": {
        "rain pond": "rain pond",
        "stopped frogs jumped into old": "frogs",
    },
    "The bank lends money to young families who want to buy a house near the lake, but the interest is high and many "
    "of them cannot pay it back.": {
        "bank lends money buy house interest many pay": "money buy pay",
        "young families who want them it": "families who them",
        "lake": "lake",
    },
    "The orchestra played beautiful music while the audience listened quietly.": {
        "orchestra played music audience listened": "orchestra audience"
    },
    "Police arrested the thief who had stolen a gold necklace from the jeweller's shop on Main Street.": {
        "police arrested thief who stolen main street jeweller's": "police thief who jeweller's",
        "gold necklace shop had": "gold shop jeweller's",
    },
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_word_of_an_ordinary_sentence_is_unknown(sentence):
    experiment = OPENING.build().with_sentence(sentence)
    assert 5 <= len(experiment.words) <= 30
    assert words_without_meaning(experiment) == ()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_a_word_of_it_clearly_looks_at_is_true(sentence):
    calculation = attend(OPENING.build().with_sentence(sentence))
    judged = {word: seen.split() for words, seen in SENTENCES[sentence].items() for word in words.split()}
    words = [word.casefold() for word in calculation.words]
    clear = set()
    for word, weights in zip(words, calculation.attention.weights, strict=True):
        if weights.max() > CLEARLY / len(words):
            assert word in judged, f"{word} looks clearly at {words[int(np.argmax(weights))]}"
            assert words[int(np.argmax(weights))] in judged[word], word
            clear.add(word)
    assert len(clear) >= 3, "a sentence that tells something"
