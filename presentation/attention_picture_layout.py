"""Where everything in the picture of attention stands, as expressions that the browser evaluates.

The picture learns its width only in the browser, so the arrangement is decided there: three panels beside each other
where their numbers stay readable, else on two or three lines. A cell is as wide as the longest number of its panel, so
that numbers never touch. Where no arrangement is readable the panels become maps without numbers, and below them the
row of the followed word is written out: a tile for each word it looks at, and the context vectors nearest to its own.

All lengths are pixels; `room` is that of one character of a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from attention_core.stages import Stage

PANELS = (Stage.SCORES, Stage.WEIGHTS, Stage.CONTEXT)

_SMALLEST_ROOM, _LARGEST_ROOM = 5.1, 11.0
_GOOD_ROOM = 6.2  # from which on cells are widened, so that the names of columns fit upright
_CHARACTER = 0.56  # the width of a figure as a part of its font size
_LARGEST_FONT = 13.5
_PHONE, _PHONE_ROW = 520, 24.0  # narrower pictures have smaller gaps and rows
_MOST_STACKED = 8  # words up to which panels go below each other rather than lose their numbers
MOST_NUMBERED = 16  # words beyond which even a wide picture has no room for numbers
_NARROWEST = 280
_TITLE, _BETWEEN_LINES = 38, 12
NAME_CHARACTER, LONGEST_NAME = 6.4, 92
_NARROWEST_TILE, TILE_HEIGHT = 52, 56
NEIGHBOUR_HEIGHT = 24
_HEADING = 30  # above what is written out


@dataclass(frozen=True)
class Shape:
    """What the arrangement follows from; pictures of the same shape share a specification."""

    words: int  # rows of each panel, columns of scores and weights: words, or squares of neighbouring ones
    columns: int  # of the context vectors
    figures: tuple[int, int, int]  # characters of the longest number of each panel
    longest_name: int  # characters of the longest name of a row or column
    longest_column: int  # characters of the longest name of a context's column
    step: int  # words in a row, more than one where neighbouring words share a square
    tiles: int = 0  # words in the row that is written out where the map has no numbers
    neighbours: int = 0  # rows of context vectors that are written out below it

    @property
    def row_height(self) -> float:
        """Of a row where there is room enough."""
        if self.words <= 7:
            return 29
        return max(22.0, 220 / self.words) if self.words <= 10 else max(250 / self.words, 4)

    @property
    def name_width(self) -> float:
        return min(self.longest_name * NAME_CHARACTER + 12, LONGEST_NAME)

    @property
    def is_always_map(self) -> bool:
        """Whether there is no room for numbers in the cells of even a wide picture."""
        return self.words > MOST_NUMBERED

    @property
    def always_has_numbers(self) -> bool:
        """Whether the numbers stay readable even on a small phone, in panels below each other."""
        widest = max(self.words * (max(self.figures[:2]) + 1), self.columns * (self.figures[2] + 1))
        return self.words <= _MOST_STACKED and (_NARROWEST - self.name_width) / widest >= _SMALLEST_ROOM

    def widened(self) -> tuple[float, float, float]:
        """Characters of each panel's cells, also wide enough for the names of its columns where those are short."""
        word, column = (
            (min(longest, 10) * NAME_CHARACTER + 2) / _GOOD_ROOM for longest in (self.longest_name, self.longest_column)
        )
        scores, weights, context = (figures + 1 for figures in self.figures)
        return max(scores, word), max(weights, word), max(context, column)


