"""A derivation -> LaTeX, with the person's own numbers plugged in. No Streamlit."""

import math
from collections.abc import Callable, Iterable, Sequence

from attention_core import Calculation, Derivation, Quantity
from ui.charts import EMBEDDING, KEY, QUERY, VALUE
from ui.tables import context_columns
from ui.text import latex_text, shown

_COLOURS = {"x": EMBEDDING, "q": QUERY, "k": KEY, "v": VALUE, "w_q": QUERY, "w_k": KEY, "w_v": VALUE}
_MAX_TERMS = 9  # a longer sum is written with its first and last terms
_MAX_POWERS = 7  # the same below a fraction line, which cannot be broken
_LINE = 56  # characters of a sum in one line
_MAX_EXPONENT = 20  # beyond, the greatest score is subtracted on screen too, so that the exponentials stay readable


def formulas(derivations: Iterable[Derivation], calculation: Calculation, *, decimals: int) -> str:
    """The sums one below the other, aligned at their equals signs."""
    lines = (_WRITERS[each.operator](each, calculation, decimals) for each in derivations)
    return r"\small\begin{aligned}" + r"\\[3pt]".join(lines) + r"\end{aligned}"


def _sum(derivation: Derivation, calculation: Calculation, decimals: int) -> str:
    products = [" \\cdot ".join(_number(factor, decimals) for factor in term) for term in derivation.terms]
    longest = max(sum(len(_plain(factor.value, decimals)) + 3 for factor in term) for term in derivation.terms)
    in_a_line = max(1, _LINE // longest)
    terms = _abbreviated(products, _MAX_TERMS)
    lines = [" + ".join(terms[start : start + in_a_line]) for start in range(0, len(terms), in_a_line)]
    written = r" \\ &\quad + ".join(lines)
    return f"{_name(derivation.target, calculation)} &= {written} = {_result(derivation, decimals)}"


def _quotient(derivation: Derivation, calculation: Calculation, decimals: int) -> str:
    (score,), (divisor,) = derivation.terms
    root = f"\\sqrt{{{round(divisor.value**2)}}}"
    return (
        f"{_name(derivation.target, calculation)} &= {_number(score, decimals)} \\div {root} = "
        f"{_number(score, decimals)} \\div {shown(divisor.value, decimals)} = {_result(derivation, decimals)}"
    )


def _softmax(derivation: Derivation, calculation: Calculation, decimals: int) -> str:
    (chosen,), *row = derivation.terms
    scores = [score.value for (score,) in row]
    top = max(scores)
    shift = top if max(map(abs, scores)) > _MAX_EXPONENT else 0.0
    written = f" - {_plain(top, decimals)}" if shift else ""
    powers = [f"e^{{{_number(score, decimals)}{written}}}" for (score,) in row]
    above, below = f"e^{{{_number(chosen, decimals)}{written}}}", " + ".join(_abbreviated(powers, _MAX_POWERS))
    power, total = math.exp(chosen.value - shift), math.fsum(math.exp(score - shift) for score in scores)
    return (
        f"{_name(derivation.target, calculation)} &= \\frac{{{above}}}{{{below}}} = "
        f"\\frac{{{_plain(power, decimals)}}}{{{_plain(total, decimals)}}} = {_result(derivation, decimals)}"
    )


def _unchanged(derivation: Derivation, calculation: Calculation, decimals: int) -> str:
    return (
        f"{_name(derivation.target, calculation)} &= {_result(derivation, decimals)} "
        r"\quad\text{(scaling is off: the score stays)}"
    )


def _forbidden_score(derivation: Derivation, calculation: Calculation, decimals: int) -> str:
    return f"{_name(derivation.target, calculation)} &= -\\infty \\quad\\text{{(it may not look there)}}"


def _forbidden_weight(derivation: Derivation, calculation: Calculation, decimals: int) -> str:
    return f"{_name(derivation.target, calculation)} &= 0 \\quad\\text{{(it may not look there)}}"


_WRITERS: dict[str, Callable[[Derivation, Calculation, int], str]] = {
    "sum": _sum,
    "quotient": _quotient,
    "softmax": _softmax,
    "unchanged": _unchanged,
    "forbidden score": _forbidden_score,
    "forbidden weight": _forbidden_weight,
}


def _name(quantity: Quantity, calculation: Calculation) -> str:
    """What a number is called: q₁(bank), score(bank → river), context living(bank)."""
    labels = calculation.labels
    assert quantity.row is not None and quantity.column is not None
    word = latex_text(labels[quantity.row])
    if quantity.symbol in _COLOURS:
        return f"\\textcolor{{{_COLOURS[quantity.symbol]}}}{{{quantity.symbol}_{{{quantity.column + 1}}}}}({word})"
    if quantity.symbol == "context":
        column = context_columns(calculation)[quantity.column]
        return f"\\text{{context}}_{{{latex_text(column)}}}({word})"
    called = {"scores": "score", "scaled_scores": "scaled score", "weights": "weight"}[quantity.symbol]
    return f"\\text{{{called}}}({word} \\to {latex_text(labels[quantity.column])})"


def _number(quantity: Quantity, decimals: int) -> str:
    """A factor in the colour of its table; a negative one in brackets."""
    text = _plain(quantity.value, decimals)
    if quantity.value < 0 and text.startswith("-"):
        text = f"({text})"
    colour = _COLOURS.get(quantity.symbol)
    return f"\\textcolor{{{colour}}}{{{text}}}" if colour else text


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
