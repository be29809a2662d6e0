"""Reading what is written: formulas are worked out again, each number standing for all that round to it."""

import math
import re
from dataclasses import dataclass

import pytest


def number(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


def assert_rounded(text, value, decimals):
    """`text` is `value` rounded to so many decimals."""
    if math.isinf(value):
        assert number(text) == value, (text, value)
        return
    if abs(value) >= 1e7:
        assert number(text) == pytest.approx(value, rel=0.6 * 10**-decimals), (text, value)
        return
    assert re.fullmatch(r"−?\d+(?:\.(\d+))?", text) and len(text.partition(".")[2]) == decimals, text
    assert abs(number(text) - value) <= 0.5 * 10**-decimals + 1e-9 * max(1, abs(value)), (text, value)


@dataclass(frozen=True)
class Range:
    low: float
    high: float

    def __add__(self, other):
        return Range(self.low + other.low, self.high + other.high)

    def __neg__(self):
        return Range(-self.high, -self.low)

    def __mul__(self, other):
        corners = [one * two for one in (self.low, self.high) for two in (other.low, other.high)]
        return Range(min(corners), max(corners))

    def __truediv__(self, other):
        if other.low <= 0 <= other.high:
            return Range(-math.inf, math.inf)
        return self * Range(1 / other.high, 1 / other.low)

    def through(self, function, lowest=-math.inf, highest=math.inf):
        ends = [function(min(max(each, lowest), highest)) for each in (self.low, self.high)]
        return Range(min(ends), max(ends))

    def squared(self):
        ends = self.low**2, self.high**2
        return Range(0.0 if self.low <= 0 <= self.high else min(ends), max(ends))

    def meets(self, other):
        slack = 1e-9 * max(1.0, min(abs(other.low), abs(other.high)))
        return self.low <= other.high + slack and other.low <= self.high + slack


def bits(share):
    """share · log2(share), over a range."""
    ends = [each * math.log2(each) if each > 0 else 0.0 for each in (share.low, share.high)]
    turn = [-math.log2(math.e) / math.e] if share.low < 1 / math.e < share.high else []
    return Range(min(ends + turn), max(ends))


TOKEN = re.compile(
    r"\s*"
    r"(\d+\.\d+|\d+|\\mathbf|\\cdot|\\div|\\sqrt|\\frac|\\arccos|\\sin|\\cos|\\left\(|\\right\)|/|\\max|\\ |,|\\log_2"
    r"|\^\\circ|\^2(?!\d)|e\^|\^|[{}()+-])"
)


class Formula:
    """Works a formula out. Numbers with decimals are rounded ones.

    So are whole numbers where numbers are shown without decimals (`whole`), but for powers of ten and what stands below
    a root; otherwise whole numbers are exact. With `exactly` every number is meant as it is written.
    """

    def __init__(self, written, *, whole=False, exactly=False):
        self.written = re.sub(r"\\textcolor\{#\w+\}", "", written).strip()
        self.whole, self.exactly = whole, exactly
        self.tokens, place = [], 0
        while place < len(self.written):
            token = TOKEN.match(self.written, place)
            assert token, f"cannot read {self.written[place:]!r} of {written!r}"
            self.tokens.append(token[1])
            place = token.end()

    def value(self):
        value = self._sum()
        assert not self.tokens, f"cannot read all of {self.written!r}"
        return value

    def _next(self):
        return self.tokens[0] if self.tokens else None

    def _take(self, token):
        assert self._next() == token, f"{token} expected before {self.tokens} in {self.written!r}"
        self.tokens.pop(0)

    def _sum(self):
        negative = self._next() == "-"
        if negative:
            self._take("-")
        value = -self._product() if negative else self._product()
        while self._next() in ("+", "-"):
            sign = self.tokens.pop(0)
            value = value + (self._product() if sign == "+" else -self._product())
        return value

    def _product(self):
        value = self._power()
        while self._next() in (r"\cdot", r"\div", r"\log_2", "/"):
            sign, other = self.tokens.pop(0), self._power()
            if sign == r"\log_2":
                assert other == value, f"x log x expected in {self.written!r}"
                value = bits(value)
            else:
                value = value * other if sign == r"\cdot" else value / other
        return value

    def _power(self):
        value, raised = self._factor(), 0
        while self._next() in ("^2", "^"):
            if self.tokens.pop(0) == "^2":
                value = value.squared()
            else:
                exponent = self._exactly()
                value = Range(value.low**exponent.low, value.high**exponent.high)
            raised += 1
        assert raised < 2, f"two exponents on one number, which LaTeX refuses: {self.written!r}"
        if self._next() == r"^\circ":
            self._take(r"^\circ")
        return value

    def _group(self, opening="{", closing="}"):
        self._take(opening)
        value = self._sum()
        self._take(closing)
        return value

    def _exactly(self):
        """A group whose whole numbers are meant as they are."""
        whole, self.whole = self.whole, False
        value = self._group()
        self.whole = whole
        return value

    def _positive_part(self):
        """What stands behind max as (0, a sum)."""
        for token in ("(", "0", ",", "\\ "):
            self._take(token)
        value = self._sum()
        self._take(")")
        return value.through(lambda given: max(given, 0.0))

    def _factor(self):
        token = self._next()
        if token == "{":
            return self._group()
        if token == "(":
            return self._group("(", ")")
        self._take(token)
        if token == r"\mathbf":
            return self._group()
        if token == r"\max":
            return self._positive_part()
        if token == r"\sqrt":
            return self._exactly().through(math.sqrt, lowest=0.0)
        if token == r"\frac":
            above = self._group()
            return above / self._group()
        if token == "e^":
            return self._group().through(math.exp, highest=700.0)
        if token in (r"\sin", r"\cos"):  # of an angle that is written exactly
            meant = self.whole, self.exactly
            self.whole, self.exactly = False, True
            angle = self._group(r"\left(", r"\right)")
            self.whole, self.exactly = meant
            value = getattr(math, token[1:])(angle.low)
            return Range(value, value)
        if token == r"\arccos":
            return self._power().through(lambda cosine: math.degrees(math.acos(cosine)), lowest=-1.0, highest=1.0)
        assert re.fullmatch(r"[\d.]+", token), f"cannot read {token} in {self.written!r}"
        rounded = "." in token or (self.whole and self._next() != "^")
        half = 0.5 * 10.0 ** -len(token.partition(".")[2]) if rounded and not self.exactly else 0.0
        return Range(float(token) - half, float(token) + half)


ESCAPED = {r"\textbackslash{}": "\\", r"\char94{}": "^", r"\char126{}": "~"}
TEXT = re.compile(r"\\text\{((?:[^{}\\]|\\[a-z]+\d*\{\}|\\.)*)\}")
_PLACE = "\ue000"  # of a text, while what stands around it is read


def unescaped(text):
    """What stands between the braces of a text of LaTeX, as a reader sees it."""
    for escape, character in ESCAPED.items():
        text = text.replace(escape, character)
    return re.sub(r"\\([{}$&#%_])", r"\1", text)


def texts_in(latex):
    """The texts of a formula in their order, as a reader sees them."""
    return [unescaped(text) for text in TEXT.findall(latex)]


def said(latex):
    """The name on the left of a formula as plain text: weight(bank → river)."""
    text = TEXT.sub(_PLACE, latex)
    text = re.sub(r"\\textcolor\{#\w+\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", r"\1", text)
    text = re.sub(r"_\{([^{}]*)\}", r"_\1", text)
    text = re.sub(r"\^\{(\(\d\))\}", r"^\1", text)  # of a head
    text = re.sub(r"\\frac\{\\partial\\,(.*)\}\{\\partial\\,(.*)\}", r"∂\1/∂\2", text)
    text = re.sub(r"e\^\{(.*)\}", r"e^\1", text)
    for command, character in (
        (r"\to", "→"),
        (r"\cdot", "·"),
        (r"\angle", "angle"),
        (r"\cos", "cos"),
        (r"\max", "max"),
    ):
        text = text.replace(command, character)
    assert "\\" not in text, latex
    texts = iter(texts_in(latex))
    return re.sub(_PLACE, lambda _: next(texts), text)


def lines_of(latex):
    """Every line of a formula: its name, what is written between the equals signs, and the result."""
    body = latex.strip().strip("$").strip()
    body = body.removeprefix(r"\small\begin{aligned}").removesuffix(r"\end{aligned}")
    for line in body.replace(r" \\ &\quad", "").split(r"\\[3pt]"):
        line = line.removeprefix(r"\small ")  # of a sum that breaks where the room ends
        name, _, right = line.partition(" &= " if " &= " in line else " = ")
        *written, result = re.split(r" (?:=|\\approx) ", right)
        yield said(name), written, result.partition(r" \quad")[0]


def assert_lines(lines, expected, *, tight=math.inf, dots=0, whole=False):
    """Each formula gives its result, within what its rounded numbers allow, and the result is the expected one.

    tight: how wide that may be beside the result.  dots: how many formulas are abbreviated.  Gives the names.
    """
    names, abbreviated = [], []
    for name, written, result in lines:
        names.append(name)
        if result == r"-\infty":
            assert expected[name] == -math.inf, name
            continue
        bold = Formula(result, whole=whole and result.startswith(r"\mathbf")).value()
        wanted = expected[name]
        assert Range(wanted, wanted).meets(bold), f"{name} should be {wanted}, not {result}"
        for each in written:
            if r"\dots" in each:
                abbreviated.append(name)
                continue
            value = Formula(each, whole=whole).value()
            assert value.meets(bold), f"{name}: {each} is from {value.low} to {value.high}, not {result}"
            assert value.high - value.low <= tight * max(1.0, abs(wanted)), f"{name}: {each} says too little"
    assert len(set(abbreviated)) == dots, abbreviated
    return names
