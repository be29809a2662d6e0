"""Published examples pasted in every format get the verdict that an expert would sign, with nothing told."""

import pytest
from support.pasted import EXAMPLES, FORMATS, VERDICTS

from checking.claims import claims_of
from checking.finding_out import find
from checking.placing import placed
from checking.reading import read


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("id", EXAMPLES)
def test_a_published_example_gets_the_same_verdict_however_it_is_pasted(id, form):
    findings = find(claims_of(placed(read(FORMATS[form](id)))))
    assert findings.verdict == VERDICTS.get(id, "right")
    assert not findings.slips
