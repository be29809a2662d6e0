"""Heads and word order: what several heads see, what order, masks and W_O change."""

from ui import controls, editors, heads, lesson, masks
from ui.course import HEADS
from ui.lessons import heads as shown
from ui.state import address

card = lesson.opened(HEADS)
calculation = card.shown.every_head
with card.look:
    match card.id:
        case "jobs":
            shown.looks(calculation)
        case "order":
            shown.in_another_order(calculation)
        case "twice":
            shown.same_word_twice(calculation)
        case "writing":
            shown.written(calculation)
        case "output":
            shown.mixed(calculation)
with card.inputs:
    controls.sentence_and_word(calculation, "Follow this word")
with card.edit:
    match card.id:
        case "jobs":
            heads.choice(calculation)
            editors.chosen_editor()
        case "order" | "twice":
            if address.shows("order"):
                editors.order(calculation)
        case "writing":
            masks.causal()
            masks.others()
        case "output":
            heads.choice(calculation)
            editors.mixing()
card.close()
