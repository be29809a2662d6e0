"""What files say of numbers that were learned: which, for what and how; and nothing of it once they are gone."""

from dataclasses import replace

import numpy as np

from attention_core import EXAMPLES, OPENING, Stage, attend
from exports.article import article
from learning.targets import taken_over, training_of
from presentation import tables
from presentation.training_text import learned_tables, learned_text


def trained(**teaching):
    experiment = replace(OPENING.build(), teaching=replace(OPENING.build().teaching, steps=20, **teaching))
    training = training_of(attend(experiment))
    *_, last = training
    return experiment, training, taken_over(experiment, training, last.tables, step=20)


def test_what_was_learned_is_told_with_how():
    _, training, kept = trained()
    before, after = training.loss(training.start)[0], kept.learned.after
    assert learned_text(kept) == (
        "Embeddings, W\\_Q and W\\_K were learned, to bring the attention weights towards a target that was set for "
        f"them: 20 steps of Adam with a learning rate of 0.01, from random numbers (seed 1). The loss went "
        f"from {before:.4f} to {after:.4f}."
    )
    assert learned_text(OPENING.build()) == ""


def test_numbers_are_kept_with_four_decimals_and_the_loss_is_theirs():
    _, _, kept = trained()
    for table in (Stage.EMBEDDINGS, Stage.W_Q, Stage.W_K):
        matrix = getattr(kept, table)
        assert np.array_equal(np.round(matrix, 4), matrix)
    weights = attend(kept).attention.weights
    squares = ((weights - kept.teaching.wanted(6)) ** 2).sum(axis=1)
    assert abs(squares.mean() - kept.learned.after) < 1e-12


def test_a_number_that_is_edited_afterwards_is_no_longer_called_learned():
    _, _, kept = trained(tables=("w_q", "w_k"))
    assert learned_tables(kept) == (Stage.W_Q, Stage.W_K) and set(tables.notes(kept, "w_q")) == {"learned"}
    moved = kept.w_q.copy()
    moved[1, 2] = 5
    edited = replace(kept, w_q=moved)
    assert [note == "learned" for note in tables.notes(edited, "w_q")] == [True, False, True, True]
    assert learned_text(edited).endswith("Some of these numbers were changed afterwards.")
    gone = replace(kept, w_q=np.eye(4), w_k=np.eye(4))
    assert learned_text(gone) == "" and "learned" not in tables.notes(gone, "w_q")


def test_the_article_says_what_was_learned_and_nothing_of_hand_set_tables():
    _, _, kept = trained()
    written = article(attend(kept), word=5).markdown
    assert learned_text(kept) in written and "None is learned" not in written and "here they are not" not in written
    shipped = article(attend(EXAMPLES["learned-river-bank"].build()), word=8).markdown
    assert "to guess words that were blanked out in the sentences of a tiny language: 1,200 steps of Adam" in shipped
    alone = article(attend(trained(tables=("w_q",))[2]), word=5).markdown
    assert "None is learned." in alone and "W\\_Q was learned, to bring" in alone
