"""What was found, told to a person: a sentence a stage, the sum behind a number, and a report for an erratum."""

from collections.abc import Iterator

import numpy as np

from attention_core.derivation import Derivation, Operator, Quantity, Symbol
from attention_core.masks import CAUSAL
from attention_core.stages import STAGES as ABOUT
from attention_core.stages import Stage
from checking.claims import BY_WORD, PAIRS, Claims
from checking.corrections import Correction
from checking.findings import Findings
from checking.impossible import Impossible
from checking.judge import (
    CARRIED,
    CHECKED,
    DEPENDS,
    GIVEN,
    NOTHING,
    RIGHT,
    ROUNDING,
    WRONG,
    Judgement,
    StageVerdict,
    habit_of,
)
from checking.masking import told as told_masks
from checking.model import STAGE_ORDER
from checking.reading import STAGES
from checking.slips import OF_ALL_HEADS
from presentation.text import plain, shown

_DIGITS = 2  # more than were printed, for a true value beside a printed one
_MOST_DECIMALS = 12  # of a true value, unless more were printed
_ROOT = 1e-6  # that a divisor's square may be off a whole number, to be its root
_EXACT = 17  # digits that a float64 holds


def headline(findings: Findings) -> str:
    """The whole in a few sentences."""
    judgement = findings.judgement
    told = [_main_sentence(findings)]
    first = judgement.first_wrong
    if first is not None and findings.correction is None and (judgement.wrong > 1 or findings.slips):
        told.append(f"The first that is off is the {place(judgement.claims, *first)}.")
    if findings.impossible and findings.correction is None:
        told.append(
            f"{_counted(len(findings.impossible), 'row')} cannot come from the printed tables by the usual steps."
        )
    told += [_capital(f"{each}.") for each in _not_used(findings)]
    return " ".join(told)


def _main_sentence(findings: Findings) -> str:
    judgement = findings.judgement
    checked, wrong = judgement.checked, judgement.wrong
    if findings.correction is not None:
        return _misprint(findings, findings.correction)
    if findings.slips:
        first, *others = findings.slips
        alike = "gives the same numbers" if findings.gives_the_same else "fits as well"
        either = "".join(f", or **{slip.told}**, which {alike}" for slip in others)
        return f"{_SLIPS[first.is_double]} explain{_S[first.is_double]} the wrong numbers: **{first.told}**{either}."
    if wrong == 1 and judgement.first_wrong is not None:
        return f"1 number of {checked} is wrong: the {place(judgement.claims, *judgement.first_wrong)}."
    if wrong:
        return f"{wrong} numbers of {checked} are wrong."
    if not checked and findings.is_projected:
        return "Nothing here can be told right from wrong."
    if not checked:
        return "Nothing could be calculated from these tables alone: paste an earlier stage too."
    if if_ := condition(findings):
        return f"The {_counted(checked, 'number')} that could be checked {_is(checked)} right {if_}."
    some = ", some but for rounding" if findings.counts[ROUNDING] else ""
    if checked == 1:
        return f"The only number that could be checked is right{' but for rounding' if some else ''}."
    return f"All {checked} numbers that could be checked are right{some}."


_SLIPS, _S = {False: "One slip", True: "Two slips together"}, {False: "s", True: ""}


def _misprint(findings: Findings, correction: Correction) -> str:
    """A number that is off on its own, and what it ought to be."""
    cells = list(correction.instead)
    names = [place(findings.judgement.claims, *cell) for cell in cells]
    if len(cells) == 2:
        return f"Two numbers seem to have changed places: the {names[0]} and the {names[1]}. Everything else fits."
    (cell,) = cells
    verdict = findings.judgement.stages[cell.stage]
    printed = as_printed(verdict, cell.row, cell.column)
    return (
        f"One number looks like a misprint: the {names[0]} is printed {printed} and would have to be "
        f"{shown(correction.instead[cell], _printed_places(verdict, cell.row, cell.column))}. Everything else fits."
    )


def condition(findings: Findings) -> str:
    """What the numbers are right under that no table tells, from "if" on; "" where they are right as they stand."""
    method = findings.judgement.method
    divisor = method.divided_by
    if not method.is_open or not findings.counts[DEPENDS]:
        return ""
    if divisor is None:
        return f"if no word looks at {told_masks(method.masks)}" if method.masks else ""
    square = round(divisor**2)
    if abs(divisor**2 - square) < _ROOT:
        return f"if d_k = {square} (the scores were divided by √{square} = {shown(divisor, 2)})"
    return f"if the scores were divided by {divisor:.6g}"


