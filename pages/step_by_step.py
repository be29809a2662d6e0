"""Step by step: one word through seven stages, every word at once, and the row that an article prints."""

from ui import controls, editors, lesson
from ui.course import CAT_AND_MOUSE, STEP_BY_STEP
from ui.lessons import step_by_step

card = lesson.opened(STEP_BY_STEP)
if card.id in ("stages", "every"):
    calculation = card.shown.calculation
    with card.look:
        if card.id == "stages":
            step_by_step.stages(calculation)
        else:
            step_by_step.every_word(calculation)
    with card.inputs:
        controls.sentence_and_word(calculation, "Follow this word")
    with card.edit:
        if card.id == "stages":
            controls.open_example(CAT_AND_MOUSE, "Open the article's embeddings")
        controls.way_and_scaling()
        editors.chosen_editor()
else:
    with card.look:
        if card.id == "printed":
            step_by_step.printed_row()
        else:
            step_by_step.out_of_reach()
    with card.edit:
        editors.editor("score_row")
card.close()
