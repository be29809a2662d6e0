"""A tiny language: a grammar to read and edit, learned from nothing, and what was learned of it."""

import numpy as np
import streamlit as st

from attention_core import Calculation, Stage, attend
from attention_core.fills import MAX_SEED
from attention_core.geometry import flatten
from attention_core.matrices import MAX_DIMENSION
from attention_core.teaching import MAX_GRAMMAR
from attention_core.words import identity
from learning.course import RATE, STEPS, Course
from learning.grammar import GRAMMAR, Sentence, language_of
from presentation import training_charts, word_charts
from presentation.text import plain, shown
from ui import pictures
from ui.state import current, edits, keys, language, widgets

_TICK = 0.1  # seconds between two looks at the progress
_FOLLOWED = "bank"


def page() -> None:
    """The grammar and the button; then how good the guesses are, the words on paper, and bank in two sentences."""
    st.markdown(
        "Here nothing is set by hand. A grammar makes sentences; in each a word is **blanked out** and a question "
        "stands in its place (*the sailor **did** the boat …*). Embeddings, W_Q, W_K and W_V start as random numbers "
        "and learn to guess what was there. The guess is the word whose embedding fits the question's context vector "
        "best."
    )
    left, right = st.columns([0.55, 0.45], gap="medium")
    with left:
        problem = _grammar()
    with right:
        _settings(problem)
        st.fragment(_progress, run_every=_TICK if language.is_learning() else None)()
    course = language.course()
    if course is None or not course.is_over:
        return
    if course.problem:
        st.error(plain(course.problem), icon=":material/bolt:")
        return
    if not language.is_of_now():
        st.info("The grammar, the size or the seed has changed since. What follows was learned before that.")
    _result(course)
    asked, words = st.columns(2, gap="medium")
    with asked:
        _guess(course)
    with words:
        _words(course)
    _in_two_sentences(course)


def _grammar() -> str | None:
    """The field of the grammar; what is wrong with it, if anything is."""
    key = widgets.versioned(keys.TEACH_GRAMMAR, language.grammar())
    with st.expander("The grammar", expanded=language.course() is None, icon=":material/edit_note:"):
        st.text_area(
            "The grammar",
            value=language.grammar(),
            key=key,
            max_chars=MAX_GRAMMAR,
            height=260,
            label_visibility="collapsed",
            on_change=widgets.callback(language.take_grammar),
            args=(key,),
        )
        st.caption(
            "A name in capitals stands for its options, which | separates. *boat/what*: this word can be blanked out, "
            "and *what* then stands in its place. Sentences begin at “sentence”; it may have several lines."
        )
        if language.grammar() != GRAMMAR:
            st.button(
                "Back to the first grammar",
                key="first_grammar",
                on_click=widgets.callback(edits.set_teaching),
                kwargs={"grammar": ""},
            )
    try:
        found = language_of(language.grammar())
    except ValueError as error:
        st.error(plain(str(error)), icon=":material/edit:")
        return str(error)
    first, last = found.sentences[0], found.sentences[-1]
    st.caption(
        f"{len(found.vocabulary)} different words, {len(found.sentences)} sentences, such as "
        f"*{plain(str(first))}* and *{plain(str(last))}*."
    )
    return None


def _settings(problem: str | None) -> None:
    teaching = current.teaching()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for label, field, key, least, most in (
            ("Numbers an embedding", "size", keys.TEACH_SIZE, 1, MAX_DIMENSION),
            ("Seed", "seed", keys.TEACH_SEED, 0, MAX_SEED),
        ):
            st.number_input(
                label,
                min_value=least,
                max_value=most,
                step=1,
                key=widgets.mirror(key, getattr(teaching, field)),
                width=150,
                on_change=widgets.callback(edits.change_teaching),
                args=(field, key),
            )
        if language.is_learning():
            st.button(
                "Cancel", key="cancel_learning", icon=":material/close:", on_click=widgets.callback(language.cancel)
            )
        else:
            st.button(
                "Learn it from nothing",
                key="learn_language",
                type="primary",
                icon=":material/school:",
                disabled=problem is not None,
                on_click=widgets.callback(_start),
            )


def _start() -> None:
    try:
        language.start()
    except ValueError as error:
        widgets.refuse(plain(str(error)), icon=":material/error:")


def _progress() -> None:
    """How far it is, drawn anew while it learns."""
    course, was_learning = language.course(), language.is_learning()
    goes_on = language.go_on()
    if course is not None and was_learning:
        told = f"{min(course.taken, 2 * STEPS):,} of {2 * STEPS:,} steps, half of them without attention to compare"
        st.progress(course.progress, text=told)
    if was_learning and not goes_on:
        st.rerun()


