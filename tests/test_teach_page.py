"""Teach it without a browser: what is painted, trained, shown and kept, held against a training in plain NumPy."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from support.oracles import attention
from support.screen import arrived, assert_words_are_escaped, in_places, press, squares, widget

from attention_core import OPENING
from attention_core.fills import random_table
from sharing.document import from_document, to_document

RIVER = to_document(OPENING.build())
LINK = dict(
    RIVER,
    teaching={
        "target": [[0, 1, 0], [0, 0, 0], [0.5, 0.5, 0]],
        "tables": ["w_q", "w_k"],
        "method": "descent",
        "rate": 0.5,
        "steps": 40,
        "start": "own",
        "seed": 1,
        "grammar": "",
        "size": 6,
    },
    sentence="walked river bank",
)


def on_teach(document=None, part=None):
    page = arrived("teach_it", None if document is None else from_document(document))
    if part:
        widget(page, "teach_part").set_value(part).run()
    assert not page.exception
    return page


def told(page):
    kinds = ("markdown", "caption", "info", "warning", "error")
    return " ".join(each.value for kind in kinds for each in page.get(kind)).replace("\\", "")


def weights_drawn(page, title="The weights"):
    """The numbers of the only heat map whose title begins so."""
    (proto,) = (
        each.proto
        for each in page.get("vega_lite_chart")
        if str(json.loads(each.proto.spec).get("title", {}).get("text", "")).startswith(title)
    )
    return in_places(convert_arrow_bytes_to_pandas_df(proto.data.data))


def curve_drawn(page):
    frames = [convert_arrow_bytes_to_pandas_df(each.proto.data.data) for each in page.get("vega_lite_chart")]
    (curve,) = (frame for frame in frames if "loss" in frame)
    return curve


def plain_descent(document, steps):
    """The same training once more: weights and gradients in loops, by differences of the loss."""
    x = np.array([document["rows"][word] for word in document["sentence"].split()])
    tables = {name: np.array(document[name], dtype=float) for name in ("w_q", "w_k")}
    target = np.array(document["teaching"]["target"], dtype=float)
    asked = target.sum(axis=1) > 0

    def weights(at):
        return attention(x @ at["w_q"], x @ at["w_k"], x).weights

    def loss(at):
        return ((weights(at) - target)[asked] ** 2).sum() / asked.sum()

    for _ in range(steps):
        slopes = {}
        for name, matrix in tables.items():
            slopes[name] = np.zeros_like(matrix)
            for place in np.ndindex(matrix.shape):
                ends = []
                for way in (1e-6, -1e-6):
                    moved = matrix.copy()
                    moved[place] += way
                    ends.append(loss(tables | {name: moved}))
                slopes[name][place] = (ends[0] - ends[1]) / 2e-6
        tables = {name: matrix - 0.5 * slopes[name] for name, matrix in tables.items()}
    return weights(tables), loss(tables)


def test_the_weights_on_screen_are_those_of_the_training():
    rows = {word: list(OPENING.build().starter_row(word)) for word in ("walked", "river", "bank")}
    document = LINK | {"rows": rows}
    page = on_teach(document)
    assert squares(page, "target")[0].tolist() == [0, 1, 0] and np.isnan(squares(page, "target")[1]).all()
    press_(page, "train")
    press_(page, "to_the_end")
    expected, loss = plain_descent(document, 40)
    np.testing.assert_allclose(weights_drawn(page), expected, atol=1e-6)
    assert f"**{loss:.4f}** after 40 steps" in told(page)
    curve = curve_drawn(page)
    assert curve["loss"].iloc[40] == pytest.approx(loss, abs=1e-6)


def press_(page, key):
    widget(page, key).click().run()
    assert not page.exception, page.exception


def test_it_plays_a_few_steps_at_a_time_and_stops_by_itself():
    page = on_teach()
    press_(page, "train")
    seen = [curve_drawn(page)["step"].max()]
    while any(each.key == "pause" for each in page.button):
        page.run()
        seen.append(curve_drawn(page)["step"].max())
    assert seen == sorted(seen) and seen[0] <= 10 and seen[-1] == 400 and len(seen) > 20


def test_pause_and_the_slider_show_earlier_steps():
    page = on_teach()
    press_(page, "train")
    press_(page, "to_the_end")
    last = weights_drawn(page)
    widget(page, "teach_at").set_value(0).run()
    first = weights_drawn(page)
    assert "after 0 steps" in told(page) and np.abs(first - last).max() > 0.5
    tables = [np.round(0.5 * random_table(rows, 4, seed), 2) for rows, seed in ((6, 1), (4, 2), (4, 3))]
    x, w_q, w_k = tables
    np.testing.assert_allclose(first, attention(x @ w_q, x @ w_k, x).weights, atol=1e-12)


def test_what_is_kept_is_in_the_tables_says_learned_and_can_be_undone():
    page = on_teach()
    before = page.query_params.get("x", "")
    press_(page, "train")
    press_(page, "to_the_end")
    weights = weights_drawn(page)
    press_(page, "keep_learned")
    page.switch_page("../pages/playground.py").run()
    np.testing.assert_allclose(squares(page, "weights"), weights, atol=2e-3)
    assert set(widget(page, "embeddings").value["✎"]) == {"learned"} == set(widget(page, "w_q").value["✎"])
    assert set(widget(page, "w_v").value["✎"]) == {""}
    press(page, "undo")
    assert page.query_params.get("x", "") == before and "learned" not in set(widget(page, "w_q").value["✎"])


def test_another_target_or_setting_ends_the_training_on_screen():
    page = on_teach()
    press_(page, "train")
    widget(page, "teach_rate").set_value(0.02).run()
    assert not any(each.key == "pause" for each in page.button) and "at the start" not in told(page)


def test_rows_that_do_not_sum_to_one_are_told_and_divided():
    page = on_teach(LINK | {"teaching": LINK["teaching"] | {"target": [[0, 1.5, 0.5], [0, 0, 0], [0, 0, 1]]}})
    np.testing.assert_allclose(squares(page, "target")[0], [0, 0.75, 0.25])
    assert "The row of walked sums to 2, and a row of weights sums to 1" in told(page)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"target": [[0.0]]}, "The target asks for nothing yet"),
        ({"tables": []}, "do not depend on the tables that may change"),
    ],
)
def test_where_there_is_nothing_to_train_it_says_so(changed, says):
    page = on_teach(LINK | {"teaching": LINK["teaching"] | changed})
    assert says in told(page) and widget(page, "train").disabled


def test_a_learning_rate_that_blows_up_leaves_the_last_good_step():
    page = on_teach(LINK | {"teaching": LINK["teaching"] | {"rate": 1e6, "method": "adam", "steps": 5}})
    press_(page, "train")
    press_(page, "to_the_end")
    assert "The learning rate 1e+06 is too large" in told(page) and "is the last good one and stays" in told(page)
    assert np.isfinite(weights_drawn(page)).all()


def test_a_sentence_that_is_too_long_for_a_target_says_so():
    page = on_teach(RIVER | {"sentence": " ".join(f"w{at}" for at in range(25))})
    assert "A target has room for up to 24 words; your sentence has 25." in told(page)


@pytest.mark.parametrize("part", ["paint", "by_hand", "impossible", "language"])
def test_people_s_words_stay_text_and_any_sentence_works(part):
    for sentence in ("*a* $x$ <b> _index", "one", "a a a a", "नमस्ते 中文"):
        page = on_teach(RIVER | {"sentence": sentence, "rows": {}}, part)
        if part == "paint":
            assert_words_are_escaped(page, labels=["*a*", "$x$", "<b>"])


@pytest.mark.parametrize("variant", ["similarity", "embeddings_only", "queries_and_keys", "qkv"])
def test_a_step_by_hand_is_worked_out_in_every_way(variant):
    page = on_teach(LINK | {"variant": variant}, "by_hand")
    if variant in ("similarity", "embeddings_only"):
        assert "its gradient is 0" in told(page)
        return
    assert len(page.latex) >= 5 and "new number" in page.latex[0].value
    before = page.query_params["x"]
    press_(page, "take_step")
    assert page.query_params["x"] != before


def to_its_end(page):
    """Let what cannot be learned be trained, a picture after the other."""
    while any(each.key == "stop_trial" for each in page.button):
        page.run()
        assert not page.exception, page.exception
    return page


def test_what_cannot_be_learned_is_trained_in_pieces_and_can_be_stopped():
    page = on_teach(None, "impossible")
    page.run()
    press_(page, "stop_trial")
    taken = re.findall(r"in (\d+) steps", told(page))
    assert taken and set(taken) == {taken[0]} and 0 < int(taken[0]) < 400
    page.run()
    assert re.findall(r"in (\d+) steps", told(page)) == taken, "it went on although it was stopped"
    press_(page, "go_on_trial")
    assert "in 400 steps" in told(to_its_end(page))
    assert not any(each.key == "go_on_trial" for each in page.button)


def test_what_cannot_be_learned_shows_what_was_reached_beside_the_best_possible():
    page = to_its_end(on_teach(None, "impossible"))
    assert "**0.5000** in 400 steps. No numbers can bring it below **0.5000**" in told(page)
    np.testing.assert_allclose(weights_drawn(page, "What was learned")[[0, 3]][:, [1, 4]], 0.5, atol=0.01)
    assert "with it:** the loss goes from" in told(page) and "to **0.0000** in 400 steps. Nothing forbids 0." in told(
        page
    )
    to_its_end(widget(page, "teach_preset").set_value("one-number").run())
    assert "below **0.1667**" in told(page) and "d_k = 3:** the loss goes from" in told(page)
    press_(page, "open_impossible")
    assert widget(page, "sentence").value == "left middle right" and widget(page, "teach_part").value == "paint"


def learn(page):
    press_(page, "learn_language")
    runs = 0
    while any(each.key == "cancel_learning" for each in page.button):
        page.run()
        assert not page.exception, page.exception
        runs += 1
    return runs


def test_a_language_is_learned_in_pieces_and_opens_in_the_playground_as_learned():
    page = on_teach(None, "language")
    before = page.query_params.get("x", "")
    assert learn(page) > 20
    assert [each.value for each in page.metric] == ["100.0 %", "28.1 %", "0.0 %"]
    assert "which is right" in told(page)
    press_(page, "open_learned")
    assert widget(page, "sentence").value == "the sailor rowed the boat by the river bank"
    assert set(widget(page, "embeddings").value["✎"]) == {"learned"} == set(widget(page, "w_v").value["✎"])
    weights = squares(page, "weights")
    assert weights[8, 1] > 0.5 and weights[8, 7] > 0.2  # bank at sailor and river
    press_(page, "undo")
    assert page.query_params.get("x", "") == before


def test_cancelling_leaves_nothing_half_learned():
    page = on_teach(None, "language")
    press_(page, "learn_language")
    press_(page, "cancel_learning")
    assert not page.metric and not any(each.key == "cancel_learning" for each in page.button)


def test_a_grammar_that_is_no_language_is_told_and_stays_in_its_field():
    page = on_teach(None, "language")
    widget(page, "teach_grammar").set_value("sentence: a CAT\n").run()
    assert "CAT is used, but no line says what it stands for." in told(page)
    assert widget(page, "teach_grammar").value == "sentence: a CAT\n" and widget(page, "learn_language").disabled
    press_(page, "undo")
    assert not widget(page, "learn_language").disabled


def test_a_class_link_can_set_a_target_as_the_task():
    teacher = arrived("take_it_with_you", from_document(LINK), home="https://example.org/")
    widget(teacher, "target_task").set_value(True).run()
    made = teacher.link_button[0].url
    assert made.startswith("https://example.org/teach_it?")
    query = {name: texts[0] for name, texts in parse_qs(urlsplit(made).query).items()}
    page = arrived("teach_it", **query)
    assert "Train the tables until the weights come near the target." in told(page)
    assert weights_drawn(page, "What you want")[0].tolist() == [0, 1, 0]
    assert not any(getattr(each, "key", None) in ("paint_all", "target:0") for each in page.main)
    press_(page, "train")
    press_(page, "to_the_end")
    assert "after 40 steps" in told(page)


def test_a_target_that_is_reached_is_said_to_be():
    page = on_teach()
    assert "The target is reached" not in told(page)
    press_(page, "train")
    press_(page, "to_the_end")
    assert "The target is reached: the loss is below 0.001." in told(page)
