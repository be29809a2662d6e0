"""How often does Check my numbers judge rightly?   python benchmarks/check_accuracy.py

Worked examples as text, from `worked_examples`, which shares nothing with this app: right ones printed in many habits,
ones with a usual slip, ones with a slip that is on nobody's list. Each goes the way of the page: read, placed, judged,
with nothing told, and a part of them again with the way, the scaling and the mask told.

  named   of the usual slips that change a printed digit, how many get the slip's name; one that gives the very same
          printed numbers as another counts where either is named. A misprint counts where its place is found. Scores
          that are consistently not scaled are named by "not scaled".
"""

import argparse
import json
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from worked_examples import heads
from worked_examples.examples import Example, Order, orders, plain

from attention_core.variants import VARIANTS
from checking.findings import Findings
from checking.hypotheses import Said
from checking.pasted import checked

_SAME_DIVISOR = 1e-3
Results = dict[tuple[str, str], Counter[str]]
VERDICTS = ("right", "rounded", "depends", "nothing", "cannot be", "wrong", "named", "other name", "not read")


def judged(example: Example, *, told: bool) -> Findings | None:
    """What the page finds; None where it cannot read the text."""
    settings = example.settings
    said = Said(VARIANTS[settings.way], settings.scaled, settings.causal) if told else Said()
    try:
        return checked(example.text, said).only
    except ValueError:  # it cannot be read, or is taken for more than one head
        return None


def verdict(example: Example, found: Findings | None) -> str:
    """One of VERDICTS."""
    if found is None:
        return "not read"
    if found.slips:
        return "named" if is_its_name(example, found) else "other name"
    if found.impossible and not found.judgement.wrong:
        return "cannot be"
    method = found.judgement.method
    if not method.scaled and found.verdict != "wrong" and is_only(example, "forgot-to-scale"):
        return "named"
    if example.slip.startswith("typo:") and found.judgement.first_wrong is not None:
        stage, row, column = found.judgement.first_wrong
        if place_of(example.slip) == f"typo:{stage},{row},{column}":
            return "named"
    return found.verdict


def is_only(example: Example, slip: str) -> bool:
    """Whether the slip is this one, or prints the very same."""
    return example.slip == slip or (bool(example.slip) and plain(example.prints(slip)) == plain(example.text))


def is_its_name(example: Example, found: Findings) -> bool:
    """Whether what is named is the slip that was made, or one that prints the same."""
    id, method = found.slips[0].id, found.judgement.method
    names = [slip.id for slip in found.slips]
    if not method.scaled and method.divided_by is None:
        names.append(f"forgot-to-scale+{id}")
    if example.slip.startswith(("typo:", "swapped:")) and place_of(id) == place_of(example.slip):
        return True
    if found.correction is not None:
        return plain(example.misprinted(found.correction.instead)) == plain(example.text)
    return any(is_same(example.slip, name) or plain(example.prints(name)) == plain(example.text) for name in names)


def is_same(slip: str, name: str) -> bool:
    (kind, _, detail), (other, _, number) = slip.partition(":"), name.partition(":")
    if kind == other == "wrong-divisor":
        return abs(float(detail) / float(number) - 1) < _SAME_DIVISOR
    return slip == name


def place_of(name: str) -> str:
    """A misprint without what was printed."""
    return ",".join(name.split("+")[0].split(",")[:3])


def measured(orders: Sequence[Order], *, told: bool, keep: Path | None, processes: int) -> Results:
    """(kind, name) -> how often each verdict. What an earlier run kept is not judged again."""
    kept = {line["order"]: line["verdict"] for line in _lines(keep)}
    missing = [order for order in orders if _key(order, told) not in kept]
    with nullcontext() if processes == 1 else get_context("spawn").Pool(processes) as pool:
        judge_one = partial(_one, told=told)
        for order, found in pool.imap_unordered(judge_one, missing, 4) if pool else map(judge_one, missing):
            kept[_key(order, told)] = found
            if keep:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"order": _key(order, told), "verdict": found}) + "\n")
    results: Results = defaultdict(Counter)
    for order in orders:
        results[order.kind, order.name][kept[_key(order, told)]] += 1
    return results


