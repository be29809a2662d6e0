"""The specification of the picture of attention: one Altair chart of scores, weights and context vectors.

What stands where follows from the signals of `attention_picture_layout`; what the numbers are comes with the data.
Pointing at a number lights what it is made from and what it goes into, in the browser alone.
"""

from functools import lru_cache
from typing import Any

import altair as alt

from presentation.attention_picture_layout import (
    LONGEST_NAME,
    NAME_CHARACTER,
    NEIGHBOUR_HEIGHT,
    PANELS,
    TILE_HEIGHT,
    Shape,
    signals,
)
from presentation.charts import CLICK
from presentation.palette import (
    CHOSEN,
    DARK_INK,
    DIVERGING,
    FORBIDDEN,
    INK_TURNS_LIGHT,
    KEY,
    LIGHT_INK,
    QUERY,
    SEQUENTIAL,
    VALUE,
)
from presentation.specifications import Spec, specification

APART = 1000  # the panels' places on the scales: those of scores from 0, of weights from 1000, of context from 2000
NOWHERE = 9.0  # the shade of what is forbidden
# The tables beside that of the numbers: the names of rows and columns, what stands over the panels, the place of the
# chosen number, and what is written out of the followed word where the maps have no numbers.
NAMES, HEADINGS, CHOSEN_NUMBER, FOLLOWED = "names", "headings", "chosen_number", "followed"
MAPS = "maps"  # and, where there are too many numbers for a mark each, the panels as pictures
_FIELDS = ["stage", "query_position", "key_position"]
# A click on the number that was clicked last tells nothing, unless something about it has changed since: whether it is
# forbidden does, where a click forbids it.
_CLICKED_FIELDS = [*_FIELDS, "forbidden"]
_POINTED_FIELDS = [*_FIELDS, "query", "key", "value"]
_NUMBERS = "numbers"
_ROOT = "source"  # what Vega-Lite and Streamlit call the table of the numbers
_FEW = 12  # rows up to which pointing dims the other cells one by one
_INK = "currentColor"  # that of the page's text, in either theme
_NAME_FONT, _NAME_LINE = 12.5, 13

_POINTED = {
    "pointed": "isValid(pointed_at.stage)",
    "pointed_stage": "pointed ? pointed_at.stage[0] : ''",
    "pointed_row": "pointed ? pointed_at.query_position[0] : 0",
    "pointed_column": "pointed ? pointed_at.key_position[0] : 0",
    "pointed_number": (
        "!pointed || !isDefined(pointed_at.value[0]) ? '' : pointed_at.query[0] + ' → ' + pointed_at.key[0] + ': '"
        " + (isValid(pointed_at.value[0]) ? format(pointed_at.value[0], '.4f') : '–')"
    ),
}
# The same on a map without a mark for each number: where the mouse is says which number is pointed at. Vega-Lite hands
# what a parameter is updated `on` to Vega as it stands, although its own schema does not speak of it.
_MOUSE: Spec = {
    "name": "mouse",
    "value": [-9, -9],  # nowhere
    "on": [{"events": "pointermove, pointerdown, pointerout", "update": "[x(), y()]"}],
}
# Is this cell the pointed-at number, or what that is made from, or what it goes into?
_LIT = (
    "(!pointed || (datum.stage == pointed_stage"
    " ? datum.query_position == pointed_row && datum.key_position == pointed_column"
    " : datum.query_position == pointed_row && (pointed_stage == 'weights' || datum.stage == 'weights')))"
)
_LIT_ROW = "(pointed ? pointed_row : datum.follows)"
_ROW_LIT = f"(datum.query_position == {_LIT_ROW})"
_BEGINS_A_LINE = "(datum.stage == 'scores' || (datum.stage == 'weights' ? lines >= 2 : lines == 3))"
_COLUMN_LIT = (
    "(pointed && datum.key_position == pointed_column && (datum.stage == 'context') == (pointed_stage == 'context'))"
)
_SHOWN_LIGHT = (
    f"(datum.shade >= 2 ? datum.shade - 2 > {INK_TURNS_LIGHT['weights']}"
    f" : datum.shade > {INK_TURNS_LIGHT['positive']} || datum.shade < -{INK_TURNS_LIGHT['negative']})"
)
_CELL_INK = f"datum.shade == {NOWHERE:g} ? '{_INK}' : {_SHOWN_LIGHT} ? '{LIGHT_INK}' : '{DARK_INK}'"
_TOLD = "{'number': datum.shown, 'looking': datum.query, 'at': datum.key}"
_TOLD_WITH_BEFORE = f"datum.before ? merge({_TOLD}, {{'before': datum.before}}) : {_TOLD}"
_TOLD_ON_MAP = "{'number': pointed_value, 'looking': pointed_datum.query, 'at': pointed_datum.key}"
_SAID = (  # to those who cannot see
    "datum.stage + ', ' + datum.query + ' → ' + datum.key + ': '"
    " + (datum.shown == '–' ? 'not allowed' : datum.shown)"
    " + (datum.before ? ', before ' + datum.before : '')"
)

