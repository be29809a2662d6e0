"""The one experiment of a session, and every session-state key.

An edit makes a new Experiment; the old one goes on the undo list. Widgets show the experiment and never own it: before
a widget is drawn it is given the experiment's value (`mirror`), and its callback commits a new experiment.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from attention_core import EXAMPLES, OPENING, VARIANTS, Example, Experiment, Variant
from attention_core.fills import MAX_SEED
from attention_core.lessons import Lessons
from attention_core.two_sentences import pair_with
from exports.catalogue import Order
from presentation import tables
from presentation.text import plain
from sharing.address import from_code, text_from_code, text_to_code, to_code
from sharing.class_view import ClassView, from_text
from sharing.document import DocumentError
from sharing.file import from_file

# Keys of widgets, which other people's links and tests may rely on.
ADDRESS = "x"
CLASS_VIEW = "class"
SENTENCE = "sentence"
EXAMPLE = "example"
VARIANT = "variant"
SCALED = "scaled"
CAUSAL = "causal"
DECIMALS = "decimals"
SPLIT = "split"
SEED = "seed"
LOOKING = "looking_word"
LOOKED_AT = "looked_at_word"
ENTRY = "context_entry"
OTHER_SENTENCE = "other_sentence"
SHARED_WORD = "shared_word"
VECTOR_COUNT = "vector_count"
VECTOR_SIZE = "vector_size"
STAGE = "stage"
KEY_SIZE = "key_size"
RANDOM_SEED = "random_seed"
MEASURE = "measure"
EDITED = "edited_table"
CARD = "card"
PICTURE = "picture_name"
TABLE = "table_name"
HIDDEN = "hidden_controls"
TASK = "task"
UPLOAD = "upload"
PUBLISHED = "published_example"
NUMBERS = "numbers"
NUMBERS_CODE = "n"
CHECK_WAY = "check_way"
CHECK_SCALING = "check_scaling"
CHECK_MASK = "check_mask"
CHECK_KEY_SIZE = "check_key_size"
READ_TABLE = "read_table"
VERDICTS = "verdicts"
SIZES = ("d_model", "d_k", "d_v")

# Keys of our own.
_EXPERIMENT = "_experiment"
_UNDO = "_undo"
_REDO = "_redo"
_CODE = "_code"  # the code that stands for the experiment, or the last one that could not be opened
_CLASS_VIEW = "_class"  # the text of the class view that is in force
_NOTICE = "_notice"  # what to tell about the address
_DRAFTS = "_drafts"  # the key of a text field -> what was typed there and cannot be drawn, and why
_REVISION = "_revision"  # table -> how often it was changed other than by its own editor
_CELL = "_cell"  # (looking position, looked-at position), from 0
_LAST_SEED = "_last_seed"  # table -> the seed of its last random filling
_PAGE = "_page"
_TURNED_PAGE = "_turned_page"
_CARDS = "_cards"  # lesson -> the card that is open
_STAGE = "_stage"
_FILE_PROBLEM = "_file_problem"  # why the last file could not be opened
_UPLOADS = "_uploads"  # how many files were opened
_MADE = "_made"  # the last file that took its time: its name, what it was made of, its content
_NUMBERS = "_numbers"  # the text of Check my numbers, the example it was loaded from, and how often it changed
_NUMBERS_CODE = "_numbers_code"  # the code that stands for them, or the last one that could not be opened
_HOME = "_home"  # the address of the app
_DONE = "_done"  # the cards that were completed

_MAX_UNDO = 100
FIRST_SEED = 1


def experiment() -> Experiment:
    current: Experiment = st.session_state[_EXPERIMENT]
    return current


def variant() -> Variant:
    return VARIANTS[experiment().variant]


def unchanged_example() -> Example | None:
    """The example on screen, as long as nothing in it was changed."""
    example = EXAMPLES.get(experiment().example)
    if example is None:
        return None
    origin = example.build()
    return example if origin == replace(experiment(), lessons=origin.lessons) else None


def lessons() -> Lessons:
    return experiment().lessons


def begin_run() -> None:
    """Make the session if it is new, and take in what was edited in the tables since the last run."""
    if _EXPERIMENT not in st.session_state:
        st.session_state[_EXPERIMENT] = OPENING.build()
        st.session_state[_UNDO] = []
        st.session_state[_REDO] = []
        st.session_state[_CODE] = ""
        st.session_state[_CLASS_VIEW] = ""
        st.session_state[_REVISION] = dict.fromkeys(tables.TABLES, 0)
        st.session_state[_LAST_SEED] = {}
        st.session_state[_DRAFTS] = {}
        st.session_state[_CARDS] = {}
        st.session_state[_STAGE] = 1
        st.session_state[_DONE] = frozenset()
        st.session_state[_UPLOADS] = 0
        st.session_state[_NUMBERS] = ("", "", 0)
        st.session_state[_NUMBERS_CODE] = ""
    for table in tables.TABLES:
        _take_in_edits(table)


def open_address(page: str) -> None:
    """Take in an address that the visitor opened or went back to; call once the address field is drawn.

    An old address also arrives when somebody acts before the browser has heard of the newest one. Callbacks and page
    switches therefore set it again (`callback`), so that only a visitor's own step brings an address that differs.
    """
    code = st.session_state.get(ADDRESS) or ""
    st.session_state[_HOME] = (st.context.url or "").removesuffix("/").removesuffix(page).removesuffix("/") + "/"
    is_first = _PAGE not in st.session_state
    turned_page = not is_first and st.session_state[_PAGE] != page
    st.session_state[_PAGE] = page
    st.session_state[_TURNED_PAGE] = turned_page
    if turned_page:
        st.session_state[_FILE_PROBLEM] = None
        return
    st.session_state[_CLASS_VIEW] = st.session_state.get(CLASS_VIEW) or ""
    if code == st.session_state[_CODE]:
        return
    try:
        opened = from_code(code)
    except DocumentError as error:
        st.session_state[_NOTICE] = f"This link could not be opened. {error} The picture shown is not from the link."
        st.session_state[_CODE] = code
        return
    st.session_state[_NOTICE] = None
    _move_to(opened)
    st.session_state[_CODE] = code
    if is_first:
        st.session_state[_UNDO] = []


def commit(new: Experiment, *, by_editor_of: str | None = None) -> None:
    """Make `new` the experiment of the session; `by_editor_of` names the table whose editor already shows it."""
    if new == experiment():
        return
    st.session_state[_UNDO] = [*st.session_state[_UNDO], experiment()][-_MAX_UNDO:]
    st.session_state[_REDO] = []
    _show(new, by_editor_of)


def undo() -> None:
    _step(_UNDO, _REDO)


def redo() -> None:
    _step(_REDO, _UNDO)


def can_undo() -> bool:
    return bool(st.session_state[_UNDO])


def can_redo() -> bool:
    return bool(st.session_state[_REDO])


def notice() -> str | None:
    """One sentence about the address, if there is something to tell."""
    told: str | None = st.session_state.get(_NOTICE)
    return told


def class_view() -> ClassView:
    """What the link hides and asks."""
    return from_text(st.session_state[_CLASS_VIEW])


def shows(control: str) -> bool:
    """Whether a control of `class_view.CONTROLS` is on screen."""
    return control not in class_view().hidden


def show_everything() -> None:
    st.session_state[_CLASS_VIEW] = ""


def home() -> str:
    """The address of the app, without page and experiment."""
    address: str = st.session_state[_HOME]
    return address


def upload_key() -> str:
    """The key of the field that takes files; each file that was taken in gives it a new one, which is empty."""
    return f"{UPLOAD}:{st.session_state[_UPLOADS]}"


def open_file(key: str) -> None:
    """Take in the file that was given to the field `key`."""
    uploaded = st.session_state[key]
    if uploaded is None:
        return
    st.session_state[_UPLOADS] += 1
    try:
        opened = from_file(uploaded.getvalue())
    except DocumentError as error:
        st.session_state[_FILE_PROBLEM] = str(error)
        return
    st.session_state[_FILE_PROBLEM] = None
    _forget_drafts()
    commit(opened)
    st.toast("The experiment of the file is open. Undo brings the one before back.", icon=":material/file_open:")


def file_problem() -> str | None:
    """Why the last file could not be opened, if it could not."""
    problem: str | None = st.session_state.get(_FILE_PROBLEM)
    return problem


def made(name: str, order: Order) -> bytes | None:
    """The file of that name, if it is the last that was made and is made of the same."""
    kept_name, kept_order, content = st.session_state.get(_MADE, ("", None, b""))
    return content if (kept_name, kept_order) == (name, order) else None


def keep_made(name: str, order: Order, content: bytes) -> None:
    st.session_state[_MADE] = (name, order, content)


def numbers() -> str:
    """The text with the numbers to check."""
    text: str = st.session_state[_NUMBERS][0]
    return text


def loaded_example() -> str:
    """The id of the published example that the numbers are, as long as they were not changed."""
    example: str = st.session_state[_NUMBERS][1]
    return example


def numbers_version() -> int:
    """Changes with the numbers, so that corrections of other numbers do not apply to them."""
    version: int = st.session_state[_NUMBERS][2]
    return version


def type_numbers() -> None:
    """Take in what stands in the field of the numbers."""
    load_numbers("", st.session_state[NUMBERS] or "")


def load_numbers(example: str, text: str) -> None:
    st.session_state[_NUMBERS] = (text, example, numbers_version() + 1)
    st.session_state[_NUMBERS_CODE] = text_to_code(text)


def numbers_code() -> str:
    """The key of the field that carries the numbers in the address, given its value just before it is drawn.

    A visitor's own address wins on the first run; later the field follows the numbers.
    """
    code = st.session_state[_NUMBERS_CODE]
    if code and (st.session_state[_TURNED_PAGE] or NUMBERS_CODE not in st.session_state):
        st.session_state[NUMBERS_CODE] = code
    return NUMBERS_CODE


def open_numbers() -> str | None:
    """Take in numbers that came by the address; what is wrong with it, if anything is."""
    code = st.session_state.get(NUMBERS_CODE) or ""
    if code == st.session_state[_NUMBERS_CODE]:
        return None
    try:
        text = text_from_code(code)
    except DocumentError as error:
        return str(error)
    load_numbers("", text)
    st.session_state[_NUMBERS_CODE] = code
    return None


def mirror(key: str, value: object) -> str:
    """Give a widget the value to show, just before it is drawn; returns its key.

    On another page a widget of the same key is a new one, to which the value that stands there does not belong.
    """
    if st.session_state[_TURNED_PAGE] or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def versioned(key: str, value: object) -> str:
    """The key of a widget in a popover, which is drawn with `value` as its default.

    Only what is on screen hears of a value that is set, and a closed popover is not; so a new value gets a new widget.
    """
    short = str(value)
    return f"{key}:{short if len(short) <= 20 else hash(short)}"


def callback(act: Callable[..., None]) -> Callable[..., None]:
    """For everything a widget calls: afterwards the address is that of the experiment, whatever the browser sent."""

    def acted(*args: object, **kwargs: object) -> None:
        act(*args, **kwargs)
        st.session_state[ADDRESS] = st.session_state[_CODE]
        st.session_state[CLASS_VIEW] = st.session_state[_CLASS_VIEW]
        if NUMBERS_CODE in st.session_state:
            st.session_state[NUMBERS_CODE] = st.session_state[_NUMBERS_CODE]

    return acted


keep_address = callback(lambda: None)  # for widgets that only look at the experiment


def typed(key: str, drawn: str) -> str:
    """What a text field shows: the text that is drawn, or one that was typed and cannot be."""
    draft, _ = st.session_state[_DRAFTS].get(key, (drawn, None))
    return str(draft)


def typing_problem(key: str) -> str | None:
    """Why the text in a field cannot be drawn, if it cannot."""
    _, problem = st.session_state[_DRAFTS].get(key, (None, None))
    return problem


def type_sentence() -> None:
    """Take in what stands in the sentence field."""
    _take_in_text(SENTENCE, experiment().with_sentence)


def type_other_sentence() -> None:
    """Take in what stands in the field of the second sentence."""
    _take_in_text(OTHER_SENTENCE, _with_other_sentence)


def _with_other_sentence(sentence: str) -> Experiment:
    pair_with(experiment(), sentence)
    return replace(experiment(), lessons=replace(lessons(), other_sentence=sentence))


def _take_in_text(key: str, taken: Callable[[str], Experiment]) -> None:
    text = st.session_state[key] or ""
    try:
        new = taken(text)
    except ValueError as error:
        st.session_state[_DRAFTS] = st.session_state[_DRAFTS] | {key: (text, str(error))}
        return
    st.session_state[_DRAFTS] = {other: draft for other, draft in st.session_state[_DRAFTS].items() if other != key}
    commit(new)


def change(field: str, key: str) -> None:
    """Take in a switch: the widget `key` holds the new value of `field`."""
    _take_in(key, lambda value: replace(experiment(), **{field: value}))


def resize(size: str, key: str) -> None:
    """Take in d_model, d_k or d_v from the field `key`."""
    _take_in(key, lambda value: experiment().resized(**{size: int(value)}))


def change_lessons(changed: Callable[[Lessons, Any], Lessons], key: str) -> None:
    """Take in a number of the lessons: `changed` gives the lessons with what the widget `key` holds."""
    _take_in(key, lambda value: replace(experiment(), lessons=changed(lessons(), value)))


def _take_in(key: str, taken: Callable[[Any], Experiment]) -> None:
    value = st.session_state[key]
    if value is None:
        return  # a click on the chosen segment again; `mirror` puts it back
    try:
        commit(taken(value))
    except (TypeError, ValueError) as error:
        st.toast(plain(str(error)), icon=":material/error:")


def start_from(example: Example) -> None:
    """Take an example instead; of the lessons it brings the second sentence alone."""
    _forget_drafts()
    new = example.build()
    kept = replace(lessons(), other_sentence=new.lessons.other_sentence)
    commit(replace(new, lessons=kept))


def set_table(table: str, matrix: Any) -> None:
    """Fill a whole table."""
    commit(tables.with_table(experiment(), table, matrix))


def remember_seed(table: str, seed: int) -> None:
    st.session_state[_LAST_SEED] = st.session_state[_LAST_SEED] | {table: seed}


def seed() -> int:
    """The seed that stands in its field, as far as it is one."""
    typed = st.session_state.get(SEED)
    return min(max(typed, 0), MAX_SEED) if isinstance(typed, int) else FIRST_SEED


def last_seed(table: str) -> int | None:
    used: int | None = st.session_state[_LAST_SEED].get(table)
    return used


def editor_key(table: str) -> str:
    """The key of a table's editor; a change from elsewhere gives it a new one, because an editor cannot be set."""
    return f"{table}:{st.session_state[_REVISION][table]}"


