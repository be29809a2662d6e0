"""Step by step without a browser: every cell of every stage follows from what is set."""

import math
import re

import numpy as np
import pytest
from support.latex_reader import Formula, assert_rounded
from support.lesson_documents import EVERYTHING, RANDOM, document, random_document
from support.lesson_screen import (
    assert_formulas,
    choose_cell,
    heat_map,
    infos,
    ledger_of,
    lesson,
    lines_on,
    picture,
    read,
    read_document,
    set_,
    tables_to_read,
    tightness,
    told,
    turn_to_own,
    write,
    write_all,
)
from support.oracles import VARIANTS, attended, named, named_row, power_of
from support.screen import coded, opened, shown_table, widget

STAGES = range(1, 8)


def places_of(frame):
    return set(zip(frame["row_position"], frame["column_position"], strict=True))


def expected_cells(it, word, drawn, reached):
    """What stands in the picture of a stage: row and column -> the number, or NaN for a dash."""
    parts = {name: letter if reached > 1 else "x" for name, letter in it.letters.items()}
    asking, asked, giving = (it.parts[parts[name]] for name in ("query", "key", "value"))
    score = max(it.x.shape[1], it.key.shape[1]) + 1
    right, rest = score + 4, [at for at in range(len(it.x)) if at not in drawn]
    cells = {(0, column): value for column, value in enumerate(asking[word])}
    gives = it.weights[word][:, None] * giving if reached >= 6 else giving
    rows = [*enumerate(drawn, start=1)]
    for row, at in rows:
        cells |= {(row, column): value for column, value in enumerate(asked[at])}
        cells |= {(row, right + column): value for column, value in enumerate(gives[at])}
        if reached >= 3:
            scores = it.scores if reached == 3 else it.divided
            cells[row, score] = scores[word, at] if it.allowed[word, at] else math.nan
        if reached >= 5:
            cells[row, score + 1] = it.exponentials[word, at] if it.allowed[word, at] else math.nan
            cells[row, score + 2] = it.weights[word, at] if it.allowed[word, at] else math.nan
    last = len(rows) + bool(rest) + it.adds_itself + 1
    if reached >= 5:
        cells |= {(last, score + 1): it.totals[word], (last, score + 2): it.weights[word].sum()}
        if rest:
            cells[len(rows) + 1, score + 1] = it.exponentials[word, rest].sum()
            cells[len(rows) + 1, score + 2] = it.weights[word, rest].sum()
    if reached >= 6:
        if rest:
            summed = enumerate(gives[rest].sum(axis=0))
            cells |= {(len(rows) + 1, right + column): value for column, value in summed}
        if it.adds_itself:
            cells |= {(last - 1, right + column): value for column, value in enumerate(it.x[word])}
    if reached >= 7:
        cells |= {(last, right + column): value for column, value in enumerate(it.context[word])}
    return cells


def assert_ledger(page, it, word, other, drawn, reached):
    frame = ledger_of(page)
    expected, found = expected_cells(it, word, drawn, reached), {}
    for _, cell in frame.iterrows():
        place = cell["row_position"], cell["column_position"]
        assert place not in found
        found[place] = cell["shown"]
        if cell["shown"] == "":
            assert place not in expected and math.isnan(cell["value"]), place
        elif math.isnan(expected[place]):
            assert cell["shown"] == "–" and math.isnan(cell["value"])
        else:
            assert cell["value"] == pytest.approx(expected[place], rel=1e-9, abs=1e-12), place
            assert_rounded(cell["shown"], expected[place], it.decimals)
    assert expected.keys() <= found.keys()
    names = dict(zip(frame["row_position"], frame["row"].astype(str), strict=True))
    asks = {"x": "embedding", "q": "query", "k": "key"}[it.letters["query"] if reached > 1 else "x"]
    assert names[0] == f"{it.labels[word]}: {asks}"
    assert [names[row] for row in range(1, len(drawn) + 1)] == [it.labels[at] for at in drawn]
    assert names[max(names)] == "sum"
    key_of = dict(zip(frame["row_position"], frame["key_position"], strict=True))
    assert key_of == {row: drawn[row - 1] + 1 if 1 <= row <= len(drawn) else 0 for row in names}
    assert set(frame.loc[frame["chosen"], "row_position"]) == {1 + drawn.index(other)}
    columns = dict(zip(frame["column_position"], frame["column"].astype(str), strict=True))
    score = max(it.x.shape[1], it.key.shape[1]) + 1
    scaled = reached >= 4 and it.scaled
    assert [columns[score + at] for at in range(3)] == [
        "score ÷ √d" if scaled else "score",
        "exponential",
        "weight",
    ]
    return frame


