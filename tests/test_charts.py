"""Charts hold the calculation's numbers, a mark a cell, in the order of the sentence, and can be read."""

import json
from dataclasses import replace

import altair as alt
import numpy as np
import pytest
from support.experiments import two_columns

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from presentation import charts, palette, word_charts

# --- helpers ---------------------------------------------------------------------------------------------------------


def calculation_of(sentence, **change):
    return attend(replace(OPENING.build(), sentence=sentence, **change))


def weights_of(calculation, **change):
    settings = {"title": "Weights", "decimals": 2, **change}
    return charts.weights_map(calculation.attention.weights, calculation.labels, calculation.allowed, **settings)


def scores_of(calculation, **change):
    settings = {"title": "Scores", "decimals": 2, **change}
    return charts.signed_map(calculation.attention.scores, calculation.labels, calculation.allowed, **settings)


def bars_of(calculation, word=0):
    weights = calculation.attention.weights[word]
    return word_charts.weight_bars(weights, calculation.labels, decimals=2, word=calculation.labels[word])


def moves_of(calculation, word=0, columns=(0, 1)):
    before, after = calculation.x[:, columns], calculation.context[:, columns]
    return word_charts.moves(before, after, calculation.labels, axes=("living", "water"), word=word)


ALL = [weights_of, scores_of, bars_of, moves_of]


def layers_with(chart, channel):
    return [layer for layer in chart.spec["layer"] if channel in layer["encoding"]]


def colour_of_cells(chart):
    """The colour encoding of the layer whose colour depends on a number."""
    colours = [layer["encoding"]["color"] for layer in layers_with(chart, "color")]
    return next(colour for colour in colours if "scale" in colour)


def square(chart, column="value"):
    """A column of the frame as the picture shows it: a row for each looking word."""
    n = round(len(chart.frame) ** 0.5)
    return chart.frame[column].to_numpy().reshape(n, n)


# --- a row for each cell ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("map_of", [weights_of, scores_of])
def test_a_heat_map_has_a_row_for_each_cell_in_the_order_of_the_sentence(map_of):
    chart = map_of(attend(OPENING.build()))
    assert {"query_position", "key_position", "query", "key", "value"} <= set(chart.frame.columns)
    places = list(zip(chart.frame["query_position"], chart.frame["key_position"], strict=True))
    assert places == [(row, column) for row in range(1, 7) for column in range(1, 7)]
    words = ["We", "walked", "to", "the", "river", "bank"]
    assert chart.frame["query"].tolist() == [word for word in words for _ in words]
    assert chart.frame["key"].tolist() == words * 6


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_its_values_are_the_calculations_own(name, variant):
    calculation = attend(replace(EXAMPLES[name].build(), variant=variant))
    seen = calculation.allowed
    np.testing.assert_array_equal(square(weights_of(calculation))[seen], calculation.attention.weights[seen])
    np.testing.assert_array_equal(square(scores_of(calculation))[seen], calculation.attention.scores[seen])


def test_repeated_words_keep_all_their_cells():
    chart = weights_of(calculation_of("the cat saw the dog"))
    assert len(chart.frame) == 25
    assert len(set(zip(chart.frame["query"], chart.frame["key"], strict=True))) == 25
    assert list(dict.fromkeys(chart.frame["query"])) == ["the·1", "cat", "saw", "the·4", "dog"]


def test_the_same_word_ten_times_keeps_a_hundred_cells():
    chart = weights_of(calculation_of("so " * 10))
    assert len(set(zip(chart.frame["query"], chart.frame["key"], strict=True))) == 100


@pytest.mark.parametrize("map_of", [weights_of, scores_of])
@pytest.mark.parametrize("change", [{"masks": ("causal",)}, {"variant": "embeddings_only"}], ids=str)
def test_a_cell_that_may_not_be_looked_at_has_no_value(map_of, change):
    calculation = calculation_of("the cat saw the dog", **change)
    np.testing.assert_array_equal(np.isnan(square(map_of(calculation))), ~calculation.allowed)


def test_a_cell_of_weight_0_is_not_one_without_a_value():
    calculation = attend(two_columns(w_q=1e6 * np.eye(2), scaled=False))
    assert square(weights_of(calculation)).tolist() == [[1, 0], [0, 1]]


