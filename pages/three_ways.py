"""Three ways: embeddings only, queries and keys, queries, keys and values, side by side on the same numbers."""

from attention_core.ladder import ladder
from ui import controls, editors, lesson
from ui.course import THREE_WAYS
from ui.lessons import three_ways
from ui.state import current

card = lesson.opened(THREE_WAYS)
forms = ladder(current.experiment())
with card.look:
    match card.id:
        case "forms":
            three_ways.weights(forms)
            done = three_ways.is_diagonal()
        case "alike":
            three_ways.likes(forms)
            done = three_ways.looks_elsewhere(forms)
        case "context":
            three_ways.contexts(forms)
            done = three_ways.changed_w_v()
        case "forty":
            three_ways.division(forms[1])
            done = three_ways.sees_forty_without_scaling()
with card.inputs:
    controls.sentence_and_word(forms[0], "Follow this word")
with card.edit:
    if card.id == "forty":
        controls.open_example(controls.LECTURE, "Open the lecture's numbers")
    controls.scaling()
    editors.chosen_editor()
card.close(done=done)
