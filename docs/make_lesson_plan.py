"""`python -m docs.make_lesson_plan` writes the links of docs/lesson_plan.md anew, from the tasks below."""

import re
from pathlib import Path
from urllib.parse import quote

import numpy as np

from attention_core import Experiment, Stage
from exercises.worksheet import Asked, Kind, Task, Worksheet, to_code

PLAN = Path(__file__).with_name("lesson_plan.md")
HOME = "http://localhost:8501/"

START = Experiment(
    sentence="cat dog car",
    rows={"cat": (2.0, 0.0), "dog": (1.0, 0.0), "car": (0.0, 1.0)},
    dimensions=("alive", "wheels"),
    variant="similarity",
    scaled=False,
    w_q=np.eye(2),
    w_k=np.eye(2),
    w_v=np.eye(2),
)
_HIDDEN = frozenset({"examples", "heads", "fills", "sizes", "way", "scaling", "mask", "order", "target", "sentence"})

WORKSHEET = Worksheet(
    "Who looks at whom?",
    (
        Task(
            "Each word has two numbers: how alive it is, and how much it has to do with wheels. To compare two words, "
            "multiply the numbers that stand in the same column and add up. What is the score of dog → cat?",
            START,
            _HIDDEN | {"weights", "context", "story"},
            Asked(Kind.NUMBER, Stage.SCORES, (1, 0), 0),
        ),
        Task(
            "The larger the score, the more a word looks at the other. Which word does “dog” look at most?",
            START,
            _HIDDEN | {"weights", "context", "story", "sums"},
            Asked(Kind.WORD, word=0),
        ),
        Task(
            "Weights are shares that add up to 1. Raise e (about 2.72) to each score of the row of “dog”, and divide "
            "the power for “cat” by the sum of all three. A calculator helps.",
            START,
            _HIDDEN | {"context", "story"},
            Asked(Kind.NUMBER, Stage.WEIGHTS, (1, 0), 2),
        ),
        Task(
            "Now change numbers in the table, as few as you can.",
            START,
            _HIDDEN,
            Asked(Kind.GOAL, goal="more", places=(2, 1, 0)),
        ),
        Task("Which number did you change, and why does that make “car” look at “dog”?", START, _HIDDEN),
    ),
)

_GUESS = "scores.weights.context.story.sums.tables.fills.sizes"
LINKS = {
    "guess": "?class=" + quote(f"{_GUESS}~Which word does “bank” look at most?", safe="~."),
    "multiply": "similarity",
    "worksheet": f"worksheet?w={to_code(WORKSHEET)}",
    "practise": "practise?p=exercises.score.1.1",
    "row": "practise?p=exercises.row.1.1",
    "turn": "practise?p=puzzles.more",
    "even": "practise?p=puzzles.even",
    "two": "practise?p=puzzles.differs",
}


def main() -> None:
    text = PLAN.read_text("utf-8")
    for name, path in LINKS.items():
        text = re.sub(rf"^\[{name}\]: .*$", lambda _, to=f"[{name}]: {HOME}{path}": to, text, flags=re.M)
    PLAN.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
