"""The chapter of an article about a target for the weights: what was wanted, and how far from it the weights are."""

import numpy as np

from attention_core import Calculation, Stage
from attention_core.teaching import MAX_TARGET_WORDS
from exports.article_tables import MAX_ROWS, Written
from exports.article_text import plain_name
from learning.losses import TargetLoss
from learning.targets import loss_of
from presentation.text import latex_text, shown
from presentation.training_text import learned_tables, learned_text

_DECIMALS = 4  # of losses, as on Teach it
_SAME = 1e-9  # a loss that differs by less is the one that the training ended with


def target_chapter(told: Written) -> list[str]:
    """A heading and its paragraphs; none where nobody set a target."""
    calculation, word, name = told.calculation, told.word, told.bold(told.word)
    experiment = calculation.experiment
    trained = experiment.learned.task == "target" and bool(learned_tables(experiment))
    if not (trained or experiment.teaching.target) or len(calculation.words) > MAX_TARGET_WORDS:
        return []
    loss = loss_of(calculation)
    if not loss.asked.any():
        return []
    return [
        "## The target",
        "A **target** was set for the weights: it says where each word should look. What it asks for sums to 1 in each "
        "row; a row of zeros leaves its word free."
        + (f" It is for {plain_name(calculation.head_name(calculation.place))}." if len(calculation.heads) > 1 else ""),
        _table(told, loss),
        "How far the weights are from it is told by the **loss**: for each word with a target, the squared differences "
        "between its weights and the target, added up; then the average of those words."
        + (f" For {name}:" if loss.asked[word] else f" {name} has no target."),
        *([_sum_of(calculation, loss, word)] if loss.asked[word] else []),
        " ".join([_ended(calculation, loss, trained=trained), *_not_told_yet(calculation)]),
    ]


def _not_told_yet(calculation: Calculation) -> list[str]:
    """How positions were learned; of embeddings and weights the chapters about them tell it."""
    only_positions = learned_tables(calculation.experiment) == (Stage.POSITIONS,)
    return [learned_text(calculation.experiment)] if only_positions else []


def _table(told: Written, loss: TargetLoss) -> str:
    """All of it, or of a long sentence what the followed word is asked for."""
    labels, word = told.calculation.labels, told.word
    if len(labels) <= MAX_ROWS:
        return told.table(loss.target, labels, labels)
    asked_for = np.flatnonzero(loss.target[word])
    if not len(asked_for):
        return f"It has {int(loss.asked.sum())} rows that ask for something; that of {told.bold(word)} is 0 throughout."
    return told.table(loss.target[[word]][:, asked_for], [labels[word]], [labels[at] for at in asked_for])


def _sum_of(calculation: Calculation, loss: TargetLoss, word: int) -> str:
    """The squared differences of one word's row; those of words that it misses by nothing are left out."""
    decimals = calculation.experiment.decimals
    pairs = list(zip(calculation.attention.weights[word].tolist(), loss.target[word].tolist(), strict=True))
    missed = [(weight, wanted) for weight, wanted in pairs if weight != wanted]
    written = " + ".join(f"({shown(weight, decimals)} - {shown(wanted, decimals)})^2" for weight, wanted in missed)
    total = sum((weight - wanted) ** 2 for weight, wanted in missed)
    printed = sum((round(weight, decimals) - round(wanted, decimals)) ** 2 for weight, wanted in missed)
    sign = "=" if round(printed, _DECIMALS) == round(total, _DECIMALS) else r"\approx"
    name = latex_text(calculation.labels[word])
    return f"$$\n\\text{{missed by }}{name} = {written or '0'} {sign} {shown(total, _DECIMALS)}\n$$"


def _ended(calculation: Calculation, loss: TargetLoss, *, trained: bool) -> str:
    """The loss of the numbers as they are, and of the training, if there was one."""
    learned, now = calculation.experiment.learned, loss.of(calculation.attention.weights)
    rows = int(loss.asked.sum())
    told = f"The loss of {'the word' if rows == 1 else f'all {rows} words'} with a target is {shown(now, _DECIMALS)}."
    if not trained:
        return f"{told} Nothing was trained towards it yet."
    went = f"it went from {shown(learned.before, _DECIMALS)} to {shown(learned.after, _DECIMALS)}"
    if abs(now - learned.after) <= _SAME:
        return f"{told} While the tables learned, {went}."
    return f"{told} While the tables learned, {went}; the sentence, the tables, a switch or the target changed since."
