"""The colours, one for one meaning on all pages and in all files.

Queries, keys and values have a colour each; weights go from white to purple on a fixed [0, 1], anything that lies
around 0 from brown through white to teal.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from attention_core.stages import STAGES, Role, Stage

# Seen on white and on Streamlit's dark background, and told apart by colour-blind readers. As text on screen they take
# the shades of ui/roles.css, which knows them by these values.
QUERY, KEY, VALUE, EMBEDDING = "#2169d0", "#c66517", "#1d9e73", "#844ea4"

SEQUENTIAL = ("#fbfafd", "#dcd3ea", "#a88fca", "#7447a3", "#3d1269")
DIVERGING = ("#6b3d04", "#b9781f", "#ecd3a2", "#fafafa", "#a5d8d0", "#2c8c83", "#023f38")
DARK_INK, LIGHT_INK = "#000000", "#ffffff"
CHOSEN = "#e6007a"
FORBIDDEN = "rgba(136, 136, 136, 0.27)"
FORBIDDEN_PIXEL = "#88888845"  # the same as a pixel of a picture
GREY = "#808080"  # of names and numbers beside marks; ui/roles.css has its shades for text
NEGATIVE = DIVERGING[1]  # a score below 0
SHARE = "#8f5fc4"  # of weights, where they are ink and not ground
HIDDEN = "#64748b"  # what stands inside a small network
WITH, WITHOUT = VALUE, KEY  # with scaling and without

COLOURS = {  # of a single number, a line or a word
    Role.EMBEDDING: EMBEDDING,
    Role.QUERY: QUERY,
    Role.KEY: KEY,
    Role.VALUE: VALUE,
    Role.SCORE: DIVERGING[5],
    Role.WEIGHT: SEQUENTIAL[3],
    Role.CONTEXT: VALUE,
}

# What comes nearest among the colours that Streamlit's Markdown knows, by their names there.
MARKDOWN_COLOURS = {Role.EMBEDDING: "violet", Role.QUERY: "blue", Role.KEY: "orange", Role.VALUE: "green"}


def colour_of(stage: Stage) -> str:
    """The colour of a stage's numbers."""
    return COLOURS[STAGES[stage].role]


def in_colour(stage: Stage, text: str) -> str:
    """Markdown for Streamlit: the text in the colour of a stage, where Markdown has it."""
    colour = MARKDOWN_COLOURS.get(STAGES[stage].role)
    return f":{colour}[{text}]" if colour else text


def colour_at(ramp: Sequence[str], where: float) -> tuple[float, float, float]:
    """The colour of a ramp at a place in [0, 1], red, green and blue in [0, 1], as Vega interpolates it."""
    stops = np.array([[int(stop[i : i + 2], 16) / 255 for i in (1, 3, 5)] for stop in ramp])
    places = np.linspace(0, 1, len(ramp))
    red, green, blue = (float(np.interp(where, places, stops[:, channel])) for channel in range(3))
    return red, green, blue


def stepped(ramp: Sequence[str], steps: int) -> list[str]:
    """So many colours of a ramp, from its beginning to its end."""
    places = (colour_at(ramp, step / (steps - 1)) for step in range(steps))
    return [f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}" for red, green, blue in places]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """From 1 to 21; text wants 4.5 at least.  Source: WCAG 2.2, contrast ratio."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def tint(colour: str, shade: float) -> str:
    """The colour on white paper: nearly white at 0, nearly itself at 1."""
    red, green, blue = (
        round(255 + (int(colour[i : i + 2], 16) - 255) * (0.06 + 0.84 * min(max(shade, 0.0), 1.0))) for i in (1, 3, 5)
    )
    return f"#{red:02x}{green:02x}{blue:02x}"


def ink_on(fill: str) -> str:
    """Black or white, whichever reads better on a ground of this colour."""
    colour = colour_at((fill, fill), 0.0)
    return LIGHT_INK if contrast(colour, _WHITE) > contrast(colour, _BLACK) else DARK_INK


_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)


def _luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _turn_to_light_ink(ramp: Sequence[str]) -> float:
    """Where on a ramp from light to dark white figures start to read better than black ones."""

    def is_dark(step: int) -> bool:
        colour = colour_at(ramp, step / 1000)
        return contrast(colour, _WHITE) > contrast(colour, _BLACK)

    return bisect_left(range(1001), True, key=is_dark) / 1000


INK_TURNS_LIGHT = {  # by the absolute value of the coloured number; the signed ramp differs a little on its two sides
    "weights": _turn_to_light_ink(SEQUENTIAL),
    "positive": _turn_to_light_ink(DIVERGING[len(DIVERGING) // 2 :]),
    "negative": _turn_to_light_ink(DIVERGING[len(DIVERGING) // 2 :: -1]),
}