# -1 to 1 is a number around 0, 2 to 3 a weight. What is forbidden has its place on the scale too, because a condition
# would be asked of every cell.
_COLOURS = alt.Scale(
    domain=[-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1, 2, 2.25, 2.5, 2.75, 3, NOWHERE],
    range=[*DIVERGING, *SEQUENTIAL, FORBIDDEN],
)
_COLOUR = alt.Color("shade:Q", scale=_COLOURS, legend=None)


@lru_cache(maxsize=256)
def picture_spec(shape: Shape) -> Spec:
    """The specification for all pictures of a shape, whatever their numbers and headings."""
    base = alt.Chart(alt.NamedData(_NUMBERS))
    names, headings, chosen, followed = (
        alt.Chart(alt.NamedData(name)) for name in (NAMES, HEADINGS, CHOSEN_NUMBER, FOLLOWED)
    )
    cells = _pictures(alt.Chart(alt.NamedData(MAPS)), shape) if shape.is_always_map else _map(base, shape)
    layers = [*cells, *_names(names, shape), *_headings(headings, shape), *_frames(chosen, shape)]
    if shape.tiles:
        # Where the map tells no numbers to those who cannot see, what is written out below does.
        said: dict[str, Any] = {"description": _ref(_SAID)} if shape.is_always_map else {}
        layers += [*_tiles(followed, said), *_neighbours(followed, shape, said)]
    if shape.is_always_map:
        layers.append(_pointer(base))  # above all others, as it takes the click
    spec = specification(alt.layer(*layers))
    for part in (spec, *spec["layer"]):
        if part.get("data") == {"name": _NUMBERS}:
            part.pop("data")
    for layer in spec["layer"]:
        if "description" not in layer["mark"]:
            layer["mark"]["aria"] = False  # each number is told once
    spec.pop("datasets", None)
    named = dict(signals(shape)) | (_pointed_on_map(shape) if shape.is_always_map else _POINTED)
    spec["params"] = [*spec.get("params", []), *({"name": name, "expr": told} for name, told in named.items())]
    if shape.is_always_map:
        spec["params"].append(_MOUSE)
    spec["autosize"] = {"type": "none"}
    spec["padding"] = {"left": 0, "right": 0, "top": 0, "bottom": 0}
    spec["config"] = {"view": {"stroke": None}}
    return spec


def _ref(expression: str) -> alt.ExprRef:
    return alt.ExprRef(expression)


def _at(expression: str) -> Any:
    """A place in pixels."""
    return alt.value({"expr": expression})


def _of(name: str, stage: str = "datum.stage") -> str:
    """The signal of a stage's panel."""
    scores, weights, context = (f"{name}_{each}" for each in PANELS)
    return f"({stage} == 'scores' ? {scores} : {stage} == 'weights' ? {weights} : {context})"


