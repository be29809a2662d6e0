"""What a class handed in: pasted links and dropped files, marked in a table; a pupil's experiment one click away."""

import pandas as pd
import streamlit as st

from exercises import marking
from exercises.grading import Mark
from exercises.hand_in import MAX_FILE
from exercises.marking import Marked, Pupil, Source, links_in
from exercises.worksheet import Kind
from presentation.text import plain
from ui.state import widgets, work

_PASTED = "pasted_links"
_MOST_SLIPS = 8


def page() -> None:
    _take()
    sources = [*links_in(work.pasted()), *(Source(name, content) for name, content in work.files())]
    if not sources:
        st.caption("Nothing is kept: what you paste and drop is marked here and forgotten when this tab is closed.")
        return
    marked = marking.marked(sources, work.worksheet() if work.worksheet().tasks else None)
    _what_came(marked)
    if marked.pupils:
        _slips(marked)
        _table(marked)
        _one_pupil(marked)
        st.download_button(
            "Save the table (.csv)",
            marked.csv().encode("utf-8-sig"),
            file_name="class.csv",
            mime="text/csv",
            key="save_class",
            icon=":material/download:",
            on_click="ignore",
        )
    _what_marks_prove()


def _take() -> None:
    pasting, dropping = st.columns(2, gap="medium")
    with pasting:
        st.text_area(
            "Paste your class’s links, one below the other",
            key=widgets.mirror(_PASTED, work.pasted()),
            height=130,
            on_change=widgets.callback(lambda: work.paste(widgets.held_by(_PASTED) or "")),
        )
    with dropping:
        key = work.upload_key("drop_files")
        st.file_uploader(
            "Or drop the files",
            type="json",
            accept_multiple_files=True,
            max_upload_size=MAX_FILE >> 20,
            key=key,
            on_change=widgets.callback(work.drop),
            args=(key,),
        )
        if work.files():
            st.caption(f"{len(work.files())} files are taken in.")
    if work.pasted() or work.files():
        forget = widgets.callback(work.forget_class)
        st.button("Forget all of them", key="forget_class", type="tertiary", on_click=forget)
    if work.worksheet().tasks:
        st.caption(
            f"They are marked by the worksheet that is open here: “{plain(work.worksheet().title) or 'no title'}”, "
            f"{len(work.worksheet().tasks)} tasks."
        )
    else:
        st.caption("No worksheet is open here, so they are marked by the one that most of them belong to.")


def _what_came(marked: Marked) -> None:
    count = len(marked.pupils)
    st.markdown(f"## {count} {'pupil' if count == 1 else 'pupils'}")
    if marked.refused:
        with st.expander(f"{len(marked.refused)} not in the table, and why", expanded=True):
            st.markdown("\n".join(f"- **{plain(each.label)}**: {plain(each.reason)}" for each in marked.refused))


def _slips(marked: Marked) -> None:
    if not marked.slips:
        return
    most, *others = marked.slips[:_MOST_SLIPS]
    st.info(f"Most frequent slip: **{plain(most[0])}** ({_pupils(most[1])}).", icon=":material/priority_high:")
    if others:
        st.markdown("\n".join(f"- {plain(slip)} ({_pupils(count)})" for slip, count in others))


def _pupils(count: int) -> str:
    return "1 pupil" if count == 1 else f"{count} pupils"


def _table(marked: Marked) -> None:
    """A row a pupil, a column a task."""
    tasks = marked.worksheet.tasks
    markable = sum(task.asked.kind is not Kind.TEXT for task in tasks)
    rows = {
        "Name": [pupil.name or "(no name)" for pupil in marked.pupils],
        "Right": [f"{pupil.right} of {markable}" for pupil in marked.pupils],
    }
    for at, task in enumerate(tasks):
        rows[f"Task {at + 1}"] = [
            marking.told(task, pupil.hand_in.answers[at], pupil.verdicts[at]) for pupil in marked.pupils
        ]
    rows["Notes"] = [" ".join(pupil.notes) for pupil in marked.pupils]
    st.dataframe(
        pd.DataFrame(rows, index=pd.Index([pupil.label for pupil in marked.pupils], dtype="str")),
        key="class_table",
        height="content" if len(marked.pupils) <= 30 else 1100,
        alt="A row for each pupil, a column for each task",
    )
    st.caption("✓ right, ≈ right but for rounding, ✗ wrong with the slip where one is known, ? unreadable, – empty.")


def _one_pupil(marked: Marked) -> None:
    """All that one pupil handed in, and the experiments to open."""
    by_label = {pupil.label: pupil for pupil in marked.pupils}

    def named(label: str) -> str:
        return f"{by_label[label].name or '(no name)'}, {label}"

    chosen = st.selectbox(
        "Look at one pupil",
        list(by_label),
        key="class_pupil",
        format_func=named,
        persist_state="session",
        on_change=widgets.keep_address,
        width=380,
    )
    if chosen in by_label:
        _pupil(by_label[chosen])


def _pupil(pupil: Pupil) -> None:
    with st.container(border=True):
        for at, (task, answer, verdict) in enumerate(
            zip(pupil.worksheet.tasks, pupil.hand_in.answers, pupil.verdicts, strict=True)
        ):
            told = marking.told(task, answer, verdict) or "–"
            parts = [f"**Task {at + 1}.** {plain(told)}"]
            if answer.tried:
                parts.append(f"Tried before: {plain(', then '.join(answer.tried))}.")
            if answer.asked:
                parts.append("Asked for what was hidden.")
            if answer.steps:
                parts.append(f"{answer.steps} {'change' if answer.steps == 1 else 'changes'} of the experiment.")
            st.markdown("  \n".join(parts))
            if answer.experiment is not None or verdict.mark is not Mark.EMPTY:
                clicked = st.button(
                    f"Open the experiment of task {at + 1} on the Playground",
                    key=f"look_at_{at}",
                    type="tertiary",
                    icon=":material/grid_on:",
                    on_click=widgets.callback(_look_at),
                    args=(pupil, at),
                )
                if clicked:
                    st.switch_page("../pages/playground.py")


def _look_at(pupil: Pupil, at: int) -> None:
    work.look_at(pupil.experiment(at))
    st.toast("It is on the Playground. Undo there brings back what you had.", icon=":material/grid_on:")


def _what_marks_prove() -> None:
    st.caption(
        "What the marks prove: that the numbers in a link are right or wrong for this worksheet. What they do not "
        "prove: who typed them, when, or without help. A link can be copied and changed by anybody; a name in it is "
        "what somebody typed. Two that are the same in every step are noted beside the table."
    )
