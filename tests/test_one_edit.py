"""One edit of one cell makes one experiment, however much of the page shows it."""

from collections import Counter

import pytest
from streamlit.testing.v1 import AppTest
from support.screen import MAIN, turned

from attention_core import words
from attention_core.experiment import Experiment


@pytest.fixture
def counted(monkeypatch):
    """How many experiments are made, and how many sentences are split."""
    count = Counter()
    check, split_words = Experiment.__post_init__, words.SPLITS["words"]

    def made(experiment):
        count["made"] += 1
        check(experiment)

    def split(text):
        if text:  # an experiment may have no second sentence
            count["split"] += 1
        return split_words(text)

    monkeypatch.setattr(Experiment, "__post_init__", made)
    monkeypatch.setitem(words.SPLITS, "words", split)
    return count


def opened(script):
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    return page if script == "playground" else turned(page, script)


def edit(page, table, cells, row=0):
    (editor,) = (each for each in page.main if str(getattr(each, "key", None)).split(":")[0] == table)
    page.session_state[editor.key] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception


@pytest.mark.parametrize(
    ("script", "table", "made"),
    [
        ("step_by_step", "embeddings", 1),
        ("playground", "embeddings", 1),
        ("playground", "w_v", 1),
        ("same_word", "both", 2),  # and the other sentence
        ("three_ways", "embeddings", 4),  # and each of the three forms
    ],
)
def test_an_edit_of_a_cell_makes_one_experiment_and_what_the_page_compares_it_with(counted, script, table, made):
    page, column = opened(script), "v1" if table == "w_v" else "living"
    edit(page, table, {column: 7.25})  # the sentence is split here, if no visitor has had it lately
    counted.clear()
    edit(page, table, {column: 8.5})
    assert len(page.session_state["_session"].document.back) == 2, "it was an edit"
    assert counted == {"made": made}, "and no sentence is split again"


def test_the_same_edits_reported_again_make_nothing(counted):
    page = opened("step_by_step")
    edit(page, "embeddings", {"living": 7.25})
    counted.clear()
    page.run()
    assert not counted and len(page.session_state["_session"].document.back) == 1


def test_a_sentence_is_split_once_when_it_is_typed(counted):
    page = opened("playground")
    counted.clear()
    page.text_input(key="sentence").set_value("A sentence that nobody has typed before").run()
    assert not page.exception and counted["split"] == 1