def _map(base: Any, shape: Shape) -> list[Any]:
    """The cells of the three panels, their numbers, and the marks of what changed."""
    x, y = _places(shape)
    few = shape.words <= _FEW
    cells = (
        base.mark_rect(
            invalid=None,
            width=_ref(f"{_of('cell')} - {1 if few else 0}"),
            height=_ref(f"row_height - {1 if few else 0}"),
            tooltip=_ref(_TOLD_WITH_BEFORE),
            description=_ref(_SAID),
            **({"opacity": _ref(f"{_LIT} ? 1 : 0.4")} if few else {}),
        )
        .encode(x=x, y=y, color=_COLOUR)
        .add_params(
            alt.selection_point(name=CLICK, fields=_CLICKED_FIELDS),
            alt.selection_point(name="pointed_at", fields=_POINTED_FIELDS, on="pointerover", clear="pointerout"),
        )
    )
    numbers = base.mark_text(
        fontSize=_ref("font"),
        baseline="middle",
        opacity=_ref(f"!numbered ? 0 : {_LIT} ? 1 : 0.6"),
        fill=_ref(_CELL_INK),
        fontWeight=_ref("datum.before ? 700 : 400"),
    ).encode(x=x, y=y, text="shown:N")
    marks = _mark_of_change(base, f"{_of('cell')} / 2", "row_height / 2").encode(x=x, y=y)
    return [cells, numbers, marks]


def _pictures(base: Any, shape: Shape) -> list[Any]:
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
            width=_ref(width),
            height=_ref("rows_height"),
            description=_ref(f"'Map of the ' + datum.stage + ', ' + datum.rows + ' by ' + datum.columns{together}"),
        ).encode(url="image:N", x=_at(_of("x")), y=_at(_of("y")))
    ]


def _pointer(base: Any) -> Any:
    """What lies, unseen, over the pointed-at number of a picture, to be clicked in its place and to tell it."""
    place = {"stage": "pointed_stage", "query_position": "pointed_row", "key_position": "pointed_column"}
    told = {"forbidden": "isValid(pointed_datum) && pointed_datum.forbidden"}
    x = f"{_of('x', 'pointed_stage')} + {_MAP_COLUMN} * {_of('cell', 'pointed_stage')}"
    return (
        base.transform_aggregate(numbers="count()")  # one row, whatever the numbers are
        .transform_calculate(**place, **told)
        .mark_rect(
            fill="transparent",
            stroke=None,
            opacity=_ref("pointed ? 1 : 0"),
            tooltip=_ref(f"pointed ? {_TOLD_ON_MAP} : null"),
            description=_ref("pointed ? pointed_stage + ', ' + pointed_number : 'nothing'"),
        )
        .encode(
            x=_at(f"pointed ? {x} : -9"),
            x2=_at(f"pointed ? {x} + {_of('cell', 'pointed_stage')} : -8"),
            y=_at(f"pointed ? {_of('y', 'pointed_stage')} + {_MAP_ROW} * row_height : -9"),
            y2=_at(f"pointed ? {_of('y', 'pointed_stage')} + ({_MAP_ROW} + 1) * row_height : -8"),
        )
        .properties(name="pointer")
        .add_params(alt.selection_point(name=CLICK, fields=_CLICKED_FIELDS))
    )


# Row and column on the map, from 0, of what is pointed at.
_MAP_ROW = "floor((mouse[1] - pointed_y) / row_height)"
_MAP_COLUMN = "floor((mouse[0] - pointed_x) / pointed_cell)"


def _pointed_on_map(shape: Shape) -> dict[str, str]:
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
        "pointed_x": _of("x", "pointed_stage"),
        "pointed_y": _of("y", "pointed_stage"),
        "pointed_cell": _of("cell", "pointed_stage"),
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


