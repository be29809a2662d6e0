"""What the lesson on transformers says and draws: worked out again, for any experiment."""

import math
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from support.experiments import any_experiment

from attention_core import EXAMPLES, attend
from attention_core.network import fed_forward
from attention_core.travel import NEVER, brought, steps_by_attention, steps_one_after_another, weight_if_brought
from attention_core.words import identity
from presentation import transformer_charts, transformer_text
from presentation.text import shown


@cache
def experiments():
    return [any_experiment(seed) for seed in range(300)]


def drawn():
    """Many experiments, each with numbers to draw from."""
    return ((experiment, np.random.default_rng(seed)) for seed, experiment in enumerate(experiments()))


def rows_that_differ(table):
    """In plain loops: how many rows have no other close to them before."""
    kept = []
    for row in table:
        alike = (
            all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(row, other, strict=True))
            for other in kept
        )
        if not any(alike):
            kept.append(row)
    return len(kept)


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_word_is_reached_after_as_many_layers_as_its_looks_lead_back_to_the_first():
    for experiment, _ in drawn():
        allowed = attend(experiment).allowed
        steps = steps_by_attention(allowed, 0)
        knows = np.eye(len(allowed), dtype=bool)[0]
        for layer in range(len(allowed) + 1):
            np.testing.assert_array_equal((steps != NEVER) & (steps <= layer), knows)
            knows = knows | (allowed & knows).any(axis=1)


def test_read_one_after_another_each_further_word_takes_a_step_and_none_goes_back():
    assert steps_one_after_another(5, 2).tolist() == [NEVER, NEVER, 0, 1, 2]


def test_attention_reaches_every_word_in_one_step_however_many_there_are():
    for n in (2, 7, 40):
        assert steps_by_attention(np.ones((n, n), dtype=bool), 0).tolist() == [0] + [1] * (n - 1)


def test_where_nobody_may_look_nothing_is_heard():
    assert steps_by_attention(np.eye(3, dtype=bool), 0).tolist() == [0, NEVER, NEVER]
    chain = np.eye(4, dtype=bool) | np.eye(4, k=-1, dtype=bool)  # each looks at itself and the one before
    assert steps_by_attention(chain, 0).tolist() == [0, 1, 2, 3]


def test_how_far_the_first_word_has_come_is_told_in_numbers_that_are_right():
    for experiment, draw in drawn():
        calculation = attend(experiment)
        n = len(calculation.words)
        taken = int(draw.integers(0, n))
        told = transformer_text.travelled(calculation, steps_one_after_another(n, 0), taken)
        steps, one, words, all_of = re.match(
            r"After (\d+) steps?, \*\*(\d+) of (\d+) words?\*\* .* \*\*(\d+)\*\* when all", told
        ).groups()
        reached = steps_by_attention(calculation.allowed, 0)
        assert (int(steps), int(words), int(one)) == (taken, n, taken + 1)
        assert int(all_of) == sum(0 <= each <= taken for each in reached)
        found = re.search(r": (\d+) steps? one after .*, (\d+ steps?|never) all .* price is (\d+) w", told)
        needed, together, price = found.groups()
        assert int(needed) == n - 1
        assert together.split()[0] == ("never" if reached[-1] == NEVER else str(reached[-1]))
        assert int(price) == sum(map(sum, calculation.allowed.tolist()))


# --- distance --------------------------------------------------------------------------------------------------------


def test_without_a_mask_and_word_order_a_word_gets_the_same_wherever_it_stands():
    for experiment, draw in drawn():
        calculation = attend(replace(experiment, masks=(), positions="none"))
        word, other = map(int, draw.integers(0, len(calculation.words), 2))
        elsewhere = weight_if_brought(calculation, word, other)
        assert (elsewhere is None) == (word == other)
        assert elsewhere is None or elsewhere[1] == pytest.approx(
            calculation.attention.weights[word, other], rel=1e-9, abs=1e-12
        )


def test_a_word_that_is_brought_to_the_far_end_stands_there_and_gets_what_is_said():
    for experiment, draw in drawn():
        calculation = attend(experiment)
        words = list(calculation.words)
        word, other = map(int, draw.integers(0, len(words), 2))
        elsewhere = weight_if_brought(calculation, word, other)
        assert (elsewhere is None) == (word == other)
        if elsewhere is None:
            continue
        away, weight = elsewhere
        to_the_front = word >= len(words) - 1 - word
        others = [at for at in range(len(words)) if at != other]
        order = [other, *others] if to_the_front else [*others, other]
        assert away == abs(order.index(word) - order.index(other))
        moved = attend(replace(experiment, sentence=" ".join(words[at] for at in order)))
        assert weight == moved.attention.weights[order.index(word), order.index(other)]


def test_letters_are_put_in_a_row_as_words_are():
    letters = EXAMPLES["river-bank"].build().with_sentence("hello", "characters")
    assert brought(letters, 0, 4).sentence == "e l l o h"
    assert list(brought(letters, 0, 4).words) == list("elloh")


def test_what_is_said_of_distance_is_right():
    for experiment, draw in drawn():
        calculation = attend(experiment)
        n, decimals = len(calculation.words), experiment.decimals
        word, other = map(int, draw.integers(0, n, 2))
        lines = transformer_text.at_a_distance(calculation, word, other)
        if word != other:
            away, weight = weight_if_brought(calculation, word, other)
            told = re.search(
                r", (\d+) places? away, (\S+) of its .* (\d+) places? away, it would get (\S+)\.$", lines[0]
            )
            given_now = shown(calculation.attention.weights[word, other], decimals)
            assert told.groups() == (str(abs(word - other)), given_now, str(away), shown(weight, decimals))
        pairs = transformer_text.near_and_far(n, word)
        assert len(lines) == (word != other) + bool(pairs) and word not in pairs
        if pairs:
            size = len(calculation.table(calculation.variant.key)[0])
            assert re.findall(r"(\d+) place", lines[-1]) == [str(abs(at - word)) for at in pairs]
            assert re.findall(r"(\d+) product", lines[-1]) == [str(size)]
            assert abs(pairs[0] - word) == 1 and abs(pairs[-1] - word) == max(word, n - 1 - word)


