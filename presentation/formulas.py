"""A derivation -> LaTeX, with the person's own numbers plugged in.

Numbers are calculated without rounding and written rounded. One rule for every sum: "=" stands before a result only
where the numbers as they are written, worked out and rounded, give it to its last written digit; elsewhere "≈" does.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from attention_core import STAGES, Calculation, Derivation, Quantity, Stage
from attention_core.derivation import Operator, Symbol
from attention_core.softmax_steps import softmax_steps
from attention_core.stages import PARTS, SQUARES, TURNED, WEIGHT_TABLES, Along
from presentation.palette import colour_of
from presentation.tables import context_columns, joined_columns, mixed_columns
from presentation.text import as_written, in_full, latex_text, shown

_COLOURS: dict[StrEnum, str] = {stage: colour_of(stage) for stage in (*PARTS, *WEIGHT_TABLES)}
_TINTS = _COLOURS | {stage: colour_of(stage) for stage in TURNED}  # of numbers within a sum
_SHORT: dict[StrEnum, str] = {
    Stage.HEAD_CONTEXT: "head",
    Stage.TURNED_QUERY: STAGES[Stage.TURNED_QUERY].singular,
    Stage.TURNED_KEY: STAGES[Stage.TURNED_KEY].singular,
}
_MAX_TERMS = 9  # a longer sum is written with its first and last terms
_MAX_POWERS = 7  # the same below a fraction line, which cannot be broken
_LINE = 56  # characters of a sum in one line
_OF_A_ROW: dict[StrEnum, str] = {Symbol.TOTAL: r"\text{sum}", Symbol.ENTROPY: r"\text{entropy}"}


Namer = Callable[[Quantity], str]


def formulas(derivations: Iterable[Derivation], calculation: Calculation, *, decimals: int) -> str:
    """The sums of a calculation one below the other, aligned at their equals signs."""
    return sums([(step, calculation_names(calculation)) for step in derivations], decimals=decimals)


def sums(derivations: Iterable[tuple[Derivation, Namer]], *, decimals: int) -> str:
    """The same for sums of any kind, each with what its numbers are called."""
    lines = (WRITERS[each.operator](each, name, decimals) for each, name in derivations)
    return r"\small\begin{aligned}" + r"\\[3pt]".join(lines) + r"\end{aligned}"


def calculation_names(calculation: Calculation, called: str = "") -> Namer:
    """What numbers of a calculation are called; `called` tells calculations apart that stand beside each other."""
    columns = {
        Along.MIXED: mixed_columns(calculation),
        Along.JOINED: joined_columns(calculation),
        Along.CONTEXT: context_columns(calculation),
    }
    return _position_names(calculation.labels, columns, called)


def position_names(labels: Sequence[str], context: Sequence[str]) -> Namer:
    """The same for numbers of labelled words, and of context vectors whose columns are called so."""
    return _position_names(labels, {Along.CONTEXT: context}, "")


def _position_names(labels: Sequence[str], columns: Mapping[Along, Sequence[str]], called: str) -> Namer:
    apart = f"\\text{{{called} }}" if called else ""
    return lambda quantity: apart + _name(quantity, labels, columns)


def vector_names(labels: Sequence[str]) -> Namer:
    """What numbers of labelled vectors are called: A · C, |A|, cos(A, C), the angle between them, |A − C|."""
    words = [latex_text(label) for label in labels]

    def name(quantity: Quantity) -> str:
        assert quantity.row is not None
        one = words[quantity.row]
        if quantity.symbol == Symbol.LENGTH:
            return f"|{one}|"
        assert quantity.column is not None
        if quantity.symbol == Symbol.DIFFERENCE:
            return f"d_{{{quantity.column + 1}}}"
        other = words[quantity.column]
        written: dict[StrEnum, str] = {
            Symbol.DOT: f"{one} \\cdot {other}",
            Symbol.COSINE: f"\\cos({one}, {other})",
            Symbol.ANGLE: f"\\angle({one}, {other})",
            Symbol.DISTANCE: f"|{one} - {other}|",
        }
        return written[quantity.symbol]

    return name


def row_names(labels: Sequence[str], called: str = "", *, score: str = "score", lowered: bool = False) -> Namer:
    """What numbers of one row of weights are called, by the words that it looks at; `called` tells rows apart.

    `score` is what the softmax takes, "scaled score" where it was divided; `lowered`: the largest is subtracted first.
    """
    words = [latex_text(label) for label in labels]
    less = r" - \max" if lowered else ""
    apart = f"\\text{{{called} }}" if called else ""

    def name(quantity: Quantity) -> str:
        if quantity.symbol in _OF_A_ROW:
            return apart + _OF_A_ROW[quantity.symbol]
        assert quantity.row is not None
        one = words[quantity.row]
        if quantity.symbol == Symbol.SLOPE:
            assert quantity.column is not None
            above, below = f"\\text{{weight}}({one})", f"\\text{{{score}}}({words[quantity.column]})"
            return f"{apart}\\frac{{\\partial\\,{above}}}{{\\partial\\,{below}}}"
        if quantity.symbol == Symbol.EXPONENTIAL:
            return f"{apart}e^{{\\text{{{score}}}({one}){less}}}"
        return f"{apart}\\text{{weight}}({one})"

    return name


def network_names(labels: Sequence[str], hidden: str, output: str) -> Namer:
    """What numbers of a small network are called: h₁(bank) the hidden ones, q₁(bank) the outputs where `output` is q.

    `hidden` and `output` are letters of ours, no text of a person.
    """

    def name(quantity: Quantity) -> str:
        assert quantity.row is not None and quantity.column is not None
        letter = hidden if quantity.symbol == Symbol.HIDDEN else output
        return f"{letter}_{{{quantity.column + 1}}}({latex_text(labels[quantity.row])})"

    return name


def _sum(derivation: Derivation, name: Namer, decimals: int) -> str:
    if not derivation.terms:
        return f"{name(derivation.target)} &= {_result(derivation, decimals)} \\quad\\text{{(it may look at no word)}}"
    return f"{name(derivation.target)} &= {_added_up(derivation, decimals)} {_equals_result(derivation, decimals)}"


def _positive_part(derivation: Derivation, name: Namer, decimals: int) -> str:
    written = f"\\max(0,\\ {_added_up(derivation, decimals)})"
    return f"{name(derivation.target)} &= {written} {_equals_result(derivation, decimals)}"


def _added_up(derivation: Derivation, decimals: int) -> str:
    """The products with a plus between them, in as many lines as they need."""
    products = [_product(term, decimals) for term in derivation.terms]
    longest = max(sum(len(_plain(factor.value, decimals)) + 3 for factor in term) for term in derivation.terms)
    in_a_line = max(1, _LINE // longest)
    terms = _abbreviated(products, _MAX_TERMS)
    lines = [" + ".join(terms[start : start + in_a_line]) for start in range(0, len(terms), in_a_line)]
    return r" \\ &\quad + ".join(lines)


def _quotient(derivation: Derivation, name: Namer, decimals: int) -> str:
    (score, *_), divisors = derivation.terms
    divisor = divisors[0]
    if divisor.symbol == Symbol.OWN_DIVISOR:  # written in full, as it was typed
        target = f"{name(derivation.target)} &= {_number(score, decimals)} \\div {in_full(divisor.value)}"
        given = _worked_out(lambda: as_written(score.value, decimals) / divisor.value)
        return f"{target} {_sign([(given, derivation.target.value)], decimals)} {_result(derivation, decimals)}"
    if divisor.symbol != Symbol.DIVISOR:
        fraction = f"\\frac{{{_number(score, decimals)}}}{{{_product(divisors, decimals)}}}"
        return f"{name(derivation.target)} &= {fraction} {_equals_result(derivation, decimals)}"
    root = f"\\sqrt{{{round(divisor.value**2)}}}"
    return (
        f"{name(derivation.target)} &= {_number(score, decimals)} \\div {root} = "
        f"{_number(score, decimals)} \\div {shown(divisor.value, decimals)} {_equals_result(derivation, decimals)}"
    )


def _softmax(derivation: Derivation, name: Namer, decimals: int) -> str:
    (chosen,), *row = derivation.terms
    steps = softmax_steps([score.value for (score,) in row])
    written = f" - {_in_brackets(steps.subtracted, decimals)}" if steps.subtracted else ""
    powers = [f"e^{{{_number(score, decimals)}{written}}}" for (score,) in row]
    above, below = f"e^{{{_number(chosen, decimals)}{written}}}", " + ".join(_abbreviated(powers, _MAX_POWERS))
    power = math.exp(chosen.value - steps.subtracted)

    def read(score: Quantity) -> float:
        """The exponential of a score as it is written."""
        return math.exp(as_written(score.value, decimals) - as_written(steps.subtracted, decimals))

    total = _worked_out(lambda: math.fsum(read(score) for (score,) in row))
    first = _sign([(_worked_out(lambda: read(chosen)), power), (total, steps.total)], decimals)
    share = _worked_out(lambda: as_written(power, decimals) / as_written(steps.total, decimals))
    second = _sign([(share, derivation.target.value)], decimals)
    fraction = f"\\frac{{{_plain(power, decimals)}}}{{{_plain(steps.total, decimals)}}}"
    return (
        f"{name(derivation.target)} &= \\frac{{{above}}}{{{below}}} {first} "
        f"{fraction} {second} {_result(derivation, decimals)}"
    )


def _unchanged(derivation: Derivation, name: Namer, decimals: int) -> str:
    return (
        f"{name(derivation.target)} &= {_result(derivation, decimals)} "
        r"\quad\text{(scaling is off: the score stays)}"
    )


def _given(derivation: Derivation, name: Namer, decimals: int) -> str:
    return f"{name(derivation.target)} &= {_result(derivation, decimals)} \\quad\\text{{(given)}}"


def _wave(derivation: Derivation, name: Namer, decimals: int) -> str:
    place, base, pair, columns = (in_full(number.value) for (number,) in derivation.terms)
    called = "\\sin" if derivation.operator is Operator.SINE else "\\cos"
    written = f"{called}\\left(\\frac{{{place}}}{{{base}^{{{pair}/{columns}}}}}\\right)"
    return f"{name(derivation.target)} &= {written} = {_result(derivation, decimals)}"


def _turn(derivation: Derivation, name: Namer, decimals: int) -> str:
    (first,), (second,), *place = derivation.terms
    at, base, pair, columns = (in_full(number.value) for (number,) in place)
    angle = at if pair == "0" else f"\\tfrac{{{at}}}{{{base}^{{{pair}/{columns}}}}}"
    second_of_pair = derivation.operator is Operator.TURN_SECOND
    one, other, between = ("\\sin", "\\cos", "+") if second_of_pair else ("\\cos", "\\sin", "-")
    products = (f"{_number(each, decimals)} \\cdot {by} {angle}" for each, by in ((first, one), (second, other)))
    read = tuple((replace(number, value=as_written(number.value, decimals)),) for number in (first, second))
    given = _worked_out(replace(derivation, terms=(*read, *place)).evaluate)  # the angle is written in full
    sign = _sign([(given, derivation.target.value)], decimals)
    return f"{name(derivation.target)} &= {f' {between} '.join(products)} {sign} {_result(derivation, decimals)}"


def _not_turned(derivation: Derivation, name: Namer, decimals: int) -> str:
    return f"{name(derivation.target)} &= {_result(derivation, decimals)} \\quad\\text{{(not turned)}}"


def _forbidden_score(derivation: Derivation, name: Namer, decimals: int) -> str:
    return f"{name(derivation.target)} &= -\\infty \\quad\\text{{(it may not look there)}}"


def _forbidden_weight(derivation: Derivation, name: Namer, decimals: int) -> str:
    return f"{name(derivation.target)} &= 0 \\quad\\text{{(it may not look there)}}"


def _difference(derivation: Derivation, name: Namer, decimals: int) -> str:
    written = " - ".join(_product(term, decimals) for term in derivation.terms)
    return f"{name(derivation.target)} &= {written} {_equals_result(derivation, decimals)}"


def _root_of_sum(derivation: Derivation, name: Namer, decimals: int) -> str:
    squares = [f"{_in_brackets(factor.value, decimals, if_product=True)}^2" for factor, _ in derivation.terms]
    return f"{name(derivation.target)} &= \\sqrt{{{' + '.join(squares)}}} {_equals_result(derivation, decimals)}"


def _angle(derivation: Derivation, name: Namer, decimals: int) -> str:
    ((cosine,),) = derivation.terms
    written = f"\\arccos {_number(cosine, decimals)} {_equals_result(derivation, decimals)}"
    return f"{name(derivation.target)} &= {written}^\\circ"


def _exponential(derivation: Derivation, name: Namer, decimals: int) -> str:
    (score,), *subtracted = derivation.terms
    power = _plain(score.value, decimals)
    power += "".join(f" - {_in_brackets(-each.value, decimals)}" for (each,) in subtracted)
    return f"{name(derivation.target)} &= e^{{{power}}} {_equals_result(derivation, decimals)}"


def _entropy(derivation: Derivation, name: Namer, decimals: int) -> str:
    terms = [
        f"{text} \\log_2 {text}"
        for (each,) in derivation.terms
        if (text := _plain(each.value, decimals)) and each.value
    ]
    in_a_line = max(1, _LINE // (2 * decimals + 12))
    shown_terms = _abbreviated(terms, _MAX_TERMS)
    lines = [" + ".join(shown_terms[at : at + in_a_line]) for at in range(0, len(shown_terms), in_a_line)]
    written = r" \\ &\quad + ".join(lines)
    return f"{name(derivation.target)} &= -({written}) {_equals_result(derivation, decimals)}"


def _slope(derivation: Derivation, name: Namer, decimals: int) -> str:
    (weight,), (own,), (other,) = derivation.terms
    written = f"{_plain(weight.value, decimals)} \\cdot ({own.value:.0f} - {_plain(other.value, decimals)})"
    return f"{name(derivation.target)} &= {written} {_equals_result(derivation, decimals)}"


WRITERS: dict[Operator, Callable[[Derivation, Namer, int], str]] = {
    Operator.SUM: _sum,
    Operator.DIFFERENCE: _difference,
    Operator.QUOTIENT: _quotient,
    Operator.ROOT_OF_SUM: _root_of_sum,
    Operator.POSITIVE_PART: _positive_part,
    Operator.ANGLE: _angle,
    Operator.EXPONENTIAL: _exponential,
    Operator.ENTROPY: _entropy,
    Operator.SLOPE: _slope,
    Operator.SOFTMAX: _softmax,
    Operator.UNCHANGED: _unchanged,
    Operator.GIVEN: _given,
    Operator.SINE: _wave,
    Operator.COSINE: _wave,
    Operator.TURN_FIRST: _turn,
    Operator.TURN_SECOND: _turn,
    Operator.NOT_TURNED: _not_turned,
    Operator.FORBIDDEN_SCORE: _forbidden_score,
    Operator.FORBIDDEN_WEIGHT: _forbidden_weight,
}


def _name(quantity: Quantity, labels: Sequence[str], columns: Mapping[Along, Sequence[str]]) -> str:
    """What a number is called: q₁(bank), score(bank → river), context living(bank); of one of several heads q₁⁽²⁾."""
    assert quantity.row is not None and quantity.column is not None
    word = latex_text(labels[quantity.row])
    head = "" if quantity.head is None else f"^{{({quantity.head + 1})}}"
    if quantity.symbol in _COLOURS:
        letter = f"{quantity.symbol}_{{{quantity.column + 1}}}{head}"
        return f"\\textcolor{{{_COLOURS[quantity.symbol]}}}{{{letter}}}({word})"
    if quantity.symbol not in SQUARES:
        is_stage = quantity.symbol in STAGES
        named = columns.get(STAGES[Stage(quantity.symbol)].columns if is_stage else Along.CONTEXT)
        column = str(quantity.column + 1) if named is None else named[quantity.column]
        called = _SHORT.get(quantity.symbol, quantity.symbol)
        return f"\\text{{{called}}}_{{{latex_text(column)}}}{head}({word})"
    assert isinstance(quantity.symbol, Stage)
    called = STAGES[quantity.symbol].singular
    return f"\\text{{{called}}}{head}({word} \\to {latex_text(labels[quantity.column])})"


def _product(factors: Iterable[Quantity], decimals: int) -> str:
    return " \\cdot ".join(_number(factor, decimals) for factor in factors)


def _number(quantity: Quantity, decimals: int) -> str:
    """A factor in the colour of its table; a negative one in brackets."""
    text = _in_brackets(quantity.value, decimals)
    colour = _TINTS.get(quantity.symbol)
    return f"\\textcolor{{{colour}}}{{{text}}}" if colour else text


def _in_brackets(value: float, decimals: int, *, if_product: bool = False) -> str:
    """A number in brackets if it is negative, or also if it is written as a product with a power of ten."""
    text = _plain(value, decimals)
    return f"({text})" if text.startswith("-") or (if_product and "\\cdot" in text) else text


def _equals_result(derivation: Derivation, decimals: int) -> str:
    """The result behind the sign that tells whether the numbers as they are written give it."""
    terms = tuple(
        tuple(replace(factor, value=as_written(factor.value, decimals)) for factor in term) for term in derivation.terms
    )
    given = _worked_out(replace(derivation, terms=terms).evaluate)
    return f"{_sign([(given, derivation.target.value)], decimals)} {_result(derivation, decimals)}"


def _worked_out(calculate: Callable[[], float]) -> float:
    """What written numbers give; NaN where they give nothing, as when a divisor is written as 0.00."""
    try:
        return calculate()
    except (ArithmeticError, ValueError):
        return math.nan


def _sign(pairs: Iterable[tuple[float, float]], decimals: int) -> str:
    """Whether what the written numbers give is written like the result, in each pair of the two."""
    return "=" if all(_gives(given, result, decimals) for given, result in pairs) else r"\approx"


def _gives(given: float, result: float, decimals: int) -> bool:
    """Whether a number, rounded to the digits of a written result, is that. Of a power of ten those of its mantissa
    count, also where the number itself is small enough to be written without one."""
    written = shown(result, decimals)
    mantissa, _, exponent = written.partition("e")
    if not exponent or not math.isfinite(given):
        return shown(given, decimals) == written
    unit = 10.0 ** (int(exponent.replace("−", "-")) - len(mantissa.partition(".")[2]))
    return abs(given - as_written(result, decimals)) < unit / 2


def _result(derivation: Derivation, decimals: int) -> str:
    return f"\\mathbf{{{_plain(derivation.target.value, decimals)}}}"


def _plain(value: float, decimals: int) -> str:
    text = shown(value, decimals).replace("−", "-").replace("∞", r"\infty")
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa} \\cdot 10^{{{int(exponent)}}}" if exponent else text


def _abbreviated(terms: Sequence[str], most: int) -> Sequence[str]:
    """The first terms and the last, with a word on how many are left out between."""
    if len(terms) <= most:
        return terms
    left_out = f"\\dots\\,({len(terms) - most + 1}\\ \\text{{more}})"
    return [*terms[: most - 2], left_out, terms[-1]]