def names_in_stage(it, word, other, reached):
    """Which sums stand under the picture of a stage."""
    one, looked_at = it.labels[word], it.labels[other]
    if reached == 2:
        made = dict.fromkeys(zip(it.letters.values(), (one, looked_at, looked_at), strict=True))
        every = [
            f"{letter}_{at}({label})"
            for letter, label in made
            if letter != "x"
            for at in range(1, it.parts[letter].shape[1] + 1)
        ]
        return every[:12]
    if reached in (3, 4):
        return [f"{'score' if reached == 3 else 'scaled score'}({one} → {looked_at})"]
    if reached == 5 and it.allowed[word, other]:
        return [power_of(it, word, looked_at), "sum", f"weight({looked_at})"]
    if reached == 6 and it.allowed[word, other]:
        return [f"part_{name}({looked_at})" for name in it.columns]
    return [f"context_{name}({one})" for name in it.columns] if reached == 7 else []


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_stage_keeps_its_cells_in_their_places_and_adds_the_next_numbers(name):
    given = read_document(name)
    it = attended(given)
    page = lesson("step_by_step", 0, coded(EVERYTHING[name]))
    expected = named(it) | named_row(it, given.row)
    places = {}
    for reached in STAGES:
        if reached > 1:
            set_(page, "stage", reached)
        frame = assert_ledger(page, it, given.row, given.column, list(range(len(it.x))), reached)
        places[reached] = places_of(frame)
        names = assert_formulas(page, expected, tight=tightness(given))
        assert names == names_in_stage(it, given.row, given.column, reached)
    assert all(places[reached] == places[2] for reached in range(2, 8))
    if {it.parts[letter].shape[1] for letter in it.letters.values()} == {it.x.shape[1]}:
        assert places[1] == places[2]


def test_a_word_that_may_not_be_looked_at_has_dashes_and_a_plain_sentence():
    page = opened(coded(RANDOM | {"masks": ("causal",)}))
    choose_cell(page, 1, 4)
    given = read(page)
    assert (given.row, given.column) == (1, 4)
    it = attended(given)
    for reached in STAGES:
        turn_to_own(page, "step_by_step", 0)
        set_(page, "stage", reached)
        frame = assert_ledger(page, it, 1, 4, list(range(6)), reached)
        assert (frame["shown"] == "–").sum() == (0 if reached < 3 else 4 if reached < 5 else 12)
        assert_formulas(page, named(it) | named_row(it, 1), tight=1e-5)
    set_(page, "stage", 5)
    assert infos(page) == ["two may not look at four."]


def test_of_many_words_the_heaviest_are_drawn_and_the_others_are_one_row():
    sentence = " ".join(f"w{at}" for at in range(24))
    for variant in ("qkv", "embeddings_only"):
        page = opened(coded(random_document(5, sentence, decimals=7, variant=variant)))
        choose_cell(page, 20, 3)
        given = read(page)
        it = attended(given)
        turn_to_own(page, "step_by_step", 0)
        for reached in STAGES:
            set_(page, "stage", reached)
            frame = ledger_of(page)
            drawn = [at - 1 for at in dict.fromkeys(frame["key_position"]) if at]
            assert_ledger(page, it, 20, 3, drawn, reached)
        assert len(drawn) == 16 and {20, 3} <= set(drawn)
        assert "8 others" in set(frame["row"].astype(str))
        others = np.delete(it.weights[20], drawn)
        chosen = [at for at in drawn if at not in (20, 3)]
        assert it.weights[20, chosen].min() >= others.max()
        assert_formulas(page, named(it), dots=len(it.columns))


