"""Articles that this app exports, and their numbers without its sentences: whatever was switched on, they are right."""

from dataclasses import replace

import pytest

from attention_core import EXAMPLES, OPENING, VARIANTS, attend
from checking.pasted import checked, pasted
from checking.story import headline, how
from exports.article import article
from exports.web_page import web_page

OPEN = replace(OPENING.build(), decimals=4)
SWITCHED = {
    "waves": {"positions": "sinusoidal"},
    "waves of another base": {"positions": "sinusoidal", "position_base": 50.5},
    "own positions": {"positions": "own", "position_rows": ((1, 0, 0, 0), (0, -2, 0.5, 0))},
    "not itself": {"masks": ("not_itself",)},
    "neighbours": {"masks": ("neighbours",), "neighbours": 2},
    "itself alone": {"masks": ("neighbours",), "neighbours": 0},
    "own mask": {"masks": ("own_mask",), "forbidden": ((5, 4), (0, 1), (0, 2), (3, 3))},
    "causal, not itself": {"masks": ("causal", "not_itself")},
    "a window of two": {"masks": ("causal", "neighbours"), "neighbours": 1},
    "own divisor": {"divisor": 0.5},
    "not scaled, own mask": {"scaled": False, "masks": ("own_mask",), "forbidden": ((2, 1),)},
    "everything": {
        "positions": "sinusoidal",
        "masks": ("causal", "not_itself", "neighbours", "own_mask"),
        "neighbours": 2,
        "forbidden": ((1, 0), (4, 3)),
        "divisor": 0.3,
    },
}


def text_of(experiment, word=1):
    return article(attend(experiment), word=word).markdown


def tables_of(text, *, without=()):
    """The tables of a text with nothing but their names above them."""
    names = {
        "embeddings": "Embeddings",
        "x": "Embeddings with positions",
        "positions": "Positions",
        "scaled_scores": "Scaled scores",
    }
    told = []
    for claim in pasted(text).given:
        stage = claim.stage
        if stage == "embeddings" and "Embeddings\n" in "".join(told):
            stage = "x"
        if stage not in without:
            rows = "\n".join(
                f"{label}: {' '.join(number.text for number in row)}"
                for label, row in zip(claim.labels or [""] * len(claim.rows), claim.rows, strict=True)
            ).replace("\n: ", "\n")
            told.append(f"{names.get(stage, stage)}\n{rows.removeprefix(': ')}\n")
    return "\n".join(told)


@pytest.mark.parametrize("variant", ["qkv", "similarity", "embeddings_only"])
@pytest.mark.parametrize("what", SWITCHED)
def test_an_article_is_right_whatever_was_switched_on(what, variant):
    findings = checked(text_of(replace(OPEN, variant=variant, **SWITCHED[what]))).only
    assert findings.verdict in ("right", "rounded"), headline(findings)


@pytest.mark.parametrize("what", ["waves", "neighbours", "own mask"])
def test_a_web_page_is_as_right_as_the_article(what):
    findings = checked(web_page(article(attend(replace(OPEN, **SWITCHED[what])), word=1))).only
    assert findings.verdict in ("right", "rounded"), headline(findings)


# Without its sentence an own divisor is a slip, and so is a causal mask that forbids a word itself too.
WITHOUT_WORDS = [what for what in SWITCHED if "causal, not" not in what and what not in ("own divisor", "everything")]


@pytest.mark.parametrize("what", WITHOUT_WORDS)
def test_the_numbers_alone_are_right_too(what):
    findings = checked(tables_of(text_of(replace(OPEN, **SWITCHED[what])))).only
    assert findings.verdict in ("right", "rounded"), headline(findings)


def test_waves_that_nobody_prints_are_recognised():
    findings = checked(tables_of(text_of(replace(OPEN, positions="sinusoidal")), without=("positions", "x"))).only
    assert findings.verdict in ("right", "rounded")
    assert "The embeddings have the sines and cosines of their places added." in how(findings)


def test_positions_that_are_printed_and_not_added_are_a_slip():
    forgotten = tables_of(text_of(OPEN), without=("x",))
    positions = tables_of(text_of(replace(OPEN, positions="sinusoidal")), without=("x",)).split("\n\n")[1]
    assert positions.startswith("Positions")
    first, rest = forgotten.split("\n\n", 1)
    findings = checked(f"{first}\n\n{positions}\n\n{rest}").only
    assert [slip.id for slip in findings.slips] == ["positions-forgotten"]


def test_a_mask_that_only_the_context_shows_is_a_condition():
    text = tables_of(text_of(replace(OPEN, masks=("not_itself",))), without=("scaled_scores", "weights"))
    findings = checked(text).only
    assert findings.verdict == "depends" and findings.judgement.wrong == 0
    assert "right if no word looks at itself" in headline(findings)


def test_own_forbidden_looks_that_only_zeros_show_are_a_condition():
    text = tables_of(text_of(replace(OPEN, **SWITCHED["own mask"])), without=("scaled_scores",))
    findings = checked(text).only
    assert findings.verdict == "depends" and findings.judgement.wrong == 0 and not findings.slips


# --- articles that show some of their words ---------------------------------------------------------------------------

LONG = EXAMPLES["long-sentence"].build()


@pytest.mark.parametrize("word", [1, 7])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"decimals": 4},
        {"masks": ("causal",)},
        {"variant": "embeddings_only"},
        {"positions": "sinusoidal"},
        {"sentence": " ".join(f"w{number % 14}" for number in range(30))},
    ],
)
def test_an_article_that_prints_some_of_its_words_is_judged_on_those(changed, word):
    findings = checked(text_of(replace(LONG, **changed), word)).only
    assert findings.judgement.wrong == 0 and not findings.slips and not findings.impossible
    assert findings.judgement.stages["weights"].count(*range(2, 7)) >= 12
    assert "of the 30 words are printed" in headline(findings)


def test_a_wrong_weight_among_those_that_are_printed_is_found():
    text = text_of(replace(LONG, decimals=4), 1)
    line = next(each for each in text.splitlines()[::-1] if each.startswith("| **walked**") and each.count("|") > 10)
    cells = line.split("|")
    findings = checked(text.replace(line, "|".join([*cells[:3], " 0.4321 ", *cells[4:]]))).only
    assert findings.verdict == "wrong" and findings.judgement.stages["weights"].first_wrong is not None


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_way_of_an_article_that_prints_all_is_found(variant):
    assert checked(text_of(replace(OPEN, variant=variant))).only.judgement.method.variant.id == variant
