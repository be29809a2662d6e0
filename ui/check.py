"""What the page Check my numbers shows: what was pasted, what was understood, and what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from attention_core import VARIANTS
from attention_core.words import position_labels
from checking.back import experiment_of
from checking.claims import BY_WORD, PAIRS, ClaimError, Given, claims_of
from checking.finding_out import find
from checking.findings import Findings
from checking.hypotheses import Said
from checking.impossible import Impossible
from checking.judge import CARRIED, DEPENDS, GIVEN, NOTHING, RIGHT, ROUNDING, WRONG, Judgement
from checking.model import STAGE_ORDER
from checking.not_known import refuse_what_is_not_known
from checking.placing import placed
from checking.precision import decimals_of
from checking.published import published
from checking.reading import MAX_TEXT, STAGES, LeftOut, Reading, ReadingError, ReadTable, reading_of
from checking.story import as_printed, derivation, headline, how, number_sentence, report, stage_sentence
from presentation import lesson_charts
from presentation.formulas import position_names, sums
from presentation.tables import vector_columns
from presentation.text import plain
from sharing.address import MAX_TEXT_CODE
from ui import pictures
from ui.state import history, keys, numbers_to_check, widgets

_FIND_OUT = "Find out"
_LEAVE_OUT = "leave out"
_MAX_DECIMALS = 12
_DECIMALS = 4  # of the sums
_ROWS_SHOWN = 8
_MOST_LEFT_OUT = 200  # lines that are listed

# A mark for each verdict, so that nothing is told by colour alone.
_MARKS = {GIVEN: "", RIGHT: "✓", ROUNDING: "≈", DEPENDS: "?", CARRIED: "↳", WRONG: "✗", NOTHING: ""}
_GROUNDS = {
    RIGHT: "rgba(0, 158, 115, 0.22)",
    ROUNDING: "rgba(230, 159, 0, 0.28)",
    DEPENDS: "rgba(86, 180, 233, 0.28)",
    CARRIED: "rgba(213, 94, 0, 0.30)",
    WRONG: "rgba(213, 0, 50, 0.38)",
}


def paste() -> Reading | None:
    """The text with the numbers, or an example to load; what was read in it."""
    loaded = numbers_to_check.loaded_example()
    key = widgets.versioned(keys.PUBLISHED, loaded)
    st.selectbox(
        "Load an example",
        list(published()),
        key=key,
        index=list(published()).index(loaded) if loaded else None,
        placeholder="or paste your own numbers below",
        format_func=lambda id: published()[id].title,
        on_change=widgets.callback(_load),
        args=(key,),
    )
    _address_of_numbers()
    text = st.text_area(
        "Numbers of an article or homework",
        key=widgets.mirror(keys.NUMBERS, numbers_to_check.text()),
        height=300,
        max_chars=MAX_TEXT,
        placeholder="Scores\n| | The | cat |\n| --- | --- | --- |\n| The | 1.20 | 0.30 |\n| cat | 0.10 | 2.00 |",
        help="Name each table in the line above it: Embeddings, W_Q, Q, Scores, Weights, Context … Rows may come from "
        "a spreadsheet, Markdown, LaTeX, Python, MATLAB, a web page, or as plain lines.",
        on_change=widgets.callback(numbers_to_check.type_in),
    )
    if example := published().get(numbers_to_check.loaded_example()):
        st.caption(plain(example.source))
    if not (text or "").strip():
        return None
    try:
        refuse_what_is_not_known(text or "")
        return reading_of(text or "")
    except ReadingError as error:
        st.error(plain(str(error)), icon=":material/edit:")
        return None


def _address_of_numbers() -> None:
    """The field that carries the numbers in the address, so that a reload or a link brings them back."""
    with st.popover("Link to these numbers", icon=":material/link:"):
        st.text_input(
            "The code of the numbers",
            key=numbers_to_check.code_key(),
            bind="query-params",
            max_chars=MAX_TEXT_CODE + 1,  # one more than can be opened, so that a longer one is refused
        )
        st.caption("The address of this page holds the numbers too, as long as they are not too many for one.")
    if problem := numbers_to_check.open_code():
        st.warning(f"The numbers of this link could not be opened. {plain(problem)}", icon=":material/link_off:")


def what_it_does() -> None:
    """What the page is for, as long as there is nothing to check."""
    st.info(
        "Paste the numbers of a worked example: embeddings, W_Q, W_K, W_V, Q, K, V, scores, weights, context, or some "
        "of them. Each number that follows from the ones before is checked: **right**, **right but for rounding**, or "
        "**wrong**, with what it should be and the sum that makes it. Usual slips are recognised, and so are numbers "
        "that cannot be. Or load an example.",
        icon=":material/rule:",
    )


def how_it_was_made() -> Said:
    """The way to attend, the scaling and the mask, as far as the author says."""
    way = st.selectbox(
        "Way to attend",
        [_FIND_OUT, *VARIANTS],
        key=keys.CHECK_WAY,
        format_func=lambda id: VARIANTS[id].name if id in VARIANTS else id,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    with st.container(horizontal=True):
        scaled = _yes_or_no("Scaling", keys.CHECK_SCALING, "Scaled", "Not scaled")
        causal = _yes_or_no("Causal mask", keys.CHECK_MASK, "With", "Without")
        key_size = st.number_input(
            "d_k",
            min_value=1,
            value=None,
            placeholder="from the tables",
            key=keys.CHECK_KEY_SIZE,
            width=190,
            persist_state="session",
            on_change=widgets.keep_address,
            help="How many numbers a key has, where the tables do not tell.",
        )
    return Said(VARIANTS.get(way), scaled, causal, key_size)


def _yes_or_no(label: str, key: str, yes: str, no: str) -> bool | None:
    said = st.segmented_control(
        label,
        [_FIND_OUT, yes, no],
        default=_FIND_OUT,
        key=key,
        required=True,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    return {yes: True, no: False}.get(said or "")


def understood(reading: Reading | None) -> tuple[Given, ...]:
    """What was read, table by table, to be corrected: which stage it is, its decimals, its first word."""
    if reading is None:
        return ()
    st.markdown("## What was understood")
    _left_out(reading.left_out)
    given = []
    for number, (table, place) in enumerate(zip(reading.tables, placed(reading.tables), strict=True)):
        with st.container(border=True):
            corrected = _corrected(number, table, place)
        if corrected is not None:
            given.append(corrected)
    return tuple(given)


def _left_out(lines: Sequence[LeftOut]) -> None:
    """The numbers of the text that stand in no table, so that nobody takes them for checked."""
    count = sum(len(each.numbers) for each in lines)
    if not count:
        return
    told = "1 number is" if count == 1 else f"{count:,} numbers are"
    with st.expander(f"{told} in no table and not checked", icon=":material/filter_alt_off:"):
        frame = pd.DataFrame(
            [[", ".join(each.numbers), each.text, each.why] for each in lines[:_MOST_LEFT_OUT]],
            index=_unique(f"line {each.line}" for each in lines[:_MOST_LEFT_OUT]),
            columns=["Numbers", "Line", "Where"],
        )
        _frame(frame, "The numbers that were left out")
        if len(lines) > _MOST_LEFT_OUT:
            st.caption(f"The first {_MOST_LEFT_OUT} of {len(lines):,} lines.")


def _corrected(number: int, table: ReadTable, place: Given) -> Given | None:
    """A table as it was read and placed, with what the visitor says of it; None where it is left out."""
    key = f"{keys.READ_TABLE}_{numbers_to_check.version()}_{number}"
    beside = st.container(horizontal=True, vertical_alignment="bottom")
    stage = beside.selectbox(
        f"Table {number + 1}, line {table.line}",
        [*STAGES, _FIND_OUT, _LEAVE_OUT],
        index=[*STAGES, _FIND_OUT].index(table.stage or _FIND_OUT),
        key=f"{key}_stage",
        persist_state="session",
        format_func=lambda id: STAGES.get(id, id),
        on_change=widgets.keep_address,
    )
    decimals = beside.number_input(
        "Decimals",
        width=110,
        min_value=0,
        max_value=_MAX_DECIMALS,
        value=None,
        placeholder=str(decimals_of(table.rows)),
        key=f"{key}_decimals",
        persist_state="session",
        on_change=widgets.keep_address,
        help="Empty: as many as are printed.",
    )
    row = beside.number_input(
        "First row: word",
        width=130,
        min_value=1,
        value=None if place.first_row is None else place.first_row + 1,
        placeholder=_FIND_OUT,
        key=f"{key}_row",
        persist_state="session",
        on_change=widgets.keep_address,
        disabled=stage not in BY_WORD,
    )
    if table.heading:
        st.caption(f"“{plain(table.heading)}”")
    texts = [[each.text if each else "" for each in line] for line in table.rows]
    rows, columns = table.row_labels or _counted(len(texts)), table.column_labels or _counted(len(texts[0]))
    _frame(pd.DataFrame(texts, index=_unique(rows), columns=_unique(columns)), f"What was read as table {number + 1}")
    if stage == _LEAVE_OUT:
        return None
    first_row = (None if row is None else row - 1) if stage in BY_WORD else 0
    return replace(place, stage=None if stage == _FIND_OUT else stage, first_row=first_row, decimals=decimals)


def found(given: Sequence[Given], said: Said) -> Findings | None:
    """Check the tables; what is wrong with them as tables is one sentence."""
    if not given:
        return None
    try:
        claims = claims_of(given)
    except ClaimError as error:
        st.error(plain(str(error)), icon=":material/table:")
        return None
    example = published().get(numbers_to_check.loaded_example())
    key_size = said.key_size or (example.key_size if example else None)
    return find(claims, replace(said, key_size=key_size))


def result(findings: Findings) -> None:
    """The whole in a sentence or two."""
    told = headline(findings)
    if findings.verdict == "wrong":
        st.error(told, icon=":material/rule:")
    elif findings.verdict == "nothing":
        st.info(told, icon=":material/help:")
    elif findings.verdict == "depends":
        st.warning(told, icon=":material/help:")
    else:
        st.success(told, icon=":material/check_circle:")
    st.caption(
        f"{how(findings)} ✓ right · ≈ right but for rounding · ? right if … · ↳ follows from a wrong number · ✗ wrong"
    )


def what_cannot_be(findings: Findings) -> None:
    """Rows that nothing could give, the first of them drawn."""
    for number, each in enumerate(findings.impossible[:_MOST_IMPOSSIBLE]):
        _impossible(findings, each, number)


_MOST_IMPOSSIBLE = 3  # rows that are told, one of them drawn


def _impossible(findings: Findings, found: Impossible, number: int) -> None:
    claims = findings.judgement.claims
    st.warning(f"**{STAGES[found.stage]}** of {plain(claims.words[found.row])}: {found.told}", icon=":material/block:")
    if found.closest is None or number:
        return
    claim = claims.tables[found.stage]
    seen = np.isfinite(claim.values[found.row])
    chart = lesson_charts.misses(
        claim.values[found.row, seen] - found.closest.row,
        [word for word, is_seen in zip(claims.words, seen, strict=True) if is_seen],
        rounding=float(claim.halves[found.row, seen].max()),
        decimals=_DECIMALS,
    )
    pictures.still(chart, "misses")


def stages(findings: Findings) -> None:
    """Each table with a mark beside every number, and the sum behind the one that is chosen."""
    judgement = findings.judgement
    for stage, verdict in judgement.stages.items():
        if stage not in STAGE_ORDER and verdict.first_wrong is None:
            continue
        st.markdown(f"**{STAGES[stage]}** · {stage_sentence(judgement, stage)}")
        chosen = _marked(judgement, stage)
        place = chosen or verdict.first_wrong
        if place is not None:
            st.markdown(number_sentence(judgement, stage, *place))
            step = derivation(judgement, stage, *place)
            if step is not None:
                names = position_names(judgement.claims.words, vector_columns("c", verdict.true.shape[1]))
                st.latex(sums([(step, names)], decimals=_DECIMALS), width="stretch")


def take_on(findings: Findings) -> None:
    """The report, and the way to the Playground with the numbers that are known."""
    judgement, example = findings.judgement, published().get(numbers_to_check.loaded_example())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Report (.md)",
            report(findings, source=example.source if example else ""),
            file_name="check.md",
            mime="text/markdown",
            key="download_report",
            icon=":material/download:",
            on_click="ignore",
        )
        try:
            back = experiment_of(judgement)
        except ValueError as error:
            st.caption(plain(str(error)))
            return
        if st.button(
            "Open in the Playground",
            key="to_playground",
            icon=":material/grid_on:",
            on_click=widgets.callback(history.commit),
            args=(back.experiment,),
        ):
            st.switch_page("../pages/playground.py", query_params={})  # None would clear the address, a bound field
        if back.told:
            st.caption(back.told)


def _marked(judgement: Judgement, stage: str) -> tuple[int, int] | None:
    """The claimed table, its verdicts as marks and grounds; the number that was clicked."""
    verdict, words = judgement.stages[stage], judgement.claims.words
    rows, columns = np.flatnonzero(verdict.claim.claimed.any(axis=1)), range(verdict.claim.values.shape[1])
    heads = words if stage in PAIRS else vector_columns(_LETTERS.get(stage, "c"), len(columns))
    found = [[int(verdict.verdicts[row, column]) for column in columns] for row in rows]
    texts = [
        [
            f"{as_printed(verdict, int(row), column)} {_MARKS[each]}".strip()
            for column, each in zip(columns, line, strict=True)
        ]
        for row, line in zip(rows, found, strict=True)
    ]
    frame = pd.DataFrame(texts, index=_unique([words[row] for row in rows]), columns=_unique(heads))
    grounds = pd.DataFrame(
        [[_ground(each) for each in line] for line in found], index=frame.index, columns=frame.columns
    )
    picked = _frame(
        frame.style.apply(lambda _: grounds, axis=None),
        f"{STAGES[stage]}, each number with its verdict",
        key=f"{keys.VERDICTS}_{stage}_{numbers_to_check.version()}",
    )
    if picked is None or picked[0] >= len(rows) or picked[1] not in frame.columns:
        return None
    return int(rows[picked[0]]), list(frame.columns).index(picked[1])


_LETTERS = {"q": "q", "k": "k", "v": "v"}


def _ground(verdict: int) -> str:
    return f"background-color: {_GROUNDS[verdict]}" if verdict in _GROUNDS else ""


def _frame(frame: pd.DataFrame | Styler, alt: str, key: str | None = None) -> tuple[int, str] | None:
    """A table to read; with a key its cells can be chosen, and the chosen one is told."""
    data = frame.data if isinstance(frame, Styler) else frame
    shared: dict[str, Any] = {"height": 38 + 35 * min(len(data), _ROWS_SHOWN), "row_height": 35, "alt": alt}
    if key is None:
        st.dataframe(frame, **shared)
        return None
    event = st.dataframe(frame, key=key, on_select=widgets.keep_address, selection_mode="single-cell", **shared)
    cells = event["selection"]["cells"]
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def _counted(count: int) -> list[str]:
    return [str(place) for place in range(1, count + 1)]


def _unique(names: Iterable[str]) -> list[str]:
    """Names that all differ, as a table needs them; a name may already look like a place ("the·1")."""
    unique: dict[str, None] = {}
    for name in position_labels(list(names)):
        while name in unique:
            name += "′"
        unique[name] = None
    return list(unique)


def _load(key: str) -> None:
    chosen = published().get(widgets.held_by(key) or "")
    if chosen is not None and not widgets.is_what_it_showed(key):
        numbers_to_check.load(chosen.id, chosen.text)
