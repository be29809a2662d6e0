"""What the words before numbers say: the stage of a table, the word whose row it is, or that it is only prose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checking.reading.markup import MARKDOWN_ESCAPE, from_latex, from_markdown
from checking.reading.source import Words
from checking.reading.stage_names import FAR, QUOTED, STAGES, is_only_a_name, stage_in

_MAX_LEAD_WORDS = 10  # before a colon or an equals sign; more is prose
MAX_LABEL_WORDS = 2  # before numbers without a colon
_LETTERS = {"x": "embeddings", "q": "q", "k": "k", "v": "v", "z": "context"}
BULLET = re.compile(r"^\s*(?:[-*•]\s+(?=[^\W\d]|[\"'“*]))")
STEP = re.compile(r"^(?:step\s+)?[0-9]+(?:\.[0-9]+)*\s*[.:)]\s*(?=\D)", re.IGNORECASE)
_COLON_OR_EQUALS = re.compile(r"[:=](?=.)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_TITLE = re.compile(r"#+\s|(?:step|part|section)\b|[0-9]+(?:\.[0-9]+)*[.:)]|\*\*[^*]+\*\*:?$|<h[1-6]", re.IGNORECASE)
_QUOTED_AT_END = re.compile(r"[\"”»'’`*]\s*$")
_FOR_WORD = re.compile(r"\b(?:for|of)\s+(?:the\s+)?(?:word\s+|token\s+)?(\*\*.+\*\*|[^\s,]+)$", re.IGNORECASE)
_COUNTED = re.compile(r"([^\W\d_]+(?: vector)?)[\s_#]*[0-9]{1,3}")
_NUMBERED = re.compile(r"\$?([xqkvz])_?(\{.+\}|(?<=_)\w+|[0-9]+)\$?")


@dataclass(frozen=True)
class Lead:
    """What the words right before numbers say."""

    text: str = ""
    stage: str | None = None
    label: str = ""
    counts: bool = False  # "Input 1": the name of a row, whose stage a heading may say otherwise


def lead_of(text: str) -> Lead:
    """The words before numbers, their stage, and the word whose row it is."""
    text = STEP.sub("", BULLET.sub("", text.strip(" \t\n,;{}$"))).strip(" \t\n,;{}$")
    text = text.rstrip(":=≈→ ").strip()
    if text.endswith((" is", " are", " becomes")):
        text = text.rsplit(maxsplit=1)[0]
    if not text:
        return Lead()
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        of = numbered[2].strip("{}")
        return Lead(_words_of(text), _LETTERS[numbered[1]], text if of.isdigit() else from_latex(of))
    counted = _COUNTED.fullmatch(text)
    if counted and known(stage_in(counted[1])):
        return Lead(_words_of(text), stage_in(counted[1]), text, counts=True)
    stage = next(filter(None, (stage_in(part) for part in text.split("="))), None)
    label = named_word(text)
    if not label and not stage and len(text.split()) <= MAX_LABEL_WORDS + 1:
        label = from_latex(_words_of(text))
    return Lead(_words_of(text), stage, label)


def named_word(text: str) -> str:
    """The word in `for "cat"`, `of cat` or `"cat"`."""
    match = QUOTED.search(text) or _FOR_WORD.search(text.rstrip(":= "))
    word = next(filter(None, match.groups())) if match else ""
    return "" if match and match.re is _FOR_WORD and stage_in(word) else from_markdown(word)


def heading_of(texts: Sequence[Words]) -> tuple[str | None, str]:
    """The stage that the words before a table tell, and the line that tells it.

    The paragraph right before it is asked from its end; then the titles above, the nearest first.
    """
    lines = [text.text for text in texts]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return None, ""
    above = len(lines) - next((count for count, line in enumerate(reversed(lines)) if not line), len(lines))
    titles = (line for line in reversed(lines[:above]) if _TITLE.match(line) or is_only_a_name(line))
    for line in [*reversed(lines[above:]), *titles]:
        stage = _stage_of_line(line)
        if stage:
            return known(stage), _words_of(line)
    return None, _words_of(lines[-1])


def is_heading(line: str) -> bool:
    """Whether a line names one stage and nothing else."""
    return known(_stage_of_line(line.strip())) is not None and is_only_a_name(line)


def _stage_of_line(line: str) -> str | None:
    """The stage that a line names: in its last sentence if that ends with a colon, else in the first that names one.

    Of a sentence what stands before a colon or an equals sign counts first.
    """
    sentences = _SENTENCE_END.split(line[-FAR * 4 :])
    if line.endswith((":", "=")):
        sentences.insert(0, sentences[-1])
    for sentence in sentences:
        parts = _COLON_OR_EQUALS.split(sentence)
        for part in [*parts, sentence] if len(parts) > 1 else parts:
            if stage := stage_in(part):
                return stage
    return None


def known(stage: str | None) -> str | None:
    return stage if stage in STAGES else None


def _words_of(line: str) -> str:
    """A line of Markdown or LaTeX as it reads."""
    return MARKDOWN_ESCAPE.sub(r"\1", line.strip("#*$ \t").replace("**", "").replace("$", "")).rstrip(":= ").strip()


def inherits(lead: Lead) -> bool:
    """Whether the words above name a table. They do not where it has a name of its own that says something else."""
    return not lead.text or len(lead.text.rstrip("= ")) == 1


def introduces(lead: str, *, is_first: bool) -> bool:
    """Whether words before numbers are their name, and not prose that happens to hold numbers."""
    if not is_first and lead.strip() in (",", ";"):
        return True
    lead = BULLET.sub("", lead.strip(" \t\n,;{$"))
    words = lead.split()
    if not words:
        return is_first
    if lead.endswith((":", "=", "≈", "→")):
        return len(words) <= _MAX_LEAD_WORDS and not _SENTENCE_END.search(lead)
    if words[-1] in ("is", "are", "becomes"):
        return len(words) <= _MAX_LEAD_WORDS and "," not in lead and not _SENTENCE_END.search(lead)
    rest = STEP.sub("", lead)
    return bool(_QUOTED_AT_END.search(rest)) or len(rest.split()) <= MAX_LABEL_WORDS
