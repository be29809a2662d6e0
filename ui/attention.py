"""The picture of attention on the Playground: the number that is chosen in it, its sums, and what a change did."""

import streamlit as st

from attention_core import Calculation, Derivation, Stage, derive, trace
from attention_core.changes import Counterpart
from presentation import charts
from presentation.attention_picture import Place, attention_picture
from presentation.change_text import what_changed
from presentation.order_text import order_text
from presentation.tables import context_columns
from ui import comparison, explanation, heads, masks, pictures, terms
from ui.state import address, current, keys, parts, widgets

_KEY = "attention"
_CHOOSE, _SUMS_BEHIND, _MOVES = "choose", "sums_behind", "moves"  # what opens
_MOST_BEHIND = 24  # sums behind a number that are written


def chosen(calculation: Calculation) -> Place:
    """The number whose sums are shown."""
    row, column = pictures.chosen_cell(calculation)
    stage = current.stage()
    if stage is Stage.CONTEXT:
        column = chosen_entry(calculation)
    return Place(stage, row, column)


def picture(calculation: Calculation, before: Counterpart | None, *, comparing: bool = True) -> None:
    """Scores, weights and context vectors, with what they were `before`; or differences from what is compared."""
    if address.shows("weights"):
        heads.row(calculation)
    place = chosen(calculation)
    compared = comparison.compared(calculation) if comparing else None
    drawn = attention_picture(
        calculation,
        place,
        before=None if compared else before,
        compared=compared,
        hidden=address.hidden_results(),
    )
    st.vega_lite_chart(
        drawn.table,
        drawn.spec | {"datasets": drawn.more},
        key=widgets.own_key(_KEY),
        alt=drawn.alt,
        selection_mode=charts.CLICK,
        on_select=widgets.callback(
            lambda: _clicked(looked_at=pictures.chosen_cell(calculation)[1]),
            changes=() if masks.is_on() else parts.OF_A_NUMBER,  # a click may forbid
        ),
    )


def _clicked(*, looked_at: int) -> None:
    picked = widgets.clicked(widgets.own_key(_KEY), charts.CLICK)
    if not picked:
        return
    stage, row, column = (picked.get(field) for field in ("stage", "query_position", "key_position"))
    if not masks.takes_click(stage, row, column):
        current.choose_number(stage, row, column, looked_at=looked_at)


def story(calculation: Calculation, before: Counterpart | None) -> None:
    """The picture in one sentence, and what the last change did to it or what it is compared with.

    Nothing of it is told where a result is hidden that it would tell of.
    """
    told = [pictures.told(calculation)] if address.shows_all(("story", "weights", "context")) else []
    if differences := comparison.told(calculation.experiment):
        told.append(differences)
    elif before is not None and not address.hidden_results():
        told.append(order_text(before.then, calculation) or what_changed(calculation, before, chosen(calculation).row))
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


def _told_below() -> object:
    is_open = any(widgets.held_by(key) for key in (_CHOOSE, terms.OPENED))
    return object() if is_open or masks.is_on() else "closed"


@parts.part(parts.CHOICES, shows=_told_below)
def choices() -> None:
    """What can be chosen and looked up below the sums."""
    calculation = current.calculation()
    with st.container(horizontal=True, gap="small"):
        choice(calculation)
        terms.of_the_picture(calculation)
        masks.clicking(calculation)


def choice(calculation: Calculation) -> None:
    """The choice of a number without a mouse."""
    opened = st.popover("Choose a number", icon=":material/ads_click:", **widgets.filled_when_opened(_CHOOSE))
    if widgets.is_looked_into(opened):
        with opened:
            _words_and_entry(calculation)


def _words_and_entry(calculation: Calculation) -> None:
    row, column = pictures.chosen_cell(calculation)
    stage = current.stage()
    cell_stage = Stage.WEIGHTS if stage is Stage.CONTEXT else stage
    shown = row, column, stage, calculation.labels
    looking, looked_at = (widgets.versioned(name, shown) for name in (keys.LOOKING, keys.LOOKED_AT))

    def choose(stage: Stage, row: object, column: object) -> None:
        current.choose_number(stage, row, column, counted_from=0, looked_at=shown[1])

    st.caption("Or click a number of the picture.")
    explanation.position_box(
        calculation,
        "Word that looks",
        looking,
        row,
        lambda chosen: choose(stage, chosen, chosen_entry(calculation) if stage is Stage.CONTEXT else column),
    )
    explanation.position_box(
        calculation, "Word it looks at", looked_at, column, lambda chosen: choose(cell_stage, row, chosen)
    )
    names = context_columns(calculation)
    entry = widgets.versioned(keys.ENTRY, (shown, names, chosen_entry(calculation)))
    st.selectbox(
        "Number of its context vector",
        range(len(names)),
        index=chosen_entry(calculation) if stage is Stage.CONTEXT else None,
        placeholder="none",
        key=entry,
        format_func=names.__getitem__,
        on_change=widgets.callback(lambda: choose(Stage.CONTEXT, row, widgets.held_by(entry))),
    )


def chosen_entry(calculation: Calculation) -> int:
    """Which number of the context vectors is chosen, from 0."""
    return current.entry(calculation.context.shape[1])


def _told_behind() -> object:
    """What tells whether what stands behind looks different: whatever is open does, after any change."""
    is_open = any(widgets.held_by(key) for key in (_SUMS_BEHIND, _MOVES))
    return object() if is_open else current.stage() is Stage.CONTEXT


@parts.part(parts.BEHIND, shows=_told_behind)
def behind() -> None:
    """The sums one step further back, and each word's way, for those who open them."""
    calculation = current.calculation()
    place = chosen(calculation)
    if address.shows("sums"):
        _sums_behind(calculation, place)
    if not address.shows("context"):
        return
    with st.expander(
        "Where each word goes: from its embedding to its context",
        width="stretch",
        **widgets.filled_when_opened(_MOVES),
    ) as moves:
        if moves.open:
            pictures.context_moves(calculation, place.row)


def _sums_behind(calculation: Calculation, place: Place) -> None:
    if place.stage is Stage.CONTEXT:
        title = "The sums behind it: the vectors that are mixed"
    else:
        title = "The sums behind it: its query and its key"
    with st.expander(title, width="stretch", **widgets.filled_when_opened(_SUMS_BEHIND)) as behind:
        if not behind.open:
            return
        stage = Stage.CONTEXT if place.stage is Stage.CONTEXT else Stage.SCORES
        steps = trace(calculation, stage, place.row, place.column)[:-1]
        if not steps:
            st.caption("This way to attend uses the embeddings themselves, so nothing is worked out before.")
        elif len(steps) > _MOST_BEHIND:
            st.caption(f"{len(steps)} sums; here are the first {_MOST_BEHIND}.")
        explanation.flow(steps[:_MOST_BEHIND], calculation, key="behind")
