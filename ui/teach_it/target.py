"""What the parts of Teach it that aim at a painted target begin with."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attention_core import Calculation
from learning.losses import TargetLoss
from learning.targets import loss_of
from presentation.text import plain
from ui import controls
from ui.state import keys


def sentence_and_loss(calculation: Calculation, place: DeltaGenerator) -> TargetLoss | None:
    """The field of the sentence, in its place; how far its weights are from the target, or None once it is told why
    there is no target for it."""
    with place:
        controls.sentence_field("Your sentence")
    controls.typing_problem(keys.SENTENCE)
    if (count := len(calculation.heads)) > 1:
        st.caption(
            f"There are {count} heads, each with weights of its own. The target is for "
            f"{plain(calculation.head_name(calculation.place))}, the one chosen on the Playground: of W_Q and W_K, "
            "only its own learn. Embeddings and positions are shared by all. W_O and W_V have no part in the weights, "
            "so this target teaches them nothing."
        )
    try:
        return loss_of(calculation)
    except ValueError as error:
        st.info(plain(str(error)), icon=":material/straighten:")
        return None
