"""Articles of many experiments, read block by block."""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from support.experiments import two_columns
from support.oracles import all_heads, attended, masks_of, places_of

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from attention_core.experiment import MAX_DECIMALS
from exports.article import article

LINK = "https://play.example/?x=1~eJyrVk_-A"


FORTY = " ".join(f"w{number % 33}" for number in range(40))


HOSTILE = {
    "right to left": "שלום עולם a\u202eb",
    "combining marks": "नमस्ते दुनिया สวัสดี e\u0301a",
    "no spaces": "我们沿着河岸走",
    "joined emoji": "👩\u200d👩\u200d👧 ❤️ 1️⃣ 🇩🇪",
    "Markdown": "**b** _i_ `c` [a](http://x.y) ![a](b) # x | y\n\n# heading\n- item\n> quote\n\n    code",
    "links": "http://a.b www.a.bc me@home.org <http://a.b>",
    "LaTeX": "$x^2$ $$ \\end{aligned} }} \\frac{1}{0} \\text{x} a^b ~ % &",
    "HTML": "<script>alert(1)</script> <b>bold</b> &amp; &lt; <!-- x -->",
    "formulas": "=1+1 +x -y @a {=1+1} 1e5",
    "names of things": "nan __index__ __proto__ None score weight sum a.b don't",
    "signs that are words": ("\"ﾞ 'ﾞ \\ﾞ #ﾞ <ﾞ >ﾞ &ﾞ `ﾞ `ﾞ *ﾞ *ﾞ _ﾞ _ﾞ [ﾞ ]ﾞ (ﾞ )ﾞ |ﾞ ~ﾞ ^ﾞ $ﾞ $ﾞ {ﾞ }ﾞ %ﾞ !ﾞ =ﾞ -ﾞ"),
    "control characters": "a\x01b \x02ﾞ \x7fﾞ \ufffeﾞ",
    "a long word": "a" * 100 + " b",
    "line ends": "a\r\nb\u2028c\x85d\x0ce",
}


CHARACTERS = ' ﾞ \u3000ﾞ "ﾞ a*a*'  # of which two begin with a space


def opening(sentence=None, **switches):
    built = OPENING.build()
    return replace(built, sentence=sentence or built.sentence, **switches)


def with_large_numbers(**switches):
    """Scores up to 1e18 and down to -1e18."""
    return two_columns(
        "a b a", rows={"a": (1e6, 2), "b": (-1e6, 0.5)}, w_q=[[1e3, 0], [0, 1]], w_k=[[1e3, 0], [0, 2]], **switches
    )


def many_columns():
    """Every sum is abbreviated: 11 numbers an embedding, 12 a query, 10 words."""
    drawn = np.random.default_rng(5)
    return two_columns(
        "a b c d e f g h i j",
        rows={word: tuple(drawn.normal(size=11)) for word in "abcdefghij"},
        dimensions=tuple(f"d{column}" for column in range(11)),
        w_q=drawn.normal(size=(11, 12)),
        w_k=drawn.normal(size=(11, 12)),
        w_v=drawn.normal(size=(11, 2)),
        decimals=8,
    )


CASES = (
    {f"example {name}": EXAMPLES[name].build() for name in EXAMPLES}
    | {
        f"{variant}, {'scaled' if scaled else 'not scaled'}, {'causal' if causal else 'all'}": opening(
            "The bank of the river", variant=variant, scaled=scaled, masks=("causal",) * causal, decimals=4
        )
        for variant in VARIANTS
        for scaled in (True, False)
        for causal in (True, False)
    }
    | {f"{decimals} decimals": opening(decimals=decimals) for decimals in (0, 1, MAX_DECIMALS)}
    | {f"one word, {variant}": opening("bank", variant=variant) for variant in VARIANTS}
    | {
        "every mask, own divisor": opening(
            "The bank of the river",
            masks=("causal", "not_itself", "neighbours", "own_mask"),
            neighbours=2,
            forbidden=((0, 0), (1, 0), (4, 3)),
            divisor=0.3,
        ),
        "waves": opening("The bank of the river", positions="sinusoidal", position_base=50.5, decimals=3),
        "own positions": opening(
            "The bank of the river", positions="own", position_rows=((1, 0, 0, 0), (0, -2, 0.5, 0))
        ),
        "own divisor, not in use": opening("The bank", scaled=False, divisor=0.3),
        "one word ten times": opening("word " * 10, decimals=3),
        "the first may look nowhere": opening(variant="embeddings_only", masks=("causal",)),
        "16 words": opening(" ".join(FORTY.split()[:16])),
        "17 words": opening(" ".join(FORTY.split()[:17]), masks=("causal",)),
        "40 words": opening(FORTY, decimals=8),
        "40 words, causal": opening(FORTY, variant="embeddings_only", masks=("causal",), scaled=False, decimals=3),
        "large": with_large_numbers(),
        "large, not scaled": with_large_numbers(scaled=False, masks=("causal",), decimals=8),
        "large, no decimals": with_large_numbers(decimals=0, variant="queries_and_keys"),
        "many columns": many_columns(),
        "characters": opening("don't\nlook", split_into="characters"),
        "of spaces": opening(CHARACTERS, split_into="characters"),
    }
    | {f"hostile: {name}": opening(sentence) for name, sentence in HOSTILE.items()}
)


