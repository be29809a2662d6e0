"""Everything that is found in a text: in each head, and in what the heads make together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from attention_core.attention import Floats
from attention_core.masks import CAUSAL
from checking.claims import ClaimError, Claims, Given, claims_of
from checking.finding_out import find
from checking.findings import Findings
from checking.hypotheses import Said, prior
from checking.judge import CHECKED, ROUNDING, Judgement
from checking.model import Method
from checking.splitting import SHARED, Split, split
from checking.story import condition, headline, how, report
from checking.together import together
from checking.weighing import Scales
from presentation.text import plain

TOGETHER = "All heads together"


@dataclass(frozen=True, eq=False)
class Part:
    """What is found in one head, or in all of them together; `label` is a person's, and "" where there is only one."""

    label: str
    findings: Findings

    @property
    def name(self) -> str:
        """What it is called on screen, a person's words escaped."""
        return plain(self.label) or "Before W_O"


@dataclass(frozen=True, eq=False)
class Whole:
    """What is found in all parts of a text."""

    heads: tuple[Part, ...]
    together: Part | None = None
    left: tuple[Given, ...] = ()  # tables of which nothing tells whose they are

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.heads, self.together) if self.together else self.heads

    @property
    def first(self) -> Findings:
        """Of the first head."""
        return self.heads[0].findings

    @property
    def only(self) -> Findings:
        """All that is found, in a text of one head and nothing behind it. Raises ValueError where there is more."""
        if len(self.parts) > 1:
            raise ValueError(f"The text has {len(self.parts)} parts: {', '.join(part.label for part in self.parts)}.")
        return self.first

    @cached_property
    def verdict(self) -> str:
        """right, rounded, depends, wrong or nothing: the worst that is said of any part."""
        found = [part.findings.verdict for part in self.parts] + ["depends"] * bool(self.left)
        return next(each for each in _FROM_THE_WORST if each in found)

    @property
    def to_open(self) -> tuple[list[tuple[str, Judgement]], Floats | None]:
        """Each head with its name, and W_O where it is printed."""
        w_o = self.together.findings.judgement.claims.tables.get("w_o") if self.together else None
        return [(part.label, part.findings.judgement) for part in self.heads], w_o.values if w_o else None

    @property
    def checked(self) -> int:
        """How many numbers could be told right from wrong; those that all heads share count once."""
        again = (
            stage.count(*CHECKED)
            for part in self.heads[1:]
            for name, stage in part.findings.judgement.stages.items()
            if name in SHARED
        )
        return sum(part.findings.judgement.checked for part in self.parts) - sum(again)


_FROM_THE_WORST = ("wrong", "depends", "rounded", "right", "nothing")  # what is given only is as good as the rest


def whole_of(given: Sequence[Given], said: Said, *, total: int = 0) -> Whole:
    """Everything that can be found in the tables of a text. Raises ClaimError where they do not fit each other."""
    apart = split(given)
    if len(apart.heads) == 1 and not apart.together:
        (_, tables), *_ = apart.heads
        return Whole((Part("", find(claims_of([*tables, *apart.left], total=total), said)),))
    claims = [_claims(label, tables, total) for label, tables in apart.heads]
    found = _alike([find(each, said) for each in claims], said)
    if not apart.together:
        return Whole(_parts(apart, found), left=apart.left)
    joint = _named_as(_claims(TOGETHER, apart.together, total), found)
    of_all = together(joint, found, in_order=apart.in_order)
    if of_all.verdict == "wrong" or of_all.not_compared:
        found, of_all = _otherwise(claims, joint, said, apart) or (found, of_all)
    return Whole(_parts(apart, found), Part(TOGETHER, of_all), apart.left)


def _parts(apart: Split, found: Sequence[Findings]) -> tuple[Part, ...]:
    return tuple(Part(label, each) for (label, _), each in zip(apart.heads, found, strict=True))


def _otherwise(
    claims: Sequence[Claims], joint: Claims, said: Said, apart: Split
) -> tuple[list[Findings], Findings] | None:
    """The heads scaled or masked otherwise, where only what they make together tells it; None where nothing fits."""
    for scaled, causal in product((True, False), repeat=2):
        if said.scaled not in (None, scaled) or said.causal not in (None, causal):
            continue
        found = [find(each, replace(said, scaled=scaled, causal=causal)) for each in claims]
        if any(each.verdict == "wrong" for each in found):
            continue
        of_all = together(joint, found, in_order=apart.in_order)
        if of_all.verdict in ("right", "rounded"):
            return found, of_all
    return None