def test_the_stages_are_walked_with_buttons_and_reached_by_a_jump():
    page = lesson("step_by_step")
    assert widget(page, "stage").value == 1 and widget(page, "stage_to_b").disabled
    for reached in range(2, 8):
        widget(page, "stage_to_n").click().run()
        assert widget(page, "stage").value == reached
        assert not page.success or reached == 7
    assert widget(page, "stage_to_n").disabled and page.success
    widget(page, "stage_to_b").click().run()
    assert widget(page, "stage").value == 6
    set_(page, "stage", 3)
    assert widget(page, "stage").value == 3
    turn_to_own(page, "similarity")
    turn_to_own(page, "step_by_step")
    assert widget(page, "stage").value == 3


def test_the_way_the_scaling_and_the_numbers_can_be_changed_beside_the_stages():
    page = opened(coded(document(decimals=8)))
    given = read(page)
    turn_to_own(page, "step_by_step")
    set_(page, "stage", 7)
    set_(page, "edited_table", "w_v")
    write_all(page, "w_v", np.round(np.random.default_rng(4).normal(size=(4, 4)), 3))
    given.tables["w_v"] = shown_table(page, "w_v").to_numpy()
    set_(page, "edited_table", "embeddings")
    write(page, "embeddings", {0: {"living": 0.7, "water": -1.25}})
    given.x = shown_table(page, "embeddings").to_numpy()
    for variant in VARIANTS:
        set_(page, "variant", variant)
        for scaled in (True, False):
            set_(page, "scaled", scaled)
            it = attended(given, variant=variant, scaled=scaled)
            for reached in (4, 7):
                set_(page, "stage", reached)
                assert_ledger(page, it, given.row, given.column, list(range(6)), reached)
                assert assert_formulas(page, named(it), tight=1e-5) == names_in_stage(it, 5, 4, reached)


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_word_at_once_is_the_full_matrices(name):
    given = read_document(name)
    it = attended(given)
    page = lesson("step_by_step", 2, coded(EVERYTHING[name]))
    np.testing.assert_allclose(heat_map(page, "scores"), it.scores, rtol=1e-9, atol=1e-12)
    weights = np.where(it.allowed, it.weights, np.nan)
    np.testing.assert_allclose(heat_map(page, "weights"), weights, rtol=1e-9, atol=1e-12)
    (context,) = tables_to_read(page)
    assert list(context.index) == it.labels and list(context.columns) == it.columns
    np.testing.assert_allclose(context.to_numpy(), it.context, rtol=1e-9, atol=1e-12)
    cell = f"({it.labels[given.row]} → {it.labels[given.column]})"
    names = assert_formulas(page, named(it), tight=tightness(given))
    assert names == [f"{what}{cell}" for what in ("score", "scaled score", "weight")]


PRINTED = [0.150, 0.559, 0.902, 1.261]


PRINTED_WORDS = ["The", "cat", "chased", "mouse"]


def assert_printed_card(page, scores):
    scores = np.array(scores, dtype=float)
    top = scores.max() if np.abs(scores).max() > 20 else 0.0
    powers = np.exp(scores - top)
    frame = ledger_of(page)
    cells = {(row, column): value for row, column, value in frame[["row_position", "column_position", "value"]].values}
    expected = np.column_stack([scores, powers, powers / powers.sum()])
    assert cells == {
        **{(row, column): pytest.approx(expected[row, column]) for row in range(4) for column in range(3)},
        (4, 1): pytest.approx(powers.sum()),
        (4, 2): pytest.approx(1.0),
        **{place: value for place, value in cells.items() if place == (4, 0) and math.isnan(value)},
    }
    for _, cell in frame[frame["shown"] != ""].iterrows():
        assert_rounded(cell["shown"], cell["value"], 3)
    less = " - max" if top else ""
    names = {f"e^score({word}){less}": power for word, power in zip(PRINTED_WORDS, powers, strict=True)}
    names |= {f"weight({word})": power / powers.sum() for word, power in zip(PRINTED_WORDS, powers, strict=True)}
    assert len(assert_formulas(page, names | {"sum": powers.sum()})) == 9


