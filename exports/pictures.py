"""Every heat map of a calculation as a picture for a text: SVG or PNG, with title, caption and labels.

vl-convert draws the same specifications as the screen does, without a browser.
"""

import copy
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import vl_convert

from attention_core import Calculation, Experiment, attend
from attention_core.masks import MASKS, NEIGHBOURS
from attention_core.words import position_labels
from presentation import charts
from presentation.charts import Chart
from presentation.scaling import divided_by
from presentation.squares import MAX_ROWS

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # names the version to vl-convert; nothing is loaded
_PIXELS = 2  # of a PNG for each of the picture's own, for fine screens and print
_LINE = 72  # characters of the caption
_SENTENCE = 160  # characters of a sentence that a caption quotes

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # of which a picture can hold none

_ROOM = 340.0  # pixels that the cells of a row share
_PER_WORD = 46.0  # or more of them, where there are many words
_WIDEST = 820.0


@dataclass(frozen=True)
class Picture:
    """A chart and what is told about it."""

    title: str
    caption: str
    chart: Chart


def picture(calculation: Calculation, name: str) -> Picture:
    """One of HEAT_MAPS."""
    heat_map = HEAT_MAPS[name]
    return Picture(heat_map.title, caption(calculation), heat_map.draw(calculation, heat_map.title))


def caption(calculation: Calculation) -> str:
    """The sentence and the switches, so that a picture can stand alone."""
    experiment = calculation.experiment
    beginning, *rest = textwrap.wrap(_drawable(" ".join(experiment.sentence.split())), _SENTENCE)
    sentence = f"{beginning} …" if rest else beginning
    scaling = "scaled" if experiment.scaled else "not scaled"
    if experiment.scaled and not calculation.divides_by_root:
        scaling = f"divided by {divided_by(calculation)}"
    masks = [_mask_in_short(mask, experiment) for mask in experiment.masks]
    return f"“{sentence}” ({', '.join([calculation.variant.name, scaling, *masks])})"


def svg(picture: Picture) -> str:
    """A picture that can stand alone."""
    return _svg(_specification(picture, "black", ground="white", told=True))


def svg_in_text(picture: Picture) -> str:
    """A picture for a page that tells its title, in the colour of the text around it."""
    return _svg(_specification(picture, "currentColor", ground=None, told=False))


def png(picture: Picture) -> bytes:
    """A picture that can stand alone."""
    drawn: bytes = vl_convert.vegalite_to_png(
        _specification(picture, "black", ground="white", told=True), scale=_PIXELS
    )
    return drawn


def warm_up() -> None:
    """Start the engine that draws, which takes longer than any picture."""
    _svg({"$schema": _SCHEMA, "mark": "rect", "data": {"values": []}})


def _svg(specification: dict[str, Any]) -> str:
    drawn: str = vl_convert.vegalite_to_svg(specification)
    return drawn


def _specification(picture: Picture, ink: str, *, ground: str | None, told: bool) -> dict[str, Any]:
    """The specification of the screen with its data, a width, and colours that need no theme around."""
    spec = copy.deepcopy(picture.chart.spec)
    title = spec.pop("title")
    for layer in spec["layer"]:
        if isinstance(fill := layer["mark"].get("fill"), dict):
            fill["expr"] = fill["expr"].replace("currentColor", ink)
    if told:
        lines = [*title["subtitle"], *textwrap.wrap(picture.caption, _LINE)]
        spec["title"] = title | {"subtitle": lines, "color": ink, "subtitleColor": ink}
    spec["config"] |= {
        "background": ground,
        "font": "sans-serif",
        "axis": spec["config"]["axis"] | {"labelColor": ink, "labelFontWeight": "normal"},
    }
    return spec | {
        "$schema": _SCHEMA,
        "data": {"values": _records(picture.chart.frame)},
        "width": _room(round(len(picture.chart.frame) ** 0.5)),
        "padding": {"left": 8, "right": 52, "top": 8, "bottom": 8},  # the sums of the rows stand on the right
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return records


def _room(squares: int) -> float:
    return min(max(_ROOM, _PER_WORD * squares), _WIDEST)


def _weights(calculation: Calculation, title: str) -> Chart:
    return charts.weights_map(calculation.attention.weights, title=title, **_shared(calculation))


def _raw_scores(calculation: Calculation, title: str) -> Chart:
    shared = _shared(calculation) | {"allowed": np.ones_like(calculation.allowed)}
    return charts.signed_map(calculation.attention.scores, title=title, **shared)


def _scaled_scores(calculation: Calculation, title: str) -> Chart:
    return charts.signed_map(calculation.attention.scaled_scores, title=title, **_shared(calculation))


def _mask_in_short(mask: str, experiment: Experiment) -> str:
    named = MASKS[mask].name.lower()
    return f"{named} ({experiment.neighbours})" if mask == NEIGHBOURS.id else named


def _weights_scaled(scaled: bool) -> Callable[[Calculation, str], Chart]:
    return lambda calculation, title: _weights(_with_scaling(calculation, scaled), title)


def _difference(calculation: Calculation, title: str) -> Chart:
    with_it, without = (_with_scaling(calculation, scaled).attention.weights for scaled in (True, False))
    return charts.signed_map(with_it - without, title=title, **_shared(calculation))


def _with_scaling(calculation: Calculation, scaled: bool) -> Calculation:
    if calculation.experiment.scaled == scaled:
        return calculation
    return attend(replace(calculation.experiment, scaled=scaled))


def _shared(calculation: Calculation) -> dict[str, Any]:
    words = min(len(calculation.words), MAX_ROWS)
    return {
        "labels": position_labels([_drawable(word) for word in calculation.words]),
        "allowed": calculation.allowed,
        "decimals": calculation.experiment.decimals,
        "room": _room(words),
    }


def _drawable(text: str) -> str:
    """People's text with a mark in place of the control characters that would stop vl-convert."""
    return _NO_XML.sub("\ufffd", text)


@dataclass(frozen=True)
class HeatMap:
    """A kind of picture: its title, and how it is drawn under that title."""

    title: str
    draw: Callable[[Calculation, str], Chart]


HEAT_MAPS: dict[str, HeatMap] = {  # by the stems of the names of their files
    "scores": HeatMap("Scores", _raw_scores),
    "scaled_scores": HeatMap("Scores after scaling and mask", _scaled_scores),
    "weights": HeatMap("Attention weights", _weights),
    "weights_with_scaling": HeatMap("Attention weights with scaling", _weights_scaled(True)),
    "weights_without_scaling": HeatMap("Attention weights without scaling", _weights_scaled(False)),
    "scaling_difference": HeatMap("Weights with scaling minus without", _difference),
}
