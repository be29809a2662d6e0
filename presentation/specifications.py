"""How Altair makes a specification: without checking it, which `tests/test_every_chart.py` does for every chart.

Altair holds each part of a chart against Vega-Lite's schema when the part is made, and again with all that it becomes a
part of. And wherever an encoding is written in short (`text="shown:N"`, `alt.value(1)`), it works out anew which of its
600 classes stands for which part of the schema. Both take longer than all the rest of a picture.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import altair as alt
from altair.utils import schemapi
from altair.vegalite.v6.schema.core import VegaLiteSchema

Spec = dict[str, Any]


def specification(chart: alt.LayerChart | alt.FacetChart) -> Spec:
    """A chart as Vega-Lite reads it."""
    spec: Spec = chart.to_dict(validate=False)
    return spec


def ref(expression: str) -> alt.ExprRef:
    """What the browser works out."""
    return alt.ExprRef(expression)


def pixels(expression: str) -> Any:
    """A place in pixels, which the browser works out."""
    return alt.value({"expr": expression})


_ToClasses = schemapi._FromDict


@cache
def _classes() -> dict[int, list[type[schemapi.SchemaBase]]]:
    return _ToClasses(VegaLiteSchema._default_wrapper_classes()).class_dict


class _ToTheSameClasses(_ToClasses):
    def __init__(self, wrapper_classes: Iterable[type[schemapi.SchemaBase]], /) -> None:
        self.class_dict = _classes()


schemapi.disable_debug_mode()
schemapi._FromDict = _ToTheSameClasses  # type: ignore[misc]
