"""Readers of what the cards of the lessons say was found: each works it out anew and holds the sentence against that.

A reader is given what the card shows and the sentence, without Markdown.
"""

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from support import found_readers_of_heads
from support.oracles import measured, random_draw, softmax, worked_out
from support.told import NUMBER, assert_is, assert_look, number

from attention_core import unedited
from attention_core.lessons import PRINTED_EMBEDDINGS, PRINTED_SCORES, Lessons

N = f"({NUMBER})"


def dots(card, told):
    a, b, c = np.array(card.lessons.vectors)
    one, other = re.search(rf"A · C = {N} beats B · C = {N}", told).groups()
    assert_is(one, a @ c)
    assert_is(other, b @ c)
    assert number(one) > number(other)
    return a, b, c


def lengths(card, told):
    a, b, c = dots(card, told)
    one, other = re.search(rf"the angle to C is {N}° for A and only {N}° for B", told).groups()
    for written, vector in ((one, a), (other, b)):
        cosine = vector @ c / math.hypot(*vector) / math.hypot(*c)
        assert_is(written, math.degrees(math.acos(min(max(cosine, -1), 1))))
    assert number(one) > number(other) and math.hypot(*a) > math.hypot(*b)


def favourite(card, told):
    it, before = worked_out(card.experiment), worked_out(unedited(card.experiment))
    one, other, written = re.fullmatch(
        rf"To (\S+), (\S+) is now the most similar other word, with a dot product of {N}\.", told
    ).groups()
    word, most = it.labels.index(one), it.labels.index(other)
    assert word != most and word == card.cell[0]
    assert_is(written, it.x[most] @ it.x[word])
    others = [at for at in range(len(it.x)) if at not in (word, most)]
    assert all(it.x[at] @ it.x[word] < it.x[most] @ it.x[word] for at in others)
    assert any(before.x[at] @ before.x[word] >= before.x[most] @ before.x[word] - 1e-9 for at in others), "new"


def in_both(card, told, name):
    """Of both sentences the calculation, and where the word stands first."""
    sentences = card.experiment, card.experiment.with_sentence(card.pair.second.sentence)
    places = [[each.casefold() for each in one.words].index(name.split("·")[0].casefold()) for one in sentences]
    return [(worked_out(one), at) for one, at in zip(sentences, places, strict=True)]


def apart(card, told, name):
    one, other = (it.context[at] for it, at in in_both(card, told, name))
    return math.dist(one, other)


def two_vectors(card, told):
    assert card.pair.second.sentence == card.lessons.other_sentence
    far = apart(card, told, told.split()[0])
    if written := re.search(rf"two vectors of it that are {N} apart", told):
        assert_is(written[1], far)
        assert number(written[1]) > 0
    else:
        assert "the same vector of it in both" in told and far < 1e-8


def own_shares(card, told):
    one, other = re.search(rf"keeps {N} of its attention in sentence 1 and {N} in sentence 2", told).groups()
    for written, (it, at) in zip((one, other), in_both(card, told, told.split()[0]), strict=True):
        assert_is(written, it.weights[at, at])
        assert all(it.weights[at, at] >= each for each in it.weights[at])


def reordered(card, told):
    same, shared = map(int, re.search(r"(\d+) of the (\d+) words? gets? the same vector as before", told).groups())
    words = dict.fromkeys(word.casefold() for word in card.experiment.words)
    assert shared == len(words)
    assert same == sum(apart(card, told, word) < 1e-9 for word in words)


def meet(card, told):
    name, written = re.search(rf"the two vectors of (\S+) are {N} apart", told).groups()
    assert_is(written, apart(card, told, name))
    assert number(written) <= 0.01 and card.pair.first.sentence != card.pair.second.sentence


def look(card, told):
    it, word = worked_out(card.experiment), card.cell[0]
    assert told.startswith(it.labels[word])
    assert_look(told, it.weights[word], it.allowed[word], it.labels, word, max(card.experiment.decimals, 2))


def other_queries(card, told):
    changed, n = map(int, re.search(r"(\d+) of (\d+) words a different query", told).groups())
    it, before = worked_out(card.experiment), unedited(card.experiment)
    assert n == len(it.x)
    assert changed == sum(
        not np.allclose(row @ before.w_q, q, rtol=0, atol=1e-12) for row, q in zip(it.x, it.q, strict=True)
    )


def greatest(card, told):
    written, one, other = re.search(rf"than the {N} that (\S+) gives (\S+)\.", told).groups()
    it = worked_out(card.experiment)
    row = it.labels.index(one)
    column = row if other == "itself" else it.labels.index(other)
    assert_is(written, it.weights[row, column])
    assert (it.weights <= it.weights[row, column] + 1e-12).all() and (row, column) == card.clicked


