"""What was found in one text: the verdict on every number, what explains it, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from checking.corrections import Correction
from checking.impossible import Impossible
from checking.judge import DEPENDS, ROUNDING, Judgement
from checking.meanings import Meaning
from checking.slips import Slip


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything that was found in one text."""

    judgement: Judgement
    slips: tuple[Slip, ...] = ()
    impossible: tuple[Impossible, ...] = ()
    meaning: Meaning | None = None  # of tables and rows without a name
    unused: tuple[str, ...] = ()  # stages whose table the way has no use for
    not_told: tuple[str, ...] = ()  # last stages of which nothing tells what they should be
    not_compared: tuple[str, ...] = ()  # stages of another size than what makes them
    correction: Correction | None = None
    gives_the_same: bool = True  # a second slip explains the numbers just as the first, and not only nearly so
    is_projected: bool = False  # the output may be behind a projection that is not printed
    weighed: int = 0  # how many explanations were tried
    saved: float = 0.0  # bits that what is named leaves less to be told than the best without it

    @cached_property
    def counts(self) -> Mapping[int, int]:
        """How many numbers of the calculation have each verdict."""
        stages = self.judgement.stages.values()
        return {each: sum(stage.count(each) for stage in stages) for each in range(DEPENDS + 3)}

    @cached_property
    def verdict(self) -> str:
        """right, rounded, depends, wrong or nothing: the worst that is said of any number."""
        if self.judgement.wrong or self.slips or self.impossible:
            return "wrong"
        if not self.judgement.checked:
            return "nothing"
        passed_over = self.meaning is not None and self.meaning.left_out
        if self.counts[DEPENDS] or self.not_compared or self.not_told or self.unused or passed_over:
            return "depends"
        return "rounded" if self.counts[ROUNDING] else "right"
