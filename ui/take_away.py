"""What the page Take it with you offers: links, a file, spreadsheet, article, scripts, pictures and tables."""

import math
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from attention_core import Calculation, Stage
from exports import catalogue
from exports.catalogue import EXPORTS, Order
from exports.csv_tables import TABLES
from exports.pictures import OF_ALL_HEADS, caption, picture, titles
from exports.workbook import not_in_a_workbook
from exports.workshop import WORKSHOP, WorkshopError, is_large
from presentation.heads_chart import heads_chart
from presentation.text import plain
from serving.downloads import CannotBeMade
from sharing.address import to_code
from sharing.class_view import CONTROLS, MAX_TASK, ClassView, to_text
from sharing.file import MAX_FILE
from ui import explanation, pictures
from ui.state import address, current, files, keys, widgets

_TARGET_TASK = "Train the tables until the weights come near the target."


def order(calculation: Calculation) -> Order:
    """What the files are made of: the experiment, the chosen word to follow, and the link."""
    return Order(calculation.experiment, pictures.chosen_cell(calculation)[0], link(ClassView()) or "")


def link(view: ClassView, page: str = "") -> str | None:
    """The address of a page, the Playground to begin with, with this experiment; None where that is too large."""
    try:
        code = to_code(current.experiment())
    except ValueError:
        return None
    parts = {keys.ADDRESS: code, keys.CLASS_VIEW: to_text(view)}
    query = urlencode({name: text for name, text in parts.items() if text}, safe="~")
    return f"{address.home()}{page}?{query}" if query else f"{address.home()}{page}"


def what_is_taken(calculation: Calculation) -> None:
    """One line that says what all of it is made of; meanwhile whoever makes the files gets ready."""
    WORKSHOP.get_ready()
    st.markdown(f"Take **{plain(caption(calculation))}** with you, in whatever form suits you and your readers.")


def the_link() -> None:
    """The address to copy."""
    st.markdown("## :material/link: Link")
    copied = link(ClassView())
    if copied is None:
        st.warning("This experiment is too large for an address. Save it as a file instead.")
        return
    st.markdown("Whoever opens it sees the same sentence, tables and switches, and can carry on from there.")
    st.code(copied, language=None, wrap_lines=True, height=_code_height(copied))


def the_file(order: Order) -> None:
    """The experiment as a file, to keep and to open again."""
    st.markdown("## :material/save: File")
    st.markdown("Everything in one small text file, even what is too large for a link. Opening a file can be undone.")
    _download("Save the experiment", catalogue.DOCUMENT, order)
    key = files.upload_key()
    st.file_uploader(
        "Open an experiment",
        type="json",
        max_upload_size=math.ceil(MAX_FILE / 2**20),
        key=key,
        on_change=widgets.callback(files.open_file),
        args=(key,),
    )
    if problem := files.problem():
        st.error(f"This file could not be opened. {plain(problem)} Your experiment is still here.")


def the_spreadsheet(order: Order) -> None:
    """The workbook; a large one is made while the page shows how far it is."""
    st.markdown("## :material/table: Spreadsheet")
    st.markdown(
        "The whole calculation as **live formulas**: change an embedding, a weight or the scaling switch in Excel, "
        "LibreOffice or Google Sheets, and scores, softmax and context follow."
    )
    if problem := not_in_a_workbook(order.calculation):
        st.caption(problem)
    else:
        _download("Spreadsheet (.xlsx)", catalogue.WORKBOOK, order)


def the_article(calculation: Calculation, order: Order) -> None:
    """The worked example to publish."""
    st.markdown("## :material/article: Article")
    st.markdown(
        "A worked example to publish: your words and numbers, every step explained, one word’s sums written out, heat "
        "maps, and a link that opens it here."
    )
    explanation.word_choice(calculation, "Word to follow")
    with st.container(horizontal=True):
        _download("Web page (.html)", catalogue.WEB_PAGE, order)
        _download("Markdown with pictures (.zip)", catalogue.ARTICLE, order)


def the_scripts(order: Order) -> None:
    """The same numbers from a few lines of Python."""
    st.markdown("## :material/code: Script")
    st.markdown("A short Python script that gives the same numbers.")
    with st.container(horizontal=True):
        _download("NumPy (.py)", catalogue.NUMPY, order)
        _download("PyTorch (.py)", catalogue.PYTORCH, order)


