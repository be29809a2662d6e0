"""What a person can edit: validated in plain words and kept unchanged."""

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from support.experiments import EYE, two_columns

from attention_core import OPENING, VARIANTS, Experiment, attend
from attention_core.experiment import MAX_KEPT_ROWS
from attention_core.lexicon import LEXICON_DIMENSIONS, OPENING_DIMENSIONS, lexicon, starter_row
from attention_core.masks import MASKS

# --- what is refused, word for word ----------------------------------------------------------------------------------


BEYOND = "{} has a number beyond ±1,000,000; numbers up to that work here."


NOT_A_NUMBER = "{} has a cell that is not a number, or rows of different lengths."


NOT_FINITE = "{} has a cell that is not a finite number."


NO_WORDS = "Type at least one word. Spaces and punctuation alone are not words."


NAMES = "The columns of the embeddings need different names of 1 to 40 letters and digits."


REFUSED = {
    "nothing typed": ({"sentence": ""}, NO_WORDS),
    "only spaces": ({"sentence": " \t\n "}, NO_WORDS),
    "only punctuation": ({"sentence": "?! … —"}, NO_WORDS),
    "too many words": ({"sentence": "a " * 513}, "The sentence has 513 words; up to 512 work here."),
    "far too many words": ({"sentence": "a " * 4_000}, "The sentence has 4,000 words; up to 512 work here."),
    "too many characters to split into": (
        {"sentence": "a" * 513, "split_into": "characters"},
        "The sentence has 513 characters; up to 512 work here.",
    ),
    "too long": ({"sentence": "a" * 10_001}, "The sentence has 10,001 characters; up to 10,000 work here."),
    "infinity": ({"w_q": [[math.inf, 0], [0, 1]]}, NOT_FINITE.format("W_Q")),
    "not a number": ({"w_k": [[math.nan, 0], [0, 1]]}, NOT_FINITE.format("W_K")),
    "1e308": ({"w_v": [[1e308, 0], [0, 1]]}, BEYOND.format("W_V")),
    "just out of range": ({"w_q": [[-1_000_000.5, 0], [0, 1]]}, BEYOND.format("W_Q")),
    "a whole number beyond floats": ({"w_q": [[10**400, 0], [0, 1]]}, NOT_A_NUMBER.format("W_Q")),
    "rows of different lengths": ({"w_q": [[1, 0], [0]]}, NOT_A_NUMBER.format("W_Q")),
    "text in a cell": ({"w_k": [["one", 0], [0, 1]]}, NOT_A_NUMBER.format("W_K")),
    "an empty cell": ({"w_k": [[None, 0], [0, 1]]}, NOT_FINITE.format("W_K")),
    "a table as text": ({"w_v": "1 0 0 1"}, NOT_A_NUMBER.format("W_V")),
    "too many rows": ({"w_q": np.ones((3, 2))}, "W_Q came as 3 × 2; needed is 2 × 1 to 16 (rows × columns)."),
    "a list instead of a table": ({"w_q": [1, 0]}, "W_Q came as 2; needed is 2 × 1 to 16 (rows × columns)."),
    "a number instead": ({"w_q": 7}, "W_Q came as a single number; needed is 2 × 1 to 16 (rows × columns)."),
    "a cube": ({"w_q": np.ones((2, 2, 2))}, "W_Q came as 2 × 2 × 2; needed is 2 × 1 to 16 (rows × columns)."),
    "no columns": ({"w_v": np.ones((2, 0))}, "W_V has 0 columns; 1 to 16 work here."),
    "too many columns": ({"w_v": np.ones((2, 17))}, "W_V has 17 columns; 1 to 16 work here."),
    "queries and keys that do not fit": (
        {"w_q": np.ones((2, 3))},
        "W_Q has 3 columns but W_K has 2; a query and a key need the same number of columns.",
    ),
    "an embedding too short": (
        {"rows": {"a": (1.0,)}},
        "The table of embeddings came as 1 × 1; needed is 1 × 2 (rows × columns).",
    ),
    "embeddings of different lengths": (
        {"rows": {"a": (1, 2), "b": (1, 2, 3)}},
        NOT_A_NUMBER.format("The table of embeddings"),
    ),
    "an infinite embedding": ({"rows": {"a": (1, math.inf)}}, NOT_FINITE.format("The table of embeddings")),
    "a huge embedding": ({"rows": {"a": (1, 1e7)}}, BEYOND.format("The table of embeddings")),
    "no dimension": ({"dimensions": ()}, "An embedding has 1 to 16 numbers, not 0."),
    "too many dimensions": (
        {"dimensions": tuple(f"d{i}" for i in range(17))},
        "An embedding has 1 to 16 numbers, not 17.",
    ),
    "two columns of one name": ({"dimensions": ("d1", "d1")}, NAMES),
    "a column without a name": ({"dimensions": ("d1", "")}, NAMES),
    "a column called in Markdown": ({"dimensions": ("d1", "**d2**")}, NAMES),
    "a column named like ours": ({"dimensions": ("d1", "__index__")}, NAMES),
    "a column with a long name": ({"dimensions": ("d1", "d" * 41)}, NAMES),
    "an unknown way to attend": (
        {"variant": "magic"},
        f"There is no way to attend called 'magic'; there are {', '.join(VARIANTS)}.",
    ),
    "an unknown way to split": (
        {"split_into": "syllables"},
        "A sentence is split into words or characters, not into 'syllables'.",
    ),
    "a switch half on": ({"scaled": "yes"}, "The switch scaled is on or off, not 'yes'."),
    "a mask that there is not": (
        {"masks": ("fog",)},
        f"There is no mask called 'fog'; the masks are: {', '.join(MASKS)}.",
    ),
    "a mask that is on or off": ({"masks": (True,)}, "The masks are a list of names, not (True,)."),
    "a mask alone": ({"masks": "causal"}, "The masks are a list of names, not 'causal'."),
    "too many decimals": ({"decimals": 9}, "Numbers are shown with 0 to 8 decimals, not 9."),
    "fewer than no decimals": ({"decimals": -1}, "Numbers are shown with 0 to 8 decimals, not -1."),
    "half a decimal": ({"decimals": 0.5}, "Numbers are shown with 0 to 8 decimals, not 0.5."),
    "decimals that are on": ({"decimals": True}, "Numbers are shown with 0 to 8 decimals, not True."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_in_words_that_say_what_was_given_and_what_is_needed(name):
    change, message = REFUSED[name]
    with pytest.raises(ValueError) as error:
        two_columns(**change)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "change",
    [
        {"sentence": "a " * 512},
        {"sentence": "a" * 10_000},
        {"sentence": "a" * 512, "split_into": "characters"},
        {"w_q": [[1e6, -1e6], [0, 1]]},
        {"w_v": np.ones((2, 16))},
        {"w_v": np.ones((2, 1))},
        {"dimensions": ("größe", "水")},
        {"decimals": 0},
        {"decimals": 8},
        {"w_q": [["1", "2e-3"], [0, True]]},
    ],
    ids=str,
)
def test_what_just_fits_is_taken(change):
    assert np.isfinite(attend(two_columns(**change)).context).all()


def test_numbers_as_large_as_they_may_be_never_overflow():
    largest = np.full((16, 16), 1e6)
    experiment = Experiment(
        sentence="a b",
        w_q=largest,
        w_k=-largest,
        w_v=largest,
        dimensions=tuple(f"d{i}" for i in range(16)),
        rows={"a": (1e6,) * 16, "b": (-1e6,) * 16},
        scaled=False,
    )
    for variant in VARIANTS:
        calculation = attend(replace(experiment, variant=variant))
        for table in (calculation.q, calculation.attention.scores, calculation.attention.weights, calculation.context):
            assert np.isfinite(table).all()


# --- an experiment never changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["w_q", "w_k", "w_v", "embeddings"])
def test_its_tables_are_read_only(table):
    with pytest.raises(ValueError, match="read-only"):
        getattr(two_columns(), table)[0, 0] = 9


def test_its_fields_and_rows_are_read_only():
    experiment = two_columns()
    with pytest.raises(FrozenInstanceError):
        experiment.scaled = False
    with pytest.raises(TypeError):
        experiment.rows["a"] = (9.0, 9.0)


@pytest.mark.parametrize("table", ["w_q", "w_k", "w_v"])
def test_it_keeps_a_copy_of_what_it_was_given(table):
    given_table, rows = np.eye(2), {"a": (1.0, 2.0)}
    experiment = two_columns(rows=rows, **{table: given_table})
    given_table[0, 0] = rows["a"] = 9
    assert getattr(experiment, table)[0, 0] == 1
    assert experiment.rows["a"] == (1.0, 2.0)
    assert given_table.flags.writeable


def test_minus_zero_is_zero():
    experiment = two_columns(w_q=-0.0 * EYE, rows={"a": (-0.0, 1)})
    assert not np.signbit(experiment.w_q).any()
    assert not np.signbit(experiment.embeddings[0]).any()
    assert experiment == two_columns(w_q=0 * EYE, rows={"a": (0, 1)})


def test_equal_experiments_are_equal_and_hash_alike():
    assert two_columns() == two_columns(w_q=[[1, 0], [0, 1]], dimensions=["d1", "d2"])
    assert hash(two_columns()) == hash(two_columns(w_q=[[1, 0], [0, 1]], dimensions=["d1", "d2"]))
    assert two_columns(rows={"a": (1, 0), "b": (0, 1)}) == two_columns(rows={"b": (0, 1), "a": (1, 0)})


@pytest.mark.parametrize(
    "change",
    [
        {"sentence": "a b."},
        {"w_q": 2 * EYE},
        {"w_k": 2 * EYE},
        {"w_v": 2 * EYE},
        {"w_v": [[1, 0, 0], [0, 1, 0]]},
        {"rows": {"a": (1, 0), "b": (0, 2)}},
        {"rows": {"a": (1, 0), "b": (0, 1), "c": (0, 0)}},
        {"dimensions": ("d1", "d3")},
        {"split_into": "characters"},
        {"variant": "similarity"},
        {"scaled": False},
        {"masks": ("causal",)},
        {"decimals": 3},
        {"example": "river-bank"},
    ],
    ids=str,
)
def test_an_experiment_that_differs_in_anything_is_another(change):
    assert two_columns(**change) != two_columns()


def test_an_experiment_equals_nothing_else():
    assert two_columns() != "a b"
    assert two_columns() is not None


# --- words and their embeddings --------------------------------------------------------------------------------------


def test_repeated_words_share_one_row_but_are_separate_positions():
    experiment = two_columns("The cat saw the dog")
    assert experiment.words == ("The", "cat", "saw", "the", "dog")
    assert experiment.vocabulary == ("the", "cat", "saw", "dog")
    assert experiment.vocabulary_index.tolist() == [0, 1, 2, 0, 3]
    assert experiment.embeddings.shape == (4, 2)
    calculation = attend(experiment)
    assert calculation.attention.weights.shape == (5, 5)
    assert calculation.labels == ("The·1", "cat", "saw", "the·4", "dog")
    np.testing.assert_array_equal(calculation.x[0], calculation.x[3])
    np.testing.assert_array_equal(calculation.x[[1, 2, 4]], experiment.embeddings[1:])


def test_the_same_word_ten_times_shares_its_attention_evenly():
    calculation = attend(two_columns("so " * 10))
    np.testing.assert_allclose(calculation.attention.weights, 0.1, rtol=1e-12)


def test_rows_that_equal_the_starter_ones_are_not_kept():
    river = starter_row("river", OPENING_DIMENSIONS)
    experiment = OPENING.build()
    assert replace(experiment, rows={"river": river}) == experiment
    assert dict(replace(experiment, rows={"river": river, "bank": (1, 2, 3, 4)}).rows) == {"bank": (1, 2, 3, 4)}


def test_a_word_edited_back_to_its_starter_numbers_is_no_longer_edited():
    experiment = OPENING.build()
    edited = experiment.with_embeddings(experiment.embeddings + 1)
    assert len(edited.rows) == 6
    assert edited.with_embeddings(experiment.embeddings) == experiment


def test_a_word_typed_again_finds_its_numbers():
    experiment = two_columns("cat dog").with_embeddings([[1, 2], [3, 4]])
    without = experiment.with_sentence("dog")
    assert without.embeddings.tolist() == [[3, 4]]
    assert without.rows["cat"] == (1, 2)
    assert without.with_sentence("Dog CAT").embeddings.tolist() == [[3, 4], [1, 2]]
    assert without.with_sentence("cat dog") == experiment


def test_a_new_word_gets_its_starter_numbers():
    experiment = OPENING.build().with_sentence("river zebrafish")
    assert experiment.embeddings.tolist() == [
        list(starter_row("river", OPENING_DIMENSIONS)),
        list(starter_row("zebrafish", OPENING_DIMENSIONS)),
    ]


def test_another_sentence_keeps_tables_and_switches():
    experiment = two_columns(masks=("causal",), decimals=5, split_into="characters", w_q=3 * EYE)
    assert experiment.with_sentence("other") == replace(experiment, sentence="other")
    assert experiment.with_sentence("other", "words") == replace(experiment, sentence="other", split_into="words")


def test_with_embeddings_sets_the_rows_of_the_sentence_in_the_order_of_their_first_words():
    experiment = two_columns("b a b").with_embeddings([[5, 6], [7, 8]])
    assert dict(experiment.rows) == {"b": (5, 6), "a": (7, 8)}
    assert attend(experiment).x.tolist() == [[5, 6], [7, 8], [5, 6]]


def test_with_embeddings_keeps_the_numbers_of_words_that_left():
    experiment = two_columns("b", rows={"a": (1, 2), "b": (3, 4)}).with_embeddings([[5, 6]])
    assert dict(experiment.rows) == {"a": (1, 2), "b": (5, 6)}


def test_with_embeddings_refuses_another_shape():
    with pytest.raises(ValueError) as error:
        two_columns("a b").with_embeddings([[1, 2, 3]])
    assert str(error.value) == "The table of embeddings came as 1 × 3; needed is 2 × 2 (rows × columns)."


def test_of_many_edited_words_the_sentences_and_then_the_latest_are_kept():
    rows = {f"w{number}": (number + 1.0, 0.0) for number in range(MAX_KEPT_ROWS + 100)}
    experiment = two_columns("w0 w1", rows=rows)
    assert len(experiment.rows) == MAX_KEPT_ROWS
    assert experiment.rows["w0"] == (1.0, 0.0) and experiment.rows["w1"] == (2.0, 0.0)
    forgotten = rows.keys() - experiment.rows.keys()
    assert forgotten == {f"w{number}" for number in range(2, 102)}


def test_a_sentence_with_every_word_edited_keeps_them_all():
    words = [f"w{number}" for number in range(512)]
    old = {f"old{number}": (9.0, 9.0) for number in range(MAX_KEPT_ROWS)}
    experiment = two_columns(" ".join(words), rows=dict.fromkeys(words, (1.0, 2.0)) | old)
    assert len(experiment.rows) == MAX_KEPT_ROWS
    assert set(words) <= experiment.rows.keys()
    assert (experiment.embeddings == [1, 2]).all()


# --- other sizes -----------------------------------------------------------------------------------------------------


def test_a_larger_table_keeps_its_numbers_and_is_0_elsewhere():
    larger = two_columns(w_q=[[1, 2], [3, 4]], w_v=[[5], [6]]).resized(d_model=3, d_k=3, d_v=2)
    assert larger.w_q.tolist() == [[1, 2, 0], [3, 4, 0], [0, 0, 0]]
    assert larger.w_v.tolist() == [[5, 0], [6, 0], [0, 0]]
    assert larger.dimensions == ("d1", "d2", "d3")
    assert (larger.d_model, larger.d_k, larger.d_v) == (3, 3, 2)


def test_a_smaller_table_keeps_the_numbers_that_still_fit():
    smaller = two_columns(w_q=[[1, 2], [3, 4]], w_v=[[5, 6], [7, 8]]).resized(d_model=1, d_k=1)
    assert smaller.w_q.tolist() == [[1]]
    assert smaller.w_v.tolist() == [[5, 6]]
    assert smaller.embeddings.tolist() == [[1], [0]]


def test_edited_words_are_padded_with_0_and_untouched_ones_get_their_starter_numbers():
    experiment = two_columns("a zebrafish", rows={"a": (1, 2)}).resized(d_model=4)
    assert experiment.embeddings.tolist() == [[1, 2, 0, 0], list(starter_row("zebrafish", experiment.dimensions))]
    assert 0 not in experiment.embeddings[1]


def test_a_wider_table_shows_more_dimensions_of_the_lexicon_in_their_order():
    experiment = OPENING.build().resized(d_model=16)
    assert experiment.dimensions == LEXICON_DIMENSIONS
    assert experiment.rows == {}
    assert experiment.row("river") == lexicon()["river"]
    assert experiment.resized(d_model=4) == OPENING.build()


def test_words_have_0_in_columns_that_the_lexicon_does_not_name():
    older = replace(OPENING.build().resized(d_model=5), dimensions=(*OPENING_DIMENSIONS, "d5"))
    assert older.embeddings[:, 4].tolist() == [0] * 6
    assert older.resized(d_model=6).dimensions == (*OPENING_DIMENSIONS, "d5", "d6")


@pytest.mark.parametrize("size", ["d_model", "d_k", "d_v"])
@pytest.mark.parametrize("number", [-1, 17, 10**12])
def test_a_size_that_no_table_can_have_is_refused_before_it_takes_any_memory(size, number):
    with pytest.raises(ValueError) as error:
        two_columns().resized(**{size: number})
    assert str(error.value) == "Tables have 1 to 16 rows and columns here, not more or fewer."


def test_no_size_given_changes_nothing():
    assert two_columns().resized() == two_columns()
