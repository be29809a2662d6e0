"""The chapter of an article about a target for the weights: what was wanted, and how far from it the weights are."""

from collections.abc import Callable

from attention_core import Calculation, Stage
from attention_core.attention import Floats
from attention_core.teaching import MAX_TARGET_WORDS
from learning.losses import TargetLoss
from learning.targets import loss_of
from presentation.text import latex_text, shown
from presentation.training_text import learned_tables, learned_text

_DECIMALS = 4  # of losses, as on Teach it
_SAME = 1e-9  # a loss that differs by less is the one that the training ended with


def target_chapter(
    calculation: Calculation, word: int, *, square: Callable[[Floats], str], bold: Callable[[int], str]
) -> list[str]:
    """A heading and its paragraphs; none where nobody set a target. `word`: the position that the article follows;
    `square` writes a table with a row and a column for each word, `bold` the name of the word at a position.
    """
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
        "row; a row of zeros leaves its word free.",
        square(loss.target),
        "How far the weights are from it is told by the **loss**: for each word with a target, the squared differences "
        "between its weights and the target, added up; then the average of those words."
        + (f" For {bold(word)}:" if loss.asked[word] else f" {bold(word)} has no target."),
        *([_sum_of(calculation, loss, word)] if loss.asked[word] else []),
        " ".join([_ended(calculation, loss, trained=trained), *_not_told_yet(calculation)]),
    ]


def _not_told_yet(calculation: Calculation) -> list[str]:
    """How positions were learned; of embeddings and weights the chapters about them tell it."""
    only_positions = learned_tables(calculation.experiment) == (Stage.POSITIONS,)
    return [learned_text(calculation.experiment)] if only_positions else []


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