def _result(course: Course) -> None:
    result = course.result
    st.markdown(
        f"## How many of the {result.guesses} blanked words in {len(course.unseen)} unseen sentences does it guess?"
    )
    for column, (label, share, told) in zip(
        st.columns(3),
        (
            ("With attention", result.attention, "Each word learns where to look."),
            (
                "Without: every word counts the same",
                result.evenly,
                "The same model and training, with equal weights.",
            ),
            ("Always the most frequent word", result.most_frequent, "Of those that were blanked out in training."),
        ),
        strict=True,
    ):
        with column:
            st.metric(label, f"{shown(100 * share, 1)} %", help=told)
    before, after = (shown(loss, 3) for loss in (course.losses[0], course.losses[-1]))
    st.caption(
        f"It learned from the other {len(course.seen)} sentences, of whose words it guesses "
        f"{shown(100 * result.seen, 1)} %: "
        f"{STEPS} steps of Adam with a learning rate of {RATE:g}, seed {course.seed}. The loss (minus the logarithm of "
        f"what is given to the right word, plus a little for large numbers) went from {before} to {after}."
    )


def _guess(course: Course) -> None:
    """An unseen sentence, the word to blank out, the guess, and where the question looks."""
    at, blank = language.asked()
    sentence = course.unseen[at]
    key = widgets.versioned(keys.TEACH_SENTENCE, (at, course.seed, course.text))
    st.selectbox(
        "A sentence that it never saw",
        range(len(course.unseen)),
        index=at,
        format_func=lambda place: str(course.unseen[place]),
        key=key,
        on_change=widgets.callback(language.ask),
        args=(key,),
        kwargs={"blank": False},
    )
    if not sentence.blanks:
        st.caption("No word of this sentence can be blanked out.")
        return
    places = sentence.blanks
    key = widgets.versioned(keys.TEACH_BLANK, (at, blank, course.seed, course.text))
    st.segmented_control(
        "Blank out",
        range(len(places)),
        default=blank,
        format_func=lambda number: sentence.words[places[number]],
        key=key,
        required=True,
        on_change=widgets.callback(language.ask),
        args=(key,),
        kwargs={"blank": True},
    )
    place = places[blank]
    guess = course.guess(sentence, place)
    best = guess.words
    right = best[0][0] == identity(sentence.words[place])
    written = [
        f"**{plain(word)}**" if each == place else plain(word) for each, word in enumerate(sentence.blanked(place))
    ]
    others = ", ".join(f"*{plain(word)}* {shown(share, 2)}" for word, share in best[1:])
    st.markdown(
        f"{' '.join(written)} — it guesses **{plain(best[0][0])}** ({shown(best[0][1], 2)}), "
        f"{'which is right' if right else f'but it was *{plain(sentence.words[place])}*'}. Next: {others}."
    )
    _looks(guess.calculation, place, "guess_weights", title=f"“{guess.question}”")


def _looks(calculation: Calculation, word: int, key: str, *, title: str) -> None:
    chart = word_charts.weight_bars(
        calculation.attention.weights[word], calculation.labels, decimals=2, word=title or calculation.labels[word]
    )
    pictures.still(chart, key)


def _words(course: Course) -> None:
    """The learned embeddings on paper."""
    assert course.learned is not None
    words = course.language.vocabulary
    flat = flatten(np.asarray(course.learned.tables[Stage.EMBEDDINGS], dtype=np.float64))
    kinds = [course.language.question_of(word) for word in words]
    st.markdown("**The learned embeddings on paper**")
    pictures.still(training_charts.words_map(flat.points, words, kinds, followed=_FOLLOWED), "learned_words")
    st.caption(
        f"A projection of {course.size} columns; it keeps {100 * flat.kept:.0f} % of the distances. Nobody told "
        "it which words belong together."
    )


def _in_two_sentences(course: Course) -> None:
    """The same word in two sentences, as in the lesson, but learned; and the way to the other pages."""
    pair = _pair(course)
    first, second = pair if pair else (course.unseen[0], None)
    if pair:
        st.markdown(f"## *{_FOLLOWED}* in two sentences")
        contexts = []
        for column, (sentence, key) in zip(
            st.columns(2, gap="medium"), zip(pair, ("one", "other"), strict=True), strict=True
        ):
            calculation = attend(course.experiment(sentence))
            word = _place_of(sentence)
            contexts.append(calculation.context[word])
            with column:
                st.markdown(f"*{plain(str(sentence))}*")
                _looks(calculation, word, f"bank_{key}", title=_FOLLOWED)
        apart = float(np.linalg.norm(contexts[0] - contexts[1]))
        size = float(np.mean([np.linalg.norm(context) for context in contexts]))
        st.markdown(
            f"It starts with the same learned embedding in both. Its two context vectors are **{shown(apart, 2)}** "
            f"apart; on average they are {shown(size, 2)} long."
        )
    if st.button(
        "Open it all in the Playground",
        key="open_learned",
        type="primary",
        icon=":material/grid_on:",
        help="The learned sentence and tables, rounded to 4 decimals, replace yours. Undo brings yours back.",
        on_click=widgets.callback(language.take_over),
        args=(first, second),
    ):
        st.switch_page("../pages/playground.py", query_params={})  # None would clear the address, a bound field


def _pair(course: Course) -> tuple[Sentence, Sentence] | None:
    """The first and the last sentence with the followed word in it, if there are two."""
    having = [sentence for sentence in course.language.sentences if _FOLLOWED in map(identity, sentence.words)]
    return (having[0], having[-1]) if len(having) > 1 else None


def _place_of(sentence: Sentence) -> int:
    return [identity(word) for word in sentence.words].index(_FOLLOWED)