def shares_of(scores):
    return softmax(np.array([scores], dtype=float))[0]


def shares(card, told):
    now, printed = shares_of(card.lessons.score_row), shares_of(PRINTED_SCORES)
    listed = re.search(r"became (.+?): no score", told)[1].split(", ")
    for written, share in zip(listed, now, strict=True):
        assert_is(written, share)
    assert all(now != printed)


def miss(scores):
    """How far the closest straight line is: half of what the worst three scores miss."""
    places = [row[0] for row in PRINTED_EMBEDDINGS]
    worst = 0.0
    for a, b, c in ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)):
        way = (places[b] - places[a]) / (places[c] - places[a])
        worst = max(worst, abs(scores[b] - scores[a] - way * (scores[c] - scores[a])) / 2)
    return worst


def off_the_line(card, told):
    own, printed = re.search(rf"line by {N}; the printed ones miss it by {N}\.", told).groups()
    assert_is(own, miss(card.lessons.score_row))
    assert_is(printed, miss(PRINTED_SCORES))


def given(card, told):
    listed = re.search(r"the weights make the context (.+?)\.$", told)[1].split(", ")
    context = shares_of(card.lessons.score_row) @ np.array(card.lessons.values)
    for written, value in zip(listed, context, strict=True):
        assert_is(written, value)


def form(card, variant):
    return worked_out(replace(card.experiment, variant=variant))


def own_looks(card, told):
    name, second, third = re.search(rf"In \(a\) (\S+) is not .* itself {N} and in \(c\) {N}\.", told).groups()
    row = form(card, "qkv").labels.index(name)
    for written, variant in ((second, "queries_and_keys"), (third, "qkv")):
        assert_is(written, form(card, variant).weights[row, row])
    assert form(card, "embeddings_only").weights[row, row] == 0 and row == card.clicked[0]


def favourites(table, allowed):
    """The other word with the one greatest number of each row."""
    found = []
    for row, numbers in enumerate(table):
        seen = [at for at in range(len(numbers)) if at != row and allowed[row, at]]
        best = max((numbers[at] for at in seen), default=0)
        top = [at for at in seen if numbers[at] >= best - 1e-12 * max(abs(numbers[each]) for each in seen)]
        found.append(top[0] if len(top) == 1 else None)
    return found


def preferred(card, told):
    counts = re.search(r"In \(a\) (\d+) of (\d+) words .* in \(b\) (\d+) of (\d+)\.", told).groups()
    first = form(card, "embeddings_only")
    alike = favourites(first.x @ first.x.T, first.allowed)
    for (same, of), variant in zip((counts[:2], counts[2:]), ("embeddings_only", "queries_and_keys"), strict=True):
        it = form(card, variant)
        both = [pair for pair in zip(favourites(it.scaled_scores, it.allowed), alike, strict=True) if None not in pair]
        assert (int(same), int(of)) == (sum(one == other for one, other in both), len(both))


def moved_contexts(card, told):
    name, *ways = re.search(rf"context vector of (\S+) by {N} in \(a\), {N} in \(b\) and {N} in \(c\)", told).groups()
    before = SimpleNamespace(experiment=replace(card.experiment, w_v=unedited(card.experiment).w_v))
    for written, variant in zip(ways, ("embeddings_only", "queries_and_keys", "qkv"), strict=True):
        row = form(card, variant).labels.index(name)
        assert_is(written, math.dist(form(card, variant).context[row], form(before, variant).context[row]))


def second_weights(card, told):
    one, other = re.search(rf"falls from {N} to {N}\.", told).groups()
    word = card.cell[0]
    for written, scaled in ((one, True), (other, False)):
        card_so = SimpleNamespace(experiment=replace(card.experiment, scaled=scaled))
        assert_is(written, form(card_so, "queries_and_keys").weights[word].min())
    assert number(other) < number(one)


def deviation(card, told):
    size, written = re.search(rf"d_k = (\d+) .* is {N}\.", told).groups()
    scores = random_draw(card.lessons.seed)[2][int(size) - 1]
    assert int(size) == card.lessons.key_size
    assert_is(written, math.sqrt(((scores - scores.mean()) ** 2).mean()))


def mean_of(name):
    def read(card, told):
        size, without, scaled = re.search(
            rf"d_k = (\d+) .* average {N} without scaling, and {N} with it", told
        ).groups()
        assert_is(without, measured(card.lessons.seed, int(size), False, name).mean())
        assert_is(scaled, measured(card.lessons.seed, int(size), True, name).mean())
        assert int(size) == card.lessons.key_size

    return read


