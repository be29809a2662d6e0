"""Pictures that hold themselves, read back."""

import base64
import io

import numpy as np
from PIL import Image


def read_back(address):
    """The pixels of a data URL.  -> (rows, columns, 4), red, green, blue and opaqueness from 0 to 255"""
    kind, _, content = address.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGBA"))


def colours(address):
    """The different colours of its pixels."""
    return {tuple(pixel) for pixel in read_back(address).reshape(-1, 4).tolist()}
