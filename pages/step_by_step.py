"""Step by step: one word through seven stages, every word at once, and the row that an article prints."""

from ui import controls, editors, lesson
from ui.course import CAT_AND_MOUSE, STEP_BY_STEP
from ui.lessons import step_by_step

card = lesson.opened(STEP_BY_STEP)
if card.id in ("stages", "projections", "every"):
    calculation = card.shown.calculation
    with card.look:
        match card.id:
            case "stages":
                step_by_step.stages(calculation)
            case "projections":
                step_by_step.projections(calculation)
            case "every":
                step_by_step.every_word(calculation)
    with card.inputs:
        if card.id == "every":
            controls.sentence_and_cell(calculation)
        else:
            controls.sentence_and_word(calculation, "Follow this word")
    with card.edit:
        if card.id != "every":
            controls.open_example(CAT_AND_MOUSE, "Open the article's embeddings")
        if card.id != "projections":
            controls.way_and_scaling()
        editors.chosen_editor()
else:
    with card.look:
        match card.id:
            case "printed":
                step_by_step.printed_row()
            case "line":
                step_by_step.out_of_reach()
            case "values":
                step_by_step.context_of_the()
    with card.edit:
        editors.editor("values" if card.id == "values" else "score_row")
card.close()
