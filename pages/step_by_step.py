"""Step by step: one word through seven stages, every word at once, and the row that an article prints."""

from attention_core import attend
from ui import controls, editors, explanation, lesson, state
from ui.course import STEP_BY_STEP
from ui.lessons import step_by_step

card = lesson.opened(STEP_BY_STEP)
match card.id:
    case "stages" | "every":
        calculation = attend(state.experiment())
        with card.edit:
            controls.sentence_with_problem()
            explanation.word_choice(calculation, "Follow this word")
            controls.way_and_scaling()
            editors.chosen_editor()
        with card.look:
            if card.id == "stages":
                stage = step_by_step.stage_choice()
                step_by_step.stage_buttons(stage)
                step_by_step.stage(calculation, stage)
                done = step_by_step.is_last(stage)
            else:
                step_by_step.every_word(calculation)
                done = step_by_step.is_greatest_weight(calculation)
    case "printed":
        with card.edit:
            editors.editor("score_row")
        with card.look:
            step_by_step.printed_row()
        done = step_by_step.is_changed()
    case "line":
        with card.edit:
            editors.editor("score_row")
        with card.look:
            step_by_step.out_of_reach()
        done = step_by_step.is_within_reach()
card.close(done=done)
