"""The worked example: every number of it is computed once more in plain NumPy, and words stay words."""

import math
import re
from dataclasses import dataclass, field, replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latex_reader import Formula, Range, assert_lines, assert_rounded, lines_of
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from test_experiment import experiments, two_columns
from test_lesson_pages import attended, labels_of, named, named_row
from test_sharing import experiments as experiments_of_any_words

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from attention_core.experiment import MAX_DECIMALS
from exports.article import PLAYGROUND, article
from presentation.tables import row_labels

SETTINGS = settings(derandomize=True, deadline=None, max_examples=30)

LINK = "https://play.example/?x=1~eJyrVk_-A"
TABLE_OF_WORDS, LINES_OF_WORDS = 16, 12  # of a longer sentence the words looked at most are shown
ABBREVIATED = 9  # longer sums show their first seven terms and the last
LARGEST_EXPONENT = 20.0

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
            "The bank of the river", variant=variant, scaled=scaled, causal=causal, decimals=4
        )
        for variant in VARIANTS
        for scaled in (True, False)
        for causal in (True, False)
    }
    | {f"{decimals} decimals": opening(decimals=decimals) for decimals in (0, 1, MAX_DECIMALS)}
    | {f"one word, {variant}": opening("bank", variant=variant) for variant in VARIANTS}
    | {
        "one word ten times": opening("word " * 10, decimals=3),
        "the first may look nowhere": opening(variant="embeddings_only", causal=True),
        "16 words": opening(" ".join(FORTY.split()[:16])),
        "17 words": opening(" ".join(FORTY.split()[:17]), causal=True),
        "40 words": opening(FORTY, decimals=8),
        "40 words, causal": opening(FORTY, variant="embeddings_only", causal=True, scaled=False, decimals=3),
        "large": with_large_numbers(),
        "large, not scaled": with_large_numbers(scaled=False, causal=True, decimals=8),
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


# --- reading the article ---------------------------------------------------------------------------------------------


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
    """The calculation in plain NumPy, without the core's."""
    calculation = attend(experiment)
    x = np.array(experiment.embeddings)[experiment.vocabulary_index]
    return attended(
        SimpleNamespace(
            labels=list(calculation.labels),
            x=x,
            dimensions=list(experiment.dimensions),
            tables={name: np.array(getattr(experiment, name)) for name in ("w_q", "w_k", "w_v")},
            variant=experiment.variant,
            scaled=experiment.scaled,
            causal=experiment.causal,
            decimals=experiment.decimals,
        )
    )


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


def test_plain_labels_are_those_of_the_core():
    experiment = opening("The bank the river bank")
    assert list(attend(experiment).labels) == labels_of(experiment.words)


# --- tables ----------------------------------------------------------------------------------------------------------


def looked_at_most(read):
    """The words of a long sentence that the chosen word looks at most, in sentence order."""
    weights = read.it.weights[read.word]
    n = len(weights)
    most = sorted(range(n), key=lambda other: (-weights[other], other))[:LINES_OF_WORDS]
    return sorted(most)


def expected_tables(read):
    """What is said before each table, and what is in it: numbers, names of the rows and of the columns."""
    it, experiment, word = read.it, read.experiment, read.word
    labels, n = it.labels, len(it.labels)
    short = n <= TABLE_OF_WORDS
    most = looked_at_most(read)
    rows = list(range(n)) if short else sorted({word, *most})

    def by_word(matrix, columns):
        return matrix[rows], [labels[row] for row in rows], columns

    def square(matrix):
        if short:
            return matrix, labels, labels
        return matrix[[word]][:, most], [labels[word]], [labels[other] for other in most]

    if len(experiment.vocabulary) <= TABLE_OF_WORDS:
        yield (
            "Each word becomes",
            (np.array(experiment.embeddings), row_labels(experiment, "embeddings"), it.dimensions),
        )
    else:
        yield "Each word becomes", by_word(it.x, it.dimensions)
    used = [letter for letter in "qkv" if letter in it.letters.values()]
    for letter in used:
        matrix = it.tables[f"w_{letter}"]
        columns = [f"{letter}{at}" for at in range(1, matrix.shape[1] + 1)]
        yield f"W_{letter.upper()}:", (matrix, it.dimensions, columns)
    for letter, called in (("q", "Queries"), ("k", "Keys"), ("v", "Values")):
        if letter in used:
            matrix = it.parts[letter]
            yield f"{called} {letter.upper()}:", by_word(matrix, [f"{letter}{at + 1}" for at in range(matrix.shape[1])])
    yield "All scores, ", square(it.scores)
    if it.scaled or not it.allowed.all():
        yield "All of them:", square(it.divided)
    yield "All attention weights:", square(it.weights)
    yield "The context vectors of all words:", by_word(it.context, it.columns)


@each_article
def test_every_number_of_every_table_is_the_calculations(story):
    assert_tables(story)


def assert_tables(read):
    found, expected = read.tables(), list(expected_tables(read))
    assert [before for before, _ in expected] == [
        next((text for text, _ in expected if before.startswith(text)), before) for before, _ in found
    ]
    for (before, (heading, *rows)), (_, (matrix, names, columns)) in zip(found, expected, strict=True):
        assert list(map(seen, heading)) == ["", *columns], before
        assert [seen(row[0]) for row in rows] == list(names), before
        assert (len(rows), len(heading) - 1) == matrix.shape, before
        for row, numbers in zip(rows, matrix, strict=True):
            for text, value in zip(row[1:], numbers, strict=True):
                assert_rounded(text, value, read.experiment.decimals)


def test_the_table_of_embeddings_has_a_row_for_each_different_word():
    story = read_article(opening("The bank of the river bank"), 0)
    before, (heading, *rows) = story.tables()[0]
    assert before.startswith("Each word becomes a row of four numbers, its embedding: living, action, water and money.")
    assert heading == ["", "living", "action", "water", "money"]
    assert [row[0] for row in rows] == ["The", "bank", "of", "river"]
    assert "A word that comes more than once has one embedding for all its places." in story.text
    assert "more than once" not in read_article(opening(), 0).text


def test_what_is_forbidden_is_minus_infinity_and_has_no_weight():
    story = read("qkv, scaled, causal", 0)
    tables = dict(story.tables())
    scaled = [row[1:] for row in tables["All of them:"][1:]]
    weights = [row[1:] for row in tables["All attention weights:"][1:]]
    for row, column in zip(*np.triu_indices(5, 1), strict=True):
        assert (scaled[row][column], weights[row][column]) == ("−∞", "0.0000")
    assert sum(row.count("−∞") for row in scaled) == 10


@pytest.mark.parametrize(("n", "is_long"), [(16, False), (17, True)])
def test_a_long_sentence_shows_the_words_looked_at_most_and_says_so(n, is_long):
    story = read(f"{n} words", n - 1)
    note = f"The table has {n} rows and columns; these are the 12 words that {story.label} looks at most."
    assert story.text.count(note) == (3 if is_long else 0)
    rows = dict(story.tables())["All attention weights:"]
    assert (len(rows) - 1, len(rows[0]) - 1) == ((1, 12) if is_long else (16, 16))


# --- sums ------------------------------------------------------------------------------------------------------------


def expected_lines(read):
    """The names of all lines in their order."""
    it, label, word = read.it, read.label, read.word
    others = [it.labels[other] for other in looked_at_most(read)]
    for letter in "qkv":
        if letter in it.letters.values():
            yield from (f"{letter}_{at + 1}({label})" for at in range(it.parts[letter].shape[1]))
    yield from (f"score({label} → {other})" for other in others)
    if it.scaled or not it.allowed.all():
        yield from (f"scaled score({label} → {other})" for other in others)
    visible = [it.labels[other] for other in looked_at_most(read) if it.allowed[word, other]]
    if visible:
        yield from (f"e^score({other})" for other in visible)
        yield "sum"
        yield from (f"weight({other})" for other in visible)
    yield from (f"context_{column}({label})" for column in it.columns)


def terms_of(read):
    """The terms of each sum by its name, each a product of numbers."""
    it, word, label = read.it, read.word, read.label
    terms = {}
    for letter, table in (("q", "w_q"), ("k", "w_k"), ("v", "w_v")):
        for at, column in enumerate(it.tables[table].T):
            terms[f"{letter}_{at + 1}({label})"] = list(it.x[word] * column)
    for other, name in enumerate(it.labels):
        terms[f"score({label} → {name})"] = list(it.query[word] * it.key[other])
    visible = np.flatnonzero(it.allowed[word])
    terms["sum"] = list(it.exponentials[word, visible])
    for at, name in enumerate(it.columns):
        own = [it.x[word, at]] if it.adds_itself else []
        terms[f"context_{name}({label})"] = [*(it.weights[word, visible] * it.value[visible, at]), *own]
    return terms


@each_article
def test_every_sum_gives_its_result_and_every_result_is_the_calculations(story):
    assert_sums(story)


def assert_sums(read):
    lines = [line for block in read.formulas() for line in lines_of(block)]
    names = list(expected_lines(read))
    terms = terms_of(read)
    long = {name for name in names if len(terms.get(name, ())) > ABBREVIATED}
    values = named(read.it) | named_row(read.it, read.word)
    whole = read.experiment.decimals == 0
    assert assert_lines(lines, values, dots=len(long), whole=whole) == names
    for name, written, _ in lines:
        for each in written:
            if r"\dots" in each:
                assert_abbreviated(each, terms[name], whole)


def assert_abbreviated(written, terms, whole):
    """The first seven terms and the last are right, and so is how many are left out."""
    *first, dots, last = written.split(" + ")
    assert dots == rf"\dots\,({len(terms) - 8}\ \text{{more}})"
    assert len(first) == 7
    for text, value in zip([*first, last], [*terms[:7], terms[-1]], strict=True):
        assert Formula(text, whole=whole).value().meets(Range(value, value)), (text, value)


def test_sums_of_more_than_nine_terms_are_abbreviated_and_others_are_not():
    story = read("many columns", 0)
    dotted = {
        name for block in story.formulas() for name, written, _ in lines_of(block) if r"\dots" in "".join(written)
    }
    assert {name.partition("_")[0].partition("(")[0] for name in dotted} == {"q", "k", "v", "score", "sum", "context"}
    assert len(dotted) == 12 + 12 + 2 + 10 + 1 + 2


def test_large_scores_have_the_largest_taken_off_first_and_it_is_said():
    said = "From each score the largest is subtracted first."
    for name in CASES:
        story = read(name, 0)
        visible = story.it.divided[0, story.it.allowed[0]]
        subtracted = visible.size > 0 and np.abs(visible).max() > LARGEST_EXPONENT and visible.max() != 0
        assert (said in story.text) == subtracted, name
    assert said in read("large", 0).text and said not in read("example river-bank", 0).text


# --- what happened ---------------------------------------------------------------------------------------------------


def vector(text):
    return [part.strip() for part in text.split(",")]


@each_article
def test_the_story_of_the_chosen_word_is_right(story):
    it, word, decimals = story.it, story.word, story.experiment.decimals
    at = next(at for at, block in enumerate(story.blocks) if block.text == "What happened")
    (ending, _) = (seen(block.text) for block in story.blocks[at + 1 :])
    most = re.match(r"(.*) looks most at (.*): (\S+) of its attention\.", ending, re.DOTALL)
    assert bool(most) == bool(it.allowed[word].any())
    if most:
        assert most[1] == story.label
        looked_at = it.labels.index(most[2])
        assert it.allowed[word, looked_at]
        assert it.weights[word, looked_at] == pytest.approx(it.weights[word].max(), abs=1e-12)
        assert_rounded(most[3], it.weights[word].max(), decimals)
    moved = re.search(r"Its vector was \[(.*?)\] in .* it is \[(.*?)\], a distance of (\S+) away", ending)
    assert bool(moved) == (it.context.shape == it.x.shape)
    if moved:
        for texts, numbers in ((moved[1], it.x[word]), (moved[2], it.context[word])):
            for text, value in zip(vector(texts), numbers, strict=True):
                assert_rounded(text, value, decimals)
        assert_rounded(moved[3], math.dist(it.x[word], it.context[word]), decimals)
    assert bool(most or moved) != (ending == f"{story.label} keeps to itself.")


def test_the_story_of_the_bank_at_the_river():
    text = read_article(opening(), 5).text
    assert "bank looks most at river: 0.57 of its attention." in text
    assert (
        "Its vector was [0.00, 0.00, 0.30, 0.30] in every sentence. In this one it is [0.05, 0.05, 0.64, 0.07]" in text
    )


def test_a_word_that_may_look_nowhere_gets_no_weight_and_keeps_its_embedding():
    story = read("the first may look nowhere", 0)
    assert "We may look at no word, so all its weights are 0." in story.text
    assert "looks most at" not in story.text
    assert ", a distance of 0.00 away" in story.text
    assert not [line for block in story.formulas() for line in lines_of(block) if line[0].startswith("e^")]
    assert "may look at no word" not in read("the first may look nowhere", 5).text


@each_article
def test_the_embedding_of_the_chosen_word_is_told_where_it_is_multiplied(story):
    told = re.search(r"whose embedding is \[(.*?)\]:", story.text)
    assert bool(told) == bool(set(story.it.letters.values()) & set("qkv"))
    if told:
        for text, value in zip(vector(told[1]), story.it.x[story.word], strict=True):
            assert_rounded(text, value, story.experiment.decimals)


# --- what is told ----------------------------------------------------------------------------------------------------


@each_article
def test_steps_are_numbered_without_a_gap(story):
    assert [block.kind for block in story.blocks].count("h1") == 1
    headings = [block.text for block in story.blocks if block.kind == "h2"]
    steps = [re.fullmatch(r"Step (\d+): .+", heading) for heading in headings[:-1]]
    assert [int(step[1]) for step in steps] == list(range(1, len(headings)))
    uses_tables = bool(set(story.it.letters.values()) & set("qkv"))
    assert len(steps) == 5 + uses_tables and headings[-1] == "What happened"


IN_ONE_LINE = {
    ("similarity", True): r"\left(\frac{XX^\top}{\sqrt{d}}\right)X",
    ("similarity", False): r"\left(XX^\top\right)X",
    ("embeddings_only", True): r"\left(\frac{XX^\top}{\sqrt{d}}\right)X + X",
    ("embeddings_only", False): r"\left(XX^\top\right)X + X",
    ("queries_and_keys", True): r"\left(\frac{QK^\top}{\sqrt{d_k}}\right)K",
    ("queries_and_keys", False): r"\left(QK^\top\right)K",
    ("qkv", True): r"\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
    ("qkv", False): r"\left(QK^\top\right)V",
}


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize(("variant", "scaled"), IN_ONE_LINE)
def test_each_way_to_attend_tells_what_it_does(variant, scaled, causal):
    story = read(f"{variant}, {'scaled' if scaled else 'not scaled'}, {'causal' if causal else 'all'}", 2)
    text, masked = story.text, causal or variant == "embeddings_only"
    whole = next(block.text for block in story.blocks if block.kind == "formulas").strip()
    assert whole == r"\text{context} = \operatorname{softmax}" + IN_ONE_LINE[variant, scaled]
    headings = [block.text.partition(": ")[2] for block in story.blocks if block.kind == "h2"]
    assert headings[-4] == ("Scaling" if scaled else "No scaling") + (" and mask" if masked else "")
    projected = {"queries_and_keys": ["Queries and keys"], "qkv": ["Queries, keys and values"]}.get(variant, [])
    assert headings[1:-5] == projected
    assert ("they are not divided by the root of the size" in text) == (not scaled)
    assert (r"so every score is divided by \sqrt{4} = 2.0000" in text) == scaled
    assert ("A causal mask lets a word see only itself and the words before it." in text) == causal
    assert ("A word is not scored against itself." in text) == (variant == "embeddings_only")
    assert (r"What is forbidden counts as -\infty" in text) == masked
    assert ("the word's own embedding is added just as it is" in text) == (variant == "embeddings_only")
    assert ("The embeddings are compared as they are" in text) == (variant in ("similarity", "embeddings_only"))
    assert ("The query of the word that looks is compared with the key" in text) == bool(projected)
    gives = {"queries_and_keys": "key", "qkv": "value"}.get(variant, "embedding")
    assert f"Each word gives its {gives}, multiplied by its weight" in text
    (tables,) = re.findall(r"(\w+) tables of weights", text) or [""]
    assert tables == {"queries_and_keys": "Two", "qkv": "Three"}.get(variant, "")


@pytest.mark.parametrize(
    ("decimals", "told"), [(0, "no decimals"), (1, "one decimal,"), (2, "two decimals"), (8, "eight decimals")]
)
def test_how_numbers_are_rounded_is_said(decimals, told):
    assert f"printed with {told}" in read_article(opening(decimals=decimals), 0).text


@pytest.mark.parametrize("name", EXAMPLES)
def test_where_the_numbers_come_from_is_said(name):
    text = read(f"example {name}", 0).text
    example = EXAMPLES[name]
    assert f"The experiment started from the example “{example.title}”. {example.source.replace('*', '')}" in text
    assert "None is learned." in text


def test_numbers_that_were_changed_or_made_up_are_called_so():
    changed = opening("bank zorp blip glum").with_rows(("bank",), [[1.0, 2.0, 3.0, 4.0]])
    changed = changed.with_like("blip", "cat").with_like("glum", "glum")
    text = read_article(changed, 0).text
    for words, origin in {
        "bank": "changed here",
        "zorp": "0, because nothing is known of the word",
        "blip": "copied from a similar word",
        "glum": "made up",
    }.items():
        assert f"The numbers of {words} are {origin}." in text
    assert "None is learned." in text
    assert "started from the example" not in read_article(replace(changed, example=""), 0).text


def test_the_word_that_is_followed_is_named_in_every_step():
    story = read_article(opening(), 4)
    assert "the word river is followed through every step" in story.text
    for heading in ("Queries, keys and values", "Scores", "Scaling", "Softmax", "The weighted sum"):
        assert any("river" in block.strong for block in story.step(heading)), heading


@each_article
def test_the_link_opens_the_experiment_from_two_places(story):
    assert [link for block in story.blocks for link in block.links] == [LINK, LINK]
    assert (
        story.blocks[-1].text
        == f"Made with the {PLAYGROUND}. Open the experiment, change a number, and see what follows."
    )


def test_without_a_link_there_is_none():
    story = read_article(opening(), 0, link="")
    assert not [link for block in story.blocks for link in block.links]
    assert "]()" not in story.told.markdown and "Open th" not in story.told.markdown
    assert story.blocks[-1].text == f"Made with the {PLAYGROUND}."


@each_article
def test_the_pictures_that_are_named_are_those_that_are_there(story):
    named_ones = [image for block in story.blocks for image in block.images]
    assert named_ones == [f"pictures/{each}.svg" for each in story.told.pictures]
    assert list(story.told.pictures) == ["scores", "weights"]
    n = len(story.it.labels)
    assert len(story.told.pictures["weights"].chart.frame) == n * n


# --- words stay words ------------------------------------------------------------------------------------------------

OUR_STRONG = {
    *("self-attention", "embedding", "query", "key", "value", "dot product", "causal mask"),
    *("not scored against itself", "softmax", "context vector"),
}


@each_article
def test_nothing_that_a_person_wrote_is_interpreted(story):
    assert_only_ours_is_active(story)


def assert_only_ours_is_active(story):
    """`blocks_of` fails at HTML, code, lists and quotes; here, nothing else is emphasised, linked or drawn."""
    labels = {*story.it.labels, *row_labels(story.experiment, "embeddings")}
    strong = {seen(text) for block in story.blocks for text in block.strong}
    rows = {seen(row[0]) for _, (_, *rows) in story.tables() for row in rows}
    assert strong <= OUR_STRONG | labels | rows
    assert {story.label, "self-attention"} <= strong
    assert rows <= labels | set(story.experiment.dimensions)
    source = getattr(EXAMPLES.get(story.experiment.example), "source", "")
    captions = {"The scores as a heat map: green above 0, brown below."}
    captions |= {"The attention weights as a heat map: the darker, the more weight."}
    emphasised = {seen(text) for block in story.blocks for text in block.emphasised}
    assert captions <= emphasised <= captions | rows | labels | set(re.findall(r"\*([^*]+)\*", source))
    assert sum(len(block.links) for block in story.blocks) == 2
    assert sum(len(block.images) for block in story.blocks) == 2
    as_text = parser(formulas=False).parse(story.told.markdown)
    inside = [part.type for token in as_text for part in token.children or []]
    assert (inside.count("link_open"), inside.count("image"), inside.count("html_inline")) == (2, 2, 0)
    assert "html_block" not in {token.type for token in as_text}, "nor to a reader that knows no formulas"


@each_article
def test_the_title_is_the_sentence_as_it_was_typed(story):
    sentence = " ".join(story.experiment.sentence.split())
    assert story.told.title == f"Self-attention by hand: “{sentence}”"
    assert (story.blocks[0].kind, seen(story.blocks[0].text)) == ("h1", story.told.title)


def test_a_name_of_a_column_is_text():
    story = read_article(two_columns(dimensions=("a_b_c", "größe")), 0)
    assert dict(story.tables())["W_Q:"][1:] == [["a_b_c", "1.00", "0.00"], ["größe", "0.00", "1.00"]]
    assert "its embedding: a_b_c and größe." in story.text


# --- anything --------------------------------------------------------------------------------------------------------


def assert_sound(story):
    assert_tables(story)
    assert_sums(story)
    assert_only_ours_is_active(story)


@SETTINGS
@given(experiments(), st.integers(0, 4), st.integers(0, MAX_DECIMALS))
def test_the_article_of_any_experiment_is_right(experiment, word, decimals):
    assert_sound(read_article(replace(experiment, decimals=decimals), word % len(experiment.words)))


@SETTINGS
@given(experiments_of_any_words(), st.integers(0, 99))
def test_so_is_that_of_any_words(experiment, word):
    assert_sound(read_article(experiment, word % len(experiment.words)))
