"""The picture of attention on the Playground: the number that is chosen in it, its sums, and what a change did."""

from typing import Any

import streamlit as st

from attention_core import Calculation, Derivation, Stage, derive, trace
from presentation import charts
from presentation.attention_picture import Place, attention_picture
from presentation.attention_picture_layout import WRITTEN_OUT
from presentation.change_text import what_changed
from presentation.tables import context_columns
from ui import comparison, explanation, pictures
from ui.state import address, current, keys, widgets

_KEY = "attention"
_MOST_BEHIND = 24  # sums behind a number that are written


def chosen(calculation: Calculation) -> Place:
    """The number whose sums are shown."""
    row, column = pictures.chosen_cell(calculation)
    stage = current.stage()
    if stage is Stage.CONTEXT:
        column = current.entry(calculation.context.shape[1])
    return Place(stage, row, column)


def picture(calculation: Calculation) -> None:
    """Scores, weights and context vectors, or their differences from what they are compared with."""
    place = chosen(calculation)
    compared = comparison.compared(calculation)
    before = None if compared else comparison.before_the_change(calculation)
    drawn = attention_picture(calculation, place, before=before, compared=compared)
    st.vega_lite_chart(
        drawn.table,
        drawn.spec,
        key=_KEY,
        alt=drawn.alt,
        selection_mode=charts.CLICK,
        on_select=widgets.callback(lambda: _clicked(looked_at=pictures.chosen_cell(calculation)[1])),
    )


def _clicked(*, looked_at: int) -> None:
    picked = widgets.held_by(_KEY)["selection"].get(charts.CLICK) or []
    if not picked:
        return
    stage, row, column = (picked[0].get(field) for field in ("stage", "query_position", "key_position"))
    current.choose_number(str(stage).removesuffix(WRITTEN_OUT), row, column, looked_at=looked_at)


def story(calculation: Calculation) -> None:
    """The picture in one sentence, and what the last change did to it or what it is compared with."""
    told = [pictures.told(calculation)] if address.shows("story") else []
    before = comparison.before_the_change(calculation)
    if differences := comparison.told(calculation.experiment):
        told.append(differences)
    elif before is not None:
        told.append(what_changed(calculation, before, chosen(calculation).row))
    if any(told):
        st.markdown(" ".join(told))


def sums(calculation: Calculation) -> None:
    """The sum of the chosen number: of a score, of a weight with the score it comes from, or of a context vector."""
    explanation.flow(_steps(calculation), calculation, key="sums")


def _steps(calculation: Calculation) -> list[Derivation]:
    place = chosen(calculation)
    if place.stage is Stage.WEIGHTS:
        return explanation.cell_steps(calculation, place.row, place.column)
    return [derive(calculation, place.stage, place.row, place.column)]


def choice(calculation: Calculation) -> None:
    """The choice of a number without a mouse."""
    row, column = pictures.chosen_cell(calculation)
    names = context_columns(calculation)
    boxes = [widgets.versioned(name, (row, column, calculation.labels)) for name in (keys.LOOKING, keys.LOOKED_AT)]
    entry = widgets.versioned(keys.ENTRY, (row, names, current.stage()))
    with st.popover("Choose a number", icon=":material/ads_click:"):
        st.caption("Or click a number of the picture.")
        for label, key, position in zip(("Word that looks", "Word looked at"), boxes, (row, column), strict=True):
            explanation.position_box(calculation, label, key, position, _choose_cell, *boxes)
        st.selectbox(
            "Number of its context vector",
            range(len(names)),
            index=current.entry(len(names)) if current.stage() is Stage.CONTEXT else None,
            placeholder="none",
            key=entry,
            format_func=names.__getitem__,
            on_change=widgets.callback(_choose_entry),
            args=(entry, row, column),
        )


def _choose_cell(looking: str, looked_at: str) -> None:
    stage = current.stage() if current.stage() is not Stage.CONTEXT else Stage.WEIGHTS
    current.choose_number(stage, widgets.held_by(looking), widgets.held_by(looked_at), counted_from=0)


def _choose_entry(key: str, row: int, looked_at: int) -> None:
    current.choose_number(Stage.CONTEXT, row, widgets.held_by(key), counted_from=0, looked_at=looked_at)


def behind(calculation: Calculation) -> None:
    """The sums one step further back, and each word's way, for those who open them."""
    place = chosen(calculation)
    if address.shows("sums"):
        _sums_behind(calculation, place)
    with st.expander("Where each word goes: from its embedding to its context", **_drawn_when_opened("moves")) as moves:
        if moves.open:
            pictures.context_moves(calculation, place.row)


def _sums_behind(calculation: Calculation, place: Place) -> None:
    if place.stage is Stage.CONTEXT:
        title = "The sums behind it: the vectors that are mixed"
    else:
        title = "The sums behind it: its query and its key"
    with st.expander(title, **_drawn_when_opened("sums_behind")) as behind:
        if not behind.open:
            return
        stage = Stage.CONTEXT if place.stage is Stage.CONTEXT else Stage.SCORES
        steps = trace(calculation, stage, place.row, place.column)[:-1]
        if not steps:
            st.caption("This way to attend uses the embeddings themselves, so nothing is worked out before.")
        elif len(steps) > _MOST_BEHIND:
            st.caption(f"{len(steps)} sums; here are the first {_MOST_BEHIND}.")
        explanation.flow(steps[:_MOST_BEHIND], calculation, key="behind")


def _drawn_when_opened(key: str) -> dict[str, Any]:
    """What an expander is given so that its inside costs nothing while it is closed."""
    return {"key": key, "on_change": widgets.keep_address, "width": "stretch"}
