"""The tiny language: what a grammar gives, the loss of guesses and its gradient, and what is learned of it."""

import json
from itertools import pairwise

import numpy as np
import pytest
from support.learning import CLOSE, differences

from attention_core import EXAMPLES, Stage, attend
from attention_core.origins import Source, origin_of
from attention_core.stages import EDITED
from attention_core.words import identity
from learning import guessing
from learning.course import STEPS, Course
from learning.grammar import GRAMMAR, MAX_SENTENCES, language_of
from learning.guessing import GuessLoss, tasks_of
from learning.ship import PLACE, SEED, SIZE, written
from learning.ship import STEPS as LONGER

SMALL = "sentence: the cat/who WHAT today\nsentence: a dog/who WHAT\nWHAT: sees/did it | hears/did it | smells/did it"


def names(count):
    return [f"{chr(65 + at // 26)}{chr(65 + at % 26)}" for at in range(count)]


def nested(count):
    """AA: AB, AB: AC and so on."""
    return "\n".join(f"{one}: {other}" for one, other in pairwise(names(count)))


def doubling(count):
    """Each name stands for the next one twice, so that the sentence would have 2 to the power of `count` words."""
    return (
        "\n".join(f"{one}: {other} {other}" for one, other in pairwise(names(count // 2)))
        + f"\n{names(count // 2)[-1]}: a"
    )


def small_loss(evenly=False):
    language = language_of(SMALL)
    loss = GuessLoss(tasks_of(language, language.sentences), len(language.vocabulary), 3, evenly)
    generator = np.random.default_rng(2)
    shapes = {Stage.EMBEDDINGS: (len(language.vocabulary), 3), **dict.fromkeys(EDITED[1:], (3, 3))}
    return language, loss, {table: generator.normal(0, 0.7, shapes[table]) for table in EDITED}


def test_a_grammar_gives_every_sentence_once_with_its_questions():
    language = language_of(SMALL)
    assert [str(sentence) for sentence in language.sentences[:2]] == ["the cat sees it today", "the cat hears it today"]
    assert len(language.sentences) == 6
    assert language.sentences[0].blanked(2) == ("the", "cat", "did", "it", "today")
    assert language.vocabulary == (*("the", "cat", "sees", "it", "today", "who", "did", "hears", "smells", "a", "dog"),)
    assert language.question_of("dog") == "who" and language.question_of("it") == ""


def test_the_first_grammar_has_forty_words_and_bank_in_every_sentence():
    language = language_of(GRAMMAR)
    assert len(language.vocabulary) == 40 and len(language.sentences) == 32
    assert all("bank" in sentence.words for sentence in language.sentences)
    assert {"river", "water", "boat", "money", "loan", "cash"} <= set(language.vocabulary)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "A line must begin with “sentence:”"),
        ("sentence: a b", "1 different sentences; 5 at least"),
        ("sentence a b", "Line 1 needs a name in capitals"),
        ("Sentence: a", "Line 1 needs a name in capitals"),
        ("sentence: a |", "Line 1 has an empty option"),
        ("sentence: a WHAT", "WHAT is used, but no line says what it stands for"),
        ("sentence: AA\nAA: b AA", "AA stands for itself"),
        ("sentence: a | b | c | d | e", "No word can be blanked out"),
        ("sentence: /who | b | c | d | e", "Before “/who” a word is missing"),
        ("sentence: *!* | b | c | d | e", "“*!*” is not one word"),
        ("sentence: a/b/c | b | c | d | e", "“b/c” is not one word"),
        ("sentence: " + " ".join(["AA"] * 16) + "\nAA: a | b", "more than 20,000 sentences"),
        ("sentence: AA\n" + doubling(60), "has more than 16 words"),
        ("sentence: AA\n" + nested(500), "Names stand within names, more than 40 deep"),
        ("sentence: " + "a/b " * 17 + "| b | c | d | e", "“a/b a/b a/b a/b” or holds it has more than 16 words"),
        ("sentence: " + " | ".join(f"w{at}/q" for at in range(90)), "91 different words; up to 80"),
    ],
)
def test_a_grammar_that_gives_no_language_is_refused_in_words(text, says):
    with pytest.raises(ValueError) as error:
        language_of(text)
    assert says in str(error.value)


def test_of_a_large_language_so_many_sentences_are_drawn_and_always_the_same():
    text = "sentence: A1 B1 C1\n".replace("1", "A") + "\n".join(
        f"{name}: " + " | ".join(f"{name.lower()}{at}/q" for at in range(9)) for name in ("AA", "BA", "CA")
    )
    one, other = language_of(text), language_of(text)
    assert len(one.sentences) == MAX_SENTENCES and one.sentences == other.sentences


