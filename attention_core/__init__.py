"""Self-attention, worked so that every number can be traced. NumPy and small text libraries; no screen."""

from attention_core.attention import Attention, causal_mask, scaled_dot_product_attention, softmax
from attention_core.calculation import Calculation, attend
from attention_core.derivation import DERIVED, Derivation, Quantity, derive, trace
from attention_core.examples import EXAMPLES, OPENING, Example, unedited
from attention_core.experiment import Experiment
from attention_core.stages import STAGES, Stage
from attention_core.variants import VARIANTS, Variant

__all__ = [
    "DERIVED",
    "EXAMPLES",
    "OPENING",
    "STAGES",
    "VARIANTS",
    "Attention",
    "Calculation",
    "Derivation",
    "Example",
    "Experiment",
    "Quantity",
    "Stage",
    "Variant",
    "attend",
    "causal_mask",
    "derive",
    "scaled_dot_product_attention",
    "softmax",
    "trace",
    "unedited",
]
