"""Hints to a number: what is to be done, then the sum with its numbers in it, without what comes out; and the whole.

All three are written from the derivation of the number, so that they hold for any experiment.  LaTeX and Markdown
"""

from attention_core.derivation import Derivation, Operator, Quantity, derive
from attention_core.stages import STAGES, Stage
from exercises.grading import Cell, Numbers
from presentation.formulas import formulas
from presentation.text import plain, shown


def what_to_do(asked: Numbers, cell: Cell) -> str:
    """The first hint, in words.  Markdown"""
    return _TOLD[asked.stage](asked, cell)


def sum_to_do(asked: Numbers, cell: Cell) -> str:
    """The second hint: the sum, ready to be worked out.  Markdown"""
    calculation = asked.calculation
    if asked.stage is Stage.WEIGHTS:
        row = cell[0]
        scores = [
            float(calculation.table(Stage.SCORES)[row, column])
            for column in range(len(calculation.words))
            if calculation.allowed[row, column]
        ]
        own = float(calculation.table(Stage.SCORES)[cell])
        powers = [_power(asked, score) for score in scores]
        return f"{_power(asked, own)} ÷ ({' + '.join(powers)})"
    return _written(derive(calculation, asked.stage, *cell), asked.experiment.decimals)


def whole_sum(asked: Numbers, cell: Cell) -> str:
    """The sums with their results, for whoever has answered or asks for the solution.  LaTeX"""
    before = {Stage.WEIGHTS: [Stage.SCALED_SCORES]}.get(asked.stage, [])
    steps = [derive(asked.calculation, stage, *cell) for stage in (*before, asked.stage)]
    return formulas(steps, asked.calculation, decimals=max(asked.decimals, asked.experiment.decimals))


def _power(asked: Numbers, score: float) -> str:
    number = shown(score, 0 if score == round(score) else asked.experiment.decimals)
    if not asked.experiment.scaled:
        return f"e^({number})"
    divisor = asked.calculation.divisor
    by = f"√{round(divisor**2)}" if asked.calculation.divides_by_root else f"{divisor:g}"
    return f"e^({number} ÷ {by})"


def _written(sum_: Derivation, decimals: int) -> str:
    if sum_.operator is Operator.QUOTIENT:
        return " ÷ ".join(_number(quantity, decimals) for (quantity,) in sum_.terms)
    products = [" · ".join(_number(quantity, decimals) for quantity in term) for term in sum_.terms]
    return " + ".join(products)


def _number(quantity: Quantity, decimals: int) -> str:
    value = quantity.value
    text = shown(value, 0 if value == round(value) else decimals)
    return f"({text})" if value < 0 else text


def _score(asked: Numbers, cell: Cell) -> str:
    way = asked.calculation.variant
    one, other = (plain(asked.calculation.labels[at]) for at in cell)
    first = f"the {STAGES[way.query].singular} of **{one}** and the {STAGES[way.key].singular} of **{other}**"
    before = ""
    if way.query not in asked.given and way.query is not Stage.X:
        before = "Work both out first: each is the word’s embedding times its table. "
    return f"{before}Take {first}, multiply the numbers that stand in the same column, and add up."


def _scaled(asked: Numbers, cell: Cell) -> str:
    return "Divide the score by the root of how many numbers a key has, or by what is set."


def _weight(asked: Numbers, cell: Cell) -> str:
    word = plain(asked.calculation.labels[cell[0]])
    divide = "Divide each score by the divisor. Then raise" if asked.experiment.scaled else "Raise"
    return (
        f"Stay in the row of **{word}**. {divide} e to each of its numbers that no mask forbids, and divide each of "
        "these powers by their sum."
    )


def _context(asked: Numbers, cell: Cell) -> str:
    word = plain(asked.calculation.labels[cell[0]])
    mixed = STAGES[asked.calculation.variant.value].plural
    own = " Then add the word’s own embedding." if asked.calculation.variant.adds_itself else ""
    return (
        f"Take the row of weights of **{word}** and one column of the {mixed}: multiply each weight by the number of "
        f"the word that it looks at, and add up.{own}"
    )


def _vector(asked: Numbers, cell: Cell) -> str:
    word = plain(asked.calculation.labels[cell[0]])
    return f"Take the embedding of **{word}** and one column of the table: multiply number by number, and add up."


_TOLD = {
    Stage.Q: _vector,
    Stage.K: _vector,
    Stage.V: _vector,
    Stage.SCORES: _score,
    Stage.SCALED_SCORES: _scaled,
    Stage.WEIGHTS: _weight,
    Stage.CONTEXT: _context,
}
ASKED = tuple(_TOLD)  # the stages of which numbers can be asked
