"""How an article writes sums, tables and words of a calculation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from attention_core import Calculation, Derivation
from attention_core.attention import Floats
from exports.article_text import block, counted, plain_name
from presentation.formulas import formulas
from presentation.text import shown

MAX_ROWS = 16  # words of a table of scores or weights; a longer sentence shows the chosen word's row
_MAX_SUMS = 12  # sums below each other; of a longer sentence those of the words looked at most


@dataclass(frozen=True)
class Written:
    """A calculation, and the position of the word that is followed."""

    calculation: Calculation
    word: int

    def followed(self) -> list[int]:
        """The words that the chosen word's sums are written for, in sentence order."""
        weights = self.calculation.attention.weights[self.word]
        return sorted(map(int, np.argsort(-weights, kind="stable")[:_MAX_SUMS]))

    def sums(self, derivations: Iterable[Derivation]) -> str:
        return block(formulas(derivations, self.calculation, decimals=self.calculation.experiment.decimals))

    def square(self, matrix: Floats) -> str:
        """A table with a row and a column for each word, or of a long sentence the chosen word's row alone."""
        labels = self.calculation.labels
        if len(labels) <= MAX_ROWS:
            return self.table(matrix, labels, labels)
        row = [self.word]
        others = self.followed()
        note = (
            f"\n\nThe table has {len(labels)} rows and columns; these are the {len(others)} words that "
            f"{self.bold(self.word)} looks at most. The spreadsheet holds all."
        )
        return self.table(matrix[np.ix_(row, others)], [labels[self.word]], [labels[other] for other in others]) + note

    def by_word(self, matrix: Floats, columns: Sequence[str]) -> str:
        """A table with a row for each word, or of a long sentence those of the words looked at most."""
        labels = self.calculation.labels
        if len(labels) <= MAX_ROWS:
            return self.table(matrix, labels, columns)
        rows = sorted({self.word, *self.followed()})
        return self.table(matrix[rows], [labels[row] for row in rows], columns)

    def table(self, matrix: Floats, rows: Sequence[str], columns: Sequence[str]) -> str:
        decimals = self.calculation.experiment.decimals
        lines = [["", *map(plain_name, columns)], ["---", *["---:"] * len(columns)]]
        lines += [
            [f"**{plain_name(label)}**", *(shown(number, decimals) for number in numbers)]
            for label, numbers in zip(rows, matrix.tolist(), strict=True)
        ]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def vector(self, numbers: Floats) -> str:
        return f"[{', '.join(shown(number, self.calculation.experiment.decimals) for number in numbers.tolist())}]"

    def bold(self, word: int) -> str:
        return f"**{plain_name(self.calculation.labels[word])}**"

    def decimals(self) -> str:
        return counted(self.calculation.experiment.decimals, "decimal")