def _names(base: Any, shape: Shape) -> list[Any]:
    """The names of rows and columns."""
    x, y = _places(shape)
    covered_row = _covered(shape, "query", _LIT_ROW, "row_height")
    row_names = (
        base.mark_text(
            align="right",
            baseline="middle",
            fontSize=_NAME_FONT,
            limit=shape.name_width - 8,
            fill=_ref(f"pointed && {_ROW_LIT} ? '{QUERY}' : '{_INK}'"),
            fontWeight=_ref(f"{_ROW_LIT} ? 700 : 400"),
            fontStyle=_ref("datum.dotted ? 'italic' : 'normal'"),
            opacity=_ref(f"!{_BEGINS_A_LINE} || {covered_row} ? 0 : {_ROW_LIT} ? 1 : 0.8"),
        )
        .encode(y=y, text="query:N", x=_at("names - 7"))
        .transform_filter("datum.side == 'row'")
    )
    upright = _of("upright")
    lit_column = "((datum.stage == 'context') == (pointed_stage == 'context') ? pointed_column : 0)"
    covered = f"(!({upright}) && {_covered(shape, 'key', lit_column, _of('cell'))})"
    column_names = (
        base.mark_text(
            fontSize=_NAME_FONT,
            baseline="middle",
            align=_ref(f"{upright} ? 'center' : 'left'"),
            angle=_ref(f"{upright} ? 0 : 270"),
            limit=_ref(f"{upright} ? {_of('cell')} : {LONGEST_NAME}"),
            fill=_ref(f"{_COLUMN_LIT} ? (datum.stage == 'context' ? '{VALUE}' : '{KEY}') : '{_INK}'"),
            fontWeight=_ref(f"{_COLUMN_LIT} ? 700 : 400"),
            fontStyle=_ref("datum.dotted ? 'italic' : 'normal'"),
            opacity=_ref(f"{covered} ? 0 : {_COLUMN_LIT} ? 1 : 0.8"),
        )
        .encode(x=x, y=_at(f"{_of('y')} - ({upright} ? 11 : 7)"), text="key:N")
        .transform_filter("datum.side == 'column'")
    )
    hidden = f"!{_BEGINS_A_LINE} || {covered_row}"
    dots = (  # under the names of words whose numbers nobody set
        base.mark_rule(strokeDash=[1.5, 2.5], aria=False, stroke=_INK, opacity=_ref(f"{hidden} ? 0 : 0.8"))
        .encode(
            y=_at(f"{_of('y')} + (datum.row % {APART}) * row_height + 8"),
            x=_at(f"names - 7 - min(length(datum.query) * {NAME_CHARACTER}, {shape.name_width - 8})"),
            x2=_at("names - 7"),
        )
        .transform_filter("datum.side == 'row' && datum.dotted")
    )
    return [row_names, dots, column_names]


def _places(shape: Shape) -> tuple[alt.X, alt.Y]:
    """Pixels for the cells' columns and rows, which count in each panel from another thousand."""
    columns = (shape.words, shape.words, shape.columns)
    domain_x, domain_y, range_x, range_y = [], [], [], []
    for at, (stage, count) in enumerate(zip(PANELS, columns, strict=True)):
        domain_x += [APART * at, APART * at + count]
        range_x += [_ref(f"x_{stage}"), _ref(f"x_{stage} + {count} * cell_{stage}")]
        domain_y += [APART * at, APART * at + shape.words]
        range_y += [_ref(f"y_{stage}"), _ref(f"y_{stage} + rows_height")]
    return (
        alt.X("column:Q", scale=alt.Scale(domain=domain_x, range=range_x, nice=False, zero=False), axis=None),
        alt.Y("row:Q", scale=alt.Scale(domain=domain_y, range=range_y, nice=False, zero=False), axis=None),
    )


def _covered(shape: Shape, side: str, lit: str, room: str) -> str:
    """Whether a name has to make place for others: every so-many-th stands, and the lit one always."""
    step = f"ceil({_NAME_LINE} / {room})"
    place = f"datum.{side}_position - {lit}"
    order = f"(datum.{side}_position - 1) / {shape.step}"
    return f"({place} != 0 && (({order}) % {step} != 0 || abs({place}) / {shape.step} < {step}))"


