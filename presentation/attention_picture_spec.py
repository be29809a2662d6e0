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
    of_stage,
    signals,
)
from presentation.attention_picture_map import (
    CLICKED_FIELDS,
    FIELDS,
    MAPS,
    MOUSE,
    NOWHERE,
    map_pictures,
    pointed_on_map,
    pointer,
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
from presentation.specifications import Spec, pixels, ref, specification

APART = 1000  # the panels' places on the scales: those of scores from 0, of weights from 1000, of context from 2000
# The tables beside that of the numbers: the names of rows and columns, what stands over the panels, the place of the
# chosen number, and what is written out of the followed word where the maps have no numbers.
NAMES, HEADINGS, CHOSEN_NUMBER, FOLLOWED = "names", "headings", "chosen_number", "followed"
_POINTED_FIELDS = [*FIELDS, "query", "key", "value"]
_NUMBERS = "numbers"
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
    cells = map_pictures(alt.Chart(alt.NamedData(MAPS)), shape) if shape.is_always_map else _map(base, shape)
    layers = [*cells, *_names(names, shape), *_headings(headings, shape), *_frames(chosen, shape)]
    if shape.tiles:
        # Where the map tells no numbers to those who cannot see, what is written out below does.
        said: dict[str, Any] = {"description": ref(_SAID)} if shape.is_always_map else {}
        layers += [*_tiles(followed, said), *_neighbours(followed, shape, said)]
    if shape.is_always_map:
        layers.append(pointer(base))  # above all others, as it takes the click
    spec = specification(alt.layer(*layers))
    for part in (spec, *spec["layer"]):
        if part.get("data") == {"name": _NUMBERS}:
            part.pop("data")
    for layer in spec["layer"]:
        if "description" not in layer["mark"]:
            layer["mark"]["aria"] = False  # each number is told once
    spec.pop("datasets", None)
    named = dict(signals(shape)) | (pointed_on_map(shape) if shape.is_always_map else _POINTED)
    spec["params"] = [*spec.get("params", []), *({"name": name, "expr": told} for name, told in named.items())]
    if shape.is_always_map:
        spec["params"].append(MOUSE)
    spec["autosize"] = {"type": "none"}
    spec["padding"] = {"left": 0, "right": 0, "top": 0, "bottom": 0}
    spec["config"] = {"view": {"stroke": None}}
    return spec


def _map(base: Any, shape: Shape) -> list[Any]:
    """The cells of the three panels, their numbers, and the marks of what changed."""
    x, y = _places(shape)
    few = shape.words <= _FEW
    cells = (
        base.mark_rect(
            invalid=None,
            width=ref(f"{of_stage('cell')} - {1 if few else 0}"),
            height=ref(f"row_height - {1 if few else 0}"),
            tooltip=ref(_TOLD_WITH_BEFORE),
            description=ref(_SAID),
            **({"opacity": ref(f"{_LIT} ? 1 : 0.4")} if few else {}),
        )
        .encode(x=x, y=y, color=_COLOUR)
        .add_params(
            alt.selection_point(name=CLICK, fields=CLICKED_FIELDS),
            alt.selection_point(name="pointed_at", fields=_POINTED_FIELDS, on="pointerover", clear="pointerout"),
        )
    )
    numbers = base.mark_text(
        fontSize=ref("font"),
        baseline="middle",
        opacity=ref(f"!numbered ? 0 : {_LIT} ? 1 : 0.6"),
        fill=ref(_CELL_INK),
        fontWeight=ref("datum.before ? 700 : 400"),
    ).encode(x=x, y=y, text="shown:N")
    marks = _mark_of_change(base, f"{of_stage('cell')} / 2", "row_height / 2").encode(x=x, y=y)
    return [cells, numbers, marks]


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
            fill=ref(f"pointed && {_ROW_LIT} ? '{QUERY}' : '{_INK}'"),
            fontWeight=ref(f"{_ROW_LIT} ? 700 : 400"),
            fontStyle=ref("datum.dotted ? 'italic' : 'normal'"),
            opacity=ref(f"!{_BEGINS_A_LINE} || {covered_row} ? 0 : {_ROW_LIT} ? 1 : 0.8"),
        )
        .encode(y=y, text="query:N", x=pixels("names - 7"))
        .transform_filter("datum.side == 'row'")
    )
    upright = of_stage("upright")
    lit_column = "((datum.stage == 'context') == (pointed_stage == 'context') ? pointed_column : 0)"
    covered = f"(!({upright}) && {_covered(shape, 'key', lit_column, of_stage('cell'))})"
    column_names = (
        base.mark_text(
            fontSize=_NAME_FONT,
            baseline="middle",
            align=ref(f"{upright} ? 'center' : 'left'"),
            angle=ref(f"{upright} ? 0 : 270"),
            limit=ref(f"{upright} ? {of_stage('cell')} : {LONGEST_NAME}"),
            fill=ref(f"{_COLUMN_LIT} ? (datum.stage == 'context' ? '{VALUE}' : '{KEY}') : '{_INK}'"),
            fontWeight=ref(f"{_COLUMN_LIT} ? 700 : 400"),
            fontStyle=ref("datum.dotted ? 'italic' : 'normal'"),
            opacity=ref(f"{covered} ? 0 : {_COLUMN_LIT} ? 1 : 0.8"),
        )
        .encode(x=x, y=pixels(f"{of_stage('y')} - ({upright} ? 11 : 7)"), text="key:N")
        .transform_filter("datum.side == 'column'")
    )
    hidden = f"!{_BEGINS_A_LINE} || {covered_row}"
    dots = (  # under the names of words whose numbers nobody set
        base.mark_rule(strokeDash=[1.5, 2.5], aria=False, stroke=_INK, opacity=ref(f"{hidden} ? 0 : 0.8"))
        .encode(
            y=pixels(f"{of_stage('y')} + (datum.row % {APART}) * row_height + 8"),
            x=pixels(f"names - 7 - min(length(datum.query) * {NAME_CHARACTER}, {shape.name_width - 8})"),
            x2=pixels("names - 7"),
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
        range_x += [ref(f"x_{stage}"), ref(f"x_{stage} + {count} * cell_{stage}")]
        domain_y += [APART * at, APART * at + shape.words]
        range_y += [ref(f"y_{stage}"), ref(f"y_{stage} + rows_height")]
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
        opacity=ref("numbered ? 1 : 0"),
        xOffset=ref(f"{right} - 4.5"),
        yOffset=ref(f"4 - {up}"),
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
            limit=ref(f"{columns} * {of_stage('cell')} + gap - 6"),
        )
        .encode(x=pixels(of_stage("x")), y=pixels(f"{of_stage('y')} - {of_stage('head')} + {down}"), text=f"{field}:N")
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
            x=pixels(f"x_{stage} - 1"),
            x2=pixels(f"x_{stage} + {count} * cell_{stage}"),
            y=pixels(f"y_{stage} + {row} - 1"),
            y2=pixels(f"y_{stage} + {row} + row_height"),
        )
        for stage, count in zip(PANELS, (shape.words, shape.words, shape.columns), strict=True)
    ]
    x, y = f"{of_stage('x', where)} + {column} * {of_stage('cell', where)}", f"{of_stage('y', where)} + {row}"
    number = (
        base.mark_rect(fill=None, aria=False, stroke=CHOSEN, strokeWidth=3, cornerRadius=2)
        .encode(
            x=pixels(f"{x} - 1"),
            x2=pixels(f"{x} + {of_stage('cell', where)}"),
            y=pixels(f"{y} - 1"),
            y2=pixels(f"{y} + row_height"),
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
        invalid=None, cornerRadius=2, opacity=ref(f"{hidden}1"), tooltip=ref(_TOLD_WITH_BEFORE), **said
    ).encode(
        x=pixels(x), x2=pixels(f"{x} + tile_width - 4"), y=pixels(f"{y} + 16"), y2=pixels(f"{y} + 35"), color=_COLOUR
    )
    chosen = (
        tile.transform_filter("datum.chosen")
        .mark_rect(fill=None, aria=False, stroke=CHOSEN, strokeWidth=2, cornerRadius=2, opacity=ref(f"{hidden}1"))
        .encode(x=pixels(x), x2=pixels(f"{x} + tile_width - 4"), y=pixels(f"{y} + 16"), y2=pixels(f"{y} + 35"))
    )
    return [
        box,
        chosen,
        _heading_below(
            base,
            "y_tiles",
            "pointed_number || 'Where ' + datum.query + ' looks: its weights, and below them the scores'",
        ),
        weight.mark_text(**text, fill=_INK, limit=ref("tile_width - 4"), opacity=ref(f"{hidden}0.85")).encode(
            x=pixels(middle), y=pixels(f"{y} + 8"), text="key:N"
        ),
        weight.mark_text(
            **text, fill=ref(_CELL_INK), fontWeight=ref("datum.before ? 700 : 400"), opacity=ref(f"{hidden}1")
        ).encode(x=pixels(middle), y=pixels(f"{y} + 26"), text="shown:N"),
        score.mark_text(**text, fill=_INK, opacity=ref(f"{hidden}0.7")).encode(
            x=pixels(middle), y=pixels(f"{y} + 43"), text="shown:N"
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
        near.mark_rect(invalid=None, opacity=ref(f"{hidden}1"), tooltip=ref(_TOLD_WITH_BEFORE), **said).encode(
            x=pixels(x), x2=pixels(f"{x} + near_cell - 1"), y=pixels(y), y2=pixels(f"{y} + {height - 1}"), color=_COLOUR
        ),
        near.mark_text(
            **text, fill=ref(_CELL_INK), fontWeight=ref("datum.before ? 700 : 400"), opacity=ref(f"{hidden}1")
        ).encode(x=pixels(f"{x} + near_cell / 2"), y=pixels(f"{y} + {height / 2}"), text="shown:N"),
        near.transform_filter("datum.key_position % near_a_line == 1 || near_a_line == 1")
        .mark_text(
            **text,
            align="right",
            limit=shape.name_width - 8,
            fill=_INK,
            fontWeight=ref("datum.near == 0 ? 700 : 400"),
            opacity=ref(f"{hidden}0.85"),
        )
        .encode(x=pixels("names - 7"), y=pixels(f"{y} + {height / 2}"), text="query:N"),
        near.transform_filter("datum.near == 0")
        .mark_text(**text, limit=ref("near_cell"), fill=_INK, opacity=ref(f"{hidden}0.85"))
        .encode(x=pixels(f"{x} + near_cell / 2"), y=pixels(f"{y} - 10"), text="key:N"),
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
            opacity=ref("numbered ? 0 : 1"),
            text=ref(told),
            limit=ref("width"),
        )
        .encode(x=pixels("0"), y=pixels(f"{below} - 14"))
    )