def the_pictures(calculation: Calculation, order: Order) -> None:
    """Each heat map as a picture, or all of them."""
    st.markdown("## :material/image: Pictures")
    offered = titles(calculation)
    name = st.selectbox(
        "Heat map",
        list(offered),
        index=list(offered).index("weights"),
        key=keys.PICTURE,
        format_func=offered.__getitem__,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    drawn = heads_chart(calculation) if name == OF_ALL_HEADS else picture(calculation, name).chart
    pictures.still(drawn, "picture")
    with st.container(horizontal=True):
        _download("SVG", f"{name}.svg", order)
        _download("PNG", f"{name}.png", order)
        _download("All pictures (.zip)", catalogue.PICTURES, order)


def the_tables(order: Order) -> None:
    """Each table as CSV, or all of them."""
    st.markdown("## :material/csv: Tables")
    st.markdown("Exact numbers that any program can read.")
    there = [table for table in TABLES if table in order.calculation.stages]
    name = st.selectbox(
        "Table",
        there,
        index=there.index(Stage.CONTEXT),
        key=keys.TABLE,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    with st.container(horizontal=True):
        _download("CSV", f"{name}.csv", order)
        _download("All (.zip)", catalogue.ALL_TABLES, order)


def the_class() -> None:
    """A link that hides controls and asks one thing."""
    st.markdown("## :material/school: A link for a class")
    st.markdown("Opens this experiment with fewer controls and one task. One click shows your class everything.")
    st.page_link("../pages/worksheet.py", label="Several tasks: a worksheet", icon=":material/assignment:")
    hidden = st.multiselect(
        "Hide",
        list(CONTROLS),
        key=keys.HIDDEN,
        format_func=CONTROLS.__getitem__,
        persist_state="session",
        on_change=widgets.keep_address,
    )
    task = st.text_input(
        "Task",
        key=keys.TASK,
        max_chars=MAX_TASK,
        placeholder="Which word does “bank” look at most, and why?",
        persist_state="session",
        on_change=widgets.keep_address,
    )
    is_target = st.toggle(
        "The task is the target of Teach it",
        key=keys.TARGET_TASK,
        persist_state="session",
        help="The link opens Teach it with the target that you painted there, which your class cannot change.",
        on_change=widgets.keep_address,
    )
    if is_target:
        view = ClassView(frozenset({*hidden, "target"}), task or _TARGET_TASK)
        made = link(view, "teach_it")
    else:
        view = ClassView(frozenset(hidden), task)
        made = link(view)
    if made is None:
        st.warning("This experiment is too large for an address, so there is no link for a class.")
    elif view:
        st.code(made, language=None, wrap_lines=True, height=_code_height(made))
        st.link_button("Try it in a new tab", made, icon=":material/open_in_new:")
    else:
        st.caption("Choose what to hide or write a task, and the link appears here.")


def _code_height(text: str) -> int:
    """So that a long code can be scrolled instead of pushing everything else away."""
    return 56 if len(text) < 60 else 120


def _download(label: str, name: str, order: Order) -> None:
    """A file to save. A large one, which takes its time, is made first."""
    if is_large(name, order):
        _large_download(label, name, order)
        return
    visitor = files.visitor()

    def make() -> bytes:
        try:
            return WORKSHOP.make(name, order, visitor=visitor)
        except (ValueError, WorkshopError) as error:
            raise CannotBeMade(str(error)) from None

    st.download_button(
        label,
        make,
        file_name=name,
        mime=EXPORTS[name].mime,
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )


@st.fragment  # so that the rest of the page stays as it is meanwhile
def _large_download(label: str, name: str, order: Order) -> None:
    """First the file is made, with a bar and a way to give it up, then it can be saved."""
    place = st.empty()
    content = files.made(name, order)
    if content is None and place.button(f"Make: {label}", key=f"make_{name}", icon=":material/hourglass_empty:"):
        content = _made_with_a_bar(place, label, name, order)
    if content is not None:
        place.download_button(
            f"Save: {label}",
            content,
            file_name=name,
            mime=EXPORTS[name].mime,
            key=f"download_{name}",
            icon=":material/download:",
            on_click="ignore",
        )


def _made_with_a_bar(place: DeltaGenerator, label: str, name: str, order: Order) -> bytes | None:
    """None where it could not be made. A click on Cancel, or on anything else in the fragment, ends this run, and with
    it the order: Streamlit looks for clicks whenever something is drawn, here several times a second."""
    with place.container():
        bar = st.progress(0.0, f"{label} is being made …")
        st.button("Cancel", key=f"cancel_{name}", icon=":material/close:")
    share = [0.0]

    def advance(done: float) -> None:
        share[0] = min(done, 1.0)
        bar.progress(share[0], f"{label} is being made …")

    def wait(ahead: int) -> None:
        before = "1 file comes" if ahead == 1 else f"{ahead} files come"
        bar.progress(share[0], f"{before} before yours …" if ahead else f"{label} is being made …")

    try:
        content = WORKSHOP.make(name, order, advance, visitor=files.visitor(), waiting=wait)
    except (ValueError, WorkshopError) as error:
        place.error(str(error))
        return None
    files.keep(name, order, content)
    return content
