"""The sentences about experiments of several heads and of learned tables, held against numbers worked out anew."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from support.experiments import any_experiment
from support.oracles import all_heads, labels_of, masks_of, may_look
from support.told import MARKS, NUMBER, assert_is, assert_look

from attention_core import Stage, attend
from attention_core.changes import counterpart
from attention_core.heads import Head
from attention_core.teaching import Learned, fingerprint
from presentation import terms
from presentation.change_text import what_changed
from presentation.heads_text import of_heads_in_short
from presentation.story_text import story_text
from presentation.training_text import learned_tables, learned_text, tables_text

SEEDS = 300
N = f"({NUMBER})"


@cache
def drawn(seed):
    """An experiment of one to four heads, with and without names and W_O; its calculation; and numbers to draw from."""
    draw = np.random.default_rng([seed, 14])
    experiment = any_experiment(seed)
    way = str(draw.choice(["qkv", "queries_and_keys"]))

    def like(table):
        whole = draw.integers(-2, 3, table.shape)
        return whole if draw.integers(2) else draw.normal(size=table.shape).round(3)

    def head(at):
        same = draw.integers(3) == 0  # two heads may be alike
        tables = (experiment.w_q, experiment.w_k, experiment.w_v)
        return Head(str(draw.choice(["", f"*{at}*", "near"])), *(each if same else like(each) for each in tables))

    others = tuple(head(at) for at in range(int(draw.integers(0, 4))))
    experiment = replace(experiment, variant=way, other_heads=others, head=int(draw.integers(0, len(others) + 1)))
    joined = attend(experiment).context.shape[1]
    if draw.integers(2):
        experiment = replace(experiment, w_o=like(np.ones((joined, int(draw.integers(1, 4))))).tolist())
    return experiment, attend(experiment), draw


def test_the_story_of_any_head_names_it_and_tells_its_weights():
    for experiment, calculation, _ in map(drawn, range(SEEDS)):
        worked, _, _ = all_heads(experiment)
        weights = np.array(worked[experiment.head].weights)
        allowed = np.array(may_look(len(weights), **masks_of(experiment)))
        labels, decimals = labels_of(experiment.words), max(experiment.decimals, 2)
        for word in range(len(labels)):
            told = MARKS.sub("", story_text(calculation, word))
            if experiment.other_heads:
                name = experiment.heads_in_use[experiment.head].name
                whose, _, told = told.partition(", ")
                assert whose == (f"In the head “{name}”" if name else f"In head {experiment.head + 1}")
            assert told.startswith(labels[word])
            assert_look(told, weights[word], allowed[word], labels, word, decimals)
            if experiment.other_heads or experiment.w_o:
                assert "context vector" not in told, "its columns are not those of the embedding"


def test_the_terms_of_any_heads_say_what_becomes_of_them():
    for experiment, calculation, draw in map(drawn, range(SEEDS)):
        worked, _, context = all_heads(experiment)
        word, other = map(int, draw.integers(0, len(calculation.words), 2))
        told = {
            each.partition(":")[0].strip("*"): MARKS.sub("", each) for each in terms.terms(calculation, word, other)
        }
        mine = worked[experiment.head]
        assert_is(re.search(rf"Score: {N},", told["Score"])[1], mine.scores[word][other])
        last = told["Context vector"]
        inside = re.search(r"\(([^)]*)\)", last)[1].split(", ")
        if inside[-1].startswith("…"):
            assert inside.pop() == f"… {len(context[word])} numbers"
        for written, value in zip(inside, context[word], strict=False):
            assert_is(written, value)
        if not calculation.allowed[word].any():
            assert "nothing is mixed in" in last and not context[word].any()
            continue
        assert_is(re.search(rf"gives .+? {N} of its attention", told["Weight"])[1], mine.weights[word][other])
        many = len(experiment.other_heads) + 1
        assert (f"what its {many} heads make of it, side by side" in last) == (many > 1)
        assert ("mixed by W_O" in last) == bool(experiment.w_o)
        short = {(True, True): "heads · W_O", (True, False): "heads · W_O", (False, True): "heads side by side"}
        assert of_heads_in_short(calculation) == short.get((bool(experiment.w_o), many > 1), "")


def test_what_a_change_did_to_any_heads_is_true():
    moved = 0
    for seed, (experiment, calculation, draw) in enumerate(map(drawn, range(SEEDS))):
        other = replace(experiment, **[{"scaled": not experiment.scaled}, {"masks": ()}][seed % 2])
        (worked, _, context), (before, _, then) = all_heads(experiment), all_heads(other)
        word, at, d = int(draw.integers(0, len(calculation.words))), experiment.head, experiment.decimals
        told = MARKS.sub("", what_changed(calculation, counterpart(calculation, attend(other)), word))
        pairs = ((worked[at].scores, before[at].scores), (worked[at].weights, before[at].weights), (context, then))
        near = sum(int((np.abs(np.array(now) - np.array(was)) > 10.0**-d).sum()) for now, was in pairs)
        if not told:
            assert near == 0
            continue
        assert int(re.search(r"(\d+) numbers? changed", told)[1]) >= near
        if "stays as it was" in told:
            assert (np.abs(context[word] - then[word]) <= 10.0**-d + 1e-12).all()
            continue
        moved += 1
        if calculation.joins:
            for name, was, now in re.findall(rf"\b\w*?(\d+) {N} → {N}", told) if len(calculation.heads) == 1 else ():
                assert_is(was, then[word, int(name) - 1])
                assert_is(now, context[word, int(name) - 1])
    assert moved > 30


def with_learned(seed):
    """An experiment of which a training left some rows in some tables, a few of them edited afterwards."""
    draw = np.random.default_rng([seed, 15])
    experiment = any_experiment(seed)
    tables = [table for table in CALLED if draw.integers(2)]
    prints, kept = {}, {}
    for table in tables:
        rows = experiment.embeddings if table == "embeddings" else np.array(getattr(experiment, _field(table)))
        rows = rows[: len(experiment.words)] if table == "positions" else rows  # others stand at no place
        names = experiment.vocabulary if table == "embeddings" else range(len(rows))
        for name, row in zip(names, rows.tolist(), strict=True):
            is_kept = bool(draw.integers(3))
            kept.setdefault(table, []).append(is_kept)
            prints[f"{table}:{name}"] = fingerprint(row if is_kept else [each + 1 for each in row])
    learned = Learned(
        task=str(draw.choice(["target", "language"])),
        method=str(draw.choice(["adam", "descent"])),
        rate=float(draw.choice([0.05, 1e-05, 2])),
        steps=int(draw.choice([1, 20, 1200])),
        seed=int(draw.integers(1, 99)),
        start=str(draw.choice(["own", "drawn"])),
        before=float(draw.random() * 3),
        after=float(draw.random()),
        prints=prints,
    )
    return replace(experiment, learned=learned), kept


def _field(table):
    return "position_rows" if table == "positions" else table


CALLED = {"embeddings": "mbeddings", "w_q": "W_Q", "w_k": "W_K", "w_v": "W_V", "positions": "ositions"}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_called_learned_is_as_the_training_left_it(seed):
    experiment, kept = with_learned(seed)
    if experiment.positions != "own":
        kept.pop("positions", None)
    are = {table for table, rows in kept.items() if any(rows)}
    assert set(learned_tables(experiment)) == are
    told = MARKS.sub("", learned_text(experiment))
    if not are:
        assert told == ""
        return
    subject = re.split(r" (?:was|were) learned, ", told)[0]
    assert {table for table, name in CALLED.items() if name in subject} == are
    learned = experiment.learned
    assert ("Some of these numbers were changed afterwards" in told) == any(not all(kept[table]) for table in are)
    assert int(re.search(r"([\d,]+) steps? of", told)[1].replace(",", "")) == learned.steps
    assert (" step of" in told) == (learned.steps == 1)
    assert float(re.search(r"learning rate of (\S+), ", told)[1]) == learned.rate
    for written, value in zip(
        re.search(rf"The loss went from {N} to {N}\.", told).groups(), (learned.before, learned.after), strict=True
    ):
        assert_is(written, value)
    assert (f"random numbers (seed {learned.seed})" in told) == (learned.start == "drawn")
    assert ("target" in told) == (learned.task == "target")
    weights = {Stage.W_Q, Stage.W_K, Stage.W_V}
    assert ("here they are not" in tables_text(experiment, weights)) == (not are & {"w_q", "w_k", "w_v"})
