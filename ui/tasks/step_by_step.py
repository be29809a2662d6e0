"""The tasks of Step by step."""

import numpy as np

from attention_core import unedited
from attention_core.lessons import PRINTED_DECIMALS, PRINTED_EMBEDDINGS, PRINTED_SCORES
from attention_core.reach import closest_row
from attention_core.softmax_steps import softmax_steps
from presentation.looks import LEAST_DECIMALS
from presentation.story_text import look_text
from presentation.text import plain, shown
from ui.tasks.task import Choose, GoTo, Shown, Task, Type

LAST_STEP = 7
WANTED_CONTEXT, NEAR = (1.0, 0.0, 0.0), 0.01
ROUNDING = 0.5 * 10**-PRINTED_DECIMALS  # what rounding to the printed decimals explains


def _other_queries(card: Shown) -> int:
    """How many words got another query by an edit of W_Q."""
    before = card.calculation.x @ unedited(card.experiment).w_q
    return int((card.calculation.q != before).any(axis=1).sum())


def _is_greatest_weight(card: Shown) -> bool:
    """Whether the person has chosen the cell with the greatest weight of all."""
    weights = card.calculation.attention.weights
    return card.clicked is not None and bool(weights[card.clicked] == weights.max())


def _greatest_cell(card: Shown) -> tuple[int, int]:
    weights = card.calculation.attention.weights
    row, column = np.unravel_index(int(weights.argmax()), weights.shape)
    return int(row), int(column)


def _greatest_told(card: Shown) -> str:
    (row, column), labels = card.cell, card.calculation.labels
    weight = shown(card.calculation.attention.weights[row, column], max(card.experiment.decimals, LEAST_DECIMALS))
    given = "itself" if row == column else f"**{plain(labels[column])}**"
    return f"No weight is larger than the **{weight}** that **{plain(labels[row])}** gives {given}."


def _weights(scores: tuple[float, ...]) -> np.ndarray:
    return np.asarray(softmax_steps(scores).weights)


def _all_shares_changed(card: Shown) -> bool:
    """Whether each of the weights is another one than printed."""
    return not np.isclose(_weights(card.lessons.score_row), _weights(PRINTED_SCORES), rtol=1e-9, atol=0).any()


def _shares(card: Shown) -> str:
    listed = ", ".join(shown(weight, PRINTED_DECIMALS) for weight in _weights(card.lessons.score_row))
    return f"The four shares became **{listed}**: no score can change one of them alone."


def _miss(card: Shown) -> float:
    """How far the row is from the closest one on a straight line."""
    return closest_row(PRINTED_EMBEDDINGS, card.lessons.score_row).largest_error


def _context_of_the(card: Shown) -> np.ndarray:
    return np.asarray(_weights(card.lessons.score_row) @ np.array(card.lessons.values))


def _given(card: Shown) -> str:
    listed = ", ".join(shown(number, PRINTED_DECIMALS) for number in _context_of_the(card))
    return f"With your values the weights make the context **{listed}**."


TASKS = {
    "stages": Task(
        lambda card: card.step == LAST_STEP,
        lambda card: look_text(card.calculation, card.cell[0]),
        (
            "The seven stages stand in a row above the picture. You can also go on with the button Next stage.",
            "Click Next stage, or press N, six times. Or click 7 Context.",
        ),
        tuple(
            GoTo(f"Click Next stage: it shows {step} {name}.", step)
            for step, name in enumerate(("Q, K, V", "Scores", "Scaling", "Softmax", "Weighting", "Context"), start=2)
        ),
    ),
    "projections": Task(
        lambda card: _other_queries(card) > 1,
        lambda card: (
            f"Your W_Q gives **{_other_queries(card)} of {len(card.calculation.words)}** words a different query."
        ),
        (
            "The tables stand beside each other above the numbers. Choose W_Q.",
            "A row of W_Q belongs to a column of the embeddings. Change a row in whose column several words have "
            "numbers, such as *living* or *water*.",
        ),
        (Type("In W_Q, the first number of the second row becomes 1.", "w_q", {1: {"q1": 1.0}}),),
        table="w_q",
    ),
    "every": Task(
        _is_greatest_weight,
        _greatest_told,
        (
            "The darker a cell of the weights, the larger its number. A cell is a word’s look at another.",
            "Compare the largest number of each row. Click the cell, or choose its two words above the picture.",
        ),
        (Choose("The cell with the largest number is chosen.", _greatest_cell),),
    ),
    "printed": Task(
        _all_shares_changed,
        _shares,
        (
            "The scores stand in the table on this card. Any of the four will do.",
            "Type 1.5 instead of 1.261 as the score of *mouse*, and compare all four weights with the printed ones.",
        ),
        (Type("The score of *mouse* becomes 1.5.", "score_row", {3: {"score": 1.5}}),),
    ),
    "line": Task(
        lambda card: bool(_miss(card) <= ROUNDING),
        lambda card: (
            f"Your scores miss the closest straight line by **{shown(_miss(card), 4)}**; the printed ones miss it by "
            f"{shown(closest_row(PRINTED_EMBEDDINGS, PRINTED_SCORES).largest_error, 4)}."
        ),
        (
            "Which rows of scores lie on a straight line? The simplest ones do not rise or fall at all.",
            "Type the same number four times, or take the numbers of the column *line*.",
        ),
        (
            Type(
                "All four scores become 1: a straight line that lies flat.",
                "score_row",
                dict(enumerate({"score": 1.0} for _ in PRINTED_SCORES)),
            ),
        ),
    ),
    "values": Task(
        lambda card: bool(np.abs(_context_of_the(card) - WANTED_CONTEXT).max() <= NEAR),
        _given,
        (
            "The weights are shares of one whole. What comes out if all four words pass on the same numbers?",
            "Type 1, 0, 0 into every row of the values.",
        ),
        (
            Type(
                "Every row of the values becomes 1, 0, 0. Shares of the same vector add up to that vector.",
                "values",
                {row: {"v1": 1.0, "v2": 0.0, "v3": 0.0} for row in range(4)},
            ),
        ),
    ),
}
