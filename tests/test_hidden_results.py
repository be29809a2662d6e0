"""A link that hides results: no number of them is in anything that the page sends, until somebody asks for it."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support.bitmaps import colours
from support.screen import MAIN, chart, charts, edit, run, turned, widget

from attention_core import OPENING, Stage, attend
from attention_core.telling import first_cell
from presentation.attention_picture import Place, attention_picture
from presentation.text import plain, shown
from serving.fronts import FRONTS
from sharing.address import to_code
from sharing.class_view import RESULTS
from ui.hidden import LEAVES_OUT

CALCULATION = attend(replace(OPENING.build(), w_q=np.random.default_rng(3).normal(size=(4, 4)), decimals=4))
NUMBERS = {
    "scores": np.concatenate([CALCULATION.attention.scores.ravel(), CALCULATION.attention.scaled_scores.ravel()]),
    "weights": CALCULATION.attention.weights.ravel(),
    "context": CALCULATION.context.ravel(),
}
TASK = "Which word does bank look at most?"


def visited(hidden, script="playground"):
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    page.query_params.update({"class": f"{hidden}~{TASK}", "x": to_code(CALCULATION.experiment)})
    page.run()
    return turned(page, script)


def sent(page):
    """Everything that the page sends to the browser, as text: what is written and what its charts draw."""
    parts = [str(each.proto) for each in page.main if hasattr(each, "proto")]
    for key in charts(page):
        parts.append(json.dumps(charts(page)[key].spec))
    parts += [chart(page, stage).to_csv() for stage in RESULTS & set(_stages(page))]
    return "\n".join(parts)


def _stages(page):
    return RESULTS if "attention" in charts(page) else ()


def told(hidden, text):
    """The numbers of a result that are in a text, but for those that other results and tables hold too."""
    experiment = CALCULATION.experiment
    others = {round(abs(number), 4) for name in RESULTS - {hidden} for number in NUMBERS[name]}
    for stage in ("embeddings", "w_q", "w_k", "w_v", "q", "k", "v"):
        others |= {round(abs(number), 4) for number in CALCULATION.table(Stage(stage)).ravel()}
    own = {shown(number, experiment.decimals) for number in NUMBERS[hidden] if round(abs(number), 4) not in others}
    assert len(own) > 15
    written = set(re.findall(r"(?<![\d.])[−-]?\d+\.\d{4}(?!\d)", text))
    return {number for number in own if number in written or number.replace("−", "-") in written}


@pytest.mark.parametrize("result", sorted(RESULTS))
def test_the_text_of_the_playground_holds_no_number_of_what_a_link_hides(result):
    page = visited(result)
    assert not told(result, sent(page))
    frame = chart(page, result)
    assert frame["value"].isna().all() and set(frame["shown"]) == {"?"} and frame["before"].isna().all()
    open_page = visited("fills")
    assert told(result, sent(open_page)), "the same search finds them where they are shown"


@pytest.mark.parametrize("result", sorted(RESULTS))
def test_after_an_edit_nothing_tells_what_became_of_a_hidden_result(result):
    page = visited(result)
    edit(page, "embeddings", {"living": 9.0})
    frame = chart(page, result)
    assert frame["value"].isna().all() and set(frame["shown"]) == {"?"}
    assert not [each for each in page.markdown if "changed" in each.value or "The last change" in each.value]


def test_the_other_results_stay_on_screen():
    page = visited("weights")
    for result in ("scores", "context"):
        assert not chart(page, result)["value"].isna().any() and "?" not in set(chart(page, result)["shown"])


def test_which_look_is_the_strongest_is_not_told_by_the_cell_that_is_chosen_at_first():
    page, n = visited("weights"), len(CALCULATION.words)
    marked = widget(page, "looking_word").value, widget(page, "looked_at_word").value
    assert marked == (n - 1, 0) and first_cell(CALCULATION) != (n - 1, 0)


def test_whoever_asks_sees_the_answer_and_the_controls_stay_hidden():
    page = visited("weights.tables.story.sums")
    assert set(chart(page, "weights")["shown"]) == {"?"}
    run(widget(page, "show_answers").click())
    assert not chart(page, "weights")["value"].isna().any()
    assert page.latex and [each for each in page.markdown if "looks most at **" in each.value]
    assert not page.data_editor and page.query_params["class"] == f"weights.tables.story.sums~{TASK}"
    turned(turned(page, "similarity"), "playground")
    assert not chart(page, "weights")["value"].isna().any(), "asked once is asked for good"


def test_who_asked_for_the_answer_of_one_link_has_not_asked_for_that_of_another():
    page = visited("weights")
    run(widget(page, "show_answers").click())
    widget(page, "class").set_value("weights~Another question").run()
    assert set(chart(page, "weights")["shown"]) == {"?"}


@pytest.mark.parametrize("script", sorted(set(FRONTS) - {"", "playground"} - LEAVES_OUT))
def test_a_page_that_shows_all_results_at_once_stays_closed_until_somebody_asks(script):
    page = visited("context", script)
    assert not charts(page) and not page.latex and not page.dataframe and not page.data_editor
    assert "hides results" in page.info[-1].value and page.info[0].value == plain(TASK)
    run(widget(page, "show_answers").click())
    assert "hides results" not in str([each.value for each in page.info])


def test_what_is_taken_along_is_the_link_and_the_file_as_long_as_results_are_hidden():
    page = visited("weights", "take_it_with_you")
    assert [each.proto.label for each in page.get("download_button")] == ["Save the experiment"]
    assert not charts(page) and page.code


@pytest.mark.parametrize("stage", [Stage.SCORES, Stage.WEIGHTS, Stage.CONTEXT])
@pytest.mark.parametrize("words", [1, 5, 30, 90, 300])
def test_a_picture_without_a_result_is_the_same_whatever_the_result_is(stage, words):
    experiment = OPENING.build().with_sentence(" ".join(f"w{at} cat"[: 3 if at % 2 else 9] for at in range(words)))
    calculation = attend(experiment)
    place = Place(Stage.SCORES, 0, 0)
    picture = attention_picture(calculation, place, hidden={stage})
    for table in (picture.table, picture.more.get("followed")):
        if table is None or "value" not in table.column_names:
            continue
        frame = table.to_pandas()
        hidden = frame[frame["stage"].astype(str) == stage]
        assert len(hidden) and hidden["value"].isna().all()
        assert "shade" not in hidden or hidden["shade"].nunique() == 1
        assert "shown" not in hidden or set(hidden["shown"]) <= {"?"}
    if "maps" in picture.more:
        maps = dict(zip(*(picture.more["maps"][name].to_pylist() for name in ("stage", "image")), strict=True))
        assert len(colours(maps[stage])) == 1


@pytest.mark.parametrize("words", [5, 90])
def test_a_picture_without_results_is_the_same_whatever_they_are(words):
    experiment = OPENING.build().with_sentence(" ".join(["cat", "river"] * words))
    place = Place(Stage.WEIGHTS, 0, 0)
    other = replace(experiment, w_q=experiment.w_q * 3, w_k=experiment.w_k * -2)
    one, two = (attention_picture(attend(each), place, hidden=RESULTS) for each in (experiment, other))
    assert repr(one.table.to_pydict()) == repr(two.table.to_pydict()) and one.spec == two.spec
    assert {name: repr(each.to_pydict()) for name, each in one.more.items()} == {
        name: repr(each.to_pydict()) for name, each in two.more.items()
    }