def how(findings: Findings) -> str:
    """How the numbers were taken to be made: the way, the divisor, the mask, and what else was solved for."""
    method, judgement = findings.judgement.method, findings.judgement
    parts = [f"Checked as {method.variant.name}", _scaling(judgement)]
    if method.causal:
        parts.append("with a causal mask")
    told = [f"{', '.join(parts)}."]
    if others := tuple(mask for mask in method.masks if mask is not CAUSAL):
        told.append(f"No word looks at {told_masks(others)}.")
    if method.adds_positions:
        told.append(f"The embeddings have {method.places.told}.")
    meaning = findings.meaning
    if meaning is not None:
        for index, stage in meaning.solved:
            told.append(f"Table {index + 1} is taken for {STAGES[stage].lower()}, which fits best.")
        if meaning.row is not None:
            word = plain(judgement.claims.words[meaning.row])
            told.append(f"The row without a word fits as that of {word}.")
    if habit := habit_of(method):
        told.append(_HABITS.get(habit, _capital(f"some last digits are right because {habit}.")))
    return " ".join(told)


_HABITS = {"further digits were cut off instead of rounded": "Digits were cut off in print instead of rounded."}


def _scaling(judgement: Judgement) -> str:
    method, d_k = judgement.method, judgement.sizes["d_k"]
    if method.divided_by is not None:
        return f"scores divided by {method.divided_by:.6g}"
    if method.scaled and d_k:
        return f"scores divided by √{d_k}"
    return "not scaled"


def _not_used(findings: Findings) -> Iterator[str]:
    """Tables that were pasted and that nothing was compared with, as sentences without an end."""
    for stage in findings.unused:
        yield f"the table {STAGES[stage]} is not used in this way to attend"
    for stage in findings.not_told:
        yield f"{_PLURAL.get(stage, STAGES[stage].lower())} could not be checked: {_missing(findings, stage)}"
    for stage in findings.not_compared:
        yield f"{STAGES[stage].lower()} of this size do not come from the tables before them and could not be checked"
    if findings.meaning is not None:
        given = findings.judgement.claims.given
        left_out = sorted(findings.meaning.left_out)
        for why, indices in (
            ("nothing tells what {it} {is_}", [index for index in left_out if given[index].stage is None]),
            ("another table of the same name says otherwise", [index for index in left_out if given[index].stage]),
        ):
            if indices:
                one = len(indices) == 1
                told = why.format(it="it" if one else "they", is_="is" if one else "are")
                names = [str(index + 1) for index in indices]
                listed = names[0] if one else f"{', '.join(names[:-1])} and {names[-1]}"
                yield f"table{'' if one else 's'} {listed} {'was' if one else 'were'} not used: {told}"


_PLURAL = {"context": "the context vectors", "weights": "the weights", "scores": "the scores"}


def _missing(findings: Findings, stage: str) -> str:
    """Which table a stage would have to come from, and is not there."""
    if findings.is_projected:
        return "it does not follow from the weights alone, and may be behind a projection W_O, which is not given"
    judgement = findings.judgement
    if judgement.claims.missing:
        return f"only {len(judgement.claims.words)} of the {judgement.claims.total} words are printed"
    for parent in judgement.method.parents(stage):
        if parent not in judgement.chain:
            return f"{ABOUT[Stage(parent)].plural} are not given"
    return "nothing before them tells what they should be"