@pytest.mark.parametrize("evenly", [False, True])
def test_the_loss_of_guesses_has_its_gradient(evenly):
    _, loss, tables = small_loss(evenly)
    _, found = loss(tables)
    for table in EDITED:
        slopes = differences(lambda m, table=table: loss({**tables, table: m})[0], tables[table])
        np.testing.assert_allclose(found[table], slopes, **CLOSE, err_msg=table)


def test_the_loss_is_what_plain_loops_give():
    language, loss, tables = small_loss()
    total = 0.0
    for sentence in language.sentences:
        for place in sentence.blanks:
            rows = language.rows(sentence.blanked(place))
            x = tables[Stage.EMBEDDINGS][rows]
            q, k, v = (x @ tables[table] for table in EDITED[1:])
            answer = language.rows((sentence.words[place],))[0]
            for at in range(len(rows)):
                powers = np.exp(q[at] @ k.T / np.sqrt(3))
                products = np.exp(tables[Stage.EMBEDDINGS] @ (powers / powers.sum() @ v))
                share = 0.9 if at == place else 0.1 / (len(rows) - 1)
                total -= share * np.log(products[answer] / products.sum())
    total = total / len(loss.tasks.answer) + 0.0015 * sum((table**2).sum() for table in tables.values())
    assert loss(tables)[0] == pytest.approx(total, rel=1e-12)


def test_the_page_s_course_guesses_unseen_words_far_better_than_both_baselines():
    course = Course(GRAMMAR, size=6, seed=1)
    assert not set(course.seen) & set(course.unseen) and len(course.unseen) == 8
    course.advance(10)
    assert 0 < course.progress < 0.1 and not course.is_over
    course.advance(2 * STEPS)
    result = course.result
    assert course.is_over and result.guesses == 32 and len(course.losses) == STEPS + 1
    assert result.attention == 1 and result.evenly == 9 / 32 and result.most_frequent < 0.1
    place = course.unseen[0].blanks[0]
    guess = course.guess(course.unseen[0], place)
    assert guess.question == "who" == guess.calculation.words[place]
    assert guess.words[0][0] == course.unseen[0].words[place] and guess.words[0][1] > 0.5


def test_the_shipped_example_is_what_its_command_learns():
    course = Course(GRAMMAR, size=SIZE, seed=SEED, steps=LONGER)
    course.advance(LONGER + 1)  # what follows is the training without attention
    shipped, again = json.loads(PLACE.read_text("utf-8")), json.loads(written(course))
    assert shipped["about"].keys() == again["about"].keys() and shipped["sentence"] == again["sentence"]
    for word, row in shipped["rows"].items():
        np.testing.assert_allclose(again["rows"][word], row, atol=1.01e-4)  # the last of four decimals
    for table in EDITED[1:]:
        np.testing.assert_allclose(again[table], shipped[table], atol=1.01e-4)
    unseen = course.with_attention.on(tasks_of(course.language, course.unseen))
    assert unseen.accuracy(course.learned.tables) == 1


def test_in_the_shipped_example_bank_has_learned_to_look_at_river_and_all_is_called_learned():
    experiment = EXAMPLES["learned-river-bank"].build()
    weights = attend(experiment).attention.weights[8]
    assert experiment.words[8] == "bank" and experiment.words[np.argmax(weights)] == "river" and weights.max() > 0.5
    assert {origin_of(experiment, identity(word)).source for word in experiment.words} == {Source.LEARNED}
    edited = experiment.with_rows(["bank"], [[1.0] * 6])
    assert origin_of(edited, "bank").source is Source.EDITED and origin_of(edited, "river").source is Source.LEARNED
    assert PLACE.stat().st_size < 5_000


def test_another_rounding_teaches_the_same_to_the_decimals_shown(monkeypatch):
    one = Course(GRAMMAR, size=6, seed=1, steps=200)
    one.advance(200)
    generator, exact = np.random.default_rng(1), guessing.gradients

    def rounded_otherwise(*args, **kwargs):
        return {stage: by * (1 + generator.normal(0, 1e-15, by.shape)) for stage, by in exact(*args, **kwargs).items()}

    monkeypatch.setattr(guessing, "gradients", rounded_otherwise)
    other = Course(GRAMMAR, size=6, seed=1, steps=200)
    other.advance(200)
    for table in EDITED:
        apart = np.abs(one.learned.tables[table] - other.learned.tables[table]).max()
        assert 0 < apart < 1e-6, table
