"""Learns the tiny language once more, longer, and writes what an example of the Playground is made of.

`python -m learning.ship` writes attention_core/learned_river_bank.json and says how good the guesses are;
`python -m learning.ship --check` writes nothing and only says it.
"""

import argparse
import json
import sys
from pathlib import Path

from attention_core.stages import WEIGHT_TABLES
from learning.course import STEPS as STEPS_OF_THE_PAGE
from learning.course import Course
from learning.grammar import GRAMMAR

SIZE, SEED, STEPS = 6, 3, 1_200
PLACE = Path(__file__).resolve().parents[1] / "attention_core" / "learned_river_bank.json"


def learned(seed: int = SEED, steps: int = STEPS) -> Course:
    """The whole course."""
    course = Course(GRAMMAR, size=SIZE, seed=seed, steps=steps)
    course.advance(2 * steps + 2)
    return course


def written(course: Course) -> str:
    """A row of numbers a line."""
    experiment = course.experiment(course.language.sentences[0])
    told = experiment.learned
    about = {name: getattr(told, name) for name in ("method", "rate", "steps", "seed", "before", "after")}
    about |= {"before": round(told.before, 4), "after": round(told.after, 4)}
    rows = {word: list(experiment.rows[word]) for word in course.language.vocabulary}
    tables = {table: getattr(experiment, table).tolist() for table in WEIGHT_TABLES}
    lines = ",\n".join(f"    {json.dumps(word, ensure_ascii=False)}: {json.dumps(row)}" for word, row in rows.items())
    parts = [f'  "sentence": {json.dumps(experiment.sentence)}', f'  "about": {json.dumps(about)}']
    parts.append(f'  "rows": {{\n{lines}\n  }}')
    for table, numbers in tables.items():
        inner = ",\n".join(f"    {json.dumps(row)}" for row in numbers)
        parts.append(f'  "{table}": [\n{inner}\n  ]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def told(course: Course) -> str:
    """How good the guesses are, in one line."""
    result = course.result
    return (
        f"seed {course.seed}, {course.steps} steps: of {result.guesses} blanked words in {len(course.unseen)} unseen "
        f"sentences {100 * result.attention:.1f} % with attention, {100 * result.evenly:.1f} % without, "
        f"{100 * result.most_frequent:.1f} % by the most frequent word"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--check", action="store_true", help="write nothing")
    asked.add_argument("--seeds", type=int, default=0, help="also learn from seeds 1 to this one, as the page does")
    options = asked.parse_args()
    course = learned()
    sys.stdout.write(told(course) + "\n")
    if not options.check:
        PLACE.write_text(written(course), "utf-8")
    for seed in range(1, options.seeds + 1):
        sys.stdout.write(told(learned(seed, steps=STEPS_OF_THE_PAGE)) + "\n")


if __name__ == "__main__":
    main()