def stage_sentence(judgement: Judgement, stage: str) -> str:
    """One sentence on a stage."""
    verdict = judgement.stages[stage]
    checked = verdict.count(*CHECKED)
    if not checked:
        return "Taken as given: nothing before it says what it should be."
    wrong, carried, rounded = (verdict.count(found) for found in (WRONG, CARRIED, ROUNDING))
    parts = []
    if verdict.first_wrong is not None:
        first = place(judgement.claims, stage, *verdict.first_wrong)
        parts.append(f"{_counted(wrong, 'number')} of {checked} {_is(wrong)} wrong; the first is the {first}")
    if carried:
        parts.append(f"{_counted(carried, 'number')} {'follows' if carried == 1 else 'follow'} from wrong ones before")
    if depends := verdict.count(DEPENDS):
        parts.append(f"{_counted(depends, 'number')} {_is(depends)} right {_if_of(judgement)}")
    elif not wrong and not carried:
        parts.append(f"right, {rounded} of {checked} but for rounding" if rounded else f"all {checked} right")
    if rounded and verdict.reason:
        parts.append(verdict.reason)
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def number_sentence(judgement: Judgement, stage: str, row: int, column: int) -> str:
    """What was found for one number."""
    verdict = judgement.stages[stage]
    claimed, true = verdict.claim.values[row, column], verdict.true[row, column]
    found = int(verdict.verdicts[row, column])
    printed = as_printed(verdict, row, column)
    where = place(judgement.claims, stage, row, column)
    if found == NOTHING:
        known = "" if np.isnan(true) else f"; it is {_finer(verdict, row, column)}"
        return f"The {where} is not printed{known}."
    if found == GIVEN or np.isnan(true):
        return f"The {where} is printed {printed}; nothing before it says what it should be."
    if found == RIGHT:
        return f"The {where} is printed {printed}, and that is right: {_finer(verdict, row, column)}."
    if found == ROUNDING:
        return (
            f"The {where} is printed {printed}; unrounded it is {_finer(verdict, row, column)}. "
            f"Right but for rounding: {verdict.reason or 'it lies within the rounding of the tables at the beginning'}."
        )
    if found == DEPENDS:
        return f"The {where} is printed {printed}; right {_if_of(judgement)}: {_finer(verdict, row, column)}."
    carried = " It follows from a wrong number before it." if found == CARRIED else ""
    off = (
        ""
        if not np.isfinite(claimed - true)
        else f", off by {shown(abs(claimed - true), _places(verdict, row, column))}"
    )
    return f"The {where} is printed {printed}, but it is {_finer(verdict, row, column)}{off}.{carried}"


def place(claims: Claims, stage: str, row: int, column: int) -> str:
    """Such as "score (The, cat)", "query of cat, number 2" or "W_Q, row 1, number 2", people's words escaped."""
    if stage not in BY_WORD:
        return f"{STAGES[stage]}, row {row + 1}, number {column + 1}"
    called = ABOUT[Stage(stage)].singular
    word = plain(claims.words[row]) if row < len(claims.words) else str(row + 1)
    if stage in PAIRS:
        return f"{called} ({word}, {plain(claims.words[column])})"
    return f"{called} of {word}, number {column + 1}"


def derivation(judgement: Judgement, stage: str, row: int, column: int) -> Derivation | None:
    """The sum that makes a number, from the stages before it; None where they are not known."""
    chain = judgement.chain
    if stage not in judgement.stages or stage not in STAGE_ORDER:
        return None
    true = judgement.stages[stage].true[row, column]
    parents = judgement.method.parents(stage)
    if stage == "context" and set(OF_ALL_HEADS) <= chain.keys():
        parents = ("joined", "w_o")
    if np.isnan(true) or np.isposinf(true) or not parents or not all(name in chain for name in parents):
        return None
    target = Quantity(Stage(stage), row, column, float(true))

    def taken(name: str, i: int, j: int) -> Quantity:
        return Quantity(Stage(name), i, j, float(chain[name].numbers[i, j]))

    if parents == ("joined", "w_o"):
        joined, table = parents
        mixed = [(taken(joined, row, i), taken(table, i, column)) for i in range(chain[joined].numbers.shape[1])]
        return Derivation(target, Operator.SUM, tuple(mixed))
    if np.isneginf(true):
        return Derivation(target, Operator.FORBIDDEN_SCORE, ((taken(parents[0], row, column),),))
    terms: list[tuple[Quantity, ...]]
    if stage == "x":
        terms = [(taken(name, row, column),) for name in parents]
    elif stage in ("q", "k", "v"):
        x, table = parents
        terms = [(taken(x, row, i), taken(table, i, column)) for i in range(chain[x].numbers.shape[1])]
    elif stage == "scores":
        query, key = parents
        terms = [(taken(query, row, i), taken(key, column, i)) for i in range(chain[query].numbers.shape[1])]
    elif stage == "scaled_scores":
        score = taken(parents[0], row, column)
        divisor = judgement.method.divisor(judgement.sizes)
        if divisor == 1:
            return Derivation(target, Operator.UNCHANGED, ((score,),))
        return Derivation(target, Operator.QUOTIENT, ((score,), (Quantity(Symbol.DIVISOR, None, None, divisor),)))
    elif stage == "exponentials":
        return Derivation(target, Operator.EXPONENTIAL, ((taken(parents[0], row, column),),))
    elif stage == "weights":
        seen = [taken(parents[0], row, j) for j in range(chain[parents[0]].numbers.shape[1])]
        chosen = seen[column]
        allowed = [(each,) for each in seen if np.isfinite(each.value)]
        if not np.isfinite(chosen.value):
            return Derivation(target, Operator.FORBIDDEN_WEIGHT, ((chosen,),))
        return Derivation(target, Operator.SOFTMAX, ((chosen,), *allowed))
    else:
        weights, value, *own = parents
        terms = [(taken(weights, row, j), taken(value, j, column)) for j in range(chain[weights].numbers.shape[1])]
        terms += [(taken(name, row, column),) for name in own]
    return Derivation(target, Operator.SUM, tuple(terms))


