"""Whatever comes by any way in is shown, calculated with, or refused in a plain sentence.

`python benchmarks/ways_in.py` tries much more of it.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.screen import arrived
from support.ways_in import WAYS_IN, blocks, texts

SETTINGS = settings(derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PAGES = ("playground", "similarity", "same_word", "three_ways", "why_scale", "teach_it", "check_my_numbers")


@pytest.mark.parametrize("name", WAYS_IN)
def test_whatever_comes_in_is_taken_or_refused_in_a_plain_sentence(name):
    way = WAYS_IN[name]

    @settings(SETTINGS, max_examples=25)
    @given(way.comes)
    def tried(come):
        way.check(come)

    tried()


@settings(SETTINGS, max_examples=12)
@given(
    st.sampled_from(PAGES),
    st.dictionaries(
        st.sampled_from(["x", "class", "pin", "card", "n", "compare"]), st.one_of(texts, blocks), max_size=3
    ),
)
def test_a_page_opens_whatever_its_address_says(script, said):
    said = {name: text.encode("utf-8", "replace").decode() for name, text in said.items()}
    page = arrived(script, **said)
    assert not any("made a mistake" in error.value for error in page.error)