def followed_words(experiment):
    """The first word, the last and one between, each once."""
    n = len(experiment.words)
    return sorted({0, n // 2, n - 1})


def parser(*, formulas=True):
    """A reader of Markdown that lets HTML through, so that it would show."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    return markdown.use(dollarmath_plugin, allow_labels=False) if formulas else markdown


@dataclass
class Block:
    """A heading, a paragraph, a table or a block of formulas, and the text before a table."""

    kind: str
    text: str = ""  # as a reader sees it; of a formula, its LaTeX
    rows: list[list[str]] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)
    emphasised: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


BLOCKS = {"heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td"}


def blocks_of(markdown):
    """The article as a reader of Markdown takes it. Fails at anything that the article does not write."""
    found, kind = [], ""
    for token in parser().parse(markdown):
        if token.type == "math_block":
            found.append(Block("formulas", token.content))
        elif token.type == "inline":
            block = _inline(token)
            if kind in ("th", "td"):
                found[-1].rows[-1].append(block.text)
                found[-1].strong += block.strong
            else:
                found.append(replace(block, kind=kind))
        else:
            name, _, end = token.type.rpartition("_")
            assert name in BLOCKS, f"{token.type}: {token.content!r}"
            if end == "open":
                kind = token.tag if name == "heading" else name
                if name == "table":
                    found.append(Block("table"))
                if name == "tr":
                    found[-1].rows.append([])
    return found


def _inline(token):
    block, open_ones = Block(""), []
    for part in token.children:
        if part.type in ("text", "math_inline"):
            block.text += part.content
            for texts in open_ones:
                texts[-1] += part.content
        elif part.type in ("strong_open", "em_open"):
            texts = block.strong if part.type == "strong_open" else block.emphasised
            texts.append("")
            open_ones.append(texts)
        elif part.type in ("strong_close", "em_close"):
            open_ones.pop()
        elif part.type == "link_open":
            block.links.append(part.attrs["href"])
        elif part.type == "image":
            block.images.append(part.attrs["src"])
        else:
            assert part.type == "link_close", f"{part.type} in {token.content!r}"
    return block


def seen(text):
    """Text as a reader of Markdown sees it: a joiner, which no link survives, is invisible."""
    return text.replace("\u2060", "")


@dataclass(eq=False)
class Read:
    """An article that was read, and what must stand in it, from plain NumPy."""

    experiment: object
    word: int
    told: object
    blocks: list
    it: SimpleNamespace

    @property
    def label(self):
        return self.it.labels[self.word]

    @property
    def text(self):
        return "\n".join(seen(block.text) for block in self.blocks if block.kind != "formulas")

    def step(self, heading):
        """The blocks of the step with this heading."""
        numbered = [at for at, block in enumerate(self.blocks) if block.kind == "h2"]
        (at,) = (at for at in numbered if re.fullmatch(rf"Step \d+: {heading}", self.blocks[at].text))
        end = min(next_ for next_ in numbered if next_ > at)
        return self.blocks[at + 1 : end]

    def tables(self):
        """What stands before each table, and its rows."""
        return [
            (before.text, table.rows)
            for before, table in zip(self.blocks, self.blocks[1:], strict=False)
            if table.kind == "table"
        ]

    def formulas(self):
        """The blocks of lines that give results; the first block says the whole in one line."""
        return [block.text for block in self.blocks if block.kind == "formulas" and "&=" in block.text]


def numpy_of(experiment):
    """The calculation of the chosen head in plain NumPy, without the core's; and what all heads make."""
    calculation = attend(experiment)
    places = places_of(experiment)
    x = np.array(experiment.embeddings)[experiment.vocabulary_index] + places
    it = attended(
        SimpleNamespace(
            labels=list(calculation.labels),
            x=x,
            places=places,
            dimensions=list(experiment.dimensions),
            tables={name: np.array(getattr(experiment, name)) for name in ("w_q", "w_k", "w_v")},
            variant=experiment.variant,
            scaled=experiment.scaled,
            divisor=experiment.divisor,
            masks=masks_of(experiment),
            decimals=experiment.decimals,
        )
    )
    it.heads, it.joined, it.made = (it,), it.context, it.context
    if experiment.other_heads:
        it.heads, it.joined, it.made = all_heads(experiment)
    return it


def read_article(experiment, word, link=LINK):
    told = article(attend(experiment), word=word, link=link)
    return Read(experiment, word, told, blocks_of(told.markdown), numpy_of(experiment))


@cache
def read(name, word):
    return read_article(CASES[name], word)


def each_article(test):
    """The test for each case, and in it for each word that is followed."""

    def for_each_word(name):
        for word in followed_words(CASES[name]):
            test(read(name, word))

    for_each_word.__name__, for_each_word.__doc__ = test.__name__, test.__doc__
    return pytest.mark.parametrize("name", CASES)(for_each_word)
