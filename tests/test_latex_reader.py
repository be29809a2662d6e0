"""The reader of formulas, itself tested: what it would let pass, the tests of every page would."""

from types import SimpleNamespace

import pytest
from support.latex_reader import Formula
from support.lesson_screen import assert_formulas


def worked_out(formula):
    value = Formula(formula).value()
    return (value.low + value.high) / 2


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (r"(-1) \cdot 4 + 5 \cdot 3", 11),
        (r"\sqrt{(-3)^2 + 4^2}", 5),
        (r"\frac{26}{\textcolor{#b5485d}{13} \cdot 2}", 1),
        (r"20 \div \sqrt{4}", 10),
        (r"\arccos (-1)", 180),
        (r"e^{2 - 2} + e^{(-1) + 1}", 2),
        (r"-(0.25 \log_2 0.25 + 0.25 \log_2 0.25)", 1),
        (r"1 \cdot (1 - 3)", -2),
        (r"\mathbf{2 \cdot 10^{7}}", 2e7),
    ],
)
def test_a_formula_is_read_as_it_is_written(formula, value):
    assert worked_out(formula) == pytest.approx(value, rel=0.02)


def test_a_formula_that_gives_something_else_or_says_too_little_is_found():
    page = SimpleNamespace(latex=[SimpleNamespace(value=r"\text{A} \cdot \text{C} &= 2.00 \cdot 3.00 = \mathbf{6.00}")])
    assert assert_formulas(page, {"A · C": 6.0}, tight=0.1) == ["A · C"]
    with pytest.raises(AssertionError, match="should be"):
        assert_formulas(page, {"A · C": 6.01})
    with pytest.raises(AssertionError, match="too little"):
        assert_formulas(page, {"A · C": 6.0}, tight=1e-4)
    page.latex[0].value = page.latex[0].value.replace("2.00", "2.02")
    with pytest.raises(AssertionError, match="is from"):
        assert_formulas(page, {"A · C": 6.0})
