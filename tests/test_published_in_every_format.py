"""Published examples pasted in every format get the verdict that an expert would sign, with nothing told."""

import pytest
from support.pasted import EXAMPLES, FORMATS, VERDICTS

from checking.pasted import checked


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("id", EXAMPLES)
def test_a_published_example_gets_the_same_verdict_however_it_is_pasted(id, form):
    findings = checked(FORMATS[form](id)).only
    assert findings.verdict == VERDICTS.get(id, "right")
    assert not findings.slips
