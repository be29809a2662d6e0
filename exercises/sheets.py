"""A worksheet on paper: one page of HTML that needs nothing else and prints, with blanks, or with the solutions.

What a task hides is blank on the sheet and filled in on that of the solutions.
"""

from attention_core import STAGES, Calculation, Stage, attend
from attention_core.stages import TABLE_OF, WEIGHT_TABLES
from exercises.goals import GOALS
from exercises.hints import sum_to_do
from exercises.worksheet import Kind, Task, Worksheet
from exports.article import Article
from exports.web_page import web_page
from presentation.tables import stage_columns, stage_rows
from presentation.text import plain, shown

_BLANK = "\\_\\_\\_\\_\\_"
_LINE = "\\_" * 60
_MOST_WORDS = 10  # whose squares fit on paper
_HIDES = {Stage.SCORES: "scores", Stage.WEIGHTS: "weights", Stage.CONTEXT: "context"}


def sheet(worksheet: Worksheet, *, solved: bool = False) -> str:
    """The tasks as a complete HTML document, with blanks or with their solutions."""
    title = worksheet.title or "Worksheet"
    heading = f"{title}: solutions" if solved else title
    parts = [f"# {plain(heading)}"]
    if not solved:
        parts.append(f"Name: {_LINE}")
    before: Task | None = None
    for number, task in enumerate(worksheet.tasks, start=1):
        parts += [f"## Task {number}", plain(task.text).replace("\n", "  \n")]
        calculation = attend(task.experiment)
        same = before is not None and before.experiment == task.experiment and before.hides == task.hides
        parts += ["With the numbers of the task before."] if same else _tables(task, calculation, solved=solved)
        parts += _asked(task, calculation, solved=solved)
        before = task
    return web_page(Article(heading, "\n\n".join(part for part in parts if part) + "\n", {}))


def _tables(task: Task, calculation: Calculation, *, solved: bool) -> list[str]:
    experiment = task.experiment
    told = [f"Sentence: **{plain(' '.join(experiment.words))}**"]
    beyond = len(experiment.heads) > 1 or bool(experiment.w_o) or calculation.word_order.adds
    if beyond or len(experiment.words) > _MOST_WORDS:
        return [*told, "Its tables are too many for paper; open the link of the worksheet."]
    used = [table for part, table in TABLE_OF.items() if part in calculation.variant.parts]
    for stage in (Stage.EMBEDDINGS, *(table for table in WEIGHT_TABLES if table in used)):
        told += [f"**{STAGES[stage].heading}**", _table(calculation, stage)]
    told.append(_how(calculation))
    for stage, name in _HIDES.items():
        blank = name in task.hides and not solved
        told += [f"**{STAGES[stage].heading}**", _table(calculation, stage, blank=blank)]
    return told


def _how(calculation: Calculation) -> str:
    way = calculation.variant
    divided = f"divided by {shown(calculation.divisor, 2)}" if calculation.experiment.scaled else "not divided"
    masks = f" Masks: {', '.join(mask.name.lower() for mask in calculation.masks)}." if calculation.masks else ""
    return f"Way to attend: {plain(way.name)}. The scores are {divided}.{masks}"


def _table(calculation: Calculation, stage: Stage, *, blank: bool = False) -> str:
    """A Markdown table of a stage, or the same with room to write into."""
    rows, columns = stage_rows(calculation, stage), stage_columns(calculation, stage)
    decimals = calculation.experiment.decimals
    lines = [["", *map(plain, columns)], ["---"] * (len(columns) + 1)]
    for name, numbers in zip(rows, calculation.table(stage).tolist(), strict=True):
        lines.append([plain(name), *(_BLANK if blank else shown(number, decimals) for number in numbers)])
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("\n", " ")


def _asked(task: Task, calculation: Calculation, *, solved: bool) -> list[str]:
    asked = task.asked
    if asked.kind is Kind.NUMBER:
        name = f"{STAGES[asked.stage].singular} **{plain(task.numbers.name(asked.cell))}**"
        if not solved:
            return [f"The {name}: {_BLANK}{_BLANK}"]
        number = shown(task.numbers.true(asked.cell), asked.decimals)
        return [f"The {name} = {plain(sum_to_do(task.numbers, asked.cell))} ≈ **{number}**"]
    if asked.kind is Kind.WORD:
        return [f"The word: **{plain(calculation.labels[asked.word])}**" if solved else f"The word: {_BLANK}{_BLANK}"]
    if asked.kind is Kind.GOAL:
        goal = GOALS[asked.goal].sentence(calculation.labels, asked.places)
        done = "Marked in the app: there are many ways." if solved else f"What I changed: {_LINE}"
        return [f"Goal: {goal}", done]
    return ["To be read."] if solved else [_LINE, _LINE, _LINE]
