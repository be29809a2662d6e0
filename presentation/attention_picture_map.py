"""The picture of attention of many words: panels with a pixel for a number, and what is pointed at there."""

from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from attention_core.attention import Floats
from presentation.attention_picture_layout import PANELS, Shape, of_stage
from presentation.charts import CLICK
from presentation.palette import DIVERGING, FORBIDDEN_PIXEL, SEQUENTIAL, stepped
from presentation.specifications import Spec, pixels, ref

MAPS = "maps"  # the table of the panels as pictures, where there are too many numbers for a mark each
NOWHERE = 9.0  # the shade of what is forbidden
FIELDS = ["stage", "query_position", "key_position"]
# A click on the number that was clicked last tells nothing, unless something about it has changed since: whether it is
# forbidden does, where a click forbids it.
CLICKED_FIELDS = [*FIELDS, "forbidden"]
_ROOT = "source"  # what Vega-Lite and Streamlit call the table of the numbers

_COLOUR_STEPS = 241  # an odd number, so that 0 has the colour in the middle
MAP_COLOURS = (*stepped(DIVERGING, _COLOUR_STEPS), *stepped(SEQUENTIAL, _COLOUR_STEPS), FORBIDDEN_PIXEL)

# Where there is no mark for each number, where the mouse is says which number is pointed at. Vega-Lite hands what a
# parameter is updated `on` to Vega as it stands, although its own schema does not speak of it.
MOUSE: Spec = {
    "name": "mouse",
    "value": [-9, -9],  # nowhere
    "on": [{"events": "pointermove, pointerdown, pointerout", "update": "[x(), y()]"}],
}
_TOLD_ON_MAP = "{'number': pointed_value, 'looking': pointed_datum.query, 'at': pointed_datum.key}"


def map_pictures(base: Any, shape: Shape) -> list[Any]:
    """The three panels as pictures, each with a pixel for a number, which Vega would take too long to draw one by one.

    Their numbers are told by a line below the map, and by the pointer to those who cannot see.
    """
    together = f" + ', each row {shape.step} words'" if shape.step > 1 else ""
    width = f"(datum.stage == 'context' ? {shape.columns} * cell_context : {shape.words} * cell_scores)"
    return [
        base.mark_image(
            aspect=False,
            smooth=False,
            tooltip=None,
            align="left",
            baseline="top",
            width=ref(width),
            height=ref("rows_height"),
            description=ref(f"'Map of the ' + datum.stage + ', ' + datum.rows + ' by ' + datum.columns{together}"),
        ).encode(url="image:N", x=pixels(of_stage("x")), y=pixels(of_stage("y")))
    ]


def pointer(base: Any) -> Any:
    """What lies, unseen, over the pointed-at number of a picture, to be clicked in its place and to tell it."""
    place = {"stage": "pointed_stage", "query_position": "pointed_row", "key_position": "pointed_column"}
    told = {"forbidden": "isValid(pointed_datum) && pointed_datum.forbidden"}
    x = f"{of_stage('x', 'pointed_stage')} + {_MAP_COLUMN} * {of_stage('cell', 'pointed_stage')}"
    return (
        base.transform_aggregate(numbers="count()")  # one row, whatever the numbers are
        .transform_calculate(**place, **told)
        .mark_rect(
            fill="transparent",
            stroke=None,
            opacity=ref("pointed ? 1 : 0"),
            tooltip=ref(f"pointed ? {_TOLD_ON_MAP} : null"),
            description=ref("pointed ? pointed_stage + ', ' + pointed_number : 'nothing'"),
        )
        .encode(
            x=pixels(f"pointed ? {x} : -9"),
            x2=pixels(f"pointed ? {x} + {of_stage('cell', 'pointed_stage')} : -8"),
            y=pixels(f"pointed ? {of_stage('y', 'pointed_stage')} + {_MAP_ROW} * row_height : -9"),
            y2=pixels(f"pointed ? {of_stage('y', 'pointed_stage')} + ({_MAP_ROW} + 1) * row_height : -8"),
        )
        .properties(name="pointer")
        .add_params(alt.selection_point(name=CLICK, fields=CLICKED_FIELDS))
    )


# Row and column on the map, from 0, of what is pointed at.
_MAP_ROW = "floor((mouse[1] - pointed_y) / row_height)"
_MAP_COLUMN = "floor((mouse[0] - pointed_x) / pointed_cell)"


def pointed_on_map(shape: Shape) -> dict[str, str]:
    """What is pointed at where the panels are pictures: name -> expression."""
    counts = dict(zip(PANELS, (shape.words, shape.words, shape.columns), strict=True))
    over = {
        stage: f"mouse[0] >= x_{stage} && mouse[0] < x_{stage} + {count} * cell_{stage}"
        f" && mouse[1] >= y_{stage} && mouse[1] < y_{stage} + rows_height"
        for stage, count in counts.items()
    }
    n, step = shape.words, shape.step
    return {
        "pointed_stage": " : ".join((*(f"{is_over} ? '{stage}'" for stage, is_over in over.items()), "''")),
        "pointed": "pointed_stage != ''",
        "pointed_x": of_stage("x", "pointed_stage"),
        "pointed_y": of_stage("y", "pointed_stage"),
        "pointed_cell": of_stage("cell", "pointed_stage"),
        "pointed_row": f"pointed ? {_MAP_ROW} * {step} + 1 : 0",
        "pointed_column": f"pointed ? {_MAP_COLUMN} * (pointed_stage == 'context' ? 1 : {step}) + 1 : 0",
        "pointed_place": (
            f"(pointed_stage == 'scores' ? 0 : pointed_stage == 'weights' ? {n * n} : {2 * n * n})"
            f" + {_MAP_ROW} * (pointed_stage == 'context' ? {shape.columns} : {n}) + {_MAP_COLUMN}"
        ),
        "pointed_datum": f"pointed ? data('{_ROOT}')[pointed_place] : null",
        "pointed_value": (
            "!isValid(pointed_datum) || !isValid(pointed_datum.value) ? '–' : format(pointed_datum.value, '.4f')"
        ),
        "pointed_number": (
            "isValid(pointed_datum) ? pointed_datum.query + ' → ' + pointed_datum.key + ': ' + pointed_value : ''"
        ),
    }


def steps_of(shades: Floats) -> npt.NDArray[np.intp]:
    """The place of each shade's colour among MAP_COLOURS."""
    around_0, weight = (shades + 1) / 2, shades - 2
    last = _COLOUR_STEPS - 1
    steps = np.where(shades <= 1, np.rint(around_0 * last), _COLOUR_STEPS + np.rint(weight * last))
    places: npt.NDArray[np.intp] = np.where(shades == NOWHERE, 2 * _COLOUR_STEPS, steps).astype(np.intp)
    return places