def report(findings: Findings, *, source: str = "") -> str:
    """A short report in Markdown, for an author to paste into an erratum."""
    judgement = findings.judgement
    lines = ["# Check of the printed numbers", ""]
    if source:
        lines += [plain(" ".join(source.split())), ""]
    lines += [how(findings), "", headline(findings), ""]
    for stage in judgement.stages:
        if stage in STAGE_ORDER:
            lines.append(f"- **{STAGES[stage]}**: {stage_sentence(judgement, stage)}")
    lines += [f"- **{STAGES[each.stage]}**, {_row(judgement, each)}: {each.told}" for each in findings.impossible]
    wrong = list(_wrong_numbers(judgement))
    if wrong:
        lines += ["", "| number | printed | it is |", "| --- | ---: | ---: |"]
        for stage, row, column in wrong[:_MOST_LINES]:
            verdict = judgement.stages[stage]
            where = place(judgement.claims, stage, row, column)
            lines.append(f"| {where} | {as_printed(verdict, row, column)} | {_finer(verdict, row, column)} |")
        if len(wrong) > _MOST_LINES:
            lines += ["", f"and {len(wrong) - _MOST_LINES} more."]
    return "\n".join(lines) + "\n"


_MOST_LINES = 40  # of a report's table


def _wrong_numbers(judgement: Judgement) -> Iterator[tuple[str, int, int]]:
    for stage, verdict in judgement.stages.items():
        for row, column in np.argwhere(np.isin(verdict.verdicts, (WRONG, CARRIED))):
            yield stage, int(row), int(column)


def _row(judgement: Judgement, found: Impossible) -> str:
    return f"row of {plain(judgement.claims.words[found.row])}"


def _places(verdict: StageVerdict, row: int, column: int) -> int:
    """Decimals of a true value: two more than were printed."""
    printed = _printed_places(verdict, row, column)
    return max(printed, min(printed + _DIGITS, _MOST_DECIMALS))


def _printed_places(verdict: StageVerdict, row: int, column: int) -> int:
    """Decimals of a printed number; those of the table's most precise one where there is none."""
    halves = verdict.claim.printed_halves
    half = halves[row, column]
    if np.isnan(half):
        half = np.nanmin(halves) if np.isfinite(halves).any() else 1.0
    if not half > 0:
        return _EXACT
    return int(np.clip(round(-np.log10(2 * half)), 0, _EXACT))


def as_printed(verdict: StageVerdict, row: int, column: int) -> str:
    """A claimed number with the digits that it was printed with."""
    if np.isnan(verdict.claim.values[row, column]):
        return ""
    return shown(float(verdict.claim.values[row, column]), _printed_places(verdict, row, column))


def _finer(verdict: StageVerdict, row: int, column: int) -> str:
    return shown(float(verdict.true[row, column]), _places(verdict, row, column))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _if_of(judgement: Judgement) -> str:
    """What a number is right under, from "if" on, where another explanation is as good as the one that is told."""
    return condition(Findings(judgement)) or "if the numbers were made in another way that fits as well"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
