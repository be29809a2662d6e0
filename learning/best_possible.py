"""How small the loss of a target can become at best, whatever the tables hold. Each bound is proved where it stands."""

from collections import Counter

import numpy as np

from attention_core import Calculation, Stage
from attention_core.attention import Floats
from attention_core.positions import OWN
from learning.losses import TargetLoss


def best_possible(calculation: Calculation, loss: TargetLoss) -> float:
    """A bound that no training can go below, over all embeddings and matrices of the same sizes, and over all positions
    where these may change.

    It is reached, or come near to, where nothing but what the bounds below speak of is in the way.
    """
    return max(bound(calculation, loss) for bound in (alike_and_allowed, one_number_to_compare))


def alike_and_allowed(calculation: Calculation, loss: TargetLoss) -> float:
    """What equal words and masks leave of the target.

    Equal words have equal queries and keys, so in a row they get equal weights, and where they may look at the same
    words their rows are the same. A forbidden weight is 0, and a row sums to 1 or, where a word may look nowhere, to 0.
    Of all rows that keep to this, the one with the smallest squared difference is the mean of what is asked, plus the
    same amount everywhere that makes it sum to 1.
    """
    kinds, allowed = _kinds(calculation), calculation.allowed
    rows: dict[tuple[int, bytes], list[int]] = {}
    for row in np.flatnonzero(loss.asked):
        rows.setdefault((kinds[row], allowed[row].tobytes()), []).append(int(row))
    missed = 0.0
    for same in rows.values():
        seen, wanted = allowed[same[0]], loss.target[same]
        best = np.zeros(len(seen))
        for kind in {kinds[at] for at in np.flatnonzero(seen)}:
            places = np.array([kinds[at] == kind and seen[at] for at in range(len(seen))])
            best[places] = wanted[:, places].mean()
        if seen.any():
            best[seen] += (1 - best.sum()) / seen.sum()
        missed += float(((wanted - best) ** 2).sum())
    return missed / loss.rows


def one_number_to_compare(calculation: Calculation, loss: TargetLoss) -> float:
    """What a query and a key of a single number leave, where each row asks for one word and no word is forbidden.

    A score is then query · key, so a row's weights rise or fall along the line on which the keys lie: a word with r
    others beyond it, on the nearer side, gets no more than 1 / (r + 1), and misses by r / (r + 1) at least. So the
    words that most rows ask for lie outermost; the others follow inwards, alternating between both ends.
    """
    wanted = loss.target[loss.asked]
    if calculation.table(calculation.variant.key).shape[1] > 1 or not calculation.allowed.all():
        return 0.0
    if not np.isin(wanted, (0.0, 1.0)).all():
        return 0.0
    asked_for = sorted(Counter(map(int, wanted.argmax(axis=1))).values(), reverse=True) if len(wanted) else []
    return sum(count * (place // 2) / (place // 2 + 1) for place, count in enumerate(asked_for)) / loss.rows


def _kinds(calculation: Calculation) -> list[int]:
    """A number for each place, the same where a word is the same and nothing tells its places apart."""
    experiment, words = calculation.experiment, calculation.experiment.vocabulary_index
    if experiment.positions == OWN.id and Stage.POSITIONS in experiment.teaching.tables:
        return list(range(len(words)))  # what is added at each place can be learned
    if calculation.word_order.turns and calculation.turned_key.shape[1] > 1:  # a single number is not turned
        return list(range(len(words)))
    at_places: Floats = calculation.x - experiment.embeddings[words]
    known: dict[tuple[int, bytes], int] = {}
    return [
        known.setdefault((int(word), place.tobytes()), len(known))
        for word, place in zip(words, at_places + 0.0, strict=True)
    ]
