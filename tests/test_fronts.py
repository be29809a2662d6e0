"""What is told of a page where its link is shown is told of the pages that there are."""

from support.server import ROOT

from serving.fronts import FRONTS
from ui.course import COURSE


def test_each_page_has_its_title_and_no_other_has():
    scripts = {path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__"}
    assert set(FRONTS) == scripts | {""}
    assert {lesson.script for lesson in COURSE} < scripts
    assert len({front.title for front in FRONTS.values()}) == len(FRONTS)


def test_descriptions_are_sentences_that_differ():
    told = [front.description for front in FRONTS.values()]
    assert len(set(told)) == len(told)
    assert all(text.endswith(".") and 60 <= len(text) <= 200 for text in told)
