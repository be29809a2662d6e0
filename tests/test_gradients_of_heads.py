"""Gradients through W_O and several heads, against central differences of the core's own calculation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.heads import some_heads
from support.learning import CLOSE, differences, drawn_opening, gentle

from attention_core import Stage, attend
from attention_core.heads import Head
from attention_core.stages import WEIGHT_TABLES
from learning import heads as through_heads
from learning.forward import tables_of, with_tables
from learning.heads import gradients_of_heads


@st.composite
def of_several_heads(draw):
    """Moderate numbers in every table of 1 to 3 heads, any of them chosen, with W_O of another width or without."""
    experiment, generator = draw(gentle())
    count, way = draw(st.integers(1, 3)), draw(st.sampled_from(["qkv", "queries_and_keys"]))

    def table(name):
        return generator.normal(0, 0.7, getattr(experiment, name).shape)

    others = tuple(Head("", *(table(name) for name in WEIGHT_TABLES)) for _ in range(count - 1))
    size = experiment.d_v if way == "qkv" else experiment.d_k
    mixed = generator.normal(0, 0.7, (count * size, draw(st.integers(1, 4)))) if draw(st.booleans()) else ()
    positions = draw(st.sampled_from(["none", "sinusoidal", "own", "rotary"]))
    chosen = draw(st.integers(0, count - 1))
    w_o = tuple(map(tuple, mixed))
    return replace(experiment, variant=way, other_heads=others, head=chosen, w_o=w_o, positions=positions), generator


def upstream_of(calculation, generator):
    n = len(calculation.words)
    return {
        "by_context": generator.normal(size=calculation.context.shape),
        "by_weights": {place: generator.normal(size=(n, n)) for place in range(0, len(calculation.heads), 2)},
    }


def loss_of(experiment, upstream):
    seen = attend(experiment)
    direct = sum((by * seen.heads[place].attention.weights).sum() for place, by in upstream["by_weights"].items())
    return float((upstream["by_context"] * seen.context).sum() + direct)


def with_head_table(experiment, place, name, matrix):
    heads = list(experiment.heads)
    heads[place] = replace(heads[place], **{name: matrix})
    return experiment.with_heads(heads, experiment.head)


@settings(max_examples=40, deadline=None)
@given(of_several_heads())
def test_every_head_and_w_o_have_the_slope_of_the_loss(drawn):
    experiment, generator = drawn
    calculation = attend(experiment)
    upstream = upstream_of(calculation, generator)
    found = gradients_of_heads(calculation, **upstream)
    for place, head in enumerate(experiment.heads):
        for name in WEIGHT_TABLES:
            slopes = differences(
                lambda m, at=place, of=name: loss_of(with_head_table(experiment, at, of, m), upstream),
                head.tables[name],
            )
            np.testing.assert_allclose(found.heads[place][name], slopes, **CLOSE, err_msg=f"{name} of head {place}")
    for stage, table in tables_of(experiment).items():
        if stage in (Stage.EMBEDDINGS, Stage.POSITIONS):
            slopes = differences(
                lambda m, of=stage: loss_of(with_tables(experiment, tables_of(experiment) | {of: m}), upstream), table
            )
            np.testing.assert_allclose(found.shared[stage], slopes, **CLOSE, err_msg=stage)
    slopes = differences(
        lambda m: loss_of(replace(experiment, w_o=tuple(map(tuple, m))), upstream), np.array(calculation.w_o)
    )
    np.testing.assert_allclose(found.w_o, slopes, **CLOSE, err_msg="w_o")


def several():
    generator = np.random.default_rng(4)
    return some_heads(drawn_opening(), 3, w_o=tuple(map(tuple, generator.normal(size=(12, 12))))), generator


def is_right():
    experiment, generator = several()
    upstream = upstream_of(attend(experiment), generator)
    found = gradients_of_heads(attend(experiment), **upstream)
    slopes = differences(lambda m: loss_of(with_head_table(experiment, 1, "w_q", m), upstream), experiment.heads[1].w_q)
    return np.allclose(found.heads[1][Stage.W_Q], slopes, **CLOSE)


@pytest.mark.parametrize("fault", ["W_O transposed", "the share of another head"])
def test_a_wrong_way_through_the_heads_is_noticed(monkeypatch, fault):
    assert is_right()
    right = through_heads.gradients

    def wrong(tables, setup, done, *, by_weights, by_context):
        if fault == "W_O transposed":
            calculation = attend(several()[0])
            by_context = by_context @ calculation.w_o[:4, :4].T
        else:
            by_context = np.roll(by_context, 1, axis=1)
        return right(tables, setup, done, by_weights=by_weights, by_context=by_context)

    monkeypatch.setattr(through_heads, "gradients", wrong)
    assert not is_right()
