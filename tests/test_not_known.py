"""Articles of what Check my numbers cannot calculate are not judged; all others are."""

import pytest

from attention_core import EXAMPLES, attend
from checking.not_known import refuse_what_is_not_known
from checking.pasted import pasted
from checking.reading import ReadingError
from exports.article import article

NOT_KNOWN = {
    "places that turn queries and keys": "Each place turns the queries and keys: a **rotary position embedding**.",
    "several heads or W_O": "There are two attention heads, each with tables of its own.",
}


@pytest.mark.parametrize("what", NOT_KNOWN)
def test_an_article_of_what_is_not_known_is_refused_and_told_why(what):
    with pytest.raises(ReadingError) as refused:
        pasted(f"{NOT_KNOWN[what]}\n\nScores\n1 2\n3 4\n")
    assert f"was made with {what}, which cannot be checked here yet" in str(refused.value)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_read(example):
    refuse_what_is_not_known(article(attend(EXAMPLES[example].build()), word=0).markdown)
