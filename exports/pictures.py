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

_BESIDE, _GAP = 2, 64  # charts in a row, and pixels between them, where the sums of the rows stand

_ROOM = 340.0  # pixels that the cells of a row share
_PER_WORD = 46.0  # or more of them, where there are many words
_WIDEST = 820.0


@dataclass(frozen=True)
class Picture:
    """A chart, or several beside and below each other, each under a title of its own, and what is told about it."""

    title: str
    caption: str
    chart: Chart
    others: tuple[Chart, ...] = ()


def picture(calculation: Calculation, name: str) -> Picture:
    """One of HEAT_MAPS, of the chosen head; or of every head."""
    if name == OF_ALL_HEADS:
        first, *others = (_weights(head, _drawable(head.head_name(head.place))) for head in _heads(calculation))
        return Picture(_TITLE_OF_ALL, caption(calculation), first, tuple(others))
    heat_map = HEAT_MAPS[name]
    of_which = calculation.head_name(calculation.place)
    return Picture(heat_map.title, caption(calculation, of_which), heat_map.draw(calculation, heat_map.title))


def pictures(calculation: Calculation) -> dict[str, Picture]:
    """All of them by the stems of their files: where there are several heads, also of each in a folder of its own."""
    drawn = {name: picture(calculation, name) for name in HEAT_MAPS}
    if len(calculation.heads) > 1:
        drawn[OF_ALL_HEADS] = picture(calculation, OF_ALL_HEADS)
        for number, head in enumerate(_heads(calculation), start=1):
            drawn |= {f"head_{number}/{name}": picture(head, name) for name in _OF_EACH_HEAD}
    return drawn


def titles(calculation: Calculation) -> dict[str, str]:
    """The pictures to choose from, by the stems of their files."""
    return {name: heat_map.title for name, heat_map in HEAT_MAPS.items()} | (
        {OF_ALL_HEADS: _TITLE_OF_ALL} if len(calculation.heads) > 1 else {}
    )


def _heads(calculation: Calculation) -> list[Calculation]:
    return [calculation.of_head(place) for place in range(len(calculation.heads))]


def caption(calculation: Calculation, of_which: str = "") -> str:
    """The sentence and the switches, so that a picture can stand alone; `of_which`: the head whose picture it is."""
    experiment = calculation.experiment
    beginning, *rest = textwrap.wrap(_drawable(" ".join(experiment.sentence.split())), _SENTENCE)
    sentence = f"{beginning} …" if rest else beginning
    scaling = "scaled" if experiment.scaled else "not scaled"
    if experiment.scaled and not calculation.divides_by_root:
        scaling = f"divided by {divided_by(calculation)}"
    masks = [_mask_in_short(mask, experiment) for mask in experiment.masks]
    order = calculation.word_order
    told = [calculation.variant.name, scaling, *masks, *([f"word order: {order.name.lower()}"] if order.counts else [])]
    if len(calculation.heads) > 1:
        of_heads = f"{len(calculation.heads)} heads"
        told.append(f"“{_drawable(of_which)}” of {of_heads}" if of_which else of_heads)
    return f"“{sentence}” ({', '.join(told)})"


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
    spec: dict[str, Any]
    title: dict[str, Any]
    if picture.others:
        parts = [_part(chart, ink) for chart in (picture.chart, *picture.others)]
        spec = {"concat": parts, "columns": _BESIDE, "spacing": _GAP, "config": parts[0]["config"]}
        for part in parts:
            del part["config"]
        title = {"text": picture.title, "anchor": "start", "fontSize": 16, "offset": 16, "subtitle": []}
    else:
        spec = _part(picture.chart, ink)
        title = spec.pop("title")
    if told:
        lines = [*title["subtitle"], *textwrap.wrap(picture.caption, _LINE)]
        spec["title"] = title | {"subtitle": lines, "color": ink, "subtitleColor": ink}
    spec["config"] |= {"background": ground, "font": "sans-serif"}
    return spec | {
        "$schema": _SCHEMA,
        "padding": {"left": 8, "right": 52, "top": 8, "bottom": 8},  # the sums of the rows stand on the right
    }


def _part(chart: Chart, ink: str) -> dict[str, Any]:
    """A chart with its data, title and width. Nobody clicks in a picture, so that nothing listens for clicks."""
    spec = copy.deepcopy(chart.spec)
    width = _room(round(len(chart.frame) ** 0.5))
    for layer in spec["layer"]:
        layer.pop("name", None)  # the same in every chart, so that the last one's marks would be drawn in all
        layer["mark"] = {name: _with_width(value, width) for name, value in layer["mark"].items()}
        if isinstance(fill := layer["mark"].get("fill"), dict):
            fill["expr"] = fill["expr"].replace("currentColor", ink)
    for name in ("params", "$schema"):
        spec.pop(name, None)
    spec["title"] |= {"color": ink}
    spec["config"] |= {"axis": spec["config"]["axis"] | {"labelColor": ink, "labelFontWeight": "normal"}}
    return spec | {"data": {"values": _records(chart.frame)}, "width": width}


def _with_width(value: Any, width: float) -> Any:
    """What depends on the width of the chart, which has no name where several stand in one picture."""
    if isinstance(value, dict) and "expr" in value:
        return value | {"expr": re.sub(r"\bwidth\b", f"{width:g}", value["expr"])}
    return value


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

OF_ALL_HEADS = "weights_of_heads"  # offered where there are several
_TITLE_OF_ALL = "Attention weights of all heads"
_OF_EACH_HEAD = ("scores", "scaled_scores", "weights")