def _claims(label: str, tables: Sequence[Given], total: int) -> Claims:
    try:
        return claims_of(tables, total=total)
    except ClaimError as error:
        raise ClaimError(f"{label}: {error}" if label else str(error)) from error


def _named_as(claims: Claims, heads: Sequence[Findings]) -> Claims:
    words = heads[0].judgement.claims.words
    return replace(claims, words=words) if len(words) >= len(claims.words) else claims


def _alike(found: Sequence[Findings], said: Said) -> list[Findings]:
    """The heads judged as one author makes them all: where they were taken to differ, by what fits all of them best."""
    methods = list(dict.fromkeys(replace(each.judgement.method, slip=None) for each in found))
    if len({_kind(method) for method in methods}) == 1:
        return list(found)
    scales = [Scales(each.judgement.claims) for each in found]

    def bits(method: Method) -> float:
        slipped = [
            replace(method, slip=each.slips[0]) if each.slips and not each.correction else method for each in found
        ]
        told = (min(of.weigh(method).bits, of.weigh(other).bits) for of, other in zip(scales, slipped, strict=True))
        return prior(method, found[0].judgement.claims, said) + sum(told)

    best = min(methods, key=bits)
    decided = replace(said, variant=best.variant, scaled=best.scaled, causal=CAUSAL in best.masks)
    return [
        each if _kind(each.judgement.method) == _kind(best) else find(each.judgement.claims, decided) for each in found
    ]


def _kind(method: Method) -> tuple[object, ...]:
    return method.variant, method.scaled, method.divided_by, method.masks


def headline_of(whole: Whole) -> str:
    """The whole in a few sentences."""
    if len(whole.parts) == 1:
        return headline(whole.first)
    return " ".join(_told(whole))


def _told(whole: Whole) -> Iterator[str]:
    wrong = [part for part in whole.parts if part.findings.verdict == "wrong"]
    names = Counter(tuple(slip.id for slip in part.findings.slips) for part in whole.heads)
    (same, count) = names.most_common(1)[0]
    everywhere = same and count == len(whole.heads) > 1 and not any(part.findings.correction for part in whole.heads)
    if everywhere:
        yield f"**In every head**: {headline(whole.first)}"
    for part in wrong:
        if not (everywhere and part in whole.heads):
            yield f"**{part.name}**: {headline(part.findings)}"
    if not wrong:
        yield _all_right(whole)
        for part in whole.parts:
            if part.findings.verdict == "depends":
                yield f"**{part.name}**: {headline(part.findings)}"
    if whole.left:
        tables, were = ("1 table", "was") if len(whole.left) == 1 else (f"{len(whole.left)} tables", "were")
        yield f"{tables} could not be given to a head and {were} not used."


def _all_right(whole: Whole) -> str:
    if not whole.checked:
        return "Nothing could be calculated from these tables alone: paste an earlier stage too."
    some = any(part.findings.counts[ROUNDING] for part in whole.parts)
    heads = f" in {len(whole.heads)} heads and" if len(whole.heads) > 1 else ""
    place = f"{heads} what they make together" if whole.together and heads else heads.removesuffix(" and")
    conditions = {if_ for part in whole.heads if (if_ := condition(part.findings))}
    if_ = f" {conditions.pop()}" if len(conditions) == 1 else ""
    return (
        f"All {whole.checked} numbers that could be checked{place} are right{if_}"
        f"{', some but for rounding' if some and not if_ else ''}."
    )


def how_of(whole: Whole) -> str:
    """How the numbers were taken to be made."""
    first = how(whole.first)
    if len(whole.heads) == 1:
        return first
    told = {how(part.findings) for part in whole.heads}
    if len(told) == 1:
        return f"{len(whole.heads)} heads, each the same way. {first}"
    return " ".join(f"{part.name}: {how(part.findings)}" for part in whole.heads)


def report_of(whole: Whole, *, source: str = "") -> str:
    """A short report in Markdown, for an author to paste into an erratum."""
    if len(whole.parts) == 1:
        return report(whole.first, source=source)
    parts = [report(part.findings, source=source if part is whole.parts[0] else "") for part in whole.parts]
    titled = [
        text.replace("# Check of the printed numbers", f"# {part.name}", 1)
        for part, text in zip(whole.parts, parts, strict=True)
    ]
    return "\n\n".join(["# Check of the printed numbers", headline_of(whole), *(f"#{text}" for text in titled)])


__all__ = ["Part", "Whole", "headline_of", "how_of", "report_of", "whole_of"]
