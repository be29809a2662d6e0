"""Worked examples in any number, each as a text and what is true of it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from worked_examples.calculation import BEGINNING, STAGES, WAYS, Settings, calculated, printed_slip
from worked_examples.printing import FORMATS, HEADINGS, WORDS
from worked_examples.slips import LISTED, PAIRS_OF_SLIPS, UNLISTED


@dataclass(frozen=True)
class Example:
    """One text. `slip` is "" where it is right; `prints(other)` is what another slip would print.

    `misprinted(instead)` is the text if nothing is off but the numbers at some (stage, row, column), which ought to be
    `instead`.
    """

    text: str
    kind: str  # right, listed, unlisted
    name: str  # of the habit or the slip, as a row of the results
    slip: str
    settings: Settings
    prints: Callable[[str], str | None]
    misprinted: Callable[[Mapping[tuple[str, int, int], float]], str | None]
    number: Callable[[str, int, int], float]  # what it is without a slip
    row: int | None = None  # where only one row is printed


# Right ones: name -> how the numbers are printed, what is shown, and what was rounded on the way.
HABITS = {
    "fixed decimals": {},
    "beginning rounded in print": {"rough": True},
    "float64 print": {"print": "float64", "rough": True},
    "float32 print": {"print": "float32", "rough": True},
    "float32, four decimals": {"float32": True, "decimals": 4, "rough": True},
    "scientific": {"print": "scientific"},
    "percent": {"print": "percent", "decimals": 4},
    "truncated": {"print": "truncated"},
    "rounded on the way": {"places": True},
    "from the printed numbers": {"places": "print"},
    "one row without a word": {"row": True},
    "causal, weights alone": {"causal": True, "only": ("weights",)},
    "causal, context alone": {"causal": True, "only": ("context",)},
    "weights alone": {"only": ("weights",)},
    "context alone": {"only": ("context",)},
    "scores, weights, values, context": {"way": "qkv", "late": ("scores", "weights", "v", "context")},
    "Q, K, V, context": {"way": "qkv", "late": ("q", "k", "v", "context")},
    "no headings": {"unheaded": True, "way": "similarity", "only": ("scores", "weights", "context")},
    "not itself": {"way": "qkv", "mask": "not-itself", "least": 3, "shown": ("weights",)},
    "neighbours": {"way": "qkv", "mask": "neighbours", "least": 4, "shown": ("weights",)},
    "positions printed": {"way": "qkv", "positions": "table", "all": True, "tables": True},
    "waves added": {"way": "qkv", "positions": "waves", "all": True, "tables": True, "print": "fixed"},
    "d_k in the words": {"way": "qkv", "scaled": True, "late": ("scores", "weights"), "prose": "Here d_k = {}.\n\n"},
    "one heading for all": {"unheaded": True, "way": "similarity", "only": ("scores", "weights"), "title": True},
}


def right(random: np.random.Generator, name: str) -> Example:
    """A right example printed in one of the HABITS."""
    return _example(random, "right", name, "", HABITS[name])


def listed(random: np.random.Generator, name: str) -> Example:
    """An example with a slip of the LISTED that changes a printed digit."""
    details, wanted = LISTED[name]
    while True:
        made = _example(random, "listed", name, name, wanted, details)
        if differs(made, ("", "no-mask", "masked")) and not _is_unseen(made) and "nan" not in made.text:
            return made


def unlisted(random: np.random.Generator, name: str) -> Example:
    """An example with a slip that nobody lists, and that no listed one would print."""
    wanted = {"tables": UNLISTED[name][0] in ("q", "k", "v")}  # without tables nothing says what these should be
    while True:
        made = _example(random, "unlisted", name, name, {**wanted, "all": random.random() < 0.5})
        usual = (
            "forgot-to-scale",
            "divided-by-d",
            "softmax-over-columns",
            "queries-and-keys-swapped",
            "no-exponentials",
        )
        if differs(made, ("", "masked", *usual)):
            return made


def _is_unseen(made: Example) -> bool:
    """Whether a misprinted number is multiplied by zeros alone, so that nothing tells that it is one."""
    if not made.slip.startswith("typo:"):
        return False
    stage, row, column, off = made.slip.partition(":")[2].split(",")
    cell = stage, int(row), int(column)
    return stage in BEGINNING and plain(made.misprinted({cell: made.number(*cell) + float(off)})) == plain(made.text)


def differs(made: Example, others: tuple[str, ...]) -> bool:
    """Whether a digit is printed that none of the other slips, or none at all, would print."""
    return plain(made.text) not in {plain(made.prints(other)) for other in others}


def plain(text: str | None) -> str | None:
    """Without the sign of zeros."""
    return None if text is None else _NEGATIVE_ZERO.sub(r"\1", text)


_NEGATIVE_ZERO = re.compile(r"-(0\.?0*)(?![0-9.])")


_KINDS = {"right": (right, HABITS, 0.3), "listed": (listed, LISTED, 0.42), "unlisted": (unlisted, UNLISTED, 0.28)}


@dataclass(frozen=True)
class Order:
    """Which example is to be made; the same order makes the same one, in any process."""

    kind: str
    name: str
    seed: int
    number: int

    def made(self) -> Example:
        make, names, _ = _KINDS[self.kind]
        seed = [self.seed, list(names).index(self.name), len(names), self.number]
        return make(np.random.default_rng(seed), self.name)


def orders(count: int, seed: int = 1, *, names: Collection[str] | None = None, each: int | None = None) -> list[Order]:
    """About `count` of them: a third right, nearly a half with a listed slip, the others with one on no list.

    `names`: only of these habits and slips. `each`: so many of every one.
    """
    known = {name for _, all_names, _ in _KINDS.values() for name in all_names}
    if unknown := set(names or ()) - known:
        raise ValueError(f"There is nothing called {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}.")
    return [
        Order(kind, name, seed, number)
        for kind, (_, all_names, part) in _KINDS.items()
        for name in all_names
        if names is None or name in names
        for number in range(each or max(1, round(count * part / len(all_names))))
    ]


def examples(count: int, seed: int = 1) -> Iterator[Example]:
    return (order.made() for order in orders(count, seed))


def _settings(random: np.random.Generator, wanted) -> Settings:
    sizes = {name: int(random.integers(2, 6)) for name in ("n", "d_model", "d_k", "d_v")}
    sizes["n"] = max(sizes["n"], wanted.get("least", 2))
    if wanted.get("square"):
        sizes = dict.fromkeys(sizes, sizes["n"])
    way = wanted.get("way") or str(random.choice(list(WAYS), p=[0.1, 0.1, 0.1, 0.7]))
    scaled = wanted["scaled"] if "scaled" in wanted else bool(random.random() < 0.7)
    causal = wanted["causal"] if "causal" in wanted else bool(random.random() < 0.25)
    added = {"mask": wanted.get("mask", ""), "positions": wanted.get("positions", "")}
    causal = causal and not added["mask"]
    if wanted.get("values") and random.random() < 0.5:
        sizes["d_v"] = sizes["d_k"]
    return Settings(way, scaled, causal, **sizes, **added)


def _beginning(random: np.random.Generator, settings: Settings, decimals: int, rough: bool):
    """Small whole numbers, numbers of a decimal or two, or long ones of which the print shows a part."""
    kind = random.integers(3)
    tables = [random.normal(size=size) for size in settings.sizes()]
    if rough:
        return tables
    if kind == 0:
        return [np.round(table * 1.5) for table in tables]
    return [np.round(table, min(kind, decimals)) for table in tables]


def _slip(random: np.random.Generator, name: str, details, settings: Settings) -> str:
    if name == "two":
        return str(random.choice(PAIRS_OF_SLIPS))
    choices = details(settings, random) if details else []
    name = "typo" if name == "typo-at-the-beginning" else name
    return f"{name}:{random.choice(choices)}" if len(choices) else name


def _shown(random: np.random.Generator, settings: Settings, wanted, slip: str) -> list[str]:
    """Which stages are printed."""
    if "late" in wanted:
        return list(wanted["late"])
    parts = set(WAYS[settings.way])
    tables = ["embeddings", *(f"w_{part}" for part in "qkv" if part in parts)]
    if settings.positions == "table":
        tables.append("positions")
    if wanted.get("values") and "w_v" not in tables:
        tables.append("w_v")
    later = [part for part in "qkv" if part in parts] + ["scores", "scaled_scores", "weights", "context"]
    if not settings.scaled and "scaled_scores" not in wanted.get("shown", ()):
        later.remove("scaled_scores")
    if "only" in wanted:
        later = list(wanted["only"])
    elif not wanted.get("all"):
        needed = [*wanted.get("shown", ()), *([slip.partition(":")[2]] if wanted.get("transposed") else [])]
        needed += [str(random.choice(wanted["shown_one"]))] if "shown_one" in wanted else []
        later = [stage for stage in later if stage in needed or random.random() < 0.7] or ["context"]
    if (
        settings.way == "qkv"
        and not any(wanted.get(each) for each in ("values", "tables", "only"))
        and random.random() < 0.15
    ):
        tables, later = [], [*"qkv", *(stage for stage in later if stage not in "qkv")]
    return [stage for stage in STAGES if stage in (*tables, *later)]


def _example(random: np.random.Generator, kind: str, name: str, slip_name: str, wanted, details=None) -> Example:
    settings = _settings(random, wanted)
    decimals = wanted.get("decimals", int(random.integers(2, 5)))
    how = wanted.get("print", "fixed")
    slip = _slip(random, slip_name, details, settings)
    rough = wanted.get("rough", kind != "right" and bool(random.random() < 0.4))
    beginning = _beginning(random, settings, decimals, rough)
    if how == "float32" or wanted.get("float32"):
        beginning = [table.astype(np.float32) for table in beginning]
    beginning_decimals = decimals if rough or how == "percent" else 2
    digits = {stage: beginning_decimals if stage in BEGINNING else decimals for stage in STAGES}
    shown = _shown(random, settings, wanted, slip)
    places = _places(random, wanted.get("places"), settings, shown, digits)
    if wanted.get("places") == "print":
        beginning = [np.round(table, beginning_decimals) for table in beginning]
    if slip.startswith("typo:") and slip.split(":")[1].split(",")[0] not in shown:
        shown = [*(stage for stage in STAGES if stage in (*shown, slip.split(":")[1].split(",")[0]))]
    layout = _layout(random, wanted, how, settings)
    row = int(random.integers(settings.n)) if wanted.get("row") else None

    def prints(other: str) -> str | None:
        try:
            stages = calculated(beginning, settings, other, places)
            stages = printed_slip(stages, other, digits)
            return _text(stages, shown, how, digits, layout, row)
        except (ValueError, IndexError, KeyError):  # tables that do not fit the other slip
            return None

    def misprinted(instead: Mapping[tuple[str, int, int], float]) -> str | None:
        start, later = [table.copy() for table in beginning], {}
        for (stage, row_, column), number in instead.items():
            if stage in BEGINNING:
                start[BEGINNING.index(stage)][row_, column] = number
            elif "embeddings" not in shown:
                later[stage, row_, column] = number
        stages = calculated(start, settings, "", places, later)
        printed = printed_slip(calculated(beginning, settings, slip, places), slip, digits)
        for stage, row_, column in instead:
            stages[stage] = stages[stage].copy()
            stages[stage][row_, column] = printed[stage][row_, column]
        return _text(stages, shown, how, digits, layout, row)

    text = prints(slip)
    if text is None:  # the sizes do not allow the slip: other ones
        return _example(random, kind, name, slip_name, wanted, details)

    def number(stage: str, row_: int, column: int) -> float:
        return float(calculated(beginning, settings, "", places)[stage][row_, column])

    return Example(text, kind, name, slip, settings, prints, misprinted, number, row)


def _places(random, asked, settings: Settings, shown, digits) -> dict[str, int]:
    """Which intermediates are rounded, and to how many decimals."""
    if not asked:
        return {}
    if asked == "print":
        return {stage: digits[stage] for stage in shown if stage not in BEGINNING}
    hidden = [stage for stage in ("scaled_scores", "weights") if stage not in shown] or ["weights"]
    stage = str(random.choice(hidden))
    return {stage: digits[stage] if stage in shown else int(random.integers(1, 3))}


def _layout(random, wanted, how: str, settings: Settings) -> dict:
    layout = str(random.choice(["plain", "markdown", "brackets"]))
    if how in ("float64", "float32"):
        layout = "brackets"
    if wanted.get("unheaded"):
        layout = str(random.choice(["plain", "brackets"]))
    labelled = layout != "brackets" and not wanted.get("unheaded") and bool(random.random() < 0.6)
    return {
        "format": layout,
        "labelled": labelled,
        "headed": not wanted.get("unheaded"),
        "title": wanted.get("prose", "").format(settings.d_k)
        or "Self-attention example\n\n" * bool(wanted.get("title")),
    }


def _text(stages, shown, how: str, digits, layout, row: int | None) -> str:
    parts = []
    for stage in shown:
        table = stages[stage]
        labelled = layout["labelled"] and not stage.startswith("w_") and len(table) <= len(WORDS)
        labels = WORDS[: len(table)] if labelled else [""] * len(table)
        if row is not None and stage in ("scores", "scaled_scores", "weights", "context"):
            table, labels = table[row : row + 1], [""]
        heading = HEADINGS[stage] if layout["headed"] or (stage == "embeddings" and not layout["title"]) else ""
        parts.append(FORMATS[layout["format"]](stage, table, how, digits[stage], labels, heading))
    return layout["title"] + "\n\n".join(parts) + "\n"
