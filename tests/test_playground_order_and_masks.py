"""Masks, the divisor and word order on the Playground, without a browser."""

import numpy as np
import pytest
from support.screen import MAIN, arrived, run, widget

from attention_core import OPENING, attend
from sharing.address import from_code


@pytest.fixture
def page():
    return arrived(MAIN)


def experiment_of(page):
    return from_code(page.session_state["x"])


def test_every_mask_has_a_switch_and_they_combine(page):
    for mask in ("causal", "not_itself", "neighbours"):
        widget(page, mask).set_value(True).run()
    assert experiment_of(page).masks == ("causal", "not_itself", "neighbours")
    widget(page, "neighbour_count").set_value(2).run()
    assert experiment_of(page).neighbours == 2
    widget(page, "not_itself").set_value(False).run()
    assert experiment_of(page).masks == ("causal", "neighbours")
