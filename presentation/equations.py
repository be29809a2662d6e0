"""Each word of a sentence as an equation of its context, as the article writes them.  Source: sources.RIVER_AND_MONEY.

People's words are text in it.
"""

import numpy as np

from attention_core import STAGES, Calculation, Stage
from attention_core.two_sentences import TwoSentences, position_of
from presentation.text import plain, shown

_MOST_TERMS = 4  # of one equation among many


def equation(calculation: Calculation, row: int) -> str:
    """bank = 0.57 · river + 0.22 · bank + …, the largest shares first.  Markdown"""
    weights, decimals, labels = calculation.attention.weights[row], calculation.experiment.decimals, calculation.labels
    seen = np.flatnonzero(calculation.allowed[row])
    largest = sorted(seen, key=lambda at: -weights[at])[:_MOST_TERMS]
    terms = [f"{shown(float(weights[at]), decimals)} · {plain(labels[at])}" for at in largest]
    if len(seen) > len(largest):
        terms.append(f"… ({len(seen) - len(largest)} more)")
    if calculation.variant.adds_itself:
        terms.append(f"{plain(labels[row])} as it was")
    return f"**{plain(labels[row])}** = {' + '.join(terms) or '0'}"


def right_side(calculation: Calculation) -> str:
    """What the words on the right stand for."""
    mixed = calculation.variant.value
    return "their embeddings" if mixed is Stage.X else f"their {STAGES[mixed].plural}"


def same_vectors(pair: TwoSentences) -> tuple[int, int]:
    """How many of the different words of both sentences get the same vector in both, up to rounding; and how many
    there are."""
    return sum(_is_same(pair, word) for word in pair.shared), len(pair.shared)


def _is_same(pair: TwoSentences, word: str) -> bool:
    a, b = (each.context[position_of(word, each.experiment)] for each in pair.calculations)
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12))