def fall(card, told):
    name, off, on = re.search(rf"largest weight of (\S+) from {N} to {N}\.", told).groups()
    for written, scaled in ((on, True), (off, False)):
        it = worked_out(replace(card.experiment, scaled=scaled))
        assert_is(written, it.weights[it.labels.index(name)].max())


def whole_sentence(card, told):
    seeing, n = map(int, re.search(r"(\d+) of (\d+) words? sees? the whole sentence", told).groups())
    allowed = worked_out(card.experiment).allowed
    assert (seeing, n) == (sum(map(all, allowed)), len(allowed))


def ways(card, told):
    n, one, by_attention = map(
        int, re.search(r"Over (\d+) words it takes (\d+) steps? .* and (\d+) by attention", told).groups()
    )
    allowed = worked_out(card.experiment).allowed
    knows = np.arange(len(allowed)) == 0
    for _ in range(by_attention):
        assert not knows[-1]
        knows = knows | (allowed & knows).any(axis=1)
    assert knows[-1] and n == len(allowed) == one + 1


def far_look(card, told):
    one, other, places, written = re.search(
        rf"(\S+) looks most at (\S+), (\d+) places away, with a weight of {N}\.", told
    ).groups()
    it = worked_out(card.experiment)
    row, column = it.labels.index(one), it.labels.index(other)
    assert int(places) == abs(row - column) >= 15
    assert_is(written, it.weights[row, column])
    assert (np.delete(it.weights[row], column) < it.weights[row, column]).all()


def patch(card, told):
    one, other, written = re.search(rf"(\S+) now gives (\S+) the largest share of its attention, {N}\.", told).groups()
    it = worked_out(card.experiment)
    assert (one, other) == (it.labels[-1], it.labels[0])
    assert_is(written, it.weights[-1, 0])
    assert (it.weights[-1, 1:] < it.weights[-1, 0]).all()


def through(inputs, first, second):
    """Through two layers, number by number; tables that do not fit are cut, or padded with zeros."""

    def entry(table, row, column):
        return table[row][column] if row < len(table) and column < len(table[row]) else 0.0

    size = max(len(first[0]), 3)
    hidden = [
        [max(0.0, entry(first, 0, h) + sum(x * entry(first, at + 1, h) for at, x in enumerate(row))) for h in range(3)]
        for row in inputs.tolist()
    ]
    assert size == 3
    return hidden, lambda width: [
        [entry(second, 0, o) + sum(x * entry(second, at + 1, o) for at, x in enumerate(row)) for o in range(width)]
        for row in hidden
    ]


def silenced(card, told):
    x, width, first = worked_out(card.experiment).x, card.experiment.d_k, Lessons()
    now = through(x, card.lessons.query_first, card.lessons.query_second)[1](width)
    then = through(x, first.query_first, first.query_second)[1](width)
    silent = [at for at, (one, other) in enumerate(zip(now, then, strict=True)) if not any(one) and any(other)]
    if count := re.search(r"leaves (\d+) words without a query that had one", told):
        assert int(count[1]) == len(silent) > 1
    else:
        name = re.search(r"leaves (\S+) without the query that it had", told)[1]
        assert [worked_out(card.experiment).labels[at] for at in silent] == [name]


def same_output(card, told):
    listed = re.search(r"the same output: (.+?)\.$", told)[1].split(", ")
    it = worked_out(card.experiment)
    outputs = through(it.context, card.lessons.forward_first, card.lessons.forward_second)[1](len(listed))
    assert all(each == outputs[0] for each in outputs)
    for written, value in zip(listed, outputs[0], strict=True):
        assert_is(written, value)


READERS = {
    "similarity/multiply": dots,
    "similarity/angle": lengths,
    "similarity/words": favourite,
    "same_word/static": two_vectors,
    "same_word/sum": own_shares,
    "same_word/equations": reordered,
    "same_word/moved": meet,
    "step_by_step/stages": look,
    "step_by_step/projections": other_queries,
    "step_by_step/every": greatest,
    "step_by_step/printed": shares,
    "step_by_step/line": off_the_line,
    "step_by_step/values": given,
    "three_ways/forms": own_looks,
    "three_ways/alike": preferred,
    "three_ways/context": moved_contexts,
    "three_ways/forty": second_weights,
    "why_scale/grow": deviation,
    "why_scale/saturate": mean_of("largest weight"),
    "why_scale/gradient": mean_of("size of the gradient"),
    "why_scale/own": fall,
    **found_readers_of_heads.READERS,
    "transformer/pipeline": whole_sentence,
    "transformer/at_once": ways,
    "transformer/far": far_look,
    "transformer/patches": patch,
    "transformer/network": silenced,
    "transformer/next": same_output,
}
