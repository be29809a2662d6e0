"""What a change did, in one sentence that is computed from the numbers."""

from dataclasses import replace

import pytest

from attention_core import OPENING, attend
from attention_core.changes import counterpart
from presentation.change_text import what_changed

OPENED = OPENING.build()
RIVER = attend(OPENED)


def told(now, then, word):
    return what_changed(now, counterpart(now, then), word)


def test_the_followed_word_s_context_is_told_before_and_after():
    money = attend(OPENED.with_sentence("We walked to the money bank"))
    text = told(money, RIVER, 5)
    assert text.startswith(
        "The last change moved the context of **bank**: water 0.64 → **0.07**, money 0.07 → **0.64**."
    )
    assert "12 numbers changed" in text


def test_the_largest_change_is_told_first():
    w_v = OPENED.w_v.copy()
    w_v[0, 0], w_v[2, 2] = 2, 5  # of bank's context living doubles, and water becomes five times as much
    text = told(attend(replace(OPENED, w_v=w_v)), RIVER, 5)
    assert text.index("0.64 → **3.19**") < text.index("0.05 → **0.")


def test_a_word_whose_context_stays_is_said_to_stay():
    money = attend(OPENED.with_sentence("We walked to the money bank"))
    w_v = OPENED.w_v.copy()
    w_v[1, 1] = 5  # action, of which bank gets nothing that can be seen at no decimals
    text = told(attend(replace(OPENED, w_v=w_v, decimals=0)), attend(replace(OPENED, decimals=0)), 4)
    assert "The context of **river** stays as it was." in text
    assert told(money, money, 5) == ""


def test_nothing_is_told_where_nothing_is_written_differently():
    assert told(RIVER, RIVER, 5) == ""
    assert told(attend(replace(OPENED, decimals=5)), RIVER, 5) == ""


def test_a_word_that_came_in_has_nothing_from_before():
    longer = attend(replace(OPENED.with_sentence("We all walked to the river bank"), scaled=False))
    assert "**all** has no numbers from before" in told(longer, RIVER, 1)


def test_one_number_is_one_number():
    rows = {"bank": (0.0, 0.0, 0.0, 0.0)}
    one = replace(OPENED.with_sentence("bank"), rows=rows)
    other = replace(one, rows={"bank": (0.1, 0.0, 0.0, 0.0)}, decimals=1)
    text = told(attend(other), attend(replace(one, decimals=1)), 0)
    assert "2 numbers changed" in text or "1 number changed" in text


@pytest.mark.parametrize("sentence", ["<b>x</b> *y* :red[z] [a](b)"])
def test_words_are_told_as_text(sentence):
    experiment = OPENED.with_sentence(sentence, "words")
    w_v = OPENED.w_v * 3
    for word in range(len(experiment.words)):
        text = told(attend(replace(experiment, w_v=w_v, scaled=False)), attend(experiment), word)
        assert "<b>" not in text and ":red[" not in text


def test_in_a_long_sentence_the_weights_that_changed_most_are_named():
    sentence = " ".join(["river bank money water boat fish"] * 4)
    scaled = attend(OPENED.with_sentence(sentence))
    unscaled = attend(replace(OPENED.with_sentence(sentence), scaled=False))
    text = told(unscaled, scaled, 0)
    named = text.partition("Weights that changed most: ")[2].partition(". ")[0].split("; ")
    assert len(named) == 4
    change = abs(unscaled.attention.weights - scaled.attention.weights).max()
    *_, before, after = named[0].split(" → ")
    assert abs(abs(float(after) - float(before.split()[-1])) - change) < 0.011
