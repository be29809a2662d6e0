"""A text on its way to a verdict, as the page goes it: read, placed, judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checking.claims import Given
from checking.hypotheses import Said
from checking.not_known import refuse_what_is_not_known
from checking.placing import placed
from checking.reading import Reading, reading_of
from checking.stated import Stated, stated_in
from checking.whole import Whole, whole_of


@dataclass(frozen=True)
class Pasted:
    """A text that was read: its tables, what it leaves out, and what its words say of how the numbers were made."""

    reading: Reading
    stated: Stated

    @property
    def given(self) -> tuple[Given, ...]:
        """Its tables, each row at its word."""
        return placed(self.reading.tables, is_part=self.stated.words > 0)

    def judged(self, given: Sequence[Given], said: Said) -> Whole:
        """What is found in its tables as somebody corrected them. Raises ClaimError where they do not fit."""
        return whole_of(given, replace(said, stated=self.stated), total=self.stated.words)


def pasted(text: str) -> Pasted:
    """Read a text. Raises ReadingError where a table is damaged, where there is none, and where it cannot be judged."""
    refuse_what_is_not_known(text)
    return Pasted(reading_of(text), stated_in(text))


def checked(text: str, said: Said | None = None) -> Whole:
    """Everything that is found in a text, nothing corrected. Raises ReadingError and ClaimError."""
    read = pasted(text)
    return read.judged(read.given, said or Said())