def _mark_of_change(base: Any, right: str, up: str) -> Any:
    """A corner on each changed number; `right` and `up`: pixels from the middle of its cell to its edges."""
    return base.mark_point(
        shape="M-1,-1L1,-1L1,1Z",
        size=36,
        aria=False,
        fill=CHOSEN,
        stroke=None,
        opacity=_ref("numbered ? 1 : 0"),
        xOffset=_ref(f"{right} - 4.5"),
        yOffset=_ref(f"4 - {up}"),
    ).transform_filter("datum.before")


def _headings(base: Any, shape: Shape) -> list[Any]:
    """What each panel is, and how its numbers are made."""
    columns = f"(datum.stage == 'context' ? {shape.columns} : {shape.words})"
    return [
        base.mark_text(
            align="left",
            baseline="middle",
            fontSize=size,
            fontWeight=weight,
            fill=_INK,
            opacity=opacity,
            limit=_ref(f"{columns} * {_of('cell')} + gap - 6"),
        )
        .encode(x=_at(_of("x")), y=_at(f"{_of('y')} - {_of('head')} + {down}"), text=f"{field}:N")
        .transform_filter(f"datum.{field}")
        for field, down, size, weight, opacity in (("title", 8, 14, 600, 1.0), ("note", 26, 12, 400, 0.7))
    ]


def _frames(base: Any, shape: Shape) -> list[Any]:
    """Frames around the chosen or pointed-at number, and around the rows of its word in all panels."""
    where = "(pointed ? pointed_stage : datum.stage)"
    row = f"(((pointed ? pointed_row : datum.query_position) - 1) / {shape.step} * row_height)"
    column = f"(((pointed ? pointed_column : datum.key_position) - 1) / ({where} == 'context' ? 1 : {shape.step}))"
    rows = [
        base.mark_rect(fill=None, aria=False, stroke=CHOSEN, strokeWidth=1.5, cornerRadius=2).encode(
            x=_at(f"x_{stage} - 1"),
            x2=_at(f"x_{stage} + {count} * cell_{stage}"),
            y=_at(f"y_{stage} + {row} - 1"),
            y2=_at(f"y_{stage} + {row} + row_height"),
        )
        for stage, count in zip(PANELS, (shape.words, shape.words, shape.columns), strict=True)
    ]
    x, y = f"{_of('x', where)} + {column} * {_of('cell', where)}", f"{_of('y', where)} + {row}"
    number = (
        base.mark_rect(fill=None, aria=False, stroke=CHOSEN, strokeWidth=3, cornerRadius=2)
        .encode(
            x=_at(f"{x} - 1"), x2=_at(f"{x} + {_of('cell', where)}"), y=_at(f"{y} - 1"), y2=_at(f"{y} + row_height")
        )
        .properties(name="chosen")  # where serving/page.js begins to walk
    )
    return [*rows, number]


