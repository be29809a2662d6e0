"""Experiments to test with: small ones to work out in the head, and drawn ones."""

import numpy as np
from hypothesis import strategies as st

from attention_core import VARIANTS, Experiment
from attention_core.lessons import Lessons
from attention_core.lexicon import LEXICON_DIMENSIONS, OPENING_DIMENSIONS
from attention_core.stages import Along

EYE = np.eye(2)


def two_columns(sentence="a b", rows=None, **switches):
    """A small experiment of two columns, identity weights and whole numbers."""
    tables = {"w_q": EYE, "w_k": EYE, "w_v": EYE, "dimensions": ("d1", "d2")}
    return Experiment(sentence=sentence, rows=rows or {"a": (1, 0), "b": (0, 1)}, **{**tables, **switches})


_WORDS = ("river", "money", "bank", "the", "cat", "zorp", "buffalo", "we")


def any_experiment(seed):
    """Repeated, unknown and single words, zeros, negatives, whole numbers that tie, every way, mask and size."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 5, size=2)
    d_model = len(OPENING_DIMENSIONS) if seed % 2 else int(draw.integers(1, 5))
    whole = bool(draw.integers(2))

    def table(rows, columns):
        numbers = draw.integers(-2, 3, (rows, columns)) if whole else draw.normal(size=(rows, columns)).round(3)
        return numbers * float(draw.choice([0, 1, 1, 5]))

    words = draw.choice(_WORDS, size=draw.integers(1, 7)).tolist()
    passes_on = bool(draw.integers(2))
    edited = {word: tuple(table(1, d_model)[0]) for word in set(words) if draw.integers(3) == 0}
    return Experiment(
        sentence=" ".join(words),
        w_q=table(d_model, sizes[0]),
        w_k=table(d_model, sizes[0]),
        w_v=np.eye(d_model) if passes_on else table(d_model, sizes[1]),
        rows=edited,
        dimensions=OPENING_DIMENSIONS if seed % 2 else tuple(f"d{at}" for at in range(1, d_model + 1)),
        variant=str(draw.choice(list(VARIANTS))) if passes_on else "qkv",
        scaled=bool(draw.integers(2)),
        positions=str(draw.choice(["none", "none", "sinusoidal", "own", "rotary"])),
        position_rows=table(3, d_model).tolist(),
        divisor=float(draw.choice([0.1, 7])) if draw.integers(4) == 0 else None,
        masks=tuple(mask for mask in ("causal", "not_itself", "neighbours", "own_mask") if draw.integers(3) == 0),
        neighbours=int(draw.integers(0, 3)),
        forbidden=tuple(tuple(cell) for cell in draw.integers(0, 7, (draw.integers(6), 2)).tolist()),
        decimals=int(draw.integers(0, 5)),
    )


numbers = st.floats(-9, 9, allow_subnormal=False)


sizes = st.integers(1, 5)


@st.composite
def experiments(draw):
    """Any few words, sizes, tables and switches."""
    d_model, d_k, d_v = draw(sizes), draw(sizes), draw(sizes)

    def table(rows, columns):
        return draw(st.lists(st.lists(numbers, min_size=columns, max_size=columns), min_size=rows, max_size=rows))

    words = draw(st.lists(st.sampled_from(["a", "A", "b", "c", "river", "zebrafish"]), min_size=1, max_size=5))
    edited = draw(st.sets(st.sampled_from(["a", "b", "river", "gone"])))
    return Experiment(
        sentence=" ".join(words),
        w_q=table(d_model, d_k),
        w_k=table(d_model, d_k),
        w_v=table(d_model, d_v),
        rows={word: table(1, d_model)[0] for word in sorted(edited)},
        dimensions=(*LEXICON_DIMENSIONS, "d5")[:d_model]
        if draw(st.booleans())
        else tuple(f"d{i}" for i in range(1, d_model + 1)),
        variant=draw(st.sampled_from(list(VARIANTS))),
        scaled=draw(st.booleans()),
        divisor=draw(st.sampled_from([None, 0.5, 3.0])),
        masks=draw(st.lists(st.sampled_from(["causal", "not_itself", "neighbours", "own_mask"]), max_size=3)),
        neighbours=draw(st.integers(0, 3)),
        positions=draw(st.sampled_from(["none", "sinusoidal", "own"])),
        position_base=draw(st.sampled_from([10_000.0, 2.5])),
        position_rows=table(draw(st.integers(1, 6)), d_model),
        forbidden=draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=6)),
    )


def _layers(columns):
    return st.lists(st.tuples(*[numbers] * columns), min_size=2, max_size=6).map(tuple)


@st.composite
def lessons(draw):
    size = draw(st.integers(2, 8))
    row = st.tuples(*[st.floats(-1e6, 1e6)] * size)
    return Lessons(
        vectors=tuple(draw(st.lists(row, min_size=2, max_size=3))),
        other_sentence=draw(st.text(max_size=5)),
        score_row=draw(st.tuples(*[st.floats(-1e6, 1e6)] * 4)),
        key_size=draw(st.integers(1, 512)),
        seed=draw(st.integers(0, 9_999)),
        values=draw(st.tuples(*[st.tuples(*[numbers] * 3)] * 4)),
        query_first=draw(_layers(3)),
        query_second=draw(_layers(size)),
        forward_first=draw(_layers(3)),
        forward_second=draw(_layers(size)),
    )


def size_along(calculation, along):
    """How many rows or columns a table has that goes along something, counted without the table."""
    experiment = calculation.experiment
    mixed = calculation.table(calculation.variant.value).shape[1]
    uses_tables = experiment.variant in ("qkv", "queries_and_keys")
    heads = 1 + len(experiment.other_heads) if uses_tables else 1
    return {
        Along.VOCABULARY: len(experiment.vocabulary),
        Along.WORDS: len(calculation.words),
        Along.D_MODEL: experiment.d_model,
        Along.D_K: experiment.d_k,
        Along.D_V: experiment.d_v,
        Along.COMPARED: calculation.table(calculation.variant.key).shape[1],
        Along.MIXED: mixed,
        Along.JOINED: mixed * heads,
        Along.CONTEXT: len(experiment.w_o[0]) if experiment.w_o and uses_tables else mixed * heads,
    }[along]
