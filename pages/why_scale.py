"""Why scale?: what the division by √d_k does to scores, to the softmax and to its gradient."""

from attention_core import attend
from ui import controls, editors, explanation, lesson, state
from ui.course import WHY_SCALE
from ui.lessons import why_scale

card = lesson.opened(WHY_SCALE)
if card.id == "own":
    calculation = attend(state.experiment())
    with card.edit:
        controls.sentence_with_problem()
        explanation.word_choice(calculation, "Whose row")
        editors.chosen_editor()
    with card.look:
        why_scale.own_row(calculation)
    done = why_scale.listens(calculation)
else:
    with card.edit:
        d_k, seed = why_scale.size_and_seed()
    with card.look:
        match card.id:
            case "grow":
                why_scale.growth(d_k, seed)
                done = why_scale.is_wide(d_k, seed)
            case "saturate":
                why_scale.saturation(d_k, seed)
                done = why_scale.saturates(d_k, seed)
            case "gradient":
                why_scale.gradient(d_k, seed)
                done = why_scale.gradient_vanishes(d_k, seed)
card.close(done=done)