def editor_problem(table: str) -> str | None:
    """What is wrong with the cells that were typed into an editor, if anything is."""
    _, problem = tables.with_edits(experiment(), table, _edits(table))
    return problem


def cell() -> tuple[int, int] | None:
    """The chosen cell, if it is in the sentence."""
    chosen: tuple[int, int] | None = st.session_state.get(_CELL)
    if chosen is None or max(chosen) >= len(experiment().words):
        return None
    return chosen


def choose_cell(row: object, column: object, *, counted_from: int = 0) -> None:
    """Choose the cell of two positions; anything else that a browser may send is passed over."""
    if isinstance(row, int) and isinstance(column, int) and min(row, column) >= counted_from:
        st.session_state[_CELL] = (row - counted_from, column - counted_from)


def card(lesson: str) -> int:
    """Which card of a lesson is open, from 0."""
    opened: int = st.session_state[_CARDS].get(lesson, 0)
    return opened


def open_card(lesson: str, number: int) -> None:
    st.session_state[_CARDS] = st.session_state[_CARDS] | {lesson: number}


def stage() -> int:
    """The stage that Step by step shows, from 1."""
    shown: int = st.session_state[_STAGE]
    return shown


def go_to_stage(number: int) -> None:
    st.session_state[_STAGE] = number


