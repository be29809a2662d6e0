"""`python -m tests.stored`: documents, codes and numbers of the present version -> tests/data/version_N.json.

Run once, before documents change in a way that needs a further version, and never again for a version that is out:
tests/test_old_documents.py holds every later state of the code to what is written here.
"""

import json
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"
MOST_CHARACTERS = 8_000  # of a stored code; the largest experiments of version 1 are stored once
MOST_POSITIONS = 8  # whose numbers are written down


def main() -> None:
    sys.path[:0] = [str(DATA.parent), str(DATA.parent.parent)]
    from sharing.migrations import VERSION

    path = DATA / f"version_{VERSION}.json"
    if path.exists():
        sys.exit(f"{path.name} is there already, and what it holds stays as it was written.")
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in stored())
    path.write_text(f'{{"experiments":[\n{lines}\n]}}\n', "utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def stored():
    """Everything that is stored of older versions, the examples, and a change of each field that there is."""
    from test_fields import CHANGED

    from attention_core import EXAMPLES, attend
    from sharing.address import to_code
    from sharing.document import from_document, to_document

    experiments = {f"the example {name}": example.build() for name, example in EXAMPLES.items()}
    for path in sorted(DATA.glob("version_[0-9]*[0-9].json")):
        for each in json.loads(path.read_text("utf-8"))["experiments"]:
            experiments.setdefault(each["name"], from_document(each["document"]))
    experiments |= {f"another {name}": experiment for name, experiment in CHANGED.items()}
    for name, experiment in experiments.items():
        code, calculation = to_code(experiment), attend(experiment)
        if len(code) > MOST_CHARACTERS:
            continue
        n = len(calculation.words)
        at = sorted({round(place * (n - 1) / (MOST_POSITIONS - 1)) for place in range(MOST_POSITIONS)})
        yield {
            "name": name,
            "code": code,
            "document": to_document(experiment),
            "words": list(calculation.words),
            "positions": at,
            "weights": calculation.attention.weights[at].tolist(),
            "context": calculation.context[at].tolist(),
        }


if __name__ == "__main__":
    main()
