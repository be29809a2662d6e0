"""The pages that page_speed.py measures beside the Playground, as scripts."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

EMPTY = """
import streamlit as st
on = st.toggle("on", key="scaled")
st.markdown(f"value {on}")
"""
IMPORTING = "import altair, numpy, pandas\n" + EMPTY
USUAL = f"""
import sys, runpy
sys.path.insert(0, {str(ROOT)!r})
import streamlit
streamlit.fragment = lambda draw, key: draw
from presentation import attention_picture_spec
attention_picture_spec.picture_spec.cache_clear()
runpy.run_path({str(ROOT / "ui" / "main.py")!r})
"""
# The least that a page with such a picture or such a table takes: the stock element, and a switch that changes it.
FLOOR_CHART = """
import altair as alt, numpy as np, pandas as pd, streamlit as st
on = st.toggle("on", key="scaled")
rows, columns = np.indices(({words}, 2 * {words} + 4))
frame = pd.DataFrame(
    {{"row": rows.ravel(), "column": columns.ravel(), "value": np.sin(rows * columns + 2 * on).ravel()}}
)
st.altair_chart(alt.Chart(frame).mark_rect().encode(x="column:O", y="row:O", color="value:Q"))
"""
FLOOR_TABLE = """
import numpy as np, pandas as pd, streamlit as st
on = st.toggle("on", key="scaled")
st.data_editor(pd.DataFrame(np.ones((6, 4))), key="table")
st.markdown(f"value {on}")
"""
STOCK = {
    "empty": EMPTY,
    "importing": IMPORTING,
    "chart_6": FLOOR_CHART.format(words=6),
    "chart_64": FLOOR_CHART.format(words=64),
    "table": FLOOR_TABLE,
}
# The page in reading order: what stands above and beside the heat maps is drawn before them.
READING_ORDER = """
import streamlit as st
from attention_core import attend
from ui import attention, comparison, controls, editors
from ui.state import current
calculation = attend(current.experiment())
before = comparison.before_the_change(calculation)
controls.sentence()
switches, compare = controls.switches_and_comparison()
with switches:
    controls.switches(calculation)
with compare:
    comparison.choice()
attention.story(calculation, before)
edit, look = editors.columns()
with edit:
    editors.editors()
with look:
    attention.picture(calculation, before)
    attention.sums(calculation)
    attention.choice(calculation)
attention.behind()
"""
