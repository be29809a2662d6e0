"""From claims back to an experiment that can be played with, as far as its numbers are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attention_core import Experiment
from attention_core.attention import Floats
from attention_core.experiment import MAX_CHARACTERS, MAX_DIVISOR, MIN_DIVISOR
from attention_core.masks import NEIGHBOURS, OWN, checked_masks
from attention_core.matrices import MAX_DIMENSION, as_rows, read_only
from attention_core.positions import OWN as OWN_ORDER
from attention_core.positions import SINUSOIDAL
from attention_core.stages import WEIGHT_TABLES
from attention_core.words import identity, split
from checking.claims import without_position
from checking.judge import Judgement
from checking.masking import allowed
from checking.model import Method
from checking.places import WAVES


@dataclass(frozen=True)
class Back:
    """The experiment, and what had to be made up, for a person."""

    experiment: Experiment
    told: str


def experiment_of(judgement: Judgement, *, decimals: int = 4) -> Back:
    """Raises ValueError, saying what is missing, where neither embeddings nor queries, keys and values are known."""
    known = {stage: value.numbers for stage, value in judgement.chain.items() if not np.isnan(value.numbers).any()}
    missing = [name for name in WEIGHT_TABLES if name not in known]
    uses_embeddings = judgement.method.variant.parts == {"x"}
    if {"q", "k", "v"} <= known.keys() and not uses_embeddings and (missing or "embeddings" not in known):
        x, tables = _side_by_side(known["q"], known["k"], known["v"])
        places: dict[str, Any] = {}
        unknown = _unknown(missing) if "embeddings" in known else "The embeddings are not known"
        made_up = f"{unknown}: each word's query, key and value stand side by side in place of the embedding."
    elif "embeddings" in known or "x" in known:
        places = _of_places(judgement.method, known)
        x = known["embeddings"] if places or "x" not in known else known["x"]
        size = next((known[name].shape[1] for name in WEIGHT_TABLES if name in known), x.shape[1])
        tables = {name: known.get(name, np.eye(x.shape[1], size)) for name in WEIGHT_TABLES}
        made_up = f"{_unknown(missing)}: the identity stands there." if missing else ""
    else:
        raise ValueError("The Playground needs the embeddings, or the queries, keys and values.")
    if max(x.shape[1], *(table.shape[1] for table in tables.values())) > MAX_DIMENSION:
        raise ValueError(f"The Playground holds tables of up to {MAX_DIMENSION} columns.")
    words = _words(judgement.claims.words, x)
    method = judgement.method
    experiment = Experiment(
        sentence=" ".join(words),
        rows={identity(word): tuple(map(float, row)) for word, row in zip(words, x, strict=True)},
        dimensions=tuple(f"d{column}" for column in range(1, x.shape[1] + 1)),
        variant=method.variant.id,
        scaled=method.scaled,
        divisor=_divisor(judgement, x.shape[1] if method.variant.key == "x" else tables["w_k"].shape[1]),
        **_of_masks(method, len(words)),
        **places,
        decimals=decimals,
        w_q=read_only(tables["w_q"].tolist()),
        w_k=read_only(tables["w_k"].tolist()),
        w_v=read_only(tables["w_v"].tolist()),
    )
    return Back(experiment, made_up)


def experiment_of_heads(heads: Sequence[tuple[str, Judgement]], w_o: Floats | None) -> Back:
    """The same with all heads, each by its name, and W_O where it is known; with the first alone where that fails."""
    first, *others = [experiment_of(judgement) for _, judgement in heads]
    if not others and w_o is None:
        return first
    alike = all(other.experiment.rows == first.experiment.rows for other in others)
    try:
        if not alike:
            raise ValueError("The heads do not share their embeddings.")
        experiment = replace(
            first.experiment,
            head_name=_own_name(heads[0][0], 1),
            other_heads=tuple(
                replace(other.experiment.heads[0], name=_own_name(label, place))
                for place, (other, (label, _)) in enumerate(zip(others, heads[1:], strict=True), start=2)
            ),
            w_o=as_rows(read_only(w_o.tolist())) if w_o is not None and not np.isnan(w_o).any() else (),
        )
    except ValueError as error:
        return Back(first.experiment, f"{first.told} Only the first head opens there: {error}".strip())
    return Back(experiment, " ".join(dict.fromkeys(each.told for each in (first, *others) if each.told)))


def _own_name(label: str, place: int) -> str:
    return "" if label == f"Head {place}" else label


def _of_places(method: Method, known: Mapping[str, Floats]) -> dict[str, Any]:
    """What the places add; nothing where that is not known, and what they were added to is all there is."""
    if not method.adds_positions or not {"embeddings", "positions"} <= known.keys():
        return {}
    if method.places is WAVES[0]:
        return {"positions": SINUSOIDAL.id}
    return {"positions": OWN_ORDER.id, "position_rows": as_rows(read_only(known["positions"].tolist()))}


def _of_masks(method: Method, n: int) -> dict[str, Any]:
    """The masks by their names, with what a person sets of them."""
    found: dict[str, Any] = {"masks": checked_masks([mask.id for mask in method.masks])}
    for mask in method.masks:
        may = allowed((mask,), n)
        if mask.id == NEIGHBOURS.id:
            found["neighbours"] = int(may[0].sum()) - 1
        if mask.id == OWN.id:
            found["forbidden"] = tuple((int(row), int(column)) for row, column in np.argwhere(~may))
    return found


def _divisor(judgement: Judgement, d_k: int) -> float | None:
    """What the scores were divided by, where that is another number than the root of the columns that a key has."""
    if not judgement.method.scaled:
        return None
    divisor = judgement.method.divisor(judgement.sizes)
    usual = bool(np.isclose(divisor, np.sqrt(d_k)))
    return None if usual else float(np.clip(divisor, MIN_DIVISOR, MAX_DIVISOR))


def _side_by_side(q: Floats, k: Floats, v: Floats) -> tuple[Floats, dict[str, Floats]]:
    """Embeddings from which three tables of zeros and ones take the queries, keys and values."""
    x = np.hstack([q, k, v])
    starts = np.cumsum([0, q.shape[1], k.shape[1], v.shape[1]])
    picked = np.eye(x.shape[1])
    return x, {name: picked[:, starts[i] : starts[i + 1]] for i, name in enumerate(("w_q", "w_k", "w_v"))}


def _words(labels: tuple[str, ...], x: Floats) -> list[str]:
    """The labels where a sentence of them comes apart into them again and equal words have equal embeddings."""
    words = [without_position(label) for label in labels]
    rows: dict[str, tuple[float, ...]] = {}
    agree = all(
        rows.setdefault(identity(word), tuple(row)) == tuple(row) for word, row in zip(words, x.tolist(), strict=True)
    )
    sentence = " ".join(words)
    if agree and len(sentence) <= MAX_CHARACTERS and list(split(sentence)) == words:
        return words
    return [f"word{position}" for position in range(1, len(words) + 1)]


def _unknown(tables: Sequence[str]) -> str:
    *others, last = (name.upper() for name in tables)
    return f"{', '.join(others)} and {last} are not known" if others else f"{last} is not known"
