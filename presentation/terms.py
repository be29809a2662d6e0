"""What each term of the calculation is, in one sentence with a person's own numbers, people's words escaped.  Markdown

One word looks and one is looked at; both are positions in the sentence, from 0.
"""

import math
from collections.abc import Callable, Sequence

from attention_core import STAGES, VARIANTS, Calculation, Stage
from attention_core.lessons import LAYERS
from attention_core.lexicon import LEXICON_DIMENSIONS
from attention_core.origins import Origin, Source, origin_of
from attention_core.stages import TABLE_OF, WEIGHT_TABLES
from attention_core.words import identity
from presentation.heads_text import of_heads
from presentation.scaling import divided_by
from presentation.text import as_written, equals, plain, shown

_MOST_NUMBERS = 6  # of a vector that are written

NOTE_MEANINGS = (
    "Where the numbers of a word come from. Hand-set: we chose them so that you can read them; they were not learned "
    "from text. As or like another word: that word's numbers. Made up: computed from the spelling, without meaning. "
    "Unknown: zeros, until you say what the word is like. Learned: left by a training. Edited: changed by hand."
)


def terms(calculation: Calculation, word: int, looked_at: int) -> tuple[str, ...]:
    """Every term from embedding to context vector, in the order in which the numbers are worked out."""
    way = calculation.variant
    if way.query is Stage.X:
        compared: tuple[str, ...] = (
            "**Query and key:** this way to attend compares the embeddings themselves; each plays both parts.",
        )
    else:
        compared = (query(calculation, word), key(calculation, looked_at))
    mixed: tuple[str, ...] = (value(calculation, looked_at),)
    if way.value is Stage.X:
        mixed = ("**Value:** in this way to attend words pass on their embeddings themselves.",)
    elif way.value is Stage.K:
        mixed = ("**Value:** in this way to attend words pass on their keys.",)
    return (
        embedding(calculation, word),
        *compared,
        *mixed,
        score(calculation, word, looked_at),
        scaling(calculation, word, looked_at),
        weight(calculation, word, looked_at),
        context(calculation, word),
    )


def of_table(calculation: Calculation, table: Stage, word: int, looked_at: int) -> str:
    """What a table that a person edits is good for: its part for one of the two words."""
    if table is Stage.EMBEDDINGS:
        return embedding(calculation, word)
    part = next(part for part, made_with in TABLE_OF.items() if made_with is table)
    if part not in calculation.variant.parts:
        return plain(STAGES[table].meaning)
    return _OF_PART[part](calculation, word if part is Stage.Q else looked_at)


def embedding(calculation: Calculation, word: int) -> str:
    origin = origin_of(calculation.experiment, identity(calculation.words[word]))
    given = Stage.EMBEDDINGS, int(calculation.experiment.vocabulary_index[word])
    starts = f"**Embedding:** {_word(calculation, word)} starts as {_vector(calculation, *given)}. {_came(origin)}"
    return f"{starts} {position(calculation, word)}" if calculation.word_order.adds else starts


def position(calculation: Calculation, word: int) -> str:
    """What the place of a word adds, and what that makes of its embedding."""
    added, sum_ = (_vector(calculation, stage, word) for stage in (Stage.POSITIONS, Stage.X))
    return f"**Position:** its place, the number {word} counted from 0, adds {added}, which makes {sum_}."


def query(calculation: Calculation, word: int) -> str:
    return f"**Query:** {_word(calculation, word)} looks for {_made(calculation, Stage.Q, word)}."


def key(calculation: Calculation, looked_at: int) -> str:
    return f"**Key:** {_word(calculation, looked_at)} offers {_made(calculation, Stage.K, looked_at)}."


def value(calculation: Calculation, looked_at: int) -> str:
    return f"**Value:** {_word(calculation, looked_at)} passes on {_made(calculation, Stage.V, looked_at)}."


_OF_PART: dict[Stage, Callable[[Calculation, int], str]] = {Stage.Q: query, Stage.K: key, Stage.V: value}


def score(calculation: Calculation, word: int, looked_at: int) -> str:
    query, key = calculation.compared
    one = f"the {STAGES[query].singular} of {_word(calculation, word)}"
    other = f"the {STAGES[key].singular} of {_word(calculation, looked_at)}"
    number = _number(calculation, Stage.SCORES, word, looked_at)
    turned = ", each turned by its place," if calculation.word_order.turns else ""
    return (
        f"**Score:** {number}, {one} and {other}{turned} multiplied number by number and added up; higher means a "
        "better fit."
    )


def scaling(calculation: Calculation, word: int, looked_at: int) -> str:
    """Scaling, and the mask where it forbids the look."""
    if not calculation.allowed[word, looked_at]:
        one, other = _word(calculation, word), _pronoun(calculation, word, looked_at)
        return f"**Mask:** {one} may not look at {other}, so the softmax gets −∞ in place of the score."
    if not calculation.experiment.scaled:
        raw = _number(calculation, Stage.SCORES, word, looked_at)
        return f"**Scaling** is off: the softmax gets the score as it is, {raw}."
    if not calculation.divides_by_root:
        return f"**Scaling:** {_division(calculation, word, looked_at)}. {_softness(calculation)}"
    division = _division(calculation, word, looked_at)
    return f"**Scaling:** {division}, so that scores do not grow only because vectors have more numbers."


