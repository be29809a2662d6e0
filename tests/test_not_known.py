"""Articles of what Check my numbers cannot calculate are not judged; all others are."""

from dataclasses import replace

import pytest

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from checking.not_known import refuse_what_is_not_known
from checking.reading import ReadingError
from exports.article import article
from exports.web_page import web_page

OPEN = OPENING.build()
NOT_KNOWN = {
    "places that turn queries and keys": {"positions": "rotary"},
}


@pytest.mark.parametrize("what", NOT_KNOWN)
def test_an_article_of_what_is_not_known_is_refused_and_told_why(what):
    told = article(attend(replace(OPEN, **NOT_KNOWN[what])), word=1)
    for text in (told.markdown, web_page(told)):
        with pytest.raises(ReadingError) as refused:
            refuse_what_is_not_known(text)
        assert f"was made with {what}, which cannot be checked here yet" in str(refused.value)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("masks", [(), ("causal",)])
def test_every_way_under_the_masks_that_are_known_is_read(variant, masks):
    refuse_what_is_not_known(article(attend(replace(OPEN, variant=variant, masks=masks)), word=1).markdown)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read(example):
    refuse_what_is_not_known(article(attend(EXAMPLES[example].build()), word=0).markdown)
