"""Which numbers a change is said to have changed: those that are written otherwise."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from presentation.change_text import _written_differently
from presentation.text import shown

near_the_middle = st.builds(
    lambda units, off, decimals: (units + 0.5 + off) / 10**decimals,
    st.integers(-2000, 2000),
    st.sampled_from([0.0, 1e-12, -1e-12, 1e-7, -1e-7, 0.3]),
    st.integers(0, 6),
)
number = st.one_of(
    near_the_middle,
    st.floats(-5, 5),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 0.004, -0.004, 1e7, 9999999.995, 1e300, float("nan"), float("-inf")]),
)


@given(st.lists(st.tuples(number, number), min_size=1, max_size=40), st.integers(0, 6))
def test_a_number_has_changed_where_it_is_written_otherwise(pairs, decimals):
    now, then = (np.array([side], float) for side in zip(*pairs, strict=True))
    expected = [
        not np.isnan(was) and is_ != was and (np.isnan(is_) or shown(is_, decimals) != shown(was, decimals))
        for is_, was in pairs
    ]
    found = _written_differently(now, then, decimals)[0]
    assert [bool(each) for each in found] == expected
