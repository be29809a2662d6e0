"""Three ways: embeddings only, queries and keys, queries, keys and values, side by side on the same numbers."""

from ui import controls, editors, lesson
from ui.course import LECTURE, THREE_WAYS
from ui.lessons import three_ways
from ui.state import cards

card = lesson.opened(THREE_WAYS)
forms = card.shown.forms
with card.look:
    match card.id:
        case "forms":
            three_ways.weights(forms)
        case "alike":
            three_ways.likes(forms)
        case "context":
            three_ways.contexts(forms)
        case "forty":
            three_ways.division(forms[1])
with card.inputs:
    if card.id == "forms":
        controls.sentence_and_cell(forms[0])
    else:
        controls.sentence_and_word(forms[0], "Follow this word")
with card.edit:
    if card.id == "forty" and cards.uses_own():
        controls.open_example(LECTURE, "Open the lecture's numbers")
    controls.scaling()
    editors.chosen_editor()
card.close()
