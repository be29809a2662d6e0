"""From printed numbers to an experiment that gives them again, or a sentence that says what is missing."""

import numpy as np
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from support.printed import beginning, given, printed, worked_out

from attention_core import VARIANTS, attend
from attention_core.masks import CAUSAL
from attention_core.variants import QKV, QUERIES_AND_KEYS, SIMILARITY
from checking.back import experiment_of
from checking.claims import Given, claims_of
from checking.judge import judge
from checking.model import Method

pytestmark = pytest.mark.filterwarnings("error")

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)

BEGINNING = ("embeddings", "w_q", "w_k", "w_v")
SIDE_BY_SIDE = "each word's query, key and value stand side by side in place of the embedding."


def back(*tables, method=None, **more):
    return experiment_of(judge(claims_of(tables), method or Method(scaled=False)), **more)


def tables_of(tables, *stages, labels=()):
    return [Given(stage, printed(tables[stage], 12), labels) for stage in stages]


def assert_gives_again(experiment, tables):
    calculation = attend(experiment)
    np.testing.assert_allclose(calculation.attention.scores, tables["scores"], atol=1e-9)
    np.testing.assert_allclose(calculation.attention.weights, tables["weights"], atol=1e-9)
    np.testing.assert_allclose(calculation.context, tables["context"], atol=1e-9)


# --- the numbers come again ------------------------------------------------------------------------------------------


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    variant=st.sampled_from(sorted(VARIANTS)),
    scaled=st.booleans(),
    causal=st.booleans(),
)
def test_embeddings_and_matrices_give_the_numbers_again(seed, sizes, variant, scaled, causal):
    n, d_model, d_k, d_v = sizes
    start = beginning(seed, n=n, d_model=d_model, d_k=d_k, d_v=d_v)
    tables = worked_out(*start, scaled=scaled, causal=causal, variant=variant)
    made = back(*tables_of(tables, *BEGINNING), method=Method(VARIANTS[variant], scaled, (CAUSAL,) * causal))
    assert made.told == ""
    assert_gives_again(made.experiment, tables)


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(*[st.integers(1, 5)] * 3),
    variant=st.sampled_from(["qkv", "queries_and_keys"]),
    scaled=st.booleans(),
    causal=st.booleans(),
)
def test_queries_keys_and_values_alone_give_the_numbers_again(seed, sizes, variant, scaled, causal):
    n, d_k, d_v = sizes
    tables = worked_out(*beginning(seed, n=n, d_k=d_k, d_v=d_v), scaled=scaled, causal=causal, variant=variant)
    made = back(*tables_of(tables, "q", "k", "v"), method=Method(VARIANTS[variant], scaled, (CAUSAL,) * causal))
    assert made.told == f"The embeddings are not known: {SIDE_BY_SIDE}"
    assert made.experiment.d_model == 2 * d_k + d_v
    assert_gives_again(made.experiment, tables)


def test_embeddings_without_matrices_but_with_queries_keys_and_values_give_the_numbers_again():
    tables = worked_out(*beginning(1))
    made = back(*tables_of(tables, "embeddings", "w_k", "q", "k", "v"), method=Method())
    assert made.told == f"W_Q and W_V are not known: {SIDE_BY_SIDE}"
    assert_gives_again(made.experiment, tables)


def test_embeddings_that_are_compared_need_no_matrices():
    tables = worked_out(*beginning(2), variant="similarity")
    made = back(*tables_of(tables, "embeddings"), method=Method(SIMILARITY))
    assert made.told == "W_Q, W_K and W_V are not known: the identity stands there."
    assert_gives_again(made.experiment, tables)


def test_where_embeddings_are_compared_queries_do_not_stand_for_them():
    tables = worked_out(*beginning(2))
    with pytest.raises(ValueError, match="needs the embeddings"):
        back(*tables_of(tables, "q", "k", "v"), method=Method(SIMILARITY))


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        (("w_q", "w_k"), "W_V is not known"),
        (("w_q",), "W_K and W_V are not known"),
        (("w_k",), "W_Q and W_V are not known"),
        (("w_v",), "W_Q and W_K are not known"),
    ],
)
def test_matrices_that_are_not_known_are_the_identity_and_it_is_said_so(known, missing):
    tables = worked_out(*beginning(3))
    made = back(*tables_of(tables, "embeddings", *known))
    assert made.told == f"{missing}: the identity stands there."
    for name in ("w_q", "w_k", "w_v"):
        table = getattr(made.experiment, name)
        np.testing.assert_allclose(table, tables[name] if name in known else np.eye(*table.shape))


