"""Which attention head a table belongs to: by a heading such as "Head 2", by its own name such as W_Q^2, or by none.

A heading holds until the next one, and until words that name what all heads make together.
"""

import re
import unicodedata
from collections.abc import Sequence

from checking.reading.source import Words
from checking.reading.stage_names import stage_in

_MARKUP = re.compile(r"[#*$\\{}^_]|\b(?:mathbf|mathrm|text|bm)\b")
_NUMBERS = {
    word: place for place, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), start=1)
}
_OF_A_HEAD = re.compile(rf"\bheads?[ .:\-–#(]{{0,3}}([0-9]{{1,2}}|{'|'.join(_NUMBERS)})\b(?!\.[0-9])", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth) (?:attention )?head\b", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_TOGETHER = re.compile(
    r"\bconcat|\ball (?:the )?heads\b|\bboth heads\b|\bheads? (?:joined|combined|together|side by side)"
    r"|\bmulti-?\s?head\b|\b(?:joined|combined) (?:vectors|heads|output)|\boutput projection\b|\bw ?o\b"
    r"|\bfinal output\b",
    re.IGNORECASE,
)
_ONLY_A_HEAD = re.compile(rf"(?:attention )?head[ .:#(]{{0,3}}(?:[0-9]{{1,2}}|{'|'.join(_NUMBERS)})\)?", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(r"\bside by side\b|\beach head\b", re.IGNORECASE)
_SYMBOL = re.compile(r"(?:w?([qkv])w?|z|h|head|o|a|s|attn)\(?([1-9])\)?|w\(?([1-9])\)?([qkv])", re.IGNORECASE)
_FOLLOWED = re.compile(r"\bfollow one of them, (.{1,60}?); the others come after")
_OTHERS = re.compile(r"\bthe other heads$", re.IGNORECASE)
_TITLE = re.compile(r"\s*(?:#+\s|step [0-9])", re.IGNORECASE)
_LONGEST = 60  # characters of a heading


class Heads:
    """Follows the words of a text from top to bottom, and tells of each table whose it is."""

    def __init__(self) -> None:
        self._head = ""
        self._are_named = False  # each line that stands alone is the name of the next head
        self.is_together = False  # what is told now is of all heads together

    def of(self, lead: str, texts: Sequence[Words], rows: int) -> str:
        """The head of a table of so many rows by the words right before its numbers and those above; "" for none."""
        for text in texts:
            self._read(text.text)
        last = next((text.text for text in reversed(texts) if text.text), "")
        for words in (lead, last):
            if (own := _named(words)) or (rows > 1 and (own := _by_symbol(words))):
                self.is_together = False
                return own
        if _TOGETHER.search(_plain(lead)):
            self._end()
        return self._head

    def _read(self, line: str) -> None:
        words = _plain(line)
        if followed := _FOLLOWED.search(words):
            self._head = _named(followed[1]) or followed[1].strip()
        elif len(words) > _LONGEST or not words:
            return
        elif _OTHERS.search(words):
            self._are_named = True
        elif _is_title(line, words) and _TOGETHER.search(words):
            self._end()
        elif (own := _named(words)) and _is_title(line, words):
            self._head, self.is_together = own, False
        elif self._are_named and _is_name(line, words):
            self._head = words

    def _end(self) -> None:
        self._head, self._are_named, self.is_together = "", False, True


def _plain(line: str) -> str:
    return " ".join(_MARKUP.sub(" ", unicodedata.normalize("NFKC", line)).split()).strip(" :=-–")


def _named(text: str) -> str:
    """“Head 2” of a text that speaks of one head by its number, as a label."""
    words = _plain(text)
    if _TOGETHER.search(words) or _SIDE_BY_SIDE.search(words):
        return ""
    found = {_NUMBERS.get(each.lower()) or int(each) for each in _OF_A_HEAD.findall(words)}
    found |= {_ORDINALS.index(each.lower()) + 1 for each in _ORDINAL.findall(words)}
    return f"Head {found.pop()}" if len(found) == 1 else ""


def _by_symbol(text: str) -> str:
    """The same of a symbol with the number of its head: Q1, W_Q^{(2)}, head_1."""
    compact = re.sub(r"[ :=]", "", _plain(text.split("=")[0]))
    match = _SYMBOL.fullmatch(compact)
    return f"Head {match[2] or match[3]}" if match else ""


def is_only_a_head(text: str) -> bool:
    """Whether words say whose a table is, and nothing else."""
    return bool(_ONLY_A_HEAD.fullmatch(_plain(text)))


def is_a_result(text: str) -> bool:
    """Whether it is what a head makes that is called by the head alone, as in "head_1 = …"."""
    return text.rstrip().endswith("=") or "head_" in text


def _is_title(line: str, words: str) -> bool:
    return bool(_TITLE.match(line)) or not words.endswith(".")


def _is_name(line: str, words: str) -> bool:
    """Whether a line is a name on its own, and no sentence and no name of a table."""
    return not line.rstrip().endswith((".", ":", "=", "$")) and not _TITLE.match(line) and stage_in(words) is None
