"""Tables that can be read back exactly, and words that neither break a row nor run in a spreadsheet."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from support.documents import experiments as experiments_of_any_words
from support.experiments import experiments, two_columns

from attention_core import DERIVED, EXAMPLES, OPENING, VARIANTS, attend
from attention_core.stages import EDITED, SQUARES
from exports.csv_tables import csv_tables, harmless
from presentation.tables import column_names, row_labels

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)

ONLY_WITH_HEADS = ("turned_query", "turned_key", "head_context", "joined")  # or with places that turn
BY_POSITION = tuple(stage for stage in DERIVED if stage not in ONLY_WITH_HEADS)
WORD_BY_WORD = tuple(stage for stage in BY_POSITION if stage in SQUARES)


def read(text):
    """The heading row, the names of the rows and the cells as text."""
    heading, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return heading, [row[0] for row in rows], [row[1:] for row in rows]


def tables_of(calculation):
    """The names of all tables: with several heads what they make side by side, and those of each head."""
    if not calculation.joins:
        return EDITED + BY_POSITION
    before = BY_POSITION[: BY_POSITION.index("context")]
    own = [name for name in (*EDITED, *before, "head_context") if name not in ("embeddings", "positions", "x")]
    of_heads = [f"head_{head}/{name}" for head in range(1, len(calculation.heads) + 1) for name in own]
    return *EDITED, *before, "head_context", "joined", "w_o", "context", *of_heads


def numbers_of(calculation, table):
    if "/" in table:
        head, table = table.removeprefix("head_").split("/")
        calculation = calculation.of_head(int(head) - 1)
    if table in EDITED:
        return getattr(calculation.experiment, table)
    return getattr(calculation if hasattr(calculation, table) else calculation.attention, table)


def assert_read_back_exactly(calculation):
    tables = csv_tables(calculation)
    assert tuple(tables) == tables_of(calculation)
    for name, text in tables.items():
        expected = numbers_of(calculation, name)
        heading, names, cells = read(text)
        found = np.array([[float(cell) if cell else -np.inf for cell in row] for row in cells])
        assert found.tobytes() == expected.tobytes(), name
        assert (len(names), len(heading) - 1) == expected.shape
        empty = np.array([[cell == "" for cell in row] for row in cells])
        assert np.array_equal(empty, ~calculation.allowed) if name.endswith("scaled_scores") else not empty.any()


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_an_example_can_be_read_back_exactly(name):
    assert_read_back_exactly(attend(EXAMPLES[name].build()))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("sentence", ["a", "a b a"])
def test_what_is_forbidden_is_an_empty_cell(sentence, causal, variant):
    assert_read_back_exactly(attend(two_columns(sentence, masks=("causal",) * causal, variant=variant)))


@SETTINGS
@given(experiments())
def test_every_number_of_any_experiment_can_be_read_back_exactly(experiment):
    assert_read_back_exactly(attend(experiment))


@SETTINGS
@given(experiments_of_any_words())
def test_so_can_every_odd_number_and_every_table_of_odd_words(experiment):
    assert_read_back_exactly(attend(experiment))


def test_the_whole_table_of_scaled_scores():
    calculation = attend(two_columns("a b", rows={"a": (1, -0.5), "b": (1e-300, 2)}, masks=("causal",), scaled=False))
    assert csv_tables(calculation)["scaled_scores"] == "word,a,b\r\na,1.25,\r\nb,-1.0,4.0\r\n"


# --- names -----------------------------------------------------------------------------------------------------------


def test_rows_and_columns_are_called_as_on_screen():
    experiment = OPENING.build().with_sentence("the bank saw the bank").resized(d_k=3, d_v=2)
    calculation = attend(experiment)
    names = {table: read(text)[:2] for table, text in csv_tables(calculation).items()}
    for table in EDITED:
        heading = ["word" if table == "embeddings" else "dimension", *column_names(experiment, table)]
        assert names[table] == (heading, list(row_labels(experiment, table)))
    positions = ["the·1", "bank·2", "saw", "the·4", "bank·5"]
    assert all(names[table] == (["word", *positions], positions) for table in WORD_BY_WORD)
    assert names["x"] == (["word", "living", "action", "water", "money"], positions)
    assert names["q"] == (["word", "q1", "q2", "q3"], positions)
    assert names["k"] == (["word", "k1", "k2", "k3"], positions)
    assert names["v"] == (["word", "v1", "v2"], positions)
    assert names["context"] == (["word", "v1", "v2"], positions)


@pytest.mark.parametrize("variant", VARIANTS)
def test_context_vectors_have_the_columns_of_what_they_mix(variant):
    calculation = attend(replace(OPENING.build(), variant=variant))
    heading, _, _ = read(csv_tables(calculation)["context"])
    mixes_embeddings = variant != "queries_and_keys"  # the opening's W_V passes them on as they are
    assert heading[1:] == (["living", "action", "water", "money"] if mixes_embeddings else ["k1", "k2", "k3", "k4"])


# --- hostile words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [*"=+-@＝＋－＠\t\r\n", "=1+1", "  =1", "\u00a0@SUM(A1)", " \t-2", "\t1", "\r=1", "＝cmd", "\u3000＋1", "-1", "+"],
)
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", " ", "a", "a=1", "1-2", "don't", "'quoted", "the·1", "nan", "−1", "#1", "猫"])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


# A half-width sound mark joins the sign before it, so that the sign begins a word.
SIGNS = "=ﾞ -ﾞ +ﾞ @ﾞ ＝ﾞ \"ﾞ ,ﾞ 'ﾞ"


@pytest.mark.parametrize("into", ["words", "characters"])
def test_words_that_begin_like_formulas_are_harmless_wherever_they_stand(into):
    experiment = two_columns(SIGNS, split_into=into)
    assert {word[0] for word in experiment.words} >= set("=-+@＝\",'")
    for table, text in csv_tables(attend(experiment)).items():
        heading, names, _ = read(text)
        assert not any(name.lstrip().startswith(tuple("=+-@＝＋－＠")) for name in heading + names)
        if table in BY_POSITION:
            assert names == [harmless(label) for label in attend(experiment).labels]
            assert "'=ﾞ" in names


def test_a_negative_number_is_a_number():
    text = csv_tables(attend(two_columns("a", rows={"a": (-1.5, -0.001)})))["embeddings"]
    assert text == "word,d1,d2\r\na,-1.5,-0.001\r\n"


def test_quotes_commas_and_line_ends_cannot_break_a_row():
    # No sentence gives such words today; the table must not rely on it.
    calculation = attend(two_columns("a b c"))
    labels = ('x",1,"', "line\r\nend\n2", ",,;\t\u2028")
    calculation.__dict__["labels"] = labels
    for table in BY_POSITION:
        heading, names, cells = read(csv_tables(calculation)[table])
        assert tuple(names) == labels
        assert len(cells) == 3 and {len(row) for row in cells} == {len(heading) - 1}
        if table in WORD_BY_WORD:
            assert tuple(heading[1:]) == labels


def test_writing_the_tables_changes_nothing():
    calculation = attend(two_columns(masks=("causal",)))
    before = calculation.attention.scaled_scores.tobytes()
    assert csv_tables(calculation) == csv_tables(calculation)
    assert calculation.attention.scaled_scores.tobytes() == before