def test_a_cell_shows_its_number_rounded_as_the_person_chose():
    chart = weights_of(attend(OPENING.build()), decimals=3)
    assert square(chart, "shown")[5].tolist() == ["0.052", "0.052", "0.052", "0.052", "0.573", "0.219"]
    forbidden = weights_of(attend(replace(OPENING.build(), masks=("causal",))))
    assert square(forbidden, "shown")[0].tolist() == ["1.00", "–", "–", "–", "–", "–"]


def test_each_row_of_weights_shows_its_sum_once():
    chart = weights_of(attend(OPENING.build()))
    told = chart.frame.dropna(subset=["row_sum"])
    assert told["query_position"].tolist() == [1, 2, 3, 4, 5, 6]
    assert set(told["row_sum"]) == {"= 1.00"}


@pytest.mark.parametrize("map_of", [weights_of, scores_of])
def test_the_chosen_cell_is_the_only_one_set_off(map_of):
    chosen = map_of(attend(OPENING.build()), chosen=(5, 4)).frame.query("chosen")
    assert chosen[["query", "key"]].to_numpy().tolist() == [["bank", "river"]]
    assert not map_of(attend(OPENING.build())).frame["chosen"].any()


@pytest.mark.parametrize("word", ["nan", "__index__", "null", "a.b", "value", "query_position"])
def test_a_word_that_looks_like_a_name_of_ours_keeps_its_cells(word):
    chart = weights_of(calculation_of(f"{word} cat"))
    assert chart.frame["query"].tolist() == [word, word, "cat", "cat"]
    assert not chart.frame["key"].isna().any()


def test_scores_are_coloured_by_their_share_of_the_greatest():
    calculation = attend(two_columns(rows={"a": (4, 0), "b": (-2, 0)}, variant="similarity"))
    chart = scores_of(calculation)
    assert square(chart).tolist() == [[16, -8], [-8, 4]]
    assert square(chart, "shade").tolist() == [[1, -0.5], [-0.5, 0.25]]


def test_scores_that_are_all_0_have_the_colour_of_0():
    chart = scores_of(attend(two_columns(w_q=np.zeros((2, 2)))))
    assert square(chart, "shade").tolist() == [[0, 0], [0, 0]]


# --- specifications --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("map_of", [weights_of, scores_of])
def test_both_axes_are_sorted_by_position_and_never_by_the_alphabet(map_of):
    layers = layers_with(map_of(attend(OPENING.build())), "y")
    for channel, position in (("y", "query_position"), ("x", "key_position")):
        encodings = [layer["encoding"][channel] for layer in layers if "field" in layer["encoding"][channel]]
        assert len(encodings) >= 3
        assert all(encoding["sort"]["field"] == position for encoding in encodings)


def test_bars_are_in_the_order_of_the_sentence():
    chart = bars_of(attend(OPENING.build()), 5)
    assert chart.frame["key"].tolist() == ["We", "walked", "to", "the", "river", "bank"]
    assert chart.frame["value"].tolist() == attend(OPENING.build()).attention.weights[5].tolist()
    assert all(layer["encoding"]["y"]["sort"]["field"] == "key_position" for layer in chart.spec["layer"])
    assert chart.spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 1]


@pytest.mark.parametrize("sentence", ["a", "the cat saw the dog", "so " * 40, "so " * 200])
def test_weights_are_always_coloured_on_0_to_1(sentence):
    colour = colour_of_cells(weights_of(calculation_of(sentence)))
    assert colour["scale"]["domain"] == [0, 1]
    assert colour["scale"]["range"] == list(palette.SEQUENTIAL)
    assert colour["field"] == "value"


@pytest.mark.parametrize("sentence", ["a", "the cat saw the dog", "so " * 40, "so " * 200])
def test_signed_numbers_are_always_coloured_around_0(sentence):
    colour = colour_of_cells(scores_of(calculation_of(sentence)))
    assert colour["scale"]["domain"] == [-1, 1]
    assert colour["scale"]["range"] == list(palette.DIVERGING)
    assert len(palette.DIVERGING) % 2 == 1, "the middle of the ramp is 0"


