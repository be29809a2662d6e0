"""A way to attend that cannot be calculated is refused in plain words, where it is made or where it is used."""

import numpy as np
import pytest
from support.experiments import two_columns

from attention_core import STAGES, VARIANTS, Stage, Variant, attend
from attention_core import calculation as experiments


def way(**parts):
    played = {"query": Stage.Q, "key": Stage.K, "value": Stage.V} | parts
    return Variant(id="new", name="A new way", summary="", source="", **played)


@pytest.fixture
def in_use(monkeypatch):
    def put(**parts):
        monkeypatch.setitem(experiments.VARIANTS, "new", way(**parts))

    return put


def test_a_way_that_adds_the_embedding_needs_sums_of_its_size(in_use):
    in_use(adds_itself=True)
    assert attend(two_columns(variant="new")).context.shape == (2, 2)
    with pytest.raises(ValueError) as error:
        two_columns(variant="new", w_v=np.ones((2, 3)))
    assert str(error.value) == (
        "A new way adds a word's embedding of 2 to a sum of values of 3 numbers; they need equally many."
    )


def test_a_way_that_compares_vectors_needs_them_of_one_size(in_use):
    in_use(query=Stage.X)
    assert attend(two_columns(variant="new")).attention.scores.shape == (2, 2)
    with pytest.raises(ValueError) as error:
        two_columns(variant="new", w_q=np.ones((2, 3)), w_k=np.ones((2, 3)))
    assert str(error.value) == "A new way compares embeddings of 2 with keys of 3 numbers; they need equally many."


@pytest.mark.parametrize("strange", [{"query": Stage.SCORES}, {"key": Stage.W_K}, {"value": Stage.CONTEXT}], ids=str)
def test_a_way_is_made_of_embeddings_queries_keys_and_values(strange):
    with pytest.raises(ValueError, match="A way to attend is made of x, q, k, v, not of"):
        way(**strange)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_way_can_be_calculated_with_tables_of_any_size(variant):
    for d_k, d_v in ((1, 3), (3, 1), (2, 2)):
        sizes = {"w_q": np.ones((2, d_k)), "w_k": np.ones((2, d_k)), "w_v": np.ones((2, d_v))}
        calculation = attend(two_columns(variant=variant, **sizes))
        mixed = STAGES[Stage.CONTEXT].made_from(calculation.variant)[1]
        assert calculation.context.shape == calculation.table(mixed).shape
