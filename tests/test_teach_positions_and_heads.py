"""Teach it where places add numbers or turn vectors, and where several heads look."""

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from support.heads import some_heads
from support.screen import arrived, in_places, widget

from attention_core import OPENING
from sharing.address import from_code
from sharing.document import from_document, to_document

RIVER = to_document(OPENING.build())


def on_teach(document, part="paint"):
    page = arrived("teach_it", from_document(document))
    widget(page, "teach_part").set_value(part).run()
    assert not page.exception, page.exception
    return page


def told(page):
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.info])


def weights_drawn(page):
    (proto,) = (each.proto for each in page.get("vega_lite_chart") if '"The weights now"' in each.proto.spec)
    return in_places(convert_arrow_bytes_to_pandas_df(proto.data.data))


def asked(**teaching):
    defaults = {"target": [], "method": "adam", "rate": 0.1, "steps": 200, "start": "drawn", "seed": 1}
    return defaults | {"grammar": "", "size": 6} | teaching


def of_three_banks(**changed):
    """Each of three equal words is to look at itself, which only places can tell apart."""
    teaching = asked(target=np.eye(3).tolist(), tables=["w_q", "w_k", "positions"])
    return RIVER | {"sentence": "bank bank bank", "teaching": teaching} | changed


def train(page):
    for key in ("train", "to_the_end"):
        widget(page, key).click().run()
        assert not page.exception, page.exception


def test_positions_learn_to_tell_equal_words_apart_and_are_kept_as_learned():
    page = on_teach(of_three_banks(positions="own", position_rows=[[0.0] * 4] * 3))
    assert "No numbers can bring it below" not in told(page)
    train(page)
    np.testing.assert_allclose(weights_drawn(page), np.eye(3), atol=0.05)
    widget(page, "keep_learned").click().run()
    page.switch_page("../pages/playground.py").run()
    assert not page.exception and set(widget(page, "positions").value["✎"]) == {"learned"}


def test_where_there_is_no_table_of_positions_it_says_how_to_get_one():
    page = on_teach(of_three_banks())
    assert "learn only where word order is a table of your own" in told(page)
    assert "No numbers can bring it below **0.6667**" in told(page)
    widget(page, "word_order").set_value("own").run()
    assert "learn only where" not in told(page) and "No numbers can bring it" not in told(page)


@pytest.mark.parametrize("positions", ["own", "rotary", "sinusoidal"])
def test_a_step_by_hand_is_worked_out_with_word_order(positions):
    document = of_three_banks(positions=positions, position_rows=[[0.5, 0.0, 0.0, 0.0]])
    page = on_teach(document | {"sentence": "walked river bank"}, "by_hand")
    assert len(page.latex) >= 5 and "new number" in page.latex[0].value
    tables = next(each for each in page.selectbox if each.label == "Table")
    assert ("Positions" in tables.options) == (positions == "own")
    if positions == "own":
        tables.set_value(3).run()
        assert not page.exception, page.exception
        assert "What a place adds is used once" in told(page)


def test_with_several_heads_it_says_whose_weights_the_target_is_for_and_only_those_tables_change():
    experiment = some_heads(OPENING.build(), 3)
    page = on_teach(to_document(experiment) | {"teaching": asked(tables=["w_q", "w_k"], steps=20)})
    assert "There are 3 heads" in told(page) and "The target is for Head 1" in told(page)
    train(page)
    widget(page, "keep_learned").click().run()
    kept = from_code(page.query_params["x"])
    assert not np.array_equal(kept.w_q, experiment.w_q) and kept.other_heads == experiment.other_heads
