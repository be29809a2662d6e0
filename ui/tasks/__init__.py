"""What is to be done on each card, a module a lesson: when it is done, hints, and a solution as data. No Streamlit."""

from ui.tasks import heads, same_word, similarity, step_by_step, three_ways, transformer, why_scale
from ui.tasks.task import Task

# lesson/card -> its task
TASKS: dict[str, Task] = {
    f"{lesson}/{card}": task
    for lesson, tasks in (
        ("similarity", similarity.TASKS),
        ("same_word", same_word.TASKS),
        ("step_by_step", step_by_step.TASKS),
        ("three_ways", three_ways.TASKS),
        ("why_scale", why_scale.TASKS),
        ("heads", heads.TASKS),
        ("transformer", transformer.TASKS),
    )
    for card, task in tasks.items()
}
