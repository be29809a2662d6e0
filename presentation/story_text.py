"""The story of one word in two or three sentences, people's words escaped.  Markdown"""

from collections.abc import Sequence

from attention_core import Calculation
from attention_core.story import Change, Story, story_of
from presentation.heads_text import in_head
from presentation.looks import LEAST_DECIMALS
from presentation.text import plain, shown

_MOST_NAMED = 3  # of words or numbers that tie


def story_text(calculation: Calculation, word: int) -> str:
    """Where a word looks most and what that makes of it; true for ties, masks, one word and made-up numbers too."""
    decimals = max(calculation.experiment.decimals, LEAST_DECIMALS)
    story = story_of(calculation, word, decimals=decimals)
    told = (_look(story, calculation, decimals), _move(story, calculation, decimals), _doubt(story, calculation))
    return " ".join(sentence for sentence in told if sentence)


def look_text(calculation: Calculation, word: int) -> str:
    """Where a word looks most."""
    decimals = max(calculation.experiment.decimals, LEAST_DECIMALS)
    return _look(story_of(calculation, word, decimals=decimals), calculation, decimals)


def _look(story: Story, calculation: Calculation, decimals: int) -> str:
    word = f"{in_head(calculation)}{_word(calculation, story.word)}"
    amount = shown(story.weight, decimals)
    if not story.most:
        return f"{word} may look at no word, so it has no weights."
    if story.open_to == 1:
        return f"{word} may look only at {_looked_at(story, calculation)}, which gets all of its attention."
    if story.is_even:
        which = "all" if story.open_to == len(calculation.words) else "the"
        rest = "" if which == "all" else " that it may look at"
        return f"{word} looks evenly at {which} {story.open_to} words{rest}: {amount} each."
    each = " each" if len(story.most) > 1 else " of its attention"
    return f"{word} looks most at {_looked_at(story, calculation)}: {amount}{each}."


def _looked_at(story: Story, calculation: Calculation) -> str:
    return _listed(["itself" if at == story.word else _word(calculation, at) for at in story.most], "others")


def _move(story: Story, calculation: Calculation, decimals: int) -> str:
    if story.changes is None:
        return ""
    if not story.changes:
        position = " with its position" if calculation.word_order.adds else ""
        return f"To {decimals} decimals its context vector is its embedding{position}."
    names = calculation.experiment.dimensions

    def told(change: Change) -> str:
        return f"{plain(names[change.column])} {shown(change.before, decimals)} → **{shown(change.after, decimals)}**"

    one = len(story.changes) == 1
    kind = "The greatest change" if one else "The greatest changes"
    start = "its embedding with its position" if calculation.word_order.adds else "its embedding"
    return f"{kind} from {start} to its context vector: {_listed(list(map(told, story.changes)), 'more')}."


def _doubt(story: Story, calculation: Calculation) -> str:
    told = []
    if story.made_up:
        words = _listed([_word(calculation, at) for at in story.made_up], "others")
        told.append(f"The numbers of {words} are made up, so this tells nothing about meaning.")
    if story.unknown:
        words = _listed([_word(calculation, at) for at in story.unknown], "others")
        one = len(story.unknown) == 1
        verb, pronoun = ("is an unknown word", "it is") if one else ("are unknown words", "they are")
        told.append(f"{words} {verb}: nothing but zeros until you say what {pronoun} like.")
    return " ".join(told)


def _word(calculation: Calculation, at: int) -> str:
    return f"**{plain(calculation.labels[at])}**"


def _listed(parts: Sequence[str], more: str) -> str:
    """A and B; A, B and C; A, B and 4 others."""
    if len(parts) > _MOST_NAMED:
        left = len(parts) - _MOST_NAMED + 1
        parts = [*parts[: _MOST_NAMED - 1], f"{left} {more}"]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
