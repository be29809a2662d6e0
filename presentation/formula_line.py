"""Attention as one line, softmax(QKᵀ/√d_k)V, of which a part is lit: what a step of the calculation does.

Source: sources.PAPER, equation 1.
"""

from collections.abc import Collection
from dataclasses import dataclass

from attention_core import STAGES, Calculation
from attention_core.stages import Role, Stage
from presentation.palette import COLOURS, GREY, SHARE, colour_of
from presentation.text import in_full

# The parts of the line, in the order in which they are worked out.
GIVEN, VECTORS, COMPARED, DIVIDED, SHARED, MIXED, RESULT = range(1, 8)


@dataclass(frozen=True)
class _Line:
    """What is lit at a step; what came before is in ink, what is to come is grey."""

    step: int

    def part(self, latex: str, at: Collection[int], colour: str, *, lit: str = "") -> str:
        """A piece of the line that the steps `at` are about; `lit` is how it is written then."""
        if self.step in at:
            lit = lit or f"\\boldsymbol{{{latex}}}"
            return f"\\textcolor{{{colour}}}{{\\underline{{{lit}}}}}"
        return latex if self.step > min(at) else f"\\textcolor{{{GREY}}}{{{latex}}}"

    def bracket(self, latex: str, at: int, colour: str) -> str:
        if self.step > at:
            return latex
        return f"\\textcolor{{{colour if self.step == at else GREY}}}{{{latex}}}"


def formula_line(calculation: Calculation, step: int) -> str:
    """The line as the experiment has it: its way to attend, its scaling, its masks.  step: one of the parts above."""
    variant, line = calculation.variant, _Line(step)
    query, key, value = (STAGES[part].latex for part in (variant.query, variant.key, variant.value))
    score, weight = COLOURS[Role.SCORE], SHARE
    if step == COMPARED:  # the product of two is one piece when it is formed
        compared = line.part(f"{query} {key}^\\top", (COMPARED,), score)
    else:
        compared = line.part(query, _made(variant.query), colour_of(variant.query))
        compared += line.part(f"{key}^\\top", _made(variant.key), colour_of(variant.key))
    if calculation.experiment.scaled:
        compared = f"\\frac{{{compared}}}{{{line.part(_divisor(calculation), (DIVIDED,), score)}}}"
    if calculation.masks:
        compared += line.part("+ M", (COMPARED,), score)
    softmax = line.part(r"\text{softmax}", (SHARED,), weight, lit=r"\textbf{softmax}")
    left, right = (line.bracket(each, SHARED, weight) for each in (r"\Bigl(", r"\Bigr)"))
    mixed = line.part(value, (*_made(variant.value), MIXED), colour_of(variant.value))
    added = f" + {line.part('X', (GIVEN, MIXED), colour_of(Stage.X))}" if variant.adds_itself else ""
    given = line.part("X", (GIVEN,), colour_of(Stage.X))
    result = line.part("C", (RESULT,), colour_of(Stage.CONTEXT))
    return f"{given} \\to {result} = {softmax}{left}{compared}{right}\\,{mixed}{added}"


def letters(calculation: Calculation) -> str:
    """What the letters of the line stand for.  Markdown"""
    parts = dict.fromkeys((Stage.X, *_in_order(calculation), Stage.CONTEXT))
    told = [f"{STAGES[part].symbol}: {STAGES[part].plural}" for part in parts]
    if calculation.masks:
        told.append("M: −∞ where a word may not look, else 0")
    return ", ".join(told)


def _divisor(calculation: Calculation) -> str:
    if not calculation.divides_by_root:
        return in_full(calculation.divisor)
    return r"\sqrt{d_{\text{model}}}" if calculation.variant.key is Stage.X else r"\sqrt{d_k}"


def _in_order(calculation: Calculation) -> tuple[Stage, ...]:
    return calculation.variant.query, calculation.variant.key, calculation.variant.value


def _made(part: Stage) -> tuple[int]:
    """The step that makes a part; embeddings are given."""
    return (GIVEN,) if part is Stage.X else (VECTORS,)
