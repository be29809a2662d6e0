"""The cards of all lessons: what is to be done on them, done, undone, and the way on."""

import numpy as np
import pytest
from support.lesson_screen import CARDS, choose_cell, everything_said, lesson, set_, told, turn_to, write, write_all
from support.screen import MONEY, RIVER, code_of, opened, press, shown_table, squares, widget

from ui.course import COURSE

CARD_IDS = [f"{lesson.script}/{card.id}" for lesson in COURSE for card in lesson.cards]


def is_done(page, script, number):
    """Whether the card says that its task is done; the picker must say the same."""
    ticked = [option.content_icon == ":material/check:" for option in widget(page, f"card_{script}").proto.options]
    says_done = [each.value for each in page.success]
    assert ticked[number] == bool(says_done)
    assert len(says_done) <= 1 and all(each.startswith("Done. ") for each in says_done)
    assert bool(says_done) != any(each.value.startswith("**To do:**") for each in page.info)
    return bool(says_done)


def longer_a(page):
    write(page, "vectors", {0: {"d1": -3.0, "d2": 15.0}})


def own_sentences(page):
    set_(page, "sentence", "The bank lends money")
    set_(page, "other_sentence", "We sat on the bank")


def greatest_cell(page):
    weights = squares(turn_to(page, "playground"), "weights")
    choose_cell(page, *map(int, np.unravel_index(np.nanargmax(weights), weights.shape)))


def turned_queries(page):
    set_(page, "edited_table", "w_q")
    write_all(page, "w_q", 4 * np.eye(4)[::-1])


def other_queries(page):
    set_(page, "edited_table", "w_q")
    write(page, "w_q", {0: {"q1": 1.0}})


def other_values(page):
    set_(page, "edited_table", "w_v")
    write(page, "w_v", {0: {"v1": 5.0}})


def lecture_unscaled(page):
    widget(page, "open_lecture-40-26").click().run()
    set_(page, "scaled", False)


TASKS = {
    "similarity/multiply": lambda page: write(page, "vectors", {0: {"d1": 5.0}}),
    "similarity/angle": longer_a,
    "similarity/words": lambda page: write(page, "embeddings", {1: {"water": 5.0}}),
    "same_word/static": own_sentences,
    "same_word/sum": lambda page: write(page, "both", {5: {"water": 3.0, "money": 3.0}}),
    "same_word/equations": lambda page: set_(page, "other_sentence", "To the river bank we walked"),
    "same_word/moved": lambda page: write(page, "both", {4: {"water": 0.0}, 6: {"money": 0.0}}),
    "step_by_step/stages": lambda page: set_(page, "stage", 7),
    "step_by_step/projections": other_queries,
    "step_by_step/every": greatest_cell,
    "step_by_step/printed": lambda page: write(page, "score_row", {3: {"score": 1.5}}),
    "step_by_step/line": lambda page: write(page, "score_row", dict(enumerate({"score": s} for s in (1, 1, 1, 1)))),
    "step_by_step/values": lambda page: write(
        page, "values", {row: {"v1": 1.0, "v2": 0.0, "v3": 0.0} for row in range(4)}
    ),
    "three_ways/forms": lambda page: choose_cell(page, 2, 2),
    "three_ways/alike": turned_queries,
    "three_ways/context": other_values,
    "three_ways/forty": lecture_unscaled,
    "why_scale/grow": lambda page: set_(page, "key_size", 300),
    "why_scale/saturate": lambda page: set_(page, "key_size", 512),
    "why_scale/gradient": lambda page: set_(page, "key_size", 512),
    "why_scale/own": lambda page: write(page, "embeddings", {4: {"water": 0.8}, 5: {"money": 0.0}}),
    "transformer/pipeline": lambda page: set_(page, "causal", True),
    "transformer/at_once": lambda page: set_(page, "steps_taken", 5),
    "transformer/far": lambda page: set_(page, "sentence", f"The river {'and the town ' * 5} and the bank"),
    "transformer/patches": lambda page: write(page, "embeddings", {0: {"water": 4.0, "money": 4.0}}),
    "transformer/network": lambda page: write(page, "query_first", {0: {"h2": -1.0}}),
    "transformer/next": lambda page: write(page, "forward_first", {0: {"h1": -9.0, "h2": -9.0, "h3": -9.0}}),
}


