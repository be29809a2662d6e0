"""Readers of what the cards of Heads and word order say was found; see `found_readers`."""

import re
from dataclasses import replace

import numpy as np
from support.oracles import VARIANTS, all_heads, worked_out
from support.told import NUMBER, assert_is, number

from ui.tasks.heads import another_order

N = f"({NUMBER})"
HEAD = r"(?:the head “(.+?)”|head (\d))"


def everything(experiment):
    """Each head, and the context vectors."""
    if VARIANTS[experiment.variant][:2] == ("q", "k"):
        worked, _, context = all_heads(experiment)
        return worked, context
    it = worked_out(experiment)
    return [it], it.context


def place_of(name, count, experiment):
    """A head by its name or its number, from 0."""
    if count:
        assert not experiment.heads[int(count) - 1].name
        return int(count) - 1
    (place,) = (at for at, head in enumerate(experiment.heads) if head.name == name)
    return place


def assert_favourite(row, at, written):
    assert_is(written, row[at])
    assert (np.delete(row, at) < row[at]).all()


def two_looks(card, told):
    it, (heads, _) = worked_out(card.given), everything(card.given)
    (word,) = re.match(r"(\S+) looks most at ", told).groups()
    row, seen = it.labels.index(word), []
    for at, name, count, written in re.findall(rf"at (\S+) in {HEAD} \({N}\)", told):
        weights = heads[place_of(name, count, card.given)].weights[row]
        assert_favourite(weights, it.labels.index(at), written)
        seen.append(at)
    assert len(seen) == len(set(seen)) == 2


def other_vectors(card, told):
    count, of, written = re.search(rf"(\d+) of (\d+) words have another context vector.* is {N}\.", told).groups()
    other = another_order(card.given)
    assert sorted(map(str.casefold, other.words)) == sorted(map(str.casefold, card.given.words))
    one, two = (everything(each)[1] for each in (card.given, other))
    names = [[word.casefold() for word in each.words] for each in (card.given, other)]
    different, largest = 0, 0.0
    for word in dict.fromkeys(names[0]):
        here, there = (
            np.array(sorted(vectors[[name == word for name in all_names]].round(9).tolist()))
            for vectors, all_names in ((one, names[0]), (two, names[1]))
        )
        apart = np.abs(here - there).max()
        different, largest = different + bool(apart > 1e-7), max(largest, apart)
    assert (int(count), int(of)) == (different, len(set(names[0])))
    assert number(written) == float(f"{largest:.2g}") or abs(number(written) / largest - 1) < 0.06


def two_places(card, told):
    it, (heads, _) = worked_out(card.given), everything(card.given)
    weights = heads[card.given.head if len(heads) > 1 else 0].weights
    found = re.findall(rf"(\S+) looks most at (\S+) \({N}\)", told)
    rows = [it.labels.index(word) for word, _, _ in found]
    looked_at = [row if at == "itself" else it.labels.index(at) for row, (_, at, _) in zip(rows, found, strict=True)]
    for row, at, (_, _, written) in zip(rows, looked_at, found, strict=True):
        assert_favourite(weights[row], at, written)
    assert len({it.labels[row].split("·")[0].casefold() for row in rows}) == 1
    assert len(rows) == len(set(looked_at)) == 2
    blind = everything(replace(card.given, positions="none"))[0]
    plain = blind[card.given.head if len(blind) > 1 else 0].weights
    np.testing.assert_allclose(plain[rows[0]], plain[rows[1]], atol=1e-9)


def kept(card, told):
    last, changed, of, without, of_those = re.search(
        r"Writing (\S+) changes (\d+) of (\d+) .* without a mask it changes (\d+) of (\d+)\.", told
    ).groups()
    words = card.given.words
    assert last == worked_out(card.given).labels[-1] and of == of_those == str(len(words) - 1)
    for written, masks in ((changed, card.given.masks), (without, ())):
        now = replace(card.given, masks=masks)
        before = everything(now.with_sentence(" ".join(words[:-1])))[1]
        apart = np.abs(everything(now)[1][:-1] - before).max(axis=1)
        scale = max(1.0, float(np.abs(before).max()), float(np.abs(everything(now)[1][:-1]).max()))
        assert int(written) == int((apart > 1e-9 * scale).sum())
    assert int(changed) == 0 < int(without)


def two_parts(card, told):
    column, word = re.match(r"Of o(\d+) of (\S+), ", told).groups()
    row, column = worked_out(card.given).labels.index(word), int(column) - 1
    heads, context = everything(card.given)
    size, total = heads[0].context.shape[1], 0.0
    parts = re.findall(rf"{N} comes from {HEAD}", told)
    for written, name, count in parts:
        place = place_of(name, count, card.given)
        block = np.array(card.given.w_o)[size * place : size * (place + 1), column]
        part = float(heads[place].context[row] @ block)
        assert_is(written, part)
        total += part
    unit = 10.0 ** -max(card.given.decimals, 2)
    assert len(parts) >= 2 and abs(total - context[row, column]) <= unit * len(heads)


READERS = {
    "heads/jobs": two_looks,
    "heads/order": other_vectors,
    "heads/twice": two_places,
    "heads/writing": kept,
    "heads/output": two_parts,
}
