"""People who each work on numbers of their own, so that an answer which holds another's is seen."""

from support.visitor import Visitor

from attention_core import OPENING, attend

_WORDS = ("river", "bank", "money", "water", "we", "walked", "cat", "old")


def sentence_of(person: int, change: int = 0) -> str:
    """A sentence of eight words that no other person, and no other change of theirs, has (up to 4096 of each)."""
    digits = f"{person:04o}{change:04o}"
    return " ".join(_WORDS[int(digit)] for digit in digits)


def holds_own_numbers(visitor: Visitor, person: int, change: int = 0) -> bool:
    """Whether the attention weights on screen are those of that person's sentence, to 1e-12."""
    weights = attend(OPENING.build().with_sentence(sentence_of(person, change))).attention.weights
    shown = visitor.cells("weights")
    return len(shown) == weights.size and all(
        abs(shown[row + 1, column + 1] - weights[row, column]) < 1e-12
        for row in range(len(weights))
        for column in range(len(weights))
    )
