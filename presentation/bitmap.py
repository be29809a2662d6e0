"""A map of very many cells as one picture, a pixel for each cell: a browser draws it as quickly as a single mark."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image


def bitmap(places: npt.NDArray[np.intp], colours: Sequence[str]) -> str:
    """The address of a picture that holds itself.  (rows, columns) of places among `colours` -> data URL

    `colours` are written #rrggbb, or #rrggbbaa where what is behind shows through.
    """
    pixels = np.array([_channels(colour) for colour in colours], np.uint8)[places]
    written = io.BytesIO()
    Image.fromarray(pixels, "RGBA").save(written, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode('ascii')}"


def _channels(colour: str) -> tuple[int, int, int, int]:
    red, green, blue, opaque = bytes.fromhex(f"{colour.removeprefix('#')}ff"[:8])
    return red, green, blue, opaque
