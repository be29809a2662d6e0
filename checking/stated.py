"""What the words of a text say of how its numbers were made: d_k, a divisor, masks, positions, how many words.

An author may mean something else with it, such as the paper's 64, so it is one more way that the numbers may have been
made, and never one that they must have been.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from attention_core.masks import CAUSAL, MASKS, NEIGHBOURS, NOT_ITSELF, OWN, Mask
from checking.masking import Masks, neighbours

_MOST = 4  # numbers of a kind
_SAME = 0.006  # that a printed root may be off
_MARKUP = re.compile(r"<[^<>]*>|\\(?:text|mathrm|mathbf|rm|left|right|,|;)|[*$\\{}]")
_WHOLE = r"([0-9]{1,5})(?![0-9]|[.,][0-9])"
_NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,12})?)(?![0-9])"
_ROOT = r"(?:√|\bsqrt)[ (]{0,3}"
_IS = r" ?(?:=|:|is|are|of|equals|was)[ (]{1,2}|=|:"
_KEY_SIZES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bd_? ?(?:k|key|head|keys)(?:{_IS}) ?{_WHOLE}",
        rf"\b(?:head_?dim|key[_ ](?:size|dim(?:ension)?)|size of (?:a|the|each) key)(?:{_IS}) ?{_WHOLE}",
        rf"\bdimension(?:s|ality)? of (?:the |a |each )?keys?(?: vectors?)?[^.0-9]{{0,40}}{_WHOLE}",
        rf"(?:divid\w*|÷|/|over)[^.0-9√]{{0,30}}{_ROOT}{_WHOLE}",
    )
)
_ROOT_IS = re.compile(rf"{_ROOT}{_WHOLE}[ )]{{0,2}}[=≈] ?{_NUMBER}", re.IGNORECASE)
_DIVISORS = re.compile(rf"\b(?:divid(?:e|es|ed|ing)(?: \w+){{0,3}} by|scaled by 1/) ?{_NUMBER}", re.IGNORECASE)
_POSITIONS = re.compile(r"\bposition(?:al|s)?[ -](?:encoding|embedding|vector)s?|\bword order\b", re.IGNORECASE)
_OF_MASKS = {
    CAUSAL: r"\b(?:causal|look-?ahead|autoregressive)[ -](?:self-)?(?:attention|mask)|\bmasked self-attention",
    NOT_ITSELF: r"\bnot scored against itself|\b(?:may|can|does|do)(?:not| not|n't) (?:look at|attend to|see) "
    r"(?:itself|themselves)",
}
_NEIGHBOURS = re.compile(r"\bonly itself and (?:the (?:([0-9]{1,3}) words|word) on each side|no other word)")
_PART = re.compile(r"\bThe table has ([0-9]{1,4}) rows and columns; these are")


@dataclass(frozen=True)
class Stated:
    """What the words say; empty where they say nothing."""

    key_sizes: tuple[int, ...] = ()  # d_k
    divisors: tuple[float, ...] = ()
    masks: Masks = ()
    positions: bool = False
    words: int = 0  # how many there are, where tables show some of them


NOTHING_STATED = Stated()


def stated_in(text: str) -> Stated:
    """What is said among the numbers of a text."""
    said = " ".join(_MARKUP.sub("", unicodedata.normalize("NFKC", text)).split())
    part = _PART.search(said)
    return Stated(
        tuple(dict.fromkeys(_key_sizes(said)))[:_MOST],
        tuple(dict.fromkeys(float(each) for each in _DIVISORS.findall(said) if float(each) > 0))[:_MOST],
        tuple(_masks(said)),
        bool(_POSITIONS.search(said)),
        int(part[1]) if part else 0,
    )


def told_of(stated: Stated) -> str:
    """The same for a person, as a list; "" where nothing is said."""
    parts = [f"d_k = {size}" for size in stated.key_sizes]
    parts += [f"divided by {divisor:g}" for divisor in stated.divisors]
    parts += [f"a word may not look at {mask.forbids}" for mask in stated.masks]
    if stated.positions:
        parts.append("there are positions")
    if stated.words:
        parts.append(f"the tables show some of {stated.words} words")
    return "; ".join(parts)


def _key_sizes(said: str) -> Iterator[int]:
    for pattern in _KEY_SIZES:
        yield from (int(size) for size in pattern.findall(said) if int(size) > 0)
    for size, root in _ROOT_IS.findall(said):
        if abs(np.sqrt(int(size)) - float(root)) <= _SAME:
            yield int(size)


def _masks(said: str) -> Iterator[Mask]:
    """In the order of the registry. One's own is told by the table that it is printed in."""
    for mask in MASKS.values():
        if mask is NEIGHBOURS:
            if found := _NEIGHBOURS.search(said):
                yield neighbours(int(found[1] or "on each" in found[0]))
        elif mask is not OWN and re.search(_OF_MASKS[mask], said, re.IGNORECASE):
            yield mask
