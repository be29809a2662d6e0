"""The cards of all lessons: what is to be done on them, done, undone, and the way on."""

import pytest
from streamlit.testing.v1 import AppTest
from support.lesson_screen import CARDS, everything_said, fresh_card, lesson, set_, told, turn_to, write
from support.screen import MAIN, MONEY, RIVER, code_of, opened, press, widget

from ui.course import COURSE
from ui.tasks import TASKS

CARD_IDS = [f"{lesson.script}/{card.id}" for lesson in COURSE for card in lesson.cards]


def is_done(page, script, number):
    """Whether the card says that its task is done; the picker must say the same, and the task stays readable."""
    ticked = [option.content_icon == ":material/check:" for option in widget(page, f"card_{script}").proto.options]
    done = [each.value for each in page.success]
    open_ = [each.value for each in page.info if each.value.startswith("**To do:**")]
    assert len(done) + len(open_) == 1 and ticked[number] == bool(done)
    assert all("**To do:**" in each and "**Done.**" in each for each in done)
    return bool(done)


def test_every_card_has_a_task():
    assert list(TASKS) == CARD_IDS


@pytest.mark.parametrize("card", TASKS)
def test_a_task_is_open_at_first_is_shown_on_request_and_stays_done(card):
    script, number = CARDS[CARD_IDS.index(card)]
    task, page = TASKS[card], fresh_card(script, number)
    assert not is_done(page, script, number)
    for hint in task.hints:
        assert hint not in told(page)
        press_(page, "hint")
        assert hint in told(page)
    for at, act in enumerate(task.solution):
        assert act.told not in told(page) and not is_done(page, script, number)
        assert widget(page, "show_me").label == ("Next step" if at else "Show me")
        press_(page, "show_me")
        assert act.told in told(page)
    assert is_done(page, script, number)
    while not widget(page, "undo").disabled:
        press_(page, "undo")
    assert is_done(page, script, number)
    press_(page, "start_again")
    assert not is_done(page, script, number) and task.hints[0] not in told(page)


def press_(page, button):
    widget(page, button).click().run()
    assert not page.exception, page.exception


def test_what_was_so_on_arrival_was_not_done_on_the_card():
    page = opened()
    set_(page, "sentence", "the bank")
    turn_to(page, "same_word")
    set_(page, "other_sentence", "a bank")
    assert not is_done(page, "same_word", 0)
    set_(page, "use_own", True)
    set_(page, "other_sentence", "my bank")
    assert is_done(page, "same_word", 0)
    again = lesson("same_word", 0, code_of(page))
    assert not is_done(again, "same_word", 0) and "do this already" in again.caption[-1].value
    set_(again, "other_sentence", "our bank")  # still two sentences of one's own
    assert not is_done(again, "same_word", 0)


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
        "step_by_step/every": lambda page: set_(page, "looking_word", 2),
        "three_ways/forms": lambda page: set_(page, "looking_word", 2),
        "three_ways/context": lambda page: write(page, "w_v", {0: {"v1": 1.0}}),
        "three_ways/forty": lambda page: set_(page, "sentence", "hello there"),
        "step_by_step/values": lambda page: write(page, "values", {0: {"v1": 1.0, "v2": 0.0, "v3": 0.0}}),
        "transformer/at_once": lambda page: set_(page, "steps_taken", 4),
        "transformer/far": lambda page: set_(page, "sentence", f"The river {'and the ' * 5} and the bank"),
        "transformer/network": lambda page: write(page, "query_first", {0: {"h2": -0.1}}),
        "transformer/next": lambda page: write(page, "forward_first", {0: {"h1": -9.0, "h3": -9.0}}),
        "why_scale/grow": lambda page: set_(page, "key_size", 200),
        "why_scale/saturate": lambda page: set_(page, "key_size", 64),
        "why_scale/gradient": lambda page: set_(page, "key_size", 2),
    }.items(),
)
def test_what_comes_close_does_not_do_the_task(card, act):
    script, number = CARDS[CARD_IDS.index(card)]
    page = fresh_card(script, number)
    act(page)
    assert not is_done(page, script, number)


def test_next_leads_through_every_card_and_to_the_next_lesson():
    page = opened()
    links = {}
    for place, each in enumerate(COURSE):
        turn_to(page, each.script)
        for number, card in enumerate(each.cards):
            assert f"{each.title} · {card.title}" in told(page)
            assert f"lesson {place + 1} of {len(COURSE)}" in told(page).replace("\N{NO-BREAK SPACE}", " ")
            ways = [(link.proto.label, link.proto.page) for link in page.get("page_link")]
            way_on = ways[1:]  # the first leads from Share to the Playground
            links[f"{each.script}/{card.id}"] = way_on[:-3] if "What you found" in told(page) else way_on
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


