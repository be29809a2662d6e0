"""Which masks printed numbers may have been made under: −∞ among the scores tells it, and zeros among the weights.

Letters: n words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

import numpy as np

from attention_core.attention import Floats
from attention_core.masks import CAUSAL, NEIGHBOURS, NOT_ITSELF, OWN, Allowed, Cell, Mask, allowed_by
from checking.claims import MASKED, Claims

Masks = tuple[Mask, ...]

_MOST_NEIGHBOURS = 3  # on each side, where nothing tells how many; more are looked for where a table shows it
_MOST_SHOWN = 3  # masks that a table may show, those that explain most of its zeros


@dataclass(frozen=True)
class _Person:
    """What a person sets of masks."""

    words: Sequence[str] = ()
    neighbours: int = 0
    forbidden: tuple[Cell, ...] = ()


@cache
def neighbours(count: int) -> Mask:
    """A word sees so many words on each side; the same count is the same mask."""
    return NEIGHBOURS.of(_Person(neighbours=count))


@lru_cache(maxsize=256)
def by_hand(cells: frozenset[Cell], n: int) -> Mask:
    """These looks are forbidden."""
    return OWN.of(_Person(words=("",) * n, forbidden=tuple(sorted(cells))))


@lru_cache(maxsize=512)
def allowed(masks: Masks, n: int, *, itself: bool = True) -> Allowed:
    """True where the word of the row may look at the word of the column; `itself` False where a way forbids it."""
    table = allowed_by(masks if itself else (*masks, NOT_ITSELF), n)
    table.setflags(write=False)
    return table


def shown(claims: Claims) -> Floats | None:
    """1 where a word looks, 0 where it may not or has a weight of 0, NaN where no table shows it.  (n, n)

    None where the tables contradict each other.
    """
    n = len(claims.words)
    seen = np.full((n, n), np.nan)
    if "weights" in claims.tables:
        weights = claims.tables["weights"].values
        seen = np.where(np.isnan(weights), np.nan, (weights != 0) * 1.0)
    for stage in MASKED:
        values = claims.tables[stage].values if stage in claims.tables else np.zeros(0)
        if not np.isneginf(values).any():
            continue  # it may be shown before the mask
        if (np.isneginf(values) & (seen == 1)).any():
            return None
        seen = np.where(np.isnan(values), seen, np.isfinite(values) * 1.0)
    return seen


def forbidden_in_print(claims: Claims) -> frozenset[Cell]:
    """The cells where −∞ is printed."""
    cells = (np.argwhere(np.isneginf(claims.tables[stage].values)) for stage in MASKED if stage in claims.tables)
    return frozenset((int(row), int(column)) for row, column in chain.from_iterable(cells))


def are_shown(masks: Masks, seen: Floats | None, *, itself: bool = True) -> bool:
    """Whether no table speaks against them, and words that look at several others speak for them."""
    if seen is None or np.isnan(seen).all():
        return False
    may = allowed(masks, len(seen), itself=itself)
    forbids = bool((~may & (seen == 0)).any())
    return forbids and not ((seen == 1) & ~may).any() and bool(((seen == 1).sum(axis=1) > 1).any())


def that_tables_show(claims: Claims, *, itself: bool) -> Iterator[Masks]:
    """Masks by a rule, other than the causal one alone, that the tables show: those that explain most zeros."""
    seen = shown(claims)
    n = len(claims.words)
    fitting = [masks for masks in _by_rule(n, n - 2, itself=itself) if are_shown(masks, seen, itself=itself)]
    fitting.sort(key=lambda masks: (int(allowed(masks, n, itself=itself).sum()), len(masks)))
    yield from fitting[:_MOST_SHOWN]


def that_nothing_shows(claims: Claims, *, itself: bool) -> Iterator[Masks]:
    """Masks by a rule that no table shows: only what came of them is printed, or each word looks at one alone."""
    seen, n = shown(claims), len(claims.words)
    for masks in _by_rule(n, min(_MOST_NEIGHBOURS, n - 2), itself=itself):
        may = allowed(masks, n, itself=itself)
        if seen is not None and not ((seen == 1) & ~may).any() and not are_shown(masks, seen, itself=itself):
            yield masks


def _by_rule(n: int, most: int, *, itself: bool) -> Iterator[Masks]:
    """All but the causal one alone, and the one that a slip makes of it. Each leaves some word two to look at."""
    if n < 3:
        return
    if itself:
        yield (NOT_ITSELF,)
    for count in range(1, most + 1):
        yield (neighbours(count),)
        yield CAUSAL, neighbours(count)
        if itself:
            yield NOT_ITSELF, neighbours(count)


def told(masks: Masks) -> str:
    """What a word may not look at, to stand behind "no word looks at"."""
    return _listed([mask.forbids for mask in masks])


def _listed(parts: Iterable[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} or {last}" if others else last