def test_the_printed_row_is_as_the_article_prints_it():
    page = lesson("step_by_step", 3)
    assert shown_table(page, "score_row")["score"].tolist() == PRINTED
    assert_printed_card(page, PRINTED)
    results = [Formula(result).written for _, _, result in lines_on(page)]
    printed = ["1.162", "1.749", "2.465", "3.529", "8.904", "0.130", "0.196", "0.277", "0.396"]
    assert results == [rf"\mathbf{{{each}}}" for each in printed]
    assert "8.905 is the sum of the rounded exponentials; unrounded it is 8.904." in told(page)
    assert round(sum(np.round(np.exp(PRINTED), 3)), 3) == 8.905


@pytest.mark.parametrize(
    "scores",
    [
        [0, 0, 0, 0],
        [-1.5, 0.559, 2.25, 1.261],
        [19.9, -19.9, 3, 1],
        [20.5, 1, 2, 3],
        [1e6, -1e6, 1e6, 0],
        [1e6] * 4,
        pytest.param([-30, -31, -32, -33]),
        pytest.param([-1e6] * 4),
    ],
)
def test_a_changed_row_of_scores_gives_its_own_softmax(scores):
    page = lesson("step_by_step", 3)
    write(page, "score_row", {row: {"score": score} for row, score in enumerate(scores)})
    assert_printed_card(page, scores)
    assert "Printed were the scores 0.150, 0.559, 0.902, 1.261 and the weights 0.130, 0.196, 0.277, 0.396." in told(
        page
    )
    assert_line_card(turn_to_own(page, "step_by_step", 4), scores)


def assert_line_card(page, scores):
    """A straight line over the places, as close as can be: half the width of the narrowest band that holds all."""
    (reach,) = tables_to_read(page)
    assert list(reach.index) == PRINTED_WORDS
    embeddings = reach[["d1", "d2", "d3"]].to_numpy()
    np.testing.assert_array_equal(embeddings, [[0.1, 0.2, 0.3], [0.5, 0.6, 0.7], [0.8, 0.9, 1.0], [1.1, 1.2, 1.3]])
    places, scores = embeddings[:, 0] - 0.1, np.array(scores, dtype=float)
    np.testing.assert_allclose(reach["place"], places, atol=1e-12)
    np.testing.assert_array_equal(reach["score"], scores)

    def band(slope):
        return np.ptp(scores - slope * places) / 2

    slopes = [(scores[i] - scores[j]) / (places[i] - places[j]) for i in range(4) for j in range(i)]
    best = min(slopes, key=band)
    size = max(1.0, np.abs(scores).max())
    errors = scores - reach["line"].to_numpy()
    assert np.abs(errors).max() == pytest.approx(band(best), abs=1e-9 * size)
    straight = np.polyfit(places, reach["line"], 1)
    np.testing.assert_allclose(np.polyval(straight, places), reach["line"], atol=1e-8 * size)
    along, misses = picture(page, "place", "line", "score"), picture(page, "low", "high", "beyond")
    np.testing.assert_array_equal(along[["place", "score", "line"]], reach[["place", "score", "line"]])
    for text, word, score in zip(along["told"], PRINTED_WORDS, scores, strict=True):
        assert text.startswith(f"{word} ")
        assert_rounded(text.removeprefix(f"{word} "), score, 3)
    np.testing.assert_allclose(misses["value"], errors, atol=1e-12 * size)
    for text, error in zip(misses["shown"], errors, strict=True):
        assert_rounded(text, error, 4)
    assert set(misses["high"]) == {0.0005} and set(misses["low"]) == {-0.0005}
    assert misses["beyond"].tolist() == (np.abs(errors) > 0.0005).tolist()
    assert_rounded(re.search(r"an error of \*\*([^*]+)\*\*", told(page))[1], band(best), 4)
    return band(best)


def test_the_printed_row_is_0177_off_every_line_until_it_is_edited_onto_one():
    page = lesson("step_by_step", 4)
    assert assert_line_card(page, PRINTED) == pytest.approx(0.0177, abs=5e-5)
    assert "**0.0177**" in told(page) and not page.success
    on_line = [0.15, 0.594, 0.927, 1.26]
    write(page, "score_row", {row: {"score": score} for row, score in enumerate(on_line)})
    assert assert_line_card(page, on_line) <= 0.0005
    assert "**0.0000**" in told(page) and page.success