@pytest.mark.parametrize(("script", "number", "cell"), [("step_by_step", 2, (4, 4)), ("three_ways", 0, (5, 5))])
def test_what_asks_for_a_click_on_a_cell_can_be_done_without_one(script, number, cell):
    page = fresh_card(script, number)
    if widget(page, "looking_word").value != cell[0]:
        set_(page, "looking_word", cell[0])
    if widget(page, "looked_at_word").value != cell[1]:
        set_(page, "looked_at_word", cell[1])
    assert is_done(page, script, number)


def test_the_course_ends_with_what_was_found_by_ones_own_numbers():
    page = fresh_card("similarity", 0)
    write(page, "vectors", {0: {"d1": 6.0}})
    turn_to(page, COURSE[-1].script, len(COURSE[-1].cards) - 1)
    assert f"You have done **1 of {len(CARD_IDS)}** cards." in told(page)
    assert "*Multiply and add*: A · C = **39.00** beats B · C = **26.00**." in told(page)
    turn_to(page, COURSE[-1].script, 0)
    assert "What you found" not in told(page)


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
def test_an_edit_with_ones_own_numbers_survives_other_pages_is_in_the_address_and_can_be_undone(what):
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
    press_(page, "undo")
    assert everything_said(page) == before and code_of(page) == ""
    press_(page, "redo")
    assert everything_said(page) == after and code_of(page) == code


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_a_card_stays_on_the_card_is_in_the_address_and_can_be_undone(what):
    script, number, act = EDITS[what]
    page = fresh_card(script, number)
    before = everything_said(page)
    act(page)
    after, said = everything_said(page), page.query_params["card"]
    assert said and not code_of(page)
    turn_to(page, "playground")
    assert widget(page, "undo").disabled and not code_of(page) and "card" not in page.query_params
    turn_to(page, script, number)
    assert (everything_said(page), page.query_params["card"]) == (after, said)
    again = deep_link(script, card=said)
    assert everything_said(again) == after and widget(again, "undo").disabled
    press_(page, "undo")
    assert everything_said(page) == before
    press_(page, "redo")
    assert everything_said(page) == after and page.query_params["card"] == said


def deep_link(script, **address):
    """A page opened by its link."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    page.switch_page(f"../pages/{script}.py")
    for name, text in address.items():
        page.query_params[name] = text
    page.run()
    assert not page.exception, page.exception
    return page


def test_an_older_link_to_a_lesson_shows_its_own_numbers_on_every_card():
    page = opened()
    set_(page, "sentence", "the old bank")
    code = code_of(page)
    older = deep_link("three_ways", x=code)
    assert widget(older, "use_own").value
    for number in range(3):
        turn_to(older, "three_ways", number)
        assert widget(older, "sentence").value == "the old bank"
    set_(older, "use_own", False)
    assert widget(older, "sentence").value == RIVER
    turn_to(older, "playground")
    assert widget(older, "sentence").value == "the old bank"


@pytest.mark.parametrize("text", ["nothing", "angle.2~damaged", "angle.", "angle.own.own", "💥", "." * 5000])
def test_a_damaged_card_in_the_address_opens_the_lesson_all_the_same(text):
    page = deep_link("similarity", card=text)
    assert everything_said(page) == everything_said(fresh_card("similarity", int(text.startswith("angle"))))
    assert bool(page.warning) == (text not in ("nothing", "angle.", "💥"))


def test_a_reload_on_a_card_loses_neither_the_card_nor_the_persons_own_experiment():
    page = opened()
    set_(page, "sentence", "my own bank")
    turn_to(page, "similarity", 1)
    write(page, "vectors", {0: {"d1": 2.5}})
    again = deep_link("similarity", x=code_of(page), card=page.query_params["card"])
    assert everything_said(again) == everything_said(page) and not widget(again, "use_own").value
    assert widget(turn_to(again, "playground"), "sentence").value == "my own bank"


def test_a_cards_numbers_can_be_taken_to_the_playground_and_brought_back_from_there():
    page = fresh_card("step_by_step", 0)
    set_(page, "sentence", "my bank")
    press_(page, "take_over")
    turn_to(page, "playground")
    assert widget(page, "sentence").value == "my bank"
    press(page, "undo")
    assert widget(page, "sentence").value == RIVER
    assert widget(turn_to(page, "step_by_step"), "sentence").value == "my bank"


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