def test_every_card_has_a_way_to_do_it_here():
    assert list(TASKS) == CARD_IDS and len(TASKS) == 27


@pytest.mark.parametrize("card", TASKS)
def test_a_task_is_open_at_first_can_be_done_and_stays_done(card):
    script, number = CARDS[CARD_IDS.index(card)]
    page = lesson(script, number)
    assert not is_done(page, script, number)
    TASKS[card](page)
    turn_to(page, script, number)
    assert is_done(page, script, number)
    turn_to(page, "playground")
    while not widget(page, "undo").disabled:
        press(page, "undo")
    turn_to(page, script, number)
    assert is_done(page, script, number)


@pytest.mark.parametrize(
    ("card", "act"),
    {
        "similarity/multiply": lambda page: write(page, "vectors", {0: {"d1": 2.75}}),  # exactly 26: not greater
        "similarity/angle": lambda page: write(page, "vectors", {0: {"d1": 5.0}}),
        "similarity/words": lambda page: write(page, "embeddings", {4: {"water": 5.0}}),
        "same_word/static": lambda page: set_(page, "other_sentence", "We sat on the bank"),
        "same_word/moved": lambda page: set_(page, "other_sentence", RIVER),
        "step_by_step/stages": lambda page: set_(page, "stage", 6),
        "same_word/equations": lambda page: set_(page, "other_sentence", "To the river bank we walked to"),
        "step_by_step/line": lambda page: write(page, "score_row", {0: {"score": 0.16}}),
        "step_by_step/values": lambda page: write(page, "values", {0: {"v1": 1.0, "v2": 0.0, "v3": 0.0}}),
        "transformer/at_once": lambda page: set_(page, "steps_taken", 4),
        "transformer/far": lambda page: set_(page, "sentence", f"The river {'and the ' * 5} and the bank"),
        "transformer/network": lambda page: write(page, "query_first", {0: {"h2": -0.1}}),
        "transformer/next": lambda page: write(page, "forward_first", {0: {"h1": -9.0, "h3": -9.0}}),
        "three_ways/forms": lambda page: choose_cell(page, 2, 1),
        "three_ways/forty": lambda page: set_(page, "scaled", False),
        "why_scale/grow": lambda page: set_(page, "key_size", 200),
        "why_scale/saturate": lambda page: set_(page, "key_size", 64),
        "why_scale/gradient": lambda page: set_(page, "key_size", 2),
    }.items(),
)
def test_what_comes_close_does_not_do_the_task(card, act):
    script, number = CARDS[CARD_IDS.index(card)]
    page = lesson(script, number)
    act(page)
    assert not is_done(turn_to(page, script, number), script, number)


def test_next_leads_through_every_card_and_to_the_next_lesson():
    page = opened()
    links = {}
    for place, each in enumerate(COURSE):
        turn_to(page, each.script)
        for number, card in enumerate(each.cards):
            assert f"{each.title} · {card.title}" in told(page)
            assert f"lesson {place + 1} of {len(COURSE)}" in told(page)
            ways = [(link.proto.label, link.proto.page) for link in page.get("page_link")]
            links[f"{each.script}/{card.id}"] = [way for way in ways if way[1] != "take_it_with_you"]
            if number + 1 < len(each.cards):
                label = widget(page, f"{each.script}_card_{number + 1}").label
                assert label == f"Next: {each.cards[number + 1].title}"
                widget(page, f"{each.script}_card_{number + 1}").click().run()
                assert not page.exception
        for number in reversed(range(len(each.cards) - 1)):
            widget(page, f"{each.script}_card_{number}").click().run()
            assert f"· {each.cards[number].title}" in told(page)
    ways = [(f"Lesson: {each.title}", each.script) for each in COURSE] + [("To the Playground", "")]
    for place, each in enumerate(COURSE):
        assert links[f"{each.script}/{each.cards[0].id}"] == ways[max(place - 1, 0) : place]
        assert links[f"{each.script}/{each.cards[-1].id}"] == [ways[place + 1]]
        assert not any(links[f"{each.script}/{card.id}"] for card in each.cards[1:-1])