@pytest.mark.parametrize("chart_of", ALL)
def test_a_specification_holds_no_data(chart_of):
    spec = chart_of(calculation_of("zebrafish giraffe zebrafish")).spec
    written = json.dumps(spec)
    assert not {"data", "datasets"} & (set(spec) | {name for layer in spec["layer"] for name in layer})
    assert "giraffe" not in written and '"values"' not in written


@pytest.mark.parametrize("chart_of", ALL)
def test_another_number_costs_no_other_specification(chart_of):
    experiment = OPENING.build()
    other = experiment.with_embeddings(experiment.embeddings * 0.5)
    one, two = chart_of(attend(experiment)), chart_of(attend(other))
    assert one.spec is two.spec
    assert not one.frame.equals(two.frame)


@pytest.mark.parametrize("chart_of", ALL)
@pytest.mark.parametrize("sentence", ["one", "the cat saw the dog", "so " * 20, "so " * 65])
def test_a_specification_is_valid_vega_lite(chart_of, sentence):
    spec = chart_of(calculation_of(sentence)).spec
    assert "/vega-lite/v6" in spec["$schema"]
    alt.Chart.from_dict({**spec, "data": {"name": "anything"}}).to_dict(validate=True)


def test_without_a_start_only_the_context_is_drawn_and_that_is_valid_too():
    chart = word_charts.moves(None, np.eye(2), ("a", "b"), axes=("v1", "v2"), word=0)
    alt.Chart.from_dict({**chart.spec, "data": {"name": "anything"}}).to_dict(validate=True)
    assert "x_before" not in json.dumps(chart.spec)


@pytest.mark.parametrize("map_of", [weights_of, scores_of])
@pytest.mark.parametrize("n", [1, 6, 40])
def test_a_click_on_a_cell_tells_its_two_positions(map_of, n):
    (parameter,) = map_of(calculation_of("so " * n)).spec["params"]
    assert parameter["name"] == "cell"
    assert parameter["select"]["fields"] == ["query_position", "key_position"]


@pytest.mark.parametrize("chart_of", ALL)
def test_every_chart_says_in_words_what_it_shows(chart_of):
    text = chart_of(attend(OPENING.build())).alt
    assert text.endswith(".") and len(text) < 300


def test_the_words_for_the_weights_name_the_strongest_look_of_the_last_word():
    assert "bank looks most at river: 0.57 of its attention" in weights_of(attend(OPENING.build())).alt


# --- ink -------------------------------------------------------------------------------------------------------------


def wcag_contrast(one, other):
    """Source: WCAG 2.2, definitions of relative luminance and contrast ratio."""

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


INKS = {False: (0, 0, 0), True: (1, 1, 1)}


def test_the_inks_are_black_and_white():
    assert (palette.DARK_INK, palette.LIGHT_INK) == ("#000000", "#ffffff")
    assert wcag_contrast(INKS[False], INKS[True]) == pytest.approx(21)
    assert palette.contrast(INKS[True], INKS[False]) == pytest.approx(21)


def test_the_colour_between_two_stops_lies_between_them():
    assert palette.colour_at(("#000000", "#ffffff"), 0.5) == (0.5, 0.5, 0.5)
    assert palette.colour_at(palette.SEQUENTIAL, 0) == pytest.approx((251 / 255, 250 / 255, 253 / 255))
    assert palette.colour_at(palette.SEQUENTIAL, 1) == pytest.approx((61 / 255, 18 / 255, 105 / 255))


@pytest.mark.parametrize("place", np.linspace(0, 1, 200))
def test_a_weight_can_be_read_on_its_colour(place):
    is_light = bool(place > palette.INK_TURNS_LIGHT["weights"])
    assert wcag_contrast(palette.colour_at(palette.SEQUENTIAL, place), INKS[is_light]) >= 4.5


@pytest.mark.parametrize("shade", np.linspace(-1, 1, 200))
def test_a_signed_number_can_be_read_on_its_colour(shade):
    turns = palette.INK_TURNS_LIGHT
    is_light = bool(shade > turns["positive"] or shade < -turns["negative"])
    assert wcag_contrast(palette.colour_at(palette.DIVERGING, (shade + 1) / 2), INKS[is_light]) >= 4.5


def ink_tests(chart):
    fills = [layer["mark"].get("fill") for layer in layers_with(chart, "text")]
    return [fill["expr"] for fill in fills if isinstance(fill, dict) and palette.LIGHT_INK in fill["expr"]]


