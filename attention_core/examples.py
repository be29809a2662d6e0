"""The experiments to start from: the articles' own and published ones, each with its source.

Adding one here puts it into the picker, the tests and the link.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from attention_core.experiment import Experiment
from attention_core.head_changes import alone
from attention_core.head_examples import two_jobs, your_journey
from attention_core.lessons import PRINTED_EMBEDDINGS, PRINTED_WORDS, Lessons
from attention_core.masks import CAUSAL
from attention_core.sources import CAT_AND_MOUSE, LECTURE, PATCHES, RIVER_AND_MONEY
from attention_core.stages import WEIGHT_TABLES, Stage
from attention_core.teaching import Learned, prints_of
from attention_core.variants import QKV, QUERIES_AND_KEYS, SIMILARITY
from attention_core.words import identity


@dataclass(frozen=True, slots=True)
class Example:
    """A finished experiment with a story. `build` gives the same one every time; it is frozen, so all may share it."""

    id: str
    title: str
    source: str
    story: str
    build: Callable[[], Experiment]

    def __post_init__(self) -> None:
        object.__setattr__(self, "build", cache(self.build))


def _hand_set(id: str, title: str, sentence: str, story: str) -> Example:
    """Two sentences on the starter lexicon that differ in one word."""

    def build() -> Experiment:
        return Experiment(
            sentence=sentence,
            # A word of action looks for somebody living; water looks for water and money for money.
            w_q=np.array([[3, 0, 0, 0], [3, 1, 0, 0], [0, 0, 4, 0], [0, 0, 0, 4]]),
            w_k=np.array([[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 4, 0], [0, 0, 0, 4]]),
            w_v=np.eye(4),
            example=id,
        )

    source = f"After {RIVER_AND_MONEY}; its numbers are lost, these are ours."
    return Example(id, title, source, story, build)


def _published(
    id: str,
    title: str,
    source: str,
    story: str,
    words: Sequence[str],
    embeddings: Sequence[Sequence[float]],
    w_q: Sequence[Sequence[float]],
    w_k: Sequence[Sequence[float]],
    w_v: Sequence[Sequence[float]],
    *,
    scaled: bool,
    masks: Sequence[str] = (),
    decimals: int = 4,
    variant: str = QKV.id,
) -> Example:
    """An example whose embeddings are given; its columns have no meaning of their own."""

    def build() -> Experiment:
        rows = {identity(word): tuple(map(float, row)) for word, row in zip(words, embeddings, strict=True)}
        return Experiment(
            sentence=" ".join(words),
            w_q=np.array(w_q),
            w_k=np.array(w_k),
            w_v=np.array(w_v),
            rows=rows,
            dimensions=tuple(f"d{column}" for column in range(1, len(embeddings[0]) + 1)),
            variant=variant,
            scaled=scaled,
            masks=tuple(masks),
            decimals=decimals,
            example=id,
        )

    return Example(id, title, source, story, build)


def _bank_as_printed() -> Experiment:
    return Experiment(
        sentence="money bank grows",
        w_q=np.eye(4),
        w_k=np.eye(4),
        w_v=np.eye(4),
        rows={
            "bank": (0.6, 0.2, 0.1, 0.7),
            "money": (-0.9, 0.1, 0.3, 0.2),
            "grows": (-1.2, -0.4, 0.3, -0.4),
            "river": (0.1, 0.9, -0.3, -0.8),
            "flows": (-0.8, 0.6, 0.5, -1.0),
        },
        dimensions=("d1", "d2", "d3", "d4"),
        variant=SIMILARITY.id,
        scaled=False,
        example="bank-as-printed",
        lessons=Lessons(other_sentence="river bank flows"),
    )


# A bright line on a dark ground, from −1 to 1.
_PICTURE = np.array(
    [
        [1.0, -0.5, -1.0, -1.0, -1.0, -1.0],
        [-0.5, 1.0, -0.5, -1.0, -1.0, -1.0],
        [-1.0, -0.5, 1.0, -0.5, -1.0, -1.0],
        [-1.0, -1.0, -0.5, 1.0, -0.5, -1.0],
        [-1.0, -1.0, -1.0, -0.5, 1.0, -0.5],
        [-1.0, -1.0, -1.0, -1.0, -0.5, 1.0],
    ]
)


def _small_picture() -> Experiment:
    """The patches row by row, each with its pixels row by row."""
    patches = {f"{'abc'[down]}{across + 1}": (down, across) for down in range(3) for across in range(3)}
    return Experiment(
        sentence=" ".join(patches),
        w_q=np.eye(4),
        w_k=np.eye(4),
        w_v=np.eye(4),
        rows={
            name: tuple(map(float, _PICTURE[2 * down : 2 * down + 2, 2 * across : 2 * across + 2].ravel()))
            for name, (down, across) in patches.items()
        },
        dimensions=("p1", "p2", "p3", "p4"),
        example="small-picture",
    )


def _cat_and_mouse() -> Experiment:
    return Experiment(
        sentence="The cat chased the mouse.",
        w_q=np.array([[0.2, 0.1, 0.0], [0.4, 0.2, 0.1], [0.1, 0.5, 0.3]]),
        w_k=np.array([[0.3, 0.2, 0.1], [0.1, 0.4, 0.2], [0.5, 0.1, 0.2]]),
        w_v=np.array([[0.5, 0.1, 0.3], [0.2, 0.6, 0.1], [0.1, 0.2, 0.7]]),
        rows=dict(zip(map(identity, PRINTED_WORDS), PRINTED_EMBEDDINGS, strict=True)),
        dimensions=("d1", "d2", "d3"),
        scaled=False,
        decimals=3,
        example="cat-and-mouse",
    )


def _learned() -> Experiment:
    """What `python -m learning.ship` learned, with what it says of itself."""
    held = json.loads(files(__package__).joinpath("learned_river_bank.json").read_text("utf-8"))
    rows, tables = held["rows"], {table: np.array(held[table]) for table in WEIGHT_TABLES}
    prints = prints_of({Stage.EMBEDDINGS: np.array(list(rows.values()))} | tables, rows)
    return Experiment(
        sentence=held["sentence"],
        w_q=tables[Stage.W_Q],
        w_k=tables[Stage.W_K],
        w_v=tables[Stage.W_V],
        rows={word: tuple(row) for word, row in rows.items()},
        dimensions=tuple(f"d{column}" for column in range(1, len(tables[Stage.W_Q]) + 1)),
        example="learned-river-bank",
        lessons=Lessons(other_sentence="the clerk counted the cash at the city bank"),
        learned=Learned("language", **held["about"], start="drawn", prints=prints),
    )


TWO_HEADS = "two-heads"

_ALL = (
    _hand_set(
        "river-bank",
        "River bank",
        "We walked to the river bank",
        "Change *river* to *money* and watch what becomes of *bank*.",
    ),
    _hand_set(
        "money-bank",
        "Money bank",
        "We walked to the money bank",
        "Here *bank* starts with the very numbers that it has by the river.",
    ),
    _hand_set(
        "long-sentence",
        "Thirty words",
        "We walked for a long time through the old town and talked about this and that until we were tired and sat "
        "down on the grass of the river bank",
        "Here *bank* looks at *river* next to it. Move *river* to the beginning: the look across the whole sentence is "
        "as strong.",
    ),
    Example(
        "small-picture",
        "A picture of nine patches",
        "A picture of 6 × 6 pixels, cut into nine patches of 2 × 2; ours. The idea of patches as words is that of "
        f"{PATCHES}.",
        "No words at all: each row is a patch, its numbers are the brightness of its pixels from −1 to 1. Patches on "
        "the bright line look at each other.",
        _small_picture,
    ),
    Example(
        "learned-river-bank",
        "Learned: river bank",
        "Learned by this playground from 24 sentences of a tiny language (*Teach it*), not set by hand.",
        "Nobody set these numbers. Type *the clerk counted the cash at the city bank*, and *bank* looks elsewhere.",
        _learned,
    ),
    Example(
        TWO_HEADS,
        "Two heads, two jobs",
        "Ours, set by hand: words by what they are, places on a circle in steps of 30°.",
        "In the first head *dog* and *mouse* look at the verb. In the second each word looks at the one before it, by "
        "its place alone: shuffle the words (*Order*), and the picture of the second stays as it is.",
        lambda: two_jobs(TWO_HEADS),
    ),
    Example(
        "cat-and-mouse",
        "The cat chased the mouse",
        f"Embeddings as printed in {CAT_AND_MOUSE}. Its weight matrices are lost; these are ours.",
        "The four embeddings lie on one line, so every word looks most at the last, *mouse*. "
        "Like the article, it starts without scaling.",
        _cat_and_mouse,
    ),
    Example(
        "bank-as-printed",
        "Bank, 0.2 of money",
        f"*bank* = [0.6, 0.2, 0.1, 0.7] and its weights [0.2, 0.7, 0.1] as printed in {RIVER_AND_MONEY}. The "
        "vectors of the other words are lost; ours give these weights.",
        "Shares of one whole: *bank* is 0.2 of *money*, 0.7 of itself and 0.1 of *grows* (the article says per cent).",
        _bank_as_printed,
    ),
    _published(
        "lecture-40-26",
        "Scores 40 and 26",
        f"The scores of the second word in {LECTURE}, second form. Its vectors are lost; these are ours.",
        "Four numbers a word, so the scores 40 and 26 of *world* are divided by 2: 20 and 13.",
        ("hello", "world"),
        [[2, 3, 3, 3], [1, 2, 0, 2]],
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 2]],
        [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 2]],
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
        scaled=True,
        decimals=3,
        variant=QUERIES_AND_KEYS.id,
    ),
    _published(
        "karim-unscaled",
        "Three inputs, whole numbers",
        'Raimi Karim, "Illustrated: Self-Attention", Towards Data Science, 2019',
        "The article prints [2, 7, 1.5] as first output because it rounds the weights half-way; exact is "
        "[1.9366, 6.6831, 1.5951].",
        ("Input1", "Input2", "Input3"),
        [[1, 0, 1, 0], [0, 2, 0, 2], [1, 1, 1, 1]],
        [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]],
        [[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]],
        [[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]],
        scaled=False,
    ),
    _published(
        "mlm-from-scratch",
        "Four words, whole numbers",
        'Stefania Cristina, "The Attention Mechanism from Scratch", machinelearningmastery.com',
        "Whole numbers throughout, so the first two stages can be checked in the head.",
        ("word_1", "word_2", "word_3", "word_4"),
        [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]],
        [[2, 0, 2], [2, 0, 0], [2, 1, 2]],
        [[2, 2, 2], [0, 2, 1], [0, 1, 1]],
        [[1, 1, 0], [0, 1, 1], [0, 0, 0]],
        scaled=True,
    ),
    _published(
        "christos-she-likes-coffee",
        "she likes coffee",
        'christoschr97, "Understanding the Attention Mechanism" (Python and NumPy), Medium',
        "Four numbers a word, so scaling divides by 2. W_Q and W_K are the same, so the scores mirror each other.",
        ("she", "likes", "coffee"),
        [[0.2, 0.9, 0.1, 0.5], [0.8, 0.3, 0.7, 0.2], [0.4, 0.6, 0.3, 0.9]],
        [[0.9, 0.1, 0.1, 0.1], [0.1, 0.9, 0.1, 0.1], [0.1, 0.1, 0.9, 0.1], [0.1, 0.1, 0.1, 0.9]],
        [[0.9, 0.1, 0.1, 0.1], [0.1, 0.9, 0.1, 0.1], [0.1, 0.1, 0.9, 0.1], [0.1, 0.1, 0.1, 0.9]],
        [[0.8, 0.2, 0.1, 0.1], [0.2, 0.8, 0.2, 0.1], [0.1, 0.2, 0.8, 0.1], [0.1, 0.1, 0.1, 0.9]],
        scaled=True,
    ),
    _published(
        "unfold-causal-identity",
        "The cat sat, looking back only",
        'UnfoldDataScience, video notebook "Attention"',
        "With the causal mask a word sees itself and the words before it: the first row is [1, 0, 0].",
        ("The", "cat", "sat"),
        [[1, 0, 1], [0, 1, 1], [1, 1, 0]],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        scaled=True,
        masks=[CAUSAL.id],
    ),
    Example(
        "journey-two-heads",
        "Your journey, two heads",
        'Sebastian Raschka, "Build a Large Language Model (From Scratch)", chapter 3. It '
        "prints the embeddings and the result; the matrices are what PyTorch draws from its seed, 123.",
        "What the two heads make of a word stands side by side: two numbers of the first, two of the second.",
        lambda: your_journey("journey-two-heads"),
    ),
)

EXAMPLES = {example.id: example for example in _ALL}
OPENING = _ALL[0]


def with_same_head(example: Experiment, experiment: Experiment) -> Experiment:
    """The example with that head chosen which an experiment's chosen one began as: by its name, or by its place."""
    return _with_head(example, experiment.head, experiment.head_name)


