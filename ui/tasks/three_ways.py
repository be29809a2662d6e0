"""The tasks of Three ways."""

from dataclasses import replace

import numpy as np

from attention_core import EXAMPLES, attend, unedited
from attention_core.ladder import LADDER, looked_at_most, most_similar
from presentation.looks import LEAST_DECIMALS
from presentation.text import plain, shown
from ui.course import LECTURE
from ui.tasks.task import Change, Choose, Shown, Task, Type


def _on_the_diagonal(card: Shown) -> bool:
    return card.clicked is not None and card.clicked[0] == card.clicked[1]


def _own_looks(card: Shown) -> str:
    word, decimals = card.cell[0], max(card.experiment.decimals, LEAST_DECIMALS)
    _, second, third = (shown(form.attention.weights[word, word], decimals) for form in card.forms)
    name = plain(card.calculation.labels[word])
    return f"In (a) **{name}** is not compared with itself; in (b) it gives itself **{second}** and in (c) **{third}**."


def _alike(card: Shown, form: int) -> tuple[int, int]:
    """In a form: how many words prefer the one with the largest dot product, of how many that have both."""
    return looked_at_most(card.forms[form]).same_as(most_similar(card.forms[0]))


def _looks_elsewhere(card: Shown) -> bool:
    """Whether in the second form at most half of the words prefer the word with the most similar embedding."""
    same, both = _alike(card, 1)
    return both > 0 and 2 * same <= both


def _likes(card: Shown) -> str:
    (first, of_first), (second, of_second) = _alike(card, 0), _alike(card, 1)
    return (
        f"In (a) **{first} of {of_first}** words prefer the one with the largest dot product, in (b) **{second} of "
        f"{of_second}**."
    )


def _changed_values(card: Shown) -> bool:
    return not np.array_equal(card.experiment.w_v, unedited(card.experiment).w_v)


def _moved_contexts(card: Shown) -> str:
    word, before = card.cell[0], replace(card.experiment, w_v=unedited(card.experiment).w_v)
    ways = []
    for form in LADDER:
        now, then = (attend(replace(each, variant=form.id)).context[word] for each in (card.experiment, before))
        ways.append(shown(float(np.linalg.norm(now - then)), card.experiment.decimals))
    name = plain(card.calculation.labels[word])
    moved = f"{ways[0]} in (a), {ways[1]} in (b) and **{ways[2]}** in (c)"
    return f"Your W_V moved the context vector of **{name}** by {moved}."


def _is_unscaled_lecture(card: Shown) -> bool:
    """Whether the lecture's numbers are there as they are, but for the division."""
    lecture = EXAMPLES[LECTURE].build()
    same = card.experiment.agrees_with(lecture, but_for={"lessons", "teaching", "scaled", "decimals", "variant"})
    return same and not card.experiment.scaled


def _second_weights(card: Shown) -> str:
    rows = [
        attend(replace(card.experiment, scaled=scaled, variant=LADDER[1].id)).attention.weights[card.cell[0]]
        for scaled in (True, False)
    ]
    least = int(rows[0].argmin())
    scaled, unscaled = (np.format_float_positional(row[least], precision=2, fractional=False) for row in rows)
    return f"Without the division the smaller weight falls from **{scaled}** to **{unscaled}**."


TASKS = {
    "forms": Task(
        _on_the_diagonal,
        _own_looks,
        (
            "The diagonal runs from the upper left to the lower right corner: there row and column are the same word.",
            "Click the lower right cell of any of the three pictures, or choose the same word twice above them.",
        ),
        (Choose("The third word and the third word again: the third cell on the diagonal.", lambda card: (2, 2)),),
    ),
    "alike": Task(
        _looks_elsewhere,
        _likes,
        (
            "W_Q makes the query, what a word looks for. As long as W_Q and W_K do nothing, a word looks for words "
            "like itself.",
            "Write the ones of W_Q from the upper right to the lower left: then each word looks for what others have. "
            "Make them larger, and it shows more.",
        ),
        (
            Type(
                "W_Q gets 4s from the upper right to the lower left, and 0 elsewhere: a word now looks for others in "
                "other columns than its own largest ones.",
                "w_q",
                {row: {f"q{column + 1}": 4.0 * (row + column == 3) for column in range(4)} for row in range(4)},
            ),
        ),
        table="w_q",
    ),
    "context": Task(
        _changed_values,
        _moved_contexts,
        (
            "W_V is the last of the four tables. Choose it above the table.",
            "Type 5 into any cell of W_V, and watch the three rows of numbers.",
        ),
        (Type("In W_V, the first number of the first row becomes 5.", "w_v", {0: {"v1": 5.0}}),),
        table="w_v",
    ),
    "forty": Task(
        _is_unscaled_lecture,
        _second_weights,
        (
            "The switch Scaling ÷ √d stands above the table.",
            "Switch it off, and compare the two weights with what they were.",
        ),
        (Change("Scaling is switched off.", lambda experiment: replace(experiment, scaled=False)),),
        start=EXAMPLES[LECTURE].build,
    ),
}
