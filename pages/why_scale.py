"""Why scale?: what the division by √d_k does to scores, to the softmax and to its gradient."""

from ui import controls, editors, lesson
from ui.course import WHY_SCALE
from ui.lessons import why_scale

card = lesson.opened(WHY_SCALE)
if card.id == "own":
    with card.look:
        why_scale.own_row(card.shown)
    with card.inputs:
        controls.sentence_and_word(card.shown.calculation, "Follow this word")
    with card.edit:
        editors.chosen_editor()
else:
    d_k, seed = card.shown.lessons.key_size, card.shown.lessons.seed
    with card.look:
        match card.id:
            case "grow":
                why_scale.growth(d_k, seed)
            case "saturate":
                why_scale.saturation(d_k, seed)
            case "gradient":
                why_scale.gradient(d_k, seed)
    with card.edit:
        why_scale.size_and_seed()
card.close()