def is_as_it_came(experiment: Experiment, example: Experiment) -> bool:
    """Whether nothing was changed, whichever head is chosen and whatever the lessons and a training hold."""
    if len(experiment.heads) != len(example.heads):
        return False
    return experiment.with_head_chosen(example.head).agrees_with(example, but_for={"lessons", "teaching"})


def unedited(experiment: Experiment) -> Experiment:
    """The example that an experiment started from, brought to its sentence and its table sizes.

    What differs between the two was changed by the person; what unknown words are like is not among it. Where they have
    not equally many heads, it has one: that which the chosen one began as.
    """
    return _origin(
        experiment.example if experiment.example in EXAMPLES else OPENING.id,
        (experiment.d_k, experiment.d_v),
        (len(experiment.heads), experiment.head, experiment.head_name),
        experiment.dimensions,
        experiment.sentence,
        experiment.split_into,
        tuple(experiment.likes.items()),
        experiment.lessons.other_sentence,
    )


@lru_cache(maxsize=32)  # an edit of a table leaves it as it is, and every note beside a table asks for it
def _origin(
    example: str,
    sizes: tuple[int, int],
    heads: tuple[int, int, str],
    dimensions: tuple[str, ...],
    sentence: str,
    split_into: str,
    likes: tuple[tuple[str, str], ...],
    other_sentence: str,
) -> Experiment:
    d_k, d_v = sizes
    count, place, name = heads
    started = _with_head(EXAMPLES[example].build(), place, name)
    if count != len(started.heads):
        started = alone(started)
    resized = started.resized(d_model=len(dimensions), d_k=d_k, d_v=d_v)
    return replace(
        resized,
        # The columns keep their names: an older experiment may call its fifth d5, where no word has a hand-set number.
        dimensions=dimensions,
        sentence=sentence,
        split_into=split_into,
        likes=dict(likes),
        lessons=Lessons(other_sentence=other_sentence),
    )


def _with_head(example: Experiment, place: int, name: str) -> Experiment:
    names = [head.name for head in example.heads]
    return example.with_head_chosen(names.index(name) if name and name in names else min(place, len(names) - 1))
