"""What was found as a whole: the verdict, rows that cannot be, and where to go with it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from checking.back import experiment_of_heads
from checking.claims import ClaimError, Given
from checking.findings import Findings
from checking.hypotheses import Said
from checking.impossible import Impossible
from checking.pasted import Pasted
from checking.published import published
from checking.reading import STAGES
from checking.whole import Part, Whole, headline_of, how_of, report_of
from presentation import lesson_charts
from presentation.text import plain
from ui import pictures
from ui.state import history, keys, numbers_to_check, widgets

_DECIMALS = 4  # of the picture


def found(text: Pasted | None, given: Sequence[Given], said: Said) -> Whole | None:
    """Check the tables; what is wrong with them as tables is one sentence."""
    if text is None or not given:
        return None
    example = published().get(numbers_to_check.loaded_example())
    key_size = said.key_size or (example.key_size if example else None)
    try:
        return text.judged(given, replace(said, key_size=key_size))
    except ClaimError as error:
        st.error(plain(str(error)), icon=":material/table:")
        return None


def result(whole: Whole) -> None:
    """The whole in a sentence or two."""
    told = headline_of(whole)
    if whole.verdict == "wrong":
        st.error(told, icon=":material/rule:")
    elif whole.verdict == "nothing":
        st.info(told, icon=":material/help:")
    elif whole.verdict == "depends":
        st.warning(told, icon=":material/help:")
    else:
        st.success(told, icon=":material/check_circle:")
    st.caption(
        f"{how_of(whole)} ✓ right · ≈ right but for rounding · ? right if … · ↳ follows from a wrong number · ✗ wrong"
    )


def chosen_part(whole: Whole) -> Part:
    """The head whose numbers are shown, or what they make together; at first one with something wrong."""
    if len(whole.parts) == 1:
        return whole.parts[0]
    labels = [part.name for part in whole.parts]
    wrong = (place for place, part in enumerate(whole.parts) if part.findings.verdict == "wrong")
    label = st.segmented_control(
        "Numbers of",
        labels,
        default=labels[next(wrong, 0)],
        key=f"{keys.CHECK_PART}_{numbers_to_check.version()}",
        required=True,
        on_change=widgets.keep_address,
    )
    return whole.parts[labels.index(label)] if label in labels else whole.parts[0]


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


def take_on(whole: Whole) -> None:
    """The report, and the way to the Playground with the numbers that are known."""
    example = published().get(numbers_to_check.loaded_example())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Report (.md)",
            report_of(whole, source=example.source if example else ""),
            file_name="check.md",
            mime="text/markdown",
            key="download_report",
            icon=":material/download:",
            on_click="ignore",
        )
        try:
            back = experiment_of_heads(*whole.to_open)
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
