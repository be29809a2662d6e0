"""What is taken along after a training: the article's chapter about the target, and learned tables in every file."""

import re
from dataclasses import replace

import numpy as np
import pytest
from support.heads import some_heads
from support.scripts import assert_prints_the_context_of, printed
from support.workbooks import all_cells, assert_calculated, opened

from attention_core import OPENING, attend
from attention_core.teaching import CLEARED, Teaching
from exports.article import article
from exports.scripts import numpy_script
from exports.web_page import web_page
from exports.workbook import workbook
from learning.targets import taken_over, training_of
from sharing.document import from_document, to_document

TARGET = ((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.5, 0.5, 0.0))


def asked(**changed):
    """Three words, of which the second may look wherever it likes."""
    experiment = OPENING.build().with_sentence("walked river bank")
    return replace(experiment, teaching=Teaching(target=TARGET, steps=30, rate=0.05, **changed))


def trained(experiment):
    training = training_of(attend(experiment))
    *_, last = training
    return taken_over(experiment, training, last.tables, step=30)


def places_learned():
    """Positions that were learned, beside embeddings that were not."""
    own = asked(tables=("w_q", "positions")).with_positions(np.zeros((3, 4)))
    return trained(own)


def chapter(experiment, word=0):
    found = re.search(r"^## The target$(.*?)^## ", article(attend(experiment), word=word).markdown, re.S | re.M)
    return found[1] if found else ""


def loss_of(experiment):
    weights = attend(experiment).attention.weights
    return ((weights - np.array(TARGET))[[0, 2]] ** 2).sum() / 2


def test_the_article_shows_the_target_and_how_far_the_weights_are_from_it():
    kept = trained(asked())
    told = chapter(kept)
    assert "| **walked** | 0.00 | 0.00 | 1.00 |" in told and "| **bank** | 0.50 | 0.50 | 0.00 |" in told
    first = attend(kept).attention.weights[0]
    written = " + ".join(f"({weight:.2f} - {wanted:.2f})^2" for weight, wanted in zip(first, TARGET[0], strict=True))
    missed = ((first - np.array(TARGET[0])) ** 2).sum()
    assert written in told and re.search(rf"(=|\\approx) {missed:.4f}$", told, re.M)
    before, after = kept.learned.before, kept.learned.after
    assert after == pytest.approx(loss_of(kept), abs=1e-12) and after < before / 2
    assert f"The loss of all 2 words with a target is {after:.4f}." in told
    assert f"While the tables learned, it went from {before:.4f} to {after:.4f}." in told


def test_of_a_long_sentence_the_chapter_shows_what_the_followed_word_is_asked_for():
    experiment = OPENING.build().with_sentence(" ".join(f"w{at}" for at in range(20)))
    target = np.zeros((20, 20))
    target[3, [1, 7]] = 0.5
    experiment = replace(experiment, teaching=Teaching().with_target(target))
    told = chapter(experiment, word=3)
    assert "|  | w1 | w7 |" in told and "| **w3** | 0.50 | 0.50 |" in told and "spreadsheet" not in told
    assert "that of **w5** is 0 throughout" in chapter(experiment, word=5)


def test_of_several_heads_the_chapter_names_the_one_whose_weights_are_meant():
    assert "It is for Head 1." in chapter(some_heads(asked(), 2)) and "It is for" not in chapter(asked())


def test_a_word_without_a_target_has_no_sum():
    assert "**river** has no target." in chapter(asked(), word=1) and "$$" not in chapter(asked(), word=1)


def test_a_target_that_nothing_was_trained_towards_says_so():
    told = chapter(asked())
    assert f"is {loss_of(asked()):.4f}. Nothing was trained towards it yet." in told


def test_what_changed_since_the_training_is_said():
    kept = trained(asked())
    flatter = replace(kept, w_v=2 * kept.w_v)
    assert "changed since" not in chapter(flatter), "W_V has no part in the weights"
    assert "changed since" in chapter(replace(kept, scaled=False))


def test_without_a_target_there_is_no_such_chapter():
    assert not chapter(OPENING.build()) and not chapter(replace(asked(), teaching=Teaching(target=CLEARED)))


@pytest.mark.parametrize("of", [lambda: trained(asked()), places_learned], ids=["tables", "positions"])
def test_learned_tables_and_their_target_are_in_every_file(of):
    experiment = of()
    book = opened(workbook(experiment), data_only=True)
    assert_calculated(book, experiment)
    assert any(str(cell.value).startswith("learned: ") for cell in all_cells(book))
    assert_prints_the_context_of(experiment, printed(numpy_script(experiment)))
    again = from_document(to_document(experiment))
    assert again == experiment and again.teaching.target == TARGET and again.learned == experiment.learned
    page = web_page(article(attend(experiment), word=0))
    assert "The target" in page and "were learned, to bring the attention weights towards a target" in page


def test_positions_that_were_learned_say_so_as_long_as_they_are_in_use():
    experiment = places_learned()
    told = article(attend(experiment), word=0).markdown
    assert "W\\_Q and positions were learned" in told
    unused = replace(experiment, positions="none")
    assert "and positions were learned" not in article(attend(unused), word=0).markdown
    alone = trained(asked(tables=("positions",)).with_positions(np.zeros((3, 4))))
    assert "Positions were learned, to bring" in article(attend(alone), word=0).markdown