def _division(calculation: Calculation, word: int, looked_at: int) -> str:
    """4.80 ÷ √4 = 2.40, with ≈ where the written numbers do not give that."""
    decimals = calculation.experiment.decimals
    raw, scaled = (float(calculation.table(stage)[word, looked_at]) for stage in (Stage.SCORES, Stage.SCALED_SCORES))
    sign = equals(as_written(raw, decimals) / calculation.divisor, scaled, decimals)
    return f"{shown(raw, decimals)} ÷ {divided_by(calculation)} {sign} {shown(scaled, decimals)}"


def _softness(calculation: Calculation) -> str:
    """What one's own divisor does to the softmax, beside the usual one."""
    compared = calculation.table(calculation.variant.key).shape[1]
    usual = f"√{compared}"
    if math.isclose(calculation.divisor, math.sqrt(compared)):
        return f"That is {usual}, what scores are usually divided by."
    if calculation.divisor > math.sqrt(compared):
        return f"That is more than the usual {usual}: where scores differ, the highest gets less of the attention."
    return f"That is less than the usual {usual}: where scores differ, the highest gets more of the attention."


def weight(calculation: Calculation, word: int, looked_at: int) -> str:
    number = _number(calculation, Stage.WEIGHTS, word, looked_at)
    one, other = _word(calculation, word), _pronoun(calculation, word, looked_at)
    if not calculation.allowed[word].any():
        return f"**Weight:** {one} may look at no word, so all of its weights are 0."
    return f"**Weight:** {one} gives {other} {number} of its attention; its whole row adds up to 1."


def context(calculation: Calculation, word: int) -> str:
    way = calculation.variant
    becomes = f"**Context vector:** {_word(calculation, word)} becomes {_vector(calculation, Stage.CONTEXT, word)}"
    itself = " plus its own embedding" if way.adds_itself else ""
    if not calculation.allowed[word].any():
        return (
            f"{becomes}: it may look at no word, so nothing is mixed in{', and its embedding stays' if itself else ''}."
        )
    if calculation.joins:
        return f"{becomes}: {of_heads(calculation)}."
    return f"{becomes}: the {STAGES[way.value].plural} of the words it looks at, mixed by its weights{itself}."


def ways(calculation: Calculation) -> tuple[str, ...]:
    """What each way to attend does, the one in force marked."""
    return tuple(
        f"**{way.name}**{' (chosen)' if way is calculation.variant else ''}: {plain(way.summary)}"
        for way in VARIANTS.values()
    )


def column_help(table: str, column: str, place: int, *, of_words: bool) -> str:
    """What stands in a column of a table that a person edits; `place` counts from 0."""
    if table == "target":
        return "How much of its attention the word of each row should give here, from 0 to 1."
    if table in WEIGHT_TABLES:
        made = next(STAGES[part].singular for part, made_with in TABLE_OF.items() if made_with == table)
        return f"How much each number of an embedding adds to number {place + 1} of its {made}."
    if table in LAYERS:
        return f"How much each number that goes in adds to {column}."
    if of_words and column in LEXICON_DIMENSIONS:
        return f"How much a word has to do with “{column}”: 1 very much, 0 nothing, −1 the opposite."
    return f"Number {place + 1} of the vector. The column has no meaning of its own."


def columns(calculation: Calculation) -> tuple[str, ...]:
    """What stands in each column of the embeddings, for those who cannot point at a heading.  Markdown"""
    return tuple(
        f"**{plain(name)}**: {plain(column_help(Stage.EMBEDDINGS, name, place, of_words=True))}"
        for place, name in enumerate(calculation.experiment.dimensions)
    )


def _came(origin: Origin) -> str:
    other = f"*{plain(origin.word)}*"
    match origin.source:
        case Source.HAND_SET:
            return "Hand-set: chosen so that you can read it, not learned from text."
        case Source.FORM:
            return f"Hand-set, not learned: it is a form of {other}."
        case Source.TRANSLATION:
            return f"Hand-set, not learned: it is {origin.language} for {other}."
        case Source.LIKE:
            return f"Those are the numbers of {other}, which it was said to be like."
        case Source.EXAMPLE:
            return "These numbers came with the example; they were not learned here."
        case Source.LEARNED:
            return "These numbers were learned by training; nobody set them."
        case Source.EDITED:
            return "Somebody changed these numbers by hand."
        case Source.MADE_UP:
            return "Made up from its spelling: these numbers mean nothing."
        case Source.UNKNOWN:
            return "Nothing is known of it, so it starts with zeros."


def _made(calculation: Calculation, part: Stage, word: int) -> str:
    table = STAGES[TABLE_OF[part]].symbol
    with_position = " with its position" if calculation.word_order.adds else ""
    return f"{_vector(calculation, part, word)}, its embedding{with_position} times {plain(table)}"


def _number(calculation: Calculation, stage: Stage, row: int, column: int) -> str:
    return shown(float(calculation.table(stage)[row, column]), calculation.experiment.decimals)


def _vector(calculation: Calculation, stage: Stage, row: int) -> str:
    """(0.30, 0.00, …); of long ones the first numbers, and how many there are."""
    numbers: Sequence[float] = calculation.table(stage)[row].tolist()
    written = [shown(number, calculation.experiment.decimals) for number in numbers[:_MOST_NUMBERS]]
    if len(numbers) <= _MOST_NUMBERS:
        return f"({', '.join(written)})"
    return f"({', '.join(written)}, … {len(numbers)} numbers)"


def _word(calculation: Calculation, at: int) -> str:
    return f"**{plain(calculation.labels[at])}**"


def _pronoun(calculation: Calculation, word: int, looked_at: int) -> str:
    return "itself" if word == looked_at else _word(calculation, looked_at)
