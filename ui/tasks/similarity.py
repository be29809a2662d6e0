"""The tasks of Similarity."""

from dataclasses import replace

import numpy as np

from attention_core import attend, unedited
from attention_core.geometry import angle, cosine, dot_product
from attention_core.matrices import Matrix
from presentation.text import plain, shown, shown_apart
from ui.tasks.task import Shown, Task, Type

A, B, C = range(3)


def _dot_beats(card: Shown) -> bool:
    """Whether A · C is greater than B · C."""
    table = card.lessons.vector_table
    return len(table) == 3 and dot_product(table, A, C).target.value > dot_product(table, B, C).target.value


def _length_beats_direction(card: Shown) -> bool:
    """Whether A · C is greater than B · C because A is long, although B is closer to C by angle.

    Below 0 it would be the shorter vector that is ahead.
    """
    table = card.lessons.vector_table
    if not _dot_beats(card) or dot_product(table, A, C).target.value <= 0:
        return False
    to_a, to_b = cosine(table, A, C), cosine(table, B, C)
    return to_a is not None and to_b is not None and to_a.target.value < to_b.target.value - 1e-9


def _dots(card: Shown) -> str:
    table = card.lessons.vector_table
    one, other = shown_apart(*(dot_product(table, row, C).target.value for row in (A, B)), decimals=2)
    return f"A · C = **{one}** beats B · C = **{other}**"


def _angles(card: Shown) -> str:
    table = card.lessons.vector_table
    one, other = shown_apart(
        *(found.target.value for found in (angle(table, A, C), angle(table, B, C)) if found), decimals=1
    )
    return f"{_dots(card)}, although the angle to C is {one}° for A and only {other}° for B."


def _another_is_most_similar(card: Shown) -> bool:
    """Whether another word than before the edits has the greatest dot product with the chosen one."""
    word, _ = card.cell
    before = attend(replace(unedited(card.experiment), variant=card.experiment.variant))
    now, then = (_most_similar_other(each.x, word) for each in (card.calculation, before))
    return now is not None and now != then


def _most_similar_other(x: Matrix, word: int) -> int | None:
    dots = x @ x[word]
    dots[word] = np.nan
    return greatest(dots)


def greatest(values: Matrix) -> int | None:
    """The place of the one greatest number; None where it is not one alone."""
    if np.isnan(values).all():
        return None
    best = int(np.nanargmax(values))
    return best if np.isclose(values, values[best], rtol=1e-9, atol=1e-12).sum() == 1 else None


def _new_favourite(card: Shown) -> str:
    calculation, (word, _) = card.calculation, card.cell
    other = _most_similar_other(calculation.x, word)
    assert other is not None
    product = shown(float(calculation.x[other] @ calculation.x[word]), card.experiment.decimals)
    one, most = plain(calculation.labels[word]), plain(calculation.labels[other])
    return f"To **{one}**, **{most}** is now the most similar other word, with a dot product of {product}."


TASKS = {
    "multiply": Task(
        _dot_beats,
        lambda card: f"{_dots(card)}.",
        (
            "A · C is A’s first number times 4 plus A’s second number times 3. Which of the two would you raise?",
            "The −1 in the first column of A takes 4 away from A · C. Type a 5 there.",
        ),
        (Type("In row **A**, the first number becomes 5: A · C = 5 · 4 + 5 · 3 = 35.", "vectors", {0: {"d1": 5.0}}),),
    ),
    "angle": Task(
        _length_beats_direction,
        _angles,
        (
            "A vector that is three times as long points the same way, and its dot products are three times as great.",
            "A is (−1, 5) now. Multiply both of its numbers by 3, and compare A · C with B · C = 26.",
        ),
        (
            Type(
                "Row **A** becomes (−3, 15), three times what it was. Its angle is the same, and A · C = 3 · 11 = 33.",
                "vectors",
                {0: {"d1": -3.0, "d2": 15.0}},
            ),
        ),
    ),
    "words": Task(
        _another_is_most_similar,
        _new_favourite,
        (
            "A dot product grows where both words have large numbers in the same column. Where is your word’s largest?",
            "*bank* has its largest number under *water*. Give *walked* a large number there too.",
        ),
        (Type("In row **walked**, *water* becomes 5.", "embeddings", {1: {"water": 5.0}}),),
    ),
}
