"""The sentences of lessons, terms and changes, each read and held against numbers that are worked out anew."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from support.experiments import any_experiment
from support.oracles import divisor_of, worked_out
from support.told import MARKS, NUMBER, assert_is, number

from attention_core import OPENING, attend
from attention_core.changes import counterpart
from attention_core.lessons import Lessons
from attention_core.shuffling import shuffled
from attention_core.two_sentences import pair_of
from presentation import terms
from presentation.change_text import what_changed
from presentation.order_text import order_text
from ui.lessons import same_word, similarity, step_by_step, three_ways

SEEDS = 300
N = f"({NUMBER})"


@cache
def drawn(seed):
    """An experiment, its calculation, the same without the core, and numbers to draw from."""
    experiment = any_experiment(seed)
    return experiment, attend(experiment), worked_out(experiment), np.random.default_rng(seed)


def every():
    return map(drawn, range(SEEDS))


def read(text):
    return MARKS.sub("", text)


def starting(sentences, with_):
    (found,) = (each for each in map(read, sentences) if each.startswith(with_))
    return found


def assert_vector(told, vector):
    """(0.30, 0.00, …) is the vector, or its beginning."""
    inside = re.search(r"\(([^)]*)\)", told)[1].split(", ")
    if inside[-1].startswith("…"):
        assert inside.pop() == f"… {len(vector)} numbers"
    else:
        assert len(inside) == len(vector)
    for written, value in zip(inside, vector, strict=False):
        assert_is(written, value)


# --- terms -----------------------------------------------------------------------------------------------------------


def test_every_term_says_the_numbers_of_any_experiment():
    for experiment, calculation, it, draw in every():
        word, other = map(int, draw.integers(0, len(it.labels), 2))
        told = terms.terms(calculation, word, other)
        assert_vector(starting(told, "Embedding"), experiment.row(experiment.words[word].casefold()))
        assert_vector(starting(told, "Context"), it.context[word])
        assert_is(re.search(rf"Score: {N},", starting(told, "Score"))[1], it.scores[word, other])
        assert ("each turned by its place" in starting(told, "Score")) == (experiment.positions == "rotary")
        if experiment.positions in ("sinusoidal", "own"):
            added, sum_ = starting(told, "Embedding").split("Position:")[1].split("which makes")
            assert_vector(sum_, it.x[word])
            assert f"the number {word} counted from 0" in added
        for name, part, at in (("Query", "q", word), ("Key", "k", other), ("Value", "v", other)):
            if part in calculation.variant.parts:
                assert_vector(starting(told, name), getattr(it, part)[at])
        weight = starting(told, "Weight")
        if it.allowed[word].any():
            assert_is(re.search(rf"gives .+? {N} of its attention", weight)[1], it.weights[word, other])
            assert it.weights[word].sum() == pytest.approx(1)
        else:
            assert "may look at no word" in weight and not it.weights[word].any()


def test_what_is_said_of_scaling_is_true_of_any_experiment():
    for experiment, calculation, it, draw in every():
        word, other = map(int, draw.integers(0, len(it.labels), 2))
        told = terms.terms(calculation, word, other)
        if not it.allowed[word, other]:
            assert "−∞ in place of the score" in starting(told, "Mask")
            continue
        scaling = starting(told, "Scaling")
        if not experiment.scaled:
            assert_is(re.search(rf"as it is, {N}\.", scaling)[1], it.scores[word, other])
            continue
        raw, root, by, sign, result = re.search(rf"{N} ÷ (√?)([\d.]+) ([=≈]) {N}[.,]", scaling).groups()
        size = len((it.q if calculation.variant.query == "q" else it.x)[0])
        divisor = float(by) ** (0.5 if root else 1)
        assert divisor == pytest.approx(divisor_of(experiment) or size**0.5)
        assert_is(raw, it.scores[word, other])
        assert_is(result, it.scaled_scores[word, other])
        given = f"{number(raw) / divisor:.{experiment.decimals}f}".removeprefix("-" if number(result) == 0 else "+")
        assert (sign == "=") == (given.replace("-", "−") == result), scaling
        usual = worked_out(replace(experiment, divisor=None))
        seen = it.allowed[word]
        top = it.scores[word] == it.scores[word][seen].max()
        if "gets less of" in scaling and np.ptp(it.scores[word][seen]):
            assert it.weights[word][seen & top].sum() <= usual.weights[word][seen & top].sum() + 1e-12
        if "gets more of" in scaling and np.ptp(it.scores[word][seen]):
            assert it.weights[word][seen & top].sum() >= usual.weights[word][seen & top].sum() - 1e-12
        if "gets less of" in scaling or "gets more of" in scaling:
            assert ("gets less of" in scaling) == (divisor > size**0.5)


# --- lessons ---------------------------------------------------------------------------------------------------------


def test_what_the_stages_say_is_true_of_any_experiment():
    for experiment, calculation, it, draw in every():
        word = int(draw.integers(0, len(it.labels)))
        embeddings, projections, scores, scaling, softmax, _, _ = (
            read(step.told(calculation, word)) for step in step_by_step.STEPS
        )
        assert ("of its place added" in embeddings) == (experiment.positions in ("sinusoidal", "own"))
        assert ("each turned by its place first" in scores) == (experiment.positions == "rotary")
        assert ("Three tables make" in projections) == (experiment.variant not in ("similarity", "embeddings_only"))
        assert ("A dash stands where it may not look" in scores) == (not it.allowed[word].all())
        assert ("every other word" in scores) == (experiment.variant == "embeddings_only")
        assert ("Scaling is off" in scaling) == (not experiment.scaled)
        if divided := re.search(r"divided by (√?)([\d.]+?)[, ]", scaling):
            size = len((it.q if calculation.variant.query == "q" else it.x)[0])
            assert float(divided[2]) ** (0.5 if divided[1] else 1) == pytest.approx(divisor_of(experiment) or size**0.5)
        assert ("may look at no word" in softmax) == (not it.allowed[word].any())
        assert ("may not look at gets 0" in softmax) == (not it.allowed[word].all() and it.allowed[word].any())
        assert ("together they make 1" in softmax) == bool(it.weights[word].sum() > 0.5)


def test_the_most_similar_word_is_named_only_where_one_is():
    for _, calculation, it, draw in every():
        word = int(draw.integers(0, len(it.labels)))
        lengths = np.linalg.norm(it.x, axis=1)
        dots = it.x @ it.x[word]
        with np.errstate(invalid="ignore", divide="ignore"):
            angles = np.clip(dots / lengths / lengths[word], -1, 1)
        told = read(similarity._told(calculation, word, dots, angles))
        for values, called in ((dots, "dot product"), (angles, "cosine")):
            others = [at for at in range(len(dots)) if at != word and not np.isnan(values[at])]
            found = re.search(rf"by {called} (\S+) \({N}\)", told)
            best = max((values[at] for at in others), default=0.0)
            top = [at for at in others if np.isclose(values[at], best, rtol=1e-9, atol=1e-12)]
            assert (found is not None) == (len(top) == 1), told
            if found:
                assert it.labels.index(found[1]) == top[0]
                assert_is(found[2], values[top[0]])


def test_the_weighted_sum_in_words_has_the_largest_weights_of_any_experiment():
    for experiment, calculation, it, draw in every():
        word = str(draw.choice(experiment.vocabulary))
        row = [each.casefold() for each in experiment.words].index(word)
        told = read(same_word._in_words(calculation, word))
        assert told.startswith(it.labels[row])
        if "may look at no word" in told:
            assert not it.context[row].any()
            continue
        terms_of = told.partition(" after attention = ")[2].split(" + ")
        assert (terms_of[-1] == f"{it.labels[row]} as it is") == (experiment.variant == "embeddings_only")
        written = [re.fullmatch(rf"{N} · (?:(key|value) of )?(\S+)", term) for term in terms_of]
        assert sum(each is not None for each in written) == min(it.allowed[row].sum(), 8)
        for share, part, name in (each.groups() for each in written if each):
            assert_is(share, it.weights[row, it.labels.index(name)])
            assert part == {"x": None, "k": "key", "v": "value"}[calculation.variant.value]


def test_the_word_of_two_sentences_starts_with_the_row_of_the_table_also_where_places_are_added(monkeypatch):
    tables = {}
    monkeypatch.setattr(same_word, "_rows_table", lambda key, rows, labels, pair: tables.update({key: rows}))
    monkeypatch.setattr(same_word.st, "markdown", lambda text: None)
    monkeypatch.setattr(same_word.explanation, "write_sums", lambda *_, **__: None)
    lessons = Lessons(other_sentence="river the bank")
    same_word.static_rows(pair_of(replace(OPENING.build(), positions="sinusoidal", lessons=lessons)), "bank")
    start, other, difference = tables["static"]
    assert list(start) == list(other) == list(OPENING.build().row("bank")) and not np.any(difference)
    assert np.any(tables["contextual"][2])


def test_each_of_the_three_ways_says_what_it_compares():
    for experiment, _, it, draw in every():
        row, column = map(int, draw.integers(0, len(it.labels), 2))
        for variant, parts in (
            ("embeddings_only", ("embedding", "embedding")),
            ("queries_and_keys", ("query", "key")),
            ("qkv", ("query", "key")),
        ):
            form = attend(replace(experiment, variant=variant))
            told = re.sub(r":\w+\[(\w+)\]", r"\1", read(three_ways._compared(form, row, column)))
            if row == column and variant == "embeddings_only":
                assert told == f"does not compare {it.labels[row]} with itself."
                assert not form.attention.weights[row, row]
            else:
                one, other = it.labels[row], it.labels[column]
                assert told == f"compares the {parts[0]} of {one} with the {parts[1]} of {other}."


# --- changes ---------------------------------------------------------------------------------------------------------


def test_what_a_change_did_is_true_of_any_two_experiments():
    moved = 0
    for seed, (experiment, calculation, it, draw) in enumerate(every()):
        other = replace(
            experiment, **[{"scaled": not experiment.scaled}, {"w_v": experiment.w_v * 2}, {"masks": ()}][seed % 3]
        )
        before, then = attend(other), worked_out(other)
        word = int(draw.integers(0, len(it.labels)))
        told = read(what_changed(calculation, counterpart(calculation, before), word))
        d = experiment.decimals
        tables = ((it.scores, then.scores), (it.weights, then.weights), (it.context, then.context))
        near = sum(int((np.abs(now - was) > 10.0**-d).sum()) for now, was in tables)
        if not told:
            assert near == 0
            continue
        assert int(re.search(r"(\d+) numbers? changed", told)[1]) >= near
        if "stays as it was" in told:
            assert (np.abs(it.context[word] - then.context[word]) <= 10.0**-d + 1e-12).all()
            continue
        moved += 1
        names = [str(name) for name in terms_columns(calculation)]
        for name, was, now in re.findall(rf"(\w+) {N} → {N}", told):
            assert_is(was, then.context[word, names.index(name)])
            assert_is(now, it.context[word, names.index(name)])
    assert moved > 30


def terms_columns(calculation):
    passes_on = calculation.variant.value
    if passes_on == "x" or np.array_equal(calculation.table(passes_on), calculation.x):
        return calculation.experiment.dimensions
    return [f"{passes_on}{at}" for at in range(1, calculation.context.shape[1] + 1)]


def test_what_another_order_did_is_true_of_any_experiment():
    told_of = 0
    for seed, (experiment, calculation, it, _) in enumerate(every()):
        other = shuffled(experiment, seed)
        if other is None:
            continue
        told_of += 1
        told, now = order_text(calculation, attend(other)), worked_out(other)
        largest, different = 0.0, 0
        for word in {each.casefold() for each in experiment.words}:
            old, new = (
                sorted(
                    tuple(row) for row, name in zip(of.context.round(9), words, strict=True) if name.casefold() == word
                )
                for of, words in ((it, experiment.words), (now, other.words))
            )
            apart = float(np.abs(np.array(old) - np.array(new)).max())
            different += apart > 1e-8
            largest = max(largest, apart)
        if "does not matter" in told:
            assert different == 0
            continue
        count = re.search(r"(\d+) words? ha(?:s|ve) another context vector now; .* is (\S+)\. ", told + " ")
        assert int(count[1]) == different > 0
        assert float(count[2]) == pytest.approx(largest, rel=0.06)
        assert told.count("tells places apart") >= 1, "something does"
        if "Your own mask" in told:
            assert any(max(cell) < len(experiment.words) for cell in experiment.forbidden)
        if "The mask of neighbours" in told:
            assert experiment.neighbours < len(experiment.words) - 1
    assert told_of > 150
