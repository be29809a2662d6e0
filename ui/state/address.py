"""The address: the experiment in it, what a class link hides and asks, and what there is to tell about it."""

from collections.abc import Callable, Iterable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sharing.address import TOO_LARGE, from_code, to_code
from sharing.class_view import ANSWERS, RESULTS, ClassView, from_text
from sharing.document import DocumentError
from ui.state import card_address, cards, heard, keys, practise, progress, tour, work
from ui.state.session import Pin, session


def follow() -> None:
    """Let the address say what is on screen, after anything that may have changed it."""
    _follow_own()
    _follow_card()
    practise.follow()
    work.follow()


def _follow_own() -> None:
    kept = session()
    experiment, address = kept.own.experiment, kept.address
    if address.of is experiment:
        return
    is_first = address.of is None  # then the address is the visitor's own
    address.of = experiment
    try:
        address.code, address.notice = to_code(experiment), None
    except ValueError as error:
        address.code, address.notice = TOO_LARGE, str(error)
    if not is_first:
        st.session_state[keys.ADDRESS] = address.code


def _follow_card() -> None:
    kept = session()
    address, of_card = kept.address, _of_card()
    if address.of_card == of_card:
        return
    address.of_card, address.card_notice = of_card, None
    try:
        address.card = card_address.text()
    except ValueError as error:
        address.card, address.card_notice = "", str(error)
    if keys.CARD in st.session_state:
        st.session_state[keys.CARD] = address.card


def _of_card() -> tuple[object, ...]:
    """All that the card's part of the address depends on."""
    kept = session().cards
    shown = kept.documents[kept.card].experiment if kept.card else None
    return kept.card, kept.uses_own, shown, session().address.code


def turn_to(page: str) -> None:
    """Note which page is drawn; call before the fields of the address are drawn, which follow it."""
    kept = session()
    kept.page = page
    address = kept.address
    address.turned_page = address.page not in (None, page)
    practise.turn_to(page)
    work.turn_to(page)
    if address.page == page:
        if heard.is_behind():
            heard.tell_again()
        return
    cards.turn_to(page)
    _follow_card()
    if address.turned_page:
        st.session_state[keys.CARD] = address.card


def open_address(page: str) -> None:
    """Take in an address that the visitor opened or went back to; call once the fields of the address are drawn.

    An old address also arrives when somebody acts before the browser has heard of the newest one. Callbacks, page
    switches and whatever a browser reports that is behind therefore set it again (`heard`), so that only a visitor's
    own step brings an address that differs. On another page it is one only where it is a step in the browser's history.
    """
    code, hidden, pin, card = (
        st.session_state.get(key) or "" for key in (keys.ADDRESS, keys.CLASS_VIEW, keys.PIN, keys.CARD)
    )
    kept = session()
    address = kept.address
    address.home = (st.context.url or "").removesuffix("/").removesuffix(page).removesuffix("/") + "/"
    is_first, address.page = address.page is None, page
    if is_first:
        tour.decide_for(code, hidden, pin, card)
        progress.recall()
    if address.turned_page:
        kept.files.problem = None
        if not _is_step_in_history():
            return
    address.class_view = hidden
    practise.take_in(is_first=is_first)
    work.take_in(is_first=is_first)
    if pin != kept.pin.code:
        kept.pin = Pin(pin)
    if code != address.code:
        address.code = code
        address.notice = _problem_with(lambda: _open_own(code, is_first=is_first))
    if is_first or card != address.card:
        _open_card(card, is_first=is_first)


def _is_step_in_history() -> bool:
    """Whether this run is the answer to the browser's Back or Forward, so that its address is what it went to."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _open_card(text: str, *, is_first: bool) -> None:
    address = session().address
    address.card_notice = _problem_with(lambda: card_address.take_in(text, is_first=is_first))
    address.card, address.of_card = text, _of_card()


def _open_own(code: str, *, is_first: bool) -> None:
    kept = session()
    kept.own.move_to(from_code(code))
    kept.address.of = kept.own.experiment
    if is_first:
        kept.own.back, kept.own.before = [], None


def _problem_with(open_: Callable[[], None]) -> str | None:
    """What to tell where something that the address holds cannot be opened."""
    try:
        open_()
    except DocumentError as error:
        return f"This link could not be opened. {error} What you see here is not from the link."
    return None


def notice() -> str | None:
    """One sentence about the address, if there is something to tell."""
    address = session().address
    return address.notice or address.card_notice


def class_view() -> ClassView:
    """What the link hides and asks; on a worksheet what its task hides."""
    return work.class_view() if work.is_on_screen() else from_text(session().address.class_view)


def shows(control: str) -> bool:
    """Whether a control of `class_view.CONTROLS` is on screen."""
    return control not in class_view().hidden or (control in ANSWERS and _asked_for_answers())


def shows_all(controls: Iterable[str]) -> bool:
    """Whether all of them are on screen."""
    return all(map(shows, controls))


def hidden_results() -> frozenset[str]:
    """Which of `class_view.RESULTS` are not on screen."""
    return frozenset(result for result in RESULTS if not shows(result))


def hides_answers() -> bool:
    """Whether the link hides what a question may be about, and nobody has asked for it."""
    return not shows_all(ANSWERS)


def show_answers() -> None:
    """Show all that the link hides of results, story and sums; controls stay hidden."""
    address = session().address
    address.answered = address.class_view


def _asked_for_answers() -> bool:
    if work.is_on_screen():
        return work.shows_answers()
    address = session().address
    return address.answered == address.class_view


def show_everything() -> None:
    session().address.class_view = ""


def home() -> str:
    """The address of the app, without page and experiment."""
    return session().address.home
