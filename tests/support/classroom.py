"""A worksheet with a task of each kind, and a class of thirty that works on it: right, slipping, empty, hostile."""

from dataclasses import replace

import numpy as np

from attention_core import OPENING, Stage, attend
from exercises import hand_in as hand_ins
from exercises import worksheet as worksheets
from exercises.hand_in import Answer, HandIn
from exercises.worksheet import Asked, Kind, Task, Worksheet
from sharing.address import packed

HOME = "https://example.org/"
START = OPENING.build()
CALCULATION = attend(START)
UNSCALED = attend(replace(START, scaled=False))
CELL = (5, 4)  # bank → river

WORKSHEET = Worksheet(
    "Where does bank look?",
    (
        Task("Work out this weight.", START, frozenset({"fills"}), Asked(Kind.NUMBER, Stage.WEIGHTS, CELL)),
        Task("Which word does bank look at most?", START, frozenset({"weights"}), Asked(Kind.WORD, word=4)),
        Task("Why?", START),
        Task("Let bank look at all words alike.", START, asked=Asked(Kind.GOAL, goal="even", places=(5,))),
    ),
)
CODE = worksheets.to_code(WORKSHEET)

EVEN = replace(START, divisor=1000.0)
RIGHT = f"{CALCULATION.attention.weights[CELL]:.2f}"
SLIPPED = f"{UNSCALED.attention.weights[CELL]:.2f}"
ROUNDED = f"{np.floor(CALCULATION.attention.weights[CELL] * 10) / 10:.1f}"


def link(hand_in, worksheet=WORKSHEET):
    """What a pupil gives the teacher."""
    code = worksheets.to_code(worksheet)
    return f"{HOME}worksheet?w={code}&h={hand_ins.to_code(hand_in, worksheet)}"


def answers(number=RIGHT, word="river", text="Both speak of water.", experiment=EVEN, tried=()):
    steps = 0 if experiment is None else 1
    return (
        Answer(number, tuple(tried)),
        Answer(word),
        Answer(text),
        Answer("", steps=steps, experiment=experiment),
    )


def thirty():
    """(link, marks of the four tasks or None where it must be refused), for thirty pupils."""
    mark = {"r": "right", "w": "wrong", "e": "empty", "t": "text", "u": "unreadable", "o": "rounding"}
    hostile = ["=HYPERLINK(1)", "<script>alert(1)</script>", "**bold** $x^2$", "\u202eevil | name", "a" * 500, "‮", "😀"]
    made = [(link(HandIn(f"Pupil {at}", answers(tried=("0.1",) * at))), "rrtr") for at in range(8)]
    made += [(link(HandIn(f"Slip {at}", answers(SLIPPED, text=f"{at}"))), "wrtr") for at in range(5)]
    made += [(link(HandIn(name, answers(text=name))), "rrtr") for name in hostile]
    made.append((link(HandIn("", answers(experiment=None, text="no name"))), "rrte"))
    made.append((link(HandIn("Other word", answers(word="walked"))), "rwtr"))
    made.append((link(HandIn("No number", answers(number="about half"))), "urtr"))
    made.append((link(HandIn("Half", answers(number="0.6"))), "ortr"))
    made.append((link(HandIn("Nothing", tuple(Answer() for _ in range(4)))), "eeee"))
    made.append((link(HandIn("Pupil 0", answers(text="the same name"))), "rrtr"))
    whole = made[0][0]
    made.append((whole[:-9], None))  # cut on the way
    made.append((f"{HOME}worksheet?w={CODE}&h={packed(b'[' * 50_000)}", None))  # hostile
    foreign = replace(WORKSHEET, tasks=(*WORKSHEET.tasks[:3], replace(WORKSHEET.tasks[3], text="easier")))
    made.append((link(HandIn("Foreign", answers()), foreign), None))
    made.append((whole, None))  # twice
    return [(text, None if marks is None else [mark[each] for each in marks]) for text, marks in made]
