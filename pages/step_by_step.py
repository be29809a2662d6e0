"""Step by step: one word through seven stages, every word at once, and the row that an article prints."""

from attention_core import attend
from ui import controls, editors, lesson
from ui.course import STEP_BY_STEP
from ui.lessons import step_by_step
from ui.state import current

card = lesson.opened(STEP_BY_STEP)
if card.id in ("stages", "projections", "every"):
    calculation = attend(current.experiment())
    with card.look:
        match card.id:
            case "stages":
                step_by_step.stages(calculation)
                done = step_by_step.is_at_last_stage()
            case "projections":
                step_by_step.projections(calculation)
                done = step_by_step.changed_queries_alone(calculation)
            case "every":
                step_by_step.every_word(calculation)
                done = step_by_step.is_greatest_weight(calculation)
    with card.inputs:
        controls.sentence_and_word(calculation, "Follow this word")
    with card.edit:
        if card.id != "every":
            controls.open_example(controls.CAT_AND_MOUSE, "Open the article's embeddings")
        if card.id != "projections":
            controls.way_and_scaling()
        editors.chosen_editor()
else:
    with card.look:
        match card.id:
            case "printed":
                step_by_step.printed_row()
                done = step_by_step.is_changed()
            case "line":
                step_by_step.out_of_reach()
                done = step_by_step.is_within_reach()
            case "values":
                step_by_step.context_of_the()
                done = step_by_step.is_wanted_context()
    with card.edit:
        editors.editor("values" if card.id == "values" else "score_row")
card.close(done=done)