def test_the_switches_and_decimals_are_taken_along():
    start = tables_of(worked_out(*beginning(3)), *BEGINNING)
    experiment = back(*start, method=Method(QUERIES_AND_KEYS, True, (CAUSAL,)), decimals=6).experiment
    assert (experiment.variant, experiment.scaled, experiment.masks) == ("queries_and_keys", True, ("causal",))
    assert experiment.decimals == 6
    experiment = back(*start, method=Method(QKV, False)).experiment
    assert (experiment.variant, experiment.scaled, experiment.masks) == ("qkv", False, ())
    assert experiment.decimals == 4


# --- words -----------------------------------------------------------------------------------------------------------


def words_of(*labels, numbers=None):
    rows = numbers or [str(place) for place in range(len(labels))]
    return back(given("embeddings", *rows, labels=labels)).experiment.words


def test_words_are_kept_where_they_are_words():
    assert words_of("The", "cat", "sat") == ("The", "cat", "sat")
    assert words_of("שלום", "नमस्ते", "café") == ("שלום", "नमस्ते", "café")


def test_a_repeated_word_is_kept_where_its_numbers_are_the_same():
    assert words_of("the", "cat", "The", numbers=["1", "2", "1"]) == ("the", "cat", "The")
    assert words_of("the·1", "cat", "the·3", numbers=["1", "2", "1"]) == ("the", "cat", "the")


def test_a_repeated_word_with_different_numbers_becomes_different_words():
    assert words_of("the", "cat", "the") == ("word1", "word2", "word3")


@pytest.mark.parametrize(
    "word", ["New York", "=1+1", "<b>x</b>", "{=1+1}", "…", "word 1", "\u202eabc", "a-b", "**x**", "don't!", "\\", '"']
)
def test_hostile_words_and_several_words_become_plain_ones(word):
    assert words_of(word, "cat") == ("word1", "word2")


def test_words_that_are_too_long_together_become_plain_ones():
    labels = tuple(f"{'long' * 20}{place}" for place in range(200))
    assert words_of(*labels)[:2] == ("word1", "word2")


def test_words_without_names_are_numbered():
    assert words_of("", "") == ("word1", "word2")


def test_a_word_of_the_lexicon_has_the_claimed_numbers_all_the_same():
    made = back(given("embeddings", "7 7 7 7", labels=("river",)))
    np.testing.assert_array_equal(attend(made.experiment).x, [[7, 7, 7, 7]])


# --- what cannot be opened -------------------------------------------------------------------------------------------

ALL_THREE = ["q", "k", "v"]


@pytest.mark.parametrize(
    "tables",
    [
        [],
        [given("scores", "1 2", "3 4")],
        [given("q", "1"), given("k", "1")],
        [given("embeddings", "1 _")],
        [given("w_q", "1"), given("w_k", "1"), given("w_v", "1")],
    ],
)
def test_it_says_what_is_missing(tables):
    with pytest.raises(ValueError) as told:
        back(*tables)
    assert str(told.value) == "The Playground needs the embeddings, or the queries, keys and values."


@pytest.mark.parametrize(
    "tables",
    [
        [given("embeddings", " ".join(["1"] * 17))],
        [given("embeddings", "1"), given("w_v", " ".join(["1"] * 17))],
        [given(stage, " ".join(["1"] * 6)) for stage in ALL_THREE],
    ],
)
def test_too_many_columns_are_refused(tables):
    with pytest.raises(ValueError) as told:
        back(*tables)
    assert str(told.value) == "The Playground holds tables of up to 16 columns."


def test_sixteen_columns_fit():
    assert back(given("q", *["1 1 1 1 1"] * 2), given("k", "1 1 1 1 1", "2 2 2 2 2"), given("v", *["1 1 1 1 1 1"] * 2))


def test_numbers_too_large_for_the_playground_are_refused_in_its_words():
    with pytest.raises(ValueError, match="beyond ±1,000,000"):
        back(given("embeddings", "10000000"))


def test_going_back_changes_nothing():
    judgement = judge(claims_of([given("embeddings", "1 2")]), Method(SIMILARITY))
    experiment_of(judgement)
    np.testing.assert_array_equal(judgement.chain["embeddings"].numbers, [[1, 2]])