# --- from text to context --------------------------------------------------------------------------------------------


def test_the_stations_count_what_is_there():
    for experiment, _ in drawn():
        calculation = attend(experiment)
        text, static, attention, contextual = (count for _, count, _ in transformer_text.stations(calculation))
        n, rows = len(calculation.words), len({identity(word) for word in calculation.words})
        assert text.split()[0] == str(n) and static.split()[0] == str(rows) and attention.startswith(f"{n} × {n} ")
        assert re.findall(r"\d+", contextual) == [str(n), str(rows_that_differ(calculation.context))]


def test_of_words_that_come_more_than_once_it_is_said_how_many_vectors_they_get():
    for experiment, _ in drawn():
        calculation = attend(experiment)
        alike = [identity(word) for word in calculation.words]
        often = [word for word in dict.fromkeys(alike) if alike.count(word) > 1]
        lines = transformer_text.repeated(calculation)
        assert len(lines) == min(len(often), 3)
        for word, line in zip(often, lines, strict=False):
            rows = calculation.context[[at for at, each in enumerate(alike) if each == word]]
            assert re.findall(r"\d+", line) == [str(len(rows)), str(rows_that_differ(rows))]


def test_the_mask_is_said_to_change_as_many_words_as_it_does_whether_it_is_on_or_off():
    for experiment, _ in drawn():
        without, with_mask = (attend(replace(experiment, masks=masks)) for masks in ((), ("causal",)))
        changed = sum(
            not np.allclose(one, other, rtol=1e-9, atol=1e-12)
            for one, other in zip(without.context, with_mask.context, strict=True)
        )
        for calculation in (without, with_mask):
            assert f"**{changed} of {len(calculation.words)} word" in transformer_text.changed_by_the_mask(calculation)
        assert np.allclose(
            without.context[-1], with_mask.context[-1], rtol=1e-9, atol=1e-12
        )  # the last sees all others


def test_what_goes_into_the_network_and_comes_out_is_counted():
    for experiment, _ in drawn():
        it = fed_forward(attend(experiment))
        told = [int(each) for each in re.findall(r"(\d+) different", transformer_text.passed_alone(it))]
        assert told == [rows_that_differ(it.inputs), rows_that_differ(it.outputs)]


# --- pictures --------------------------------------------------------------------------------------------------------


def test_the_picture_of_patches_is_the_picture_that_it_was_cut_from():
    calculation = attend(EXAMPLES["small-picture"].build())
    frame = transformer_charts.pixels(calculation.x, calculation.labels, 0).frame
    across, down = (np.searchsorted(sorted(frame[axis].unique()), frame[axis]) for axis in "xy")
    drawn = np.empty((6, 6))
    drawn[down, across] = frame["value"]
    bright = np.argwhere(drawn == 1.0)
    assert bright.tolist() == [[at, at] for at in range(6)]  # a line from corner to corner
    assert frame["light"].min() == 0 and frame["light"].max() == 1


def test_patches_on_the_line_look_at_each_other():
    calculation = attend(EXAMPLES["small-picture"].build())
    line = [calculation.labels.index(name) for name in ("a1", "b2", "c3")]
    for patch in line:
        weights = calculation.attention.weights[patch]
        assert weights[line].min() > max(np.delete(weights, line))


def test_a_table_of_equal_numbers_is_drawn_in_one_grey():
    frame = transformer_charts.pixels(np.full((3, 5), 2.0), ["a", "b", "c"], 1).frame
    assert set(frame["light"]) == {0.5} and len(frame) == 15 and frame["chosen"].sum() == 5


@pytest.mark.parametrize(("n", "chosen"), [(1, 0), (9, 4), (64, 63), (65, 64), (512, 300)])
def test_as_many_patches_are_drawn_as_have_room_and_the_chosen_one_is_among_them(n, chosen):
    drawn = transformer_charts.drawable([str(at) for at in range(n)], chosen)
    assert len(drawn) == min(n, 64) and chosen in drawn and len(set(drawn)) == len(drawn)


def test_a_word_that_has_heard_shows_its_step_and_one_that_has_not_shows_none():
    one, other = steps_one_after_another(4, 0), steps_by_attention(np.ones((4, 4), dtype=bool), 0)
    frame = transformer_charts.reached(one, other, list("abcd"), taken=2).frame
    shown_in = frame.pivot(index="row_position", columns="column_position", values="shown").to_numpy().tolist()
    assert shown_in == [["0", "1", "2", ""], ["0", "1", "1", "1"]]


def test_thirty_words_tell_their_story():
    """The example of the card: bank looks most at river, and does so from any distance."""
    experiment = EXAMPLES["long-sentence"].build()
    calculation = attend(experiment)
    bank, river = calculation.labels.index("bank"), calculation.labels.index("river")
    assert len(calculation.words) == 30 and int(np.argmax(calculation.attention.weights[bank])) == river
    away, weight = weight_if_brought(calculation, bank, river)
    assert away == 29 and weight == pytest.approx(calculation.attention.weights[bank, river])
