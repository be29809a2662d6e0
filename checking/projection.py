"""An output that may be behind a projection W_O which is not printed: then nothing tells what it should be.

Letters: n words, d_v numbers a value, d_out an output.
"""

import re
from dataclasses import replace

import numpy as np

from checking.judge import CARRIED, CHECKED, GIVEN, WRONG, Judgement

_OUTPUT = re.compile(r"\boutputs?\b|multi-?\s?head|\bprojec|\bW_?O\b|\bfinal\b", re.IGNORECASE)
_MOST_OF_IT = 0.5  # of the numbers are wrong; fewer are slips of somebody who did not project


def behind_a_projection(judgement: Judgement) -> Judgement | None:
    """The same with the output left open, if it is the only table with wrong numbers and a projection could make it.

    None where that is not so. An output of n words follows from the context vectors by some table of d_v × d_out if it
    lies within their span, rounding apart.
    """
    verdict = judgement.stages.get("context")
    headings = [table.heading for table in judgement.claims.given if table.stage == "context"]
    if verdict is None or not any(map(_OUTPUT.search, headings)):
        return None
    mixed = verdict.true  # as it comes from the weights
    wrong = verdict.count(WRONG, CARRIED)
    if wrong != judgement.wrong or wrong <= _MOST_OF_IT * verdict.count(*CHECKED):
        return None
    printed, halves = np.nan_to_num(verdict.claim.values), np.nan_to_num(verdict.claim.halves)
    seen = ~np.isnan(verdict.claim.values).any(axis=1)
    if not seen.any() or np.isnan(mixed[seen]).any():
        return None
    table = np.linalg.lstsq(mixed[seen], printed[seen], rcond=None)[0]
    allowed = halves[seen] + verdict.off[seen].max(initial=0.0) * np.abs(table).sum(axis=0)
    if (np.abs(mixed[seen] @ table - printed[seen]) > 2 * allowed).any():
        return None
    opened = np.where(verdict.claim.claimed, GIVEN, verdict.verdicts).astype(np.int8)
    return replace(judgement, stages={**judgement.stages, "context": replace(verdict, verdicts=opened)})
