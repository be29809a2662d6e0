"""In a transformer: from text to context, all at once, far apart, not only words, and the networks around attention."""

from ui import controls, editors, lesson, masks
from ui.course import LONG_SENTENCE, PICTURE, TRANSFORMER
from ui.lessons import transformer
from ui.state import cards

card = lesson.opened(TRANSFORMER)
calculation = card.shown.full if card.id == "network" else card.shown.calculation
with card.look:
    match card.id:
        case "pipeline":
            transformer.pipeline(calculation)
        case "at_once":
            transformer.all_at_once(calculation, card.shown.taken)
        case "far":
            transformer.far_apart(calculation)
        case "patches":
            transformer.patches(calculation)
        case "network":
            transformer.query_network(calculation)
        case "next":
            transformer.feed_forward(calculation)
with card.inputs:
    if card.id == "at_once":
        controls.sentence_alone()
    else:
        controls.sentence_and_word(calculation, "Follow this word")
with card.edit:
    match card.id:
        case "pipeline":
            masks.causal()
            editors.chosen_editor()
        case "far":
            controls.open_example(LONG_SENTENCE, "Open a sentence of thirty words")
            editors.chosen_editor()
        case "patches":
            if cards.uses_own():
                controls.open_example(PICTURE, "Open a small picture")
            editors.editor("embeddings")
        case "network":
            editors.network("query_first", "query_second")
        case "next":
            editors.network("forward_first", "forward_second")
card.close()
