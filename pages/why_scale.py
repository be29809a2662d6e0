"""Why scale?: what the division by √d_k does to scores, to the softmax and to its gradient."""

from dataclasses import replace

from attention_core import attend
from ui import controls, editors, lesson
from ui.course import WHY_SCALE
from ui.lessons import why_scale
from ui.state import current

card = lesson.opened(WHY_SCALE)
if card.id == "own":
    experiment = current.experiment()
    calculation, other_way = attend(experiment), attend(replace(experiment, scaled=not experiment.scaled))
    with card.look:
        why_scale.own_row(calculation, other_way)
        done = why_scale.listens(calculation, other_way)
    with card.inputs:
        controls.sentence_and_word(calculation, "Whose row")
    with card.edit:
        editors.chosen_editor()
else:
    d_k, seed = current.lessons().key_size, current.lessons().seed
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
    with card.edit:
        why_scale.size_and_seed()
card.close(done=done)
