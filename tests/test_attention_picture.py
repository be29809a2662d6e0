"""Scores, weights and context vectors in one picture: its table against the calculation."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from attention_core import OPENING, attend
from attention_core.changes import counterpart
from attention_core.stages import Stage
from presentation.attention_picture import Place, attention_picture
from presentation.attention_picture_spec import CHOSEN_NUMBER, FOLLOWED, HEADINGS, NAMES
from presentation.squares import squares
from presentation.text import shown

OPENED = OPENING.build()
NOW = attend(OPENED)
CHOSEN = Place(Stage.WEIGHTS, 5, 4)


def frame_of(calculation, chosen=CHOSEN, of=None, **more):
    """The table of the numbers, or one of those beside it."""
    drawn = attention_picture(calculation, chosen, **more)
    table = drawn.table if of is None else drawn.more[of]
    frame = table.to_pandas()
    for column in {"shown", "before"}.intersection(frame):
        frame[column] = pd.Series(table[column].to_pylist(), dtype=object)  # None stays None
    return frame


def panel(frame, stage, what="value"):
    rows = frame[frame["stage"] == stage]
    return rows[what].to_numpy().reshape(rows["query_position"].nunique(), -1)


def words(count):
    return attend(OPENED.with_sentence(" ".join(f"w{position}" for position in range(count))))


def test_every_number_of_the_three_stages_is_in_the_table_where_its_words_stand():
    frame = frame_of(NOW)
    assert len(frame) == 36 + 36 + 24
    assert np.array_equal(panel(frame, "scores"), NOW.attention.scores)
    assert np.array_equal(panel(frame, "weights"), NOW.attention.weights)
    assert np.array_equal(panel(frame, "context"), NOW.context)
    for stage in ("scores", "weights", "context"):
        assert panel(frame, stage, "query_position")[:, 0].tolist() == [1, 2, 3, 4, 5, 6]
        assert panel(frame, stage, "query")[:, 0].tolist() == list(NOW.labels)
    assert panel(frame, "weights", "key")[0].tolist() == list(NOW.labels)
    assert panel(frame, "context", "key")[0].tolist() == list(OPENED.dimensions)
    assert panel(frame, "context", "key_position")[0].tolist() == [1, 2, 3, 4]


def test_numbers_are_written_as_everywhere():
    frame = frame_of(attend(replace(OPENED, decimals=3)))
    for value, written in zip(frame["value"], frame["shown"], strict=True):
        assert written == shown(value, 3)


def test_repeated_words_keep_their_own_rows():
    frame = frame_of(attend(OPENED.with_sentence("the cat saw the dog")), Place(Stage.WEIGHTS, 0, 0))
    assert len(frame[frame["stage"] == "weights"]) == 25
    assert panel(frame, "weights", "query")[:, 0].tolist() == ["the·1", "cat", "saw", "the·4", "dog"]


def test_what_a_mask_forbids_has_no_weight_but_a_score():
    masked = attend(replace(OPENED, masks=("causal",)))
    frame = frame_of(masked)
    above = np.triu(np.ones((6, 6), bool), 1)
    assert np.array_equal(np.isnan(panel(frame, "weights")), above)
    assert (panel(frame, "weights", "shown")[above] == "–").all()
    assert np.array_equal(panel(frame, "scores"), masked.attention.scores)


def test_only_numbers_that_are_written_differently_are_marked_with_what_they_were():
    money = attend(OPENED.with_sentence("We walked to the money bank"))
    frame = frame_of(money, before=counterpart(money, NOW))
    for _, row in frame.iterrows():
        was = {"scores": NOW.attention.scores, "weights": NOW.attention.weights, "context": NOW.context}[row["stage"]]
        old = shown(was[row["query_position"] - 1, row["key_position"] - 1], 2)
        assert row["before"] == (old if old != row["shown"] else None), row
    bank = panel(frame, "context", "before")[5]
    assert bank.tolist() == [None, None, "0.64", "0.07"]


def test_a_number_that_was_forbidden_is_marked_and_a_new_word_is_not():
    before = attend(replace(OPENED, masks=("causal",)))
    assert panel(frame_of(NOW, before=counterpart(NOW, before)), "weights", "before")[0, 1] == "–"
    longer = attend(OPENED.with_sentence("We all walked to the river bank"))
    frame = frame_of(longer, before=counterpart(longer, NOW))
    assert not any(panel(frame, "weights", "before")[1])


def test_without_a_change_nothing_is_marked():
    assert set(frame_of(NOW, before=counterpart(NOW, NOW))["before"]) == {None}
    assert set(frame_of(NOW)["before"]) == {None}


def test_compared_numbers_are_differences():
    unscaled = attend(replace(OPENED, scaled=False))
    frame = frame_of(NOW, compared=counterpart(NOW, unscaled))
    assert np.array_equal(panel(frame, "scores"), np.zeros((6, 6)))
    assert np.array_equal(panel(frame, "weights"), NOW.attention.weights - unscaled.attention.weights)
    assert np.array_equal(panel(frame, "context"), NOW.context - unscaled.context)
    assert panel(frame, "weights", "shade").min() >= -1 and panel(frame, "weights", "shade").max() <= 1
    assert panel(frame, "weights", "shown")[5, 4] == shown(
        NOW.attention.weights[5, 4] - unscaled.attention.weights[5, 4], 2
    )


def test_a_difference_from_a_forbidden_look_counts_it_as_0():
    masked = attend(replace(OPENED, masks=("causal",)))
    frame = frame_of(NOW, compared=counterpart(NOW, masked))
    assert panel(frame, "weights")[0, 5] == NOW.attention.weights[0, 5]
    frame = frame_of(masked, compared=counterpart(masked, masked))
    assert panel(frame, "weights", "shown")[0, 5] == "–"


def test_the_chosen_number_is_the_only_chosen_row_and_its_word_is_followed():
    chosen = frame_of(NOW, Place(Stage.CONTEXT, 2, 3), of=CHOSEN_NUMBER)
    assert chosen[["stage", "query_position", "key_position"]].values.tolist() == [["context", 3, 4]]
    assert (frame_of(NOW, Place(Stage.CONTEXT, 2, 3), of=NAMES)["follows"] == 3).all()


@pytest.mark.parametrize(
    "changed", [{"scaled": False}, {"masks": ("causal",)}, {"w_v": np.eye(4) * 2}, {"variant": "similarity"}]
)
def test_the_specification_stays_while_numbers_change(changed):
    assert attention_picture(attend(replace(OPENED, **changed)), CHOSEN).spec is attention_picture(NOW, CHOSEN).spec


def test_the_alternative_text_stays_while_numbers_change():
    assert attention_picture(words(9), Place(Stage.SCORES, 0, 0)).alt == attention_picture(NOW, CHOSEN).alt


# --- long sentences --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [12, 30, 64])
def test_the_row_of_the_followed_word_is_written_out_with_every_name_and_number(count):
    calculation = words(count)
    tiles = frame_of(calculation, Place(Stage.WEIGHTS, 3, 1), of=FOLLOWED).dropna(subset="tile")
    for stage, values in (("weights", calculation.attention.weights), ("scores", calculation.attention.scores)):
        row = tiles[tiles["stage"] == stage].sort_values("tile")
        assert (row["query_position"] == 4).all()
        assert row["key"].tolist() == list(calculation.labels)
        assert row["shown"].tolist() == [shown(value, 2) for value in values[3]]
    assert len(panel(frame_of(calculation), "weights")) == count


def test_the_context_of_the_followed_word_stands_with_the_ones_nearest_to_it():
    calculation = words(30)
    frame = frame_of(calculation, Place(Stage.WEIGHTS, 7, 1), of=FOLLOWED)
    near = frame.dropna(subset="near").sort_values(["near", "key_position"])
    distances = np.linalg.norm(calculation.context - calculation.context[7], axis=1)
    assert near["query_position"].iloc[0] == 8
    rest = [position - 1 for position in near["query_position"].unique()[1:]]
    assert sorted(distances[rest]) == sorted(distances)[1:5]
    assert near["shown"].tolist() == [shown(value, 2) for row in [7, *rest] for value in calculation.context[row]]


def test_beyond_64_words_squares_are_drawn_and_the_largest_weights_of_the_row_written_out():
    calculation = words(200)
    frame = frame_of(calculation, Place(Stage.WEIGHTS, 150, 2))
    rows = -(-200 // 4)
    weights = panel(frame, "weights")
    assert weights.shape == (rows, rows)
    assert np.allclose(weights.sum(axis=1), 1)
    assert panel(frame, "context").shape == (rows, 4)
    written_out = frame_of(calculation, Place(Stage.WEIGHTS, 150, 2), of=FOLLOWED)
    tiles = written_out[written_out["tile"].notna() & (written_out["stage"] == "weights")]
    assert len(tiles) == 64
    assert tiles[tiles["chosen"]]["key_position"].tolist() == [3]
    assert 3 in tiles["key_position"].tolist(), "the chosen one is there"
    left_out = set(range(200)) - set(tiles["key_position"] - 1)
    others = tiles[tiles["key_position"] != 3]["value"]
    assert calculation.attention.weights[150][sorted(left_out)].max() <= others.min()
    names = frame_of(calculation, Place(Stage.WEIGHTS, 150, 2), of=NAMES)
    assert names["follows"].unique().tolist() == [149], "the first word of its square"
    chosen = frame_of(calculation, Place(Stage.WEIGHTS, 150, 2), of=CHOSEN_NUMBER)
    assert chosen[["query_position", "key_position"]].values.tolist() == [[149, 1]]


def test_squares_leave_out_what_nobody_may_see():
    values = np.where(np.tri(6, dtype=bool), 1.0, np.nan)
    shares = squares(values, 2, columns_too=True, share=True)
    assert shares.tolist() == [[1.5, 0, 0], [2, 1.5, 0], [2, 2, 1.5]]
    averages = squares(values, 2, columns_too=True, share=False)
    assert np.isnan(averages[0, 1]) and averages[0, 0] == averages[1, 0] == 1


@pytest.mark.parametrize("sentence", ["one", "a " * 512, "नदी 🇩🇪 don't <b>", "the the the the"])
@pytest.mark.parametrize("variant", ["similarity", "embeddings_only", "queries_and_keys", "qkv"])
def test_any_sentence_has_a_picture(sentence, variant):
    calculation = attend(replace(OPENED.with_sentence(sentence), variant=variant))
    chosen = Place(Stage.WEIGHTS, 0, len(calculation.words) - 1)
    assert len(frame_of(calculation, chosen))
    assert len(frame_of(calculation, chosen, compared=counterpart(calculation, NOW)))
    assert len(frame_of(calculation, chosen, before=counterpart(calculation, NOW)))


@pytest.mark.parametrize(
    ("changed", "notes"),
    [
        ({}, ["query · key", "softmax of score ÷ √d", "weights · values"]),
        ({"scaled": False}, ["query · key", "softmax of score", "weights · values"]),
        (
            {"variant": "embeddings_only", "scaled": False},
            ["embedding · embedding", "softmax of score", "weights · embeddings + itself"],
        ),
    ],
)
def test_each_panel_says_how_its_numbers_are_made(changed, notes):
    frame = frame_of(attend(replace(OPENED, **changed)), of=HEADINGS)
    assert frame["title"].tolist() == ["Scores", "Weights", "Context"]
    assert frame["note"].tolist() == notes


def test_words_whose_numbers_nobody_set_are_dotted():
    frame = frame_of(attend(OPENED.with_sentence("the zorp bank")), Place(Stage.WEIGHTS, 2, 1), of=NAMES)
    rows, columns = (frame[frame["side"] == side] for side in ("row", "column"))
    assert rows.groupby("query")["dotted"].all().to_dict() == {"the": False, "zorp": True, "bank": False}
    by_key = columns[columns["stage"] != "context"].groupby("key")["dotted"].all()
    assert by_key.to_dict() == {"the": False, "zorp": True, "bank": False}
    assert not columns[columns["stage"] == "context"]["dotted"].any()


def test_names_stay_as_they_are_while_numbers_change():
    """What has not changed the browser does not read again."""
    for changed in ({"scaled": False}, {"masks": ("causal",)}):
        other = attention_picture(attend(replace(OPENED, **changed)), CHOSEN).more[NAMES]
        assert other.equals(attention_picture(NOW, CHOSEN).more[NAMES])