def _one(order: Order, *, told: bool) -> tuple[Order, str]:
    warnings.simplefilter("ignore")
    example = order.made()
    return order, verdict(example, judged(example, told=told))


def _key(order: Order, told: bool) -> str:
    return f"{order.kind} {order.name} {order.seed} {order.number}{' told' * told}"


def _lines(keep: Path | None) -> list[dict[str, str]]:
    return [json.loads(line) for line in keep.read_text("utf-8").splitlines()] if keep and keep.exists() else []


def of_heads(seed: int, each: int) -> Results:
    """Examples with several heads: the slip, the way of naming the heads -> how often each verdict."""
    results: Results = defaultdict(Counter)
    for slip in ("", *heads.SLIPS):
        for style in heads.STYLES:
            for number in range(each * len(heads.SLIPS) if not slip else each):
                results[slip or "right", style][_verdict_of_heads(heads.made(seed, number, style, slip))] += 1
    return results


def _verdict_of_heads(example: heads.Example) -> str:
    try:
        whole = checked(example.text)
    except ValueError:
        return "not read"
    names = {slip.id.partition(":")[0] for part in whole.parts for slip in part.findings.slips}
    if not names:
        return whole.verdict
    return "named" if heads.SLIPS.get(example.slip) in names else "other name"


def table_of_heads(results: Results) -> None:
    """Verdict × truth for several heads, then each way of naming them."""
    truths = list(dict.fromkeys(truth for truth, _ in results))
    print(f"\nSeveral heads\n\n| truth | examples | {' | '.join(VERDICTS)} |\n|---|---:|{'---:|' * len(VERDICTS)}")
    for truth in truths:
        total = sum((found for (of, _), found in results.items() if of == truth), Counter())
        print(f"| {truth} | {total.total()} | {' | '.join(str(total[each]) for each in VERDICTS)} |")
    for style in heads.STYLES:
        bad = [
            f"{truth}: {dict(found)}" for (truth, of), found in results.items() if of == style and _is_off(truth, found)
        ]
        print(f"{style}: {'; '.join(bad) or 'every verdict as it ought to be'}")


def _is_off(truth: str, found: Counter[str]) -> bool:
    return bool(set(found) - ({"right", "rounded", "depends"} if truth == "right" else {"named"}))


def table(results: Results, title: str) -> None:
    """Verdict × truth, then each habit and slip."""
    print(f"\n{title}\n\n| truth | examples | {' | '.join(VERDICTS)} |\n|---|---:|{'---:|' * len(VERDICTS)}")
    for kind in ("right", "listed", "unlisted"):
        total = sum((found for (of, _), found in results.items() if of == kind), Counter())
        print(f"| {kind} | {total.total()} | {' | '.join(str(total[each]) for each in VERDICTS)} |")
    for kind in ("right", "listed", "unlisted"):
        print(f"\n| {kind} | examples | named % | verdicts |\n|---|---:|---:|---|")
        for (of, name), found in results.items():
            if of == kind:
                named = f"{100 * found['named'] / found.total():.1f}" if kind == "listed" else ""
                rest = ", ".join(f"{each} {found[each]}" for each in VERDICTS if found[each])
                print(f"| {name} | {found.total()} | {named} | {rest} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=3200, help="examples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a tenth of the examples, and nothing told")
    parser.add_argument("--kinds", nargs="+", help="only these habits and slips, by name, such as base-2")
    parser.add_argument("--per-kind", type=int, help="how many of each, instead of --count over all of them")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a file of verdicts, to go on with where a run was ended")
    options = parser.parse_args()
    started = time.perf_counter()
    run = partial(measured, keep=options.keep, processes=options.processes)
    count = options.count // 10 if options.quick else options.count
    of_each = partial(orders, names=options.kinds)
    table(run(of_each(count, options.seed, each=options.per_kind), told=False), "Nothing told, as the page opens")
    if not options.quick:
        told = of_each(count // 4, options.seed + 1, each=options.per_kind and max(options.per_kind // 4, 1))
        table(run(told, told=True), "Way, scaling and mask told")
    if options.kinds is None:
        table_of_heads(of_heads(options.seed, 3 if options.quick else 15))
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
