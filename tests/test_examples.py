"""The experiments to start from hold the numbers that were printed, and tell the story they promise."""

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from attention_core import EXAMPLES, OPENING, attend, unedited
from attention_core.lexicon import OPENING_DIMENSIONS

PRINTED = {
    example["id"]: example
    for example in json.loads((Path(__file__).parents[1] / "checking" / "published.json").read_text(encoding="utf-8"))
}
PUBLISHED = sorted(EXAMPLES.keys() & PRINTED.keys())


def half_a_unit(printed, decimals, stage, name):
    if name == "karim-unscaled" and stage == "weights":  # printed with 5 significant digits instead
        return 0.5 * 10.0 ** (np.floor(np.log10(printed)) - 4)
    return 0.5 * 10.0**-decimals


def test_the_published_examples_are_the_four_that_the_picker_promises_at_least():
    four = {"karim-unscaled", "mlm-from-scratch", "christos-she-likes-coffee", "unfold-causal-identity"}
    assert four <= set(PUBLISHED)
    assert all(PRINTED[name]["trust"] == "reference" for name in PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_example_starts_with_the_published_numbers(name):
    experiment, printed = EXAMPLES[name].build(), PRINTED[name]
    assert experiment.embeddings.tolist() == printed["embeddings"]
    for table in ("w_q", "w_k", "w_v"):
        assert getattr(experiment, table).tolist() == printed[table]
    assert (experiment.scaled, experiment.masks, experiment.variant) == (
        printed["scaled"],
        ("causal",) * printed["causal"],
        "qkv",
    )
    assert len(experiment.words) == len(printed["tokens"])


@pytest.mark.parametrize("name", PUBLISHED)
def test_its_words_are_the_published_ones(name):
    assert list(EXAMPLES[name].build().words) == [token.replace(" ", "") for token in PRINTED[name]["tokens"]]


@pytest.mark.parametrize(
    ("name", "stage"), [(name, stage) for name in PUBLISHED for stage in PRINTED[name]["expected"]]
)
def test_what_comes_out_rounds_to_what_was_printed(name, stage):
    calculation, printed = attend(EXAMPLES[name].build()), np.array(PRINTED[name]["expected"][stage], float)
    ours = calculation.context if stage == "context" else getattr(calculation.attention, stage)
    assert ours.shape == printed.shape
    assert (np.abs(ours - printed) <= half_a_unit(printed, PRINTED[name]["decimals"], stage, name)).all()


# --- the cat and the mouse -------------------------------------------------------------------------------------------


def test_the_cat_and_the_mouse_have_the_printed_embeddings():
    experiment = EXAMPLES["cat-and-mouse"].build()
    assert experiment.vocabulary == ("the", "cat", "chased", "mouse")
    assert experiment.embeddings.tolist() == [[0.1, 0.2, 0.3], [0.5, 0.6, 0.7], [0.8, 0.9, 1.0], [1.1, 1.2, 1.3]]
    assert not experiment.scaled


def test_everybody_in_it_looks_most_at_the_mouse():
    weights = attend(EXAMPLES["cat-and-mouse"].build()).attention.weights
    assert weights.argmax(axis=1).tolist() == [4] * 5


def test_its_story_says_that_the_matrices_are_ours():
    assert "these are ours" in EXAMPLES["cat-and-mouse"].source


# --- the opening pair ------------------------------------------------------------------------------------------------


def test_the_app_opens_on_the_river_bank():
    assert OPENING is EXAMPLES["river-bank"] is next(iter(EXAMPLES.values()))


def test_the_two_banks_differ_in_one_word_and_in_nothing_else():
    river, money = (EXAMPLES[name].build() for name in ("river-bank", "money-bank"))
    changed = [pair for pair in zip(river.words, money.words, strict=True) if pair[0] != pair[1]]
    assert changed == [("river", "money")]
    for table in ("w_q", "w_k", "w_v"):
        assert (getattr(river, table) == getattr(money, table)).all()
    assert river.rows == money.rows == {}
    assert (river.dimensions, river.variant, river.scaled, river.masks) == (OPENING_DIMENSIONS, "qkv", True, ())


@pytest.mark.parametrize(("name", "at"), [("river-bank", "river"), ("money-bank", "money")])
def test_bank_looks_most_at_the_word_that_says_which_bank_it_is(name, at):
    calculation = attend(EXAMPLES[name].build())
    bank = calculation.words.index("bank")
    assert calculation.words[calculation.attention.weights[bank].argmax()] == at
    assert calculation.attention.weights[bank].max() >= 0.5


@pytest.mark.parametrize("name", ["river-bank", "money-bank"])
def test_walked_looks_most_at_who_walked(name):
    calculation = attend(EXAMPLES[name].build())
    others = calculation.attention.weights[calculation.words.index("walked")].copy()
    others[calculation.words.index("walked")] = 0
    assert calculation.words[others.argmax()] == "We"


def test_one_static_bank_becomes_two_contextual_ones():
    river, money = (attend(EXAMPLES[name].build()) for name in ("river-bank", "money-bank"))
    np.testing.assert_array_equal(river.x[-1], money.x[-1])
    by_the_river, by_the_money = (dict(zip(OPENING_DIMENSIONS, c.context[-1], strict=True)) for c in (river, money))
    assert by_the_river["water"] > 3 * by_the_river["money"]
    assert by_the_money["money"] > 3 * by_the_money["water"]


def test_typing_money_over_river_tells_the_other_story():
    typed = OPENING.build().with_sentence(OPENING.build().sentence.replace("river", "money"))
    np.testing.assert_array_equal(
        attend(typed).attention.weights, attend(EXAMPLES["money-bank"].build()).attention.weights
    )


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_what_it_is_where_it_comes_from_and_what_to_see(name):
    example = EXAMPLES[name]
    assert example.id == name == example.build().example
    assert example.title and example.source and example.story
    assert example.story.endswith(".") and example.story[0].isupper()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_unedited_and_nobody_can_change_it_for_others(name):
    experiment = EXAMPLES[name].build()
    assert unedited(experiment) == experiment == EXAMPLES[name].build()
    for table in (experiment.embeddings, experiment.w_q, experiment.w_k, experiment.w_v):
        with pytest.raises(ValueError, match="read-only"):
            table[0, 0] = 1
    with pytest.raises(TypeError):
        experiment.rows["bank"] = (1.0,)
    with pytest.raises(FrozenInstanceError):
        experiment.sentence = "another"


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_two_examples_have_the_same_title(name):
    assert [example.title for example in EXAMPLES.values()].count(EXAMPLES[name].title) == 1


def test_what_an_edited_experiment_started_from_has_its_sentence_and_its_sizes():
    origin = EXAMPLES["karim-unscaled"].build()
    edited = origin.resized(d_model=5, d_v=2).with_sentence("Input2 other")
    start = unedited(edited.with_embeddings(edited.embeddings + 1))
    assert start == edited
    assert start.embeddings[0].tolist() == [0, 2, 0, 2, 0]


def test_an_experiment_of_no_known_example_started_from_the_opening():
    assert unedited(replace(OPENING.build(), example="no such")) == OPENING.build()