def signals(shape: Shape) -> Mapping[str, str]:
    """Name -> expression, each of which may use those before it and the picture's own `width`."""
    n, d = shape.words, shape.columns
    scores, weights, context = (figures + 1 for figures in shape.figures)
    wide_scores, wide_weights, wide_context = shape.widened()
    word, column = (
        min(longest * NAME_CHARACTER + 2, LONGEST_NAME) for longest in (shape.longest_name, shape.longest_column)
    )
    tile = max(_NARROWEST_TILE, min(word, LONGEST_NAME) + 10)
    named = {
        "row_height": f"width < {_PHONE} ? {min(shape.row_height, _PHONE_ROW)} : {shape.row_height}",
        "rows_height": f"{n} * row_height",
        "gap": f"width < {_PHONE} ? 14 : 26",
        "names": f"{shape.name_width}",
        "room_widened": f"(width - 2 - names - 2 * gap) / {n * wide_scores + n * wide_weights + d * wide_context}",
        "room_1": f"(width - 2 - names - 2 * gap) / {n * scores + n * weights + d * context}",
        "room_2": f"(width - 2 - names - gap) / {max(n * scores, n * weights + d * context)}",
        "room_3": f"(width - 2 - names) / {max(n * scores, n * weights, d * context)}",
        "widened": f"room_widened >= {_GOOD_ROOM}",
        "best_lines": f"room_1 >= {_SMALLEST_ROOM} ? 1 : room_2 >= {_SMALLEST_ROOM} ? 2 : 3",
        "best_room": "widened ? room_widened : best_lines == 1 ? room_1 : best_lines == 2 ? room_2 : room_3",
        "numbered": f"best_room >= {_SMALLEST_ROOM} && {'best_lines == 1' if n > _MOST_STACKED else 'true'}",
        "lines": f"numbered ? best_lines : width < {_PHONE} ? 2 : 1",
        "room": f"min({_LARGEST_ROOM}, best_room)",
        "font": f"min({_LARGEST_FONT}, room / {_CHARACTER})",
        "map_context": f"min({22 * d}, width * 0.25)",
        "map_room": "width - 2 - names - (lines == 1 ? 2 : 1) * gap - map_context",
        "map_cell": f"min(24, map_room / (lines == 1 ? {2 * n} : {n}))",
        "cell_scores": f"!numbered ? map_cell : (widened ? {wide_scores} : {scores}) * room",
        "cell_weights": f"!numbered ? map_cell : (widened ? {wide_weights} : {weights}) * room",
        "cell_context": f"!numbered ? map_context / {d} : (widened ? {wide_context} : {context}) * room",
        "upright_scores": f"{word} <= cell_scores",
        "upright_weights": f"{word} <= cell_weights",
        "upright_context": f"{column} <= cell_context",
        "tall_scores": f"upright_scores ? 20 : {word + 8}",
        "tall_weights": f"upright_weights ? 20 : {word + 8}",
        "tall_context": f"upright_context ? 20 : {column + 8}",
        "head_scores": f"{_TITLE} + (lines == 1 ? max(tall_scores, tall_weights, tall_context) : tall_scores)",
        "head_weights": f"{_TITLE} + (lines == 3 ? tall_weights : max(tall_weights, tall_context))",
        "head_context": f"{_TITLE} + (lines == 3 ? tall_context : max(tall_weights, tall_context))",
        "x_scores": "names",
        "x_weights": f"lines == 1 ? names + {n} * cell_scores + gap : names",
        "x_context": f"lines == 3 ? names : x_weights + {n} * cell_weights + gap",
        "y_scores": "head_scores",
        "y_weights": f"lines == 1 ? y_scores : y_scores + rows_height + {_BETWEEN_LINES} + head_weights",
        "y_context": f"lines == 3 ? y_weights + rows_height + {_BETWEEN_LINES} + head_context : y_weights",
        "map_height": "y_context + rows_height + 4",
        "tile_width": f"{tile}",
        "tiles_a_line": "max(1, floor(width / tile_width))",
        "y_tiles": f"map_height + {_HEADING}",
        "tiles_height": f"{TILE_HEIGHT} * ceil({shape.tiles} / tiles_a_line)",
        "near_cell": f"{max(context * 7, min(column + 8, 70))}",
        "near_a_line": "max(1, floor((width - 2 - names) / near_cell))",
        "y_near": f"y_tiles + tiles_height + {_HEADING} + 20",
        "near_line": f"{NEIGHBOUR_HEIGHT * shape.neighbours + 26}",
        "near_height": f"near_line * ceil({d} / near_a_line)",
    }
    written_out = "y_near + near_height" if shape.tiles else "map_height"
    named["height"] = f"numbered ? map_height : {written_out}"
    return named


def usual_length(names: Sequence[str]) -> int:
    """Characters of the longest name, in steps, so that another word seldom gives another shape."""
    return -(-max(6, *map(_width, names)) // 3) * 3


def _width(name: str) -> int:
    """Characters of a name, those counting twice that are as wide as two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in name)


def of_stage(name: str, stage: str = "datum.stage") -> str:
    """The signal of a stage's panel."""
    scores, weights, context = (f"{name}_{each}" for each in PANELS)
    return f"({stage} == 'scores' ? {scores} : {stage} == 'weights' ? {weights} : {context})"
