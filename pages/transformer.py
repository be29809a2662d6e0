"""In a transformer: from text to context, all at once, far apart, not only words, and the networks around attention."""

from dataclasses import replace

from attention_core import attend
from attention_core.variants import QKV
from ui import controls, editors, lesson, masks
from ui.course import TRANSFORMER
from ui.lessons import transformer
from ui.state import current

card = lesson.opened(TRANSFORMER)
experiment = current.experiment()
# A network makes queries in place of W_Q, which only the full way uses with values of their own.
calculation = attend(replace(experiment, variant=QKV.id) if card.id == "network" else experiment)
with card.look:
    match card.id:
        case "pipeline":
            transformer.pipeline(calculation)
            done = transformer.looks_back_only()
        case "at_once":
            done = transformer.all_at_once(calculation)
        case "far":
            transformer.far_apart(calculation)
            done = transformer.looks_far(calculation)
        case "patches":
            transformer.patches(calculation)
            done = transformer.last_looks_at_first(calculation)
        case "network":
            transformer.query_network(calculation)
            done = transformer.asks_for_nothing(calculation)
        case "next":
            transformer.feed_forward(calculation)
            done = transformer.is_silent(calculation)
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
            controls.open_example(controls.LONG_SENTENCE, "Open a sentence of thirty words")
            editors.chosen_editor()
        case "patches":
            controls.open_example(controls.PICTURE, "Open a small picture")
            editors.editor("embeddings")
        case "network":
            editors.network("query_first", "query_second")
        case "next":
            editors.network("forward_first", "forward_second")
card.close(done=done)