def complete(card: str) -> None:
    """Remember that what a card asks for was done."""
    st.session_state[_DONE] = st.session_state[_DONE] | {card}


def completed() -> frozenset[str]:
    done: frozenset[str] = st.session_state[_DONE]
    return done


def _take_in_edits(table: str) -> None:
    edits = _edits(table)
    if not edits:
        return
    if not tables.are_in_table(experiment(), table, edits):
        _renew_editor(table)  # no editor of ours sends such edits, and Streamlit cannot draw one with them
    else:
        edited, _ = tables.with_edits(experiment(), table, edits)
        commit(edited, by_editor_of=table)


def _renew_editor(table: str) -> None:
    st.session_state[_REVISION] = st.session_state[_REVISION] | {table: st.session_state[_REVISION][table] + 1}


def _edits(table: str) -> Mapping[int, Mapping[str, object]]:
    editor = st.session_state.get(editor_key(table)) or {}
    edited: Mapping[int, Mapping[str, object]] = editor.get("edited_rows") or {}
    return edited


def _step(from_list: str, to_list: str) -> None:
    if not st.session_state[from_list]:
        return
    *rest, target = st.session_state[from_list]
    st.session_state[from_list] = rest
    st.session_state[to_list] = [*st.session_state[to_list], experiment()]
    _forget_drafts()
    _show(target)


def _move_to(target: Experiment) -> None:
    """Go to an experiment that came by the address: a step back or forth where it is one, else a new one."""
    _forget_drafts()
    for step, way in ((undo, _UNDO), (redo, _REDO)):
        if st.session_state[way] and st.session_state[way][-1] == target:
            step()
            return
    commit(target)


def _show(new: Experiment, by_editor_of: str | None = None) -> None:
    old = experiment()
    st.session_state[_REVISION] = {
        table: revision + (table != by_editor_of and tables.differs(old, new, table))
        for table, revision in st.session_state[_REVISION].items()
    }
    st.session_state[_EXPERIMENT] = new
    try:
        code = to_code(new)
        st.session_state[_NOTICE] = None
    except ValueError as error:
        code = ""
        st.session_state[_NOTICE] = str(error)
    st.session_state[_CODE] = code
    _set_address(code)


def _set_address(code: str) -> None:
    # When the change came from the address itself, its field is drawn already and cannot be set, nor need it be.
    with suppress(StreamlitAPIException):
        st.session_state[ADDRESS] = code


def _forget_drafts() -> None:
    st.session_state[_DRAFTS] = {}
