"""What a person can edit in the lessons beside the experiment: a few vectors, a second sentence, a row of scores."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from attention_core.fills import MAX_SEED
from attention_core.matrices import MAX_DIMENSION, Matrix, Rows, as_rows, checked_table, fitted_table, read_only

VECTOR_NAMES = ("A", "B", "C")
MIN_VECTORS = 2
MIN_VECTOR_SIZE, MAX_VECTOR_SIZE = 2, 8
MAX_KEY_SIZE = 512
MAX_OTHER_SENTENCE = 10_000  # characters

_SIZE_TOLD = f"A vector has {MIN_VECTOR_SIZE} to {MAX_VECTOR_SIZE} numbers here."

LAYERS = ("query_first", "query_second", "forward_first", "forward_second")  # fields of `Lessons`

# B·C = 26 and A·C = 11, as the article prints; its vectors are lost, these are ours.
FIRST_VECTORS: Rows = ((-1.0, 5.0), (5.0, 2.0), (4.0, 3.0))

# The row of "The" as the article on the cat and the mouse prints it, at every stage that it prints.
PRINTED_WORDS = ("The", "cat", "chased", "mouse")
PRINTED_EMBEDDINGS: Rows = ((0.1, 0.2, 0.3), (0.5, 0.6, 0.7), (0.8, 0.9, 1.0), (1.1, 1.2, 1.3))
PRINTED_SCORES = (0.150, 0.559, 0.902, 1.261)
PRINTED_EXPONENTIALS = (1.162, 1.749, 2.465, 3.529)
PRINTED_TOTAL = 8.905
PRINTED_WEIGHTS = (0.130, 0.196, 0.277, 0.396)
PRINTED_DECIMALS = 3

# The values of that article are lost. Its embeddings stand in for them, as if W_V passed them on.
FIRST_VALUES = PRINTED_EMBEDDINGS

# Two small networks, hand-set for the opening columns (living, action, water, money). The first row is the bias.
HIDDEN_SIZE = 3
# What is done looks for somebody living; water looks for water and money for money.
QUERY_FIRST: Rows = ((0, 0, 0), (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))
QUERY_SECOND: Rows = ((0, 0, 0, 0), (3, 0, 0, 0), (0, 0, 4, 0), (0, 0, 0, 4))
# More water than money stays water, and the other way round; living and action together stay both.
FORWARD_FIRST: Rows = ((-0.5, 0, 0), (1, 0, 0), (1, 0, 0), (0, 1, -1), (0, -1, 1))
FORWARD_SECOND: Rows = ((0, 0, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))


@dataclass(frozen=True)
class Lessons:
    """The numbers of the lessons. Raises ValueError, in words for the person who edits, where one does not fit."""

    vectors: Rows = FIRST_VECTORS  # 2 or 3 vectors of 2 to 8 numbers
    other_sentence: str = ""  # empty: one is made from the experiment's sentence
    score_row: tuple[float, ...] = PRINTED_SCORES  # a score for each of PRINTED_WORDS
    key_size: int = 64  # how many numbers the random queries and keys have
    seed: int = 1  # of the random queries and keys
    values: Rows = FIRST_VALUES  # a value of three numbers for each of PRINTED_WORDS
    query_first: Rows = QUERY_FIRST  # (1 + d_in, HIDDEN_SIZE), as the next three fitted where they are used
    query_second: Rows = QUERY_SECOND  # (1 + HIDDEN_SIZE, d_out)
    forward_first: Rows = FORWARD_FIRST
    forward_second: Rows = FORWARD_SECOND

    def __post_init__(self) -> None:
        if not MIN_VECTORS <= len(self.vectors) <= len(VECTOR_NAMES):
            raise ValueError(f"There are {MIN_VECTORS} or {len(VECTOR_NAMES)} vectors here, not {len(self.vectors)}.")
        vectors = checked_table("The table of vectors", self.vectors, rows=len(self.vectors))
        if not MIN_VECTOR_SIZE <= vectors.shape[1] <= MAX_VECTOR_SIZE:
            raise ValueError(_SIZE_TOLD)
        scores = checked_table("The row of scores", [self.score_row], rows=1, columns=len(PRINTED_WORDS))
        object.__setattr__(self, "vectors", as_rows(vectors))
        object.__setattr__(self, "score_row", as_rows(scores)[0])
        values = checked_table(
            "The table of values", self.values, rows=len(PRINTED_WORDS), columns=len(PRINTED_EMBEDDINGS[0])
        )
        object.__setattr__(self, "values", as_rows(values))
        for layer in LAYERS:
            table = checked_table("The table of a network", getattr(self, layer), rows=len(getattr(self, layer)))
            if not 2 <= len(table) <= MAX_DIMENSION + 1:
                raise ValueError(f"The table of a network has 2 to {MAX_DIMENSION + 1} rows, its bias being the first.")
            object.__setattr__(self, layer, as_rows(table))
        for name, least, most in (("key_size", 1, MAX_KEY_SIZE), ("seed", 0, MAX_SEED)):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise ValueError(f"The {name.replace('_', ' ')} is a whole number from {least} to {most}.")
        if len(self.other_sentence) > MAX_OTHER_SENTENCE:
            raise ValueError(
                f"The second sentence has {len(self.other_sentence):,} characters; "
                f"up to {MAX_OTHER_SENTENCE:,} work here."
            )

    @property
    def vector_table(self) -> Matrix:
        """(2 or 3, 2 to 8)"""
        return read_only(self.vectors)

    def with_vectors(self, table: npt.ArrayLike) -> Self:
        return replace(self, vectors=as_rows(checked_table("The table of vectors", table, rows=len(self.vectors))))

    def with_score_row(self, table: npt.ArrayLike) -> Self:
        """table: a score for each of PRINTED_WORDS, below each other.  (4, 1)"""
        scores = checked_table("The row of scores", table, rows=len(PRINTED_WORDS), columns=1)
        return replace(self, score_row=tuple(scores[:, 0].tolist()))

    def with_values(self, table: npt.ArrayLike) -> Self:
        """table: a value for each of PRINTED_WORDS.  (4, 3)"""
        return replace(self, values=as_rows(checked_table("The table of values", table, rows=len(PRINTED_WORDS))))

    def with_layer(self, layer: str, table: npt.ArrayLike) -> Self:
        """layer: one of LAYERS; its table of any size."""
        return replace(self, **dict[str, Any]({layer: np.asarray(table, dtype=np.float64)}))

    def with_vector_count(self, count: int) -> Self:
        """Two or three vectors; a third one that comes back has its first numbers, as far as they fit."""
        if count not in range(MIN_VECTORS, len(VECTOR_NAMES) + 1):
            raise ValueError(f"There are {MIN_VECTORS} or {len(VECTOR_NAMES)} vectors here, not {count}.")
        size = len(self.vectors[0])
        new = fitted_table(read_only(FIRST_VECTORS), len(FIRST_VECTORS), size)
        return replace(self, vectors=(*self.vectors, *as_rows(new)[len(self.vectors) :])[:count])

    def with_vector_size(self, size: int) -> Self:
        """Vectors of so many numbers: what fits stays, new numbers are 0."""
        if size not in range(MIN_VECTOR_SIZE, MAX_VECTOR_SIZE + 1):
            raise ValueError(_SIZE_TOLD)
        return replace(self, vectors=as_rows(fitted_table(self.vector_table, len(self.vectors), size)))
