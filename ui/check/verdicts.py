"""Each table with its verdicts as marks and grounds, and the sum behind a number."""

import numpy as np
import pandas as pd
import streamlit as st

from checking.claims import PAIRS
from checking.findings import Findings
from checking.judge import CARRIED, CHECKED, DEPENDS, GIVEN, NOTHING, RIGHT, ROUNDING, WRONG, Judgement
from checking.model import STAGE_ORDER
from checking.reading import STAGES
from checking.story import as_printed, derivation, number_sentence, stage_sentence
from presentation.formulas import position_names, sums
from presentation.tables import vector_columns
from ui.check.frames import show, unique
from ui.state import keys, numbers_to_check

_DECIMALS = 4  # of the sums

# A mark for each verdict, so that nothing is told by colour alone.
_MARKS = {GIVEN: "", RIGHT: "✓", ROUNDING: "≈", DEPENDS: "?", CARRIED: "↳", WRONG: "✗", NOTHING: ""}
_GROUNDS = {
    RIGHT: "rgba(0, 158, 115, 0.22)",
    ROUNDING: "rgba(230, 159, 0, 0.28)",
    DEPENDS: "rgba(86, 180, 233, 0.28)",
    CARRIED: "rgba(213, 94, 0, 0.30)",
    WRONG: "rgba(213, 0, 50, 0.38)",
}


def stages(findings: Findings, of: str = "") -> None:
    """Each table with a mark beside every number, and the sum behind the one that is chosen. `of`: a head."""
    judgement = findings.judgement
    for stage, verdict in judgement.stages.items():
        if stage not in STAGE_ORDER and not verdict.count(*CHECKED):
            continue
        st.markdown(f"**{STAGES[stage]}** · {stage_sentence(judgement, stage)}")
        chosen = _marked(judgement, stage, of)
        place = chosen or verdict.first_wrong
        if place is not None:
            st.markdown(number_sentence(judgement, stage, *place))
            step = derivation(judgement, stage, *place)
            if step is not None:
                names = position_names(judgement.claims.words, vector_columns("c", verdict.true.shape[1]))
                st.latex(sums([(step, names)], decimals=_DECIMALS), width="stretch")


def _marked(judgement: Judgement, stage: str, of: str) -> tuple[int, int] | None:
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
    frame = pd.DataFrame(texts, index=unique([words[row] for row in rows]), columns=unique(heads))
    grounds = pd.DataFrame(
        [[_ground(each) for each in line] for line in found], index=frame.index, columns=frame.columns
    )
    picked = show(
        frame.style.apply(lambda _: grounds, axis=None),
        f"{STAGES[stage]}, each number with its verdict",
        key="_".join(filter(None, (keys.VERDICTS, stage, of, str(numbers_to_check.version())))),
    )
    if picked is None or picked[0] >= len(rows) or picked[1] not in frame.columns:
        return None
    return int(rows[picked[0]]), list(frame.columns).index(picked[1])


_LETTERS = {"q": "q", "k": "k", "v": "v"}


def _ground(verdict: int) -> str:
    return f"background-color: {_GROUNDS[verdict]}" if verdict in _GROUNDS else ""