def _tiles(base: Any, said: dict[str, Any]) -> list[Any]:
    """The row of the followed word where the map has no numbers: for each word its name, its weight and its score."""
    x = "(datum.tile % tiles_a_line) * tile_width"
    y = f"(y_tiles + floor(datum.tile / tiles_a_line) * {TILE_HEIGHT})"
    middle = f"{x} + tile_width / 2 - 2"
    hidden = "numbered ? 0 : "
    tile = base.transform_filter("isValid(datum.tile)")
    weight, score = (tile.transform_filter(f"indexof(datum.stage, '{stage}') == 0") for stage in ("weights", "scores"))
    text: dict[str, Any] = {"baseline": "middle", "fontSize": _NAME_FONT}
    box = weight.mark_rect(
        invalid=None, cornerRadius=2, opacity=_ref(f"{hidden}1"), tooltip=_ref(_TOLD_WITH_BEFORE), **said
    ).encode(x=_at(x), x2=_at(f"{x} + tile_width - 4"), y=_at(f"{y} + 16"), y2=_at(f"{y} + 35"), color=_COLOUR)
    chosen = (
        tile.transform_filter("datum.chosen")
        .mark_rect(fill=None, aria=False, stroke=CHOSEN, strokeWidth=2, cornerRadius=2, opacity=_ref(f"{hidden}1"))
        .encode(x=_at(x), x2=_at(f"{x} + tile_width - 4"), y=_at(f"{y} + 16"), y2=_at(f"{y} + 35"))
    )
    return [
        box,
        chosen,
        _heading_below(
            base,
            "y_tiles",
            "pointed_number || 'Where ' + datum.query + ' looks: its weights, and below them the scores'",
        ),
        weight.mark_text(**text, fill=_INK, limit=_ref("tile_width - 4"), opacity=_ref(f"{hidden}0.85")).encode(
            x=_at(middle), y=_at(f"{y} + 8"), text="key:N"
        ),
        weight.mark_text(
            **text, fill=_ref(_CELL_INK), fontWeight=_ref("datum.before ? 700 : 400"), opacity=_ref(f"{hidden}1")
        ).encode(x=_at(middle), y=_at(f"{y} + 26"), text="shown:N"),
        score.mark_text(**text, fill=_INK, opacity=_ref(f"{hidden}0.7")).encode(
            x=_at(middle), y=_at(f"{y} + 43"), text="shown:N"
        ),
    ]


def _neighbours(base: Any, shape: Shape, said: dict[str, Any]) -> list[Any]:
    """The context vector of the followed word and those nearest to it, written out below the tiles."""
    height = NEIGHBOUR_HEIGHT
    column, line = "((datum.key_position - 1) % near_a_line)", "floor((datum.key_position - 1) / near_a_line)"
    x = f"(names + {column} * near_cell)"
    y = f"(y_near + {line} * near_line + datum.near * {height})"
    hidden = "numbered ? 0 : "
    near = base.transform_filter("isValid(datum.near)")
    text: dict[str, Any] = {"baseline": "middle", "fontSize": _NAME_FONT}
    return [
        near.mark_rect(invalid=None, opacity=_ref(f"{hidden}1"), tooltip=_ref(_TOLD_WITH_BEFORE), **said).encode(
            x=_at(x), x2=_at(f"{x} + near_cell - 1"), y=_at(y), y2=_at(f"{y} + {height - 1}"), color=_COLOUR
        ),
        near.mark_text(
            **text, fill=_ref(_CELL_INK), fontWeight=_ref("datum.before ? 700 : 400"), opacity=_ref(f"{hidden}1")
        ).encode(x=_at(f"{x} + near_cell / 2"), y=_at(f"{y} + {height / 2}"), text="shown:N"),
        near.transform_filter("datum.key_position % near_a_line == 1 || near_a_line == 1")
        .mark_text(
            **text,
            align="right",
            limit=shape.name_width - 8,
            fill=_INK,
            fontWeight=_ref("datum.near == 0 ? 700 : 400"),
            opacity=_ref(f"{hidden}0.85"),
        )
        .encode(x=_at("names - 7"), y=_at(f"{y} + {height / 2}"), text="query:N"),
        near.transform_filter("datum.near == 0")
        .mark_text(**text, limit=_ref("near_cell"), fill=_INK, opacity=_ref(f"{hidden}0.85"))
        .encode(x=_at(f"{x} + near_cell / 2"), y=_at(f"{y} - 10"), text="key:N"),
        _heading_below(base, "y_near - 20", "'The context of ' + datum.query + ' and the ones nearest to it'"),
    ]


def _heading_below(base: Any, below: str, told: str) -> Any:
    return (
        base.transform_filter("datum.tile === 0 && indexof(datum.stage, 'weights') == 0")
        .mark_text(
            align="left",
            baseline="middle",
            fontSize=14,
            fontWeight=600,
            fill=_INK,
            opacity=_ref("numbered ? 0 : 1"),
            text=_ref(told),
            limit=_ref("width"),
        )
        .encode(x=_at("0"), y=_at(f"{below} - 14"))
    )