def test_the_drawn_ink_turns_where_that_was_tested():
    turns, calculation = palette.INK_TURNS_LIGHT, attend(OPENING.build())
    (weights,), (scores,) = ink_tests(weights_of(calculation)), ink_tests(scores_of(calculation))
    assert f"datum.value > {turns['weights']}" in weights
    assert f"datum.shade > {turns['positive']} || datum.shade < -{turns['negative']}" in scores
    for ink in (weights, scores):
        assert ink.startswith("!isValid(datum.value) ? 'currentColor' :"), "on a forbidden cell the page's own"


# --- very many words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "side"), [(64, 64), (65, 33), (100, 50), (128, 64), (129, 43), (512, 64)])
def test_many_words_share_squares_of_which_there_are_64_a_side_at_most(n, side):
    for map_of in (weights_of, scores_of):
        frame = map_of(calculation_of(" ".join(f"w{position}" for position in range(n)))).frame
        assert len(frame) == side**2
        assert frame["query_position"].nunique() == frame["key_position"].nunique() == side


@pytest.mark.parametrize("n", [65, 100, 512])
@pytest.mark.parametrize("causal", [True, False])
def test_the_weights_of_a_row_of_squares_still_sum_to_1(n, causal):
    chart = weights_of(calculation_of(" ".join(f"w{position}" for position in range(n)), masks=("causal",) * causal))
    np.testing.assert_allclose(np.nansum(square(chart), axis=1), 1)


def test_a_square_of_weights_holds_the_average_share_that_its_words_give():
    weights = np.zeros((65, 65))  # squares of 2 × 2 words, the last a single one
    weights[np.arange(65), np.arange(65)] = 0.75
    weights[np.arange(65), 64] += 0.25
    frame, size = charts.binned_frame(weights, np.ones((65, 65), bool), share=True)
    values = frame["value"].to_numpy().reshape(33, 33)
    assert size == 2
    assert values[0, 0] == 0.75 and values[0, 32] == 0.25 and values[32, 32] == 1


def test_a_square_of_scores_holds_the_average_of_those_that_count():
    scores = np.arange(66.0 * 66).reshape(66, 66)
    frame, _ = charts.binned_frame(scores, np.tri(66, dtype=bool), share=False)
    values = frame["value"].to_numpy().reshape(33, 33)
    assert values[0, 0] == (0 + 66 + 67) / 3, "of the four scores one is forbidden"
    assert values[1, 0] == (132 + 133 + 198 + 199) / 4
    assert np.isnan(values[0, 1]), "no word of the square may look there"


@pytest.mark.parametrize(
    ("n", "first", "last"), [(65, "1–2", "65"), (100, "1–2", "99–100"), (512, "1–8", "505–512"), (130, "1–3", "130")]
)
def test_a_square_is_called_by_the_positions_that_it_spans(n, first, last):
    frame, _ = charts.binned_frame(np.zeros((n, n)), np.ones((n, n), bool), share=True)
    assert frame["query"].iloc[0] == frame["key"].iloc[0] == first
    assert frame["query"].iloc[-1] == frame["key"].iloc[-1] == last
    assert frame["query_position"].iloc[0] == 1


# --- where words go --------------------------------------------------------------------------------------------------


def test_moves_go_from_the_embedding_to_the_context():
    chart = word_charts.moves(
        np.array([[0.0, 0], [1, 1]]), np.array([[3.0, 4], [1, 2]]), ("a", "b"), axes=("living", "water"), word=0
    )
    assert chart.frame[["x_before", "y_before", "x", "y"]].to_numpy().tolist() == [[0, 0, 3, 4], [1, 1, 1, 2]]
    assert chart.frame["word"].tolist() == ["a", "b"]
    assert chart.frame["chosen"].tolist() == [True, False]
    assert "a moves by 5.00" in chart.alt


def test_words_that_end_at_the_same_place_share_one_name():
    after = np.array([[0.0, 0], [0, 0], [10, 10], [0, 0], [0, 0]])
    frame = word_charts.moves(None, after, tuple("abcde"), axes=("v1", "v2"), word=0).frame
    assert frame["called"].tolist() == ["a, b, d +1", "", "c", "", ""]
