"""Experiments of several heads to test with."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from support.experiments import experiments, numbers

from attention_core.heads import MAX_JOINED, Head
from attention_core.variants import VARIANTS


@st.composite
def with_heads(draw, fewest=1):
    """Any small experiment whose way uses queries and keys, with 1 to 4 heads, with and without W_O, and any order."""
    experiment = draw(experiments())
    way = draw(st.sampled_from(["qkv", "queries_and_keys"]))
    count = draw(st.integers(fewest, 4))
    size = experiment.size(VARIANTS[way].value)
    d_model, d_k, d_v = experiment.d_model, experiment.d_k, experiment.d_v

    def table(rows, columns):
        row = st.lists(numbers, min_size=columns, max_size=columns)
        return draw(st.lists(row, min_size=rows, max_size=rows))

    others = [Head("", table(d_model, d_k), table(d_model, d_k), table(d_model, d_v)) for _ in range(count - 1)]
    assert count * size <= MAX_JOINED
    return replace(
        experiment,
        variant=way,
        other_heads=tuple(others),
        head=draw(st.integers(0, count - 1)),
        w_o=table(count * size, draw(st.integers(1, 4))) if draw(st.booleans()) else (),
        positions=draw(st.sampled_from(["none", "sinusoidal", "own", "rotary"])),
    )


def some_heads(experiment, count, seed=1, **changed):
    """The same experiment with so many heads of random numbers, the first of which it had."""
    draw = np.random.default_rng(seed)

    def table(name):
        return draw.normal(size=getattr(experiment, name).shape).round(2)

    others = tuple(Head(f"head {at}", table("w_q"), table("w_k"), table("w_v")) for at in range(2, count + 1))
    return replace(experiment, other_heads=others, **changed)