def test_the_open_card_is_remembered_for_each_lesson():
    page = lesson("three_ways", 2)
    turn_to(page, "similarity", 1)
    turn_to(page, "three_ways")
    assert widget(page, "card_three_ways").value == 2
    turn_to(page, "similarity")
    assert widget(page, "card_similarity").value == 1


EDITS = {
    "vectors": ("similarity", 0, lambda page: write(page, "vectors", {0: {"d1": 2.5}, 2: {"d2": -1 / 3}})),
    "number of vectors": ("similarity", 0, lambda page: set_(page, "vector_count", 2)),
    "numbers in a vector": ("similarity", 0, lambda page: set_(page, "vector_size", 5)),
    "other sentence": ("same_word", 0, lambda page: set_(page, "other_sentence", "a bank, নদী")),
    "joint table": ("same_word", 0, lambda page: write(page, "both", {6: {"money": 0.1 + 0.2}})),
    "score row": ("step_by_step", 3, lambda page: write(page, "score_row", {1: {"score": -1 / 3}})),
    "d_k": ("why_scale", 0, lambda page: set_(page, "key_size", 200)),
    "seed": ("why_scale", 0, lambda page: set_(page, "random_seed", 9999)),
    "scaling": ("step_by_step", 0, lambda page: set_(page, "scaled", False)),
    "way": ("step_by_step", 0, lambda page: set_(page, "variant", "similarity")),
    "sentence": ("three_ways", 0, lambda page: set_(page, "sentence", MONEY)),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_in_a_lesson_survives_other_pages_is_in_the_address_and_can_be_undone(what):
    script, number, act = EDITS[what]
    page = lesson(script, number)
    before = everything_said(page)
    act(page)
    after, code = everything_said(page), code_of(page)
    assert after != before and code
    turn_to(page, "playground")
    turn_to(page, script, number)
    assert (everything_said(page), code_of(page)) == (after, code)
    again = lesson(script, number, code)
    assert everything_said(again) == after and widget(again, "undo").disabled
    widget(page, "undo").click().run()
    assert everything_said(page) == before and code_of(page) == ""
    widget(page, "redo").click().run()
    assert everything_said(page) == after and code_of(page) == code


def test_an_edit_can_be_undone_from_another_page():
    page = lesson("similarity")
    write(page, "vectors", {0: {"d1": 2.5}})
    turn_to(page, "why_scale")
    set_(page, "key_size", 8)
    turn_to(page, "playground")
    press(page, "undo")
    press(page, "undo")
    assert widget(page, "undo").disabled
    assert widget(turn_to(page, "why_scale"), "key_size").value == 64
    assert shown_table(turn_to(page, "similarity"), "vectors").iloc[0, 0] == -1


@pytest.mark.parametrize(
    ("script", "field", "value"),
    [
        ("same_word", "sentence", RIVER),
        ("step_by_step", "sentence", RIVER),
        ("step_by_step", "scaled", True),
        ("step_by_step", "variant", "qkv"),
        ("three_ways", "scaled", True),
    ],
)
def test_a_page_turned_to_first_shows_the_sentence_and_the_switches(script, field, value):
    page = opened()
    turn_to(page, script)
    assert widget(page, field).value == value
