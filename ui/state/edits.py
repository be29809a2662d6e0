"""What a switch, a number or an example makes of the experiment. For callbacks, which go through `widgets.callback`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy.typing as npt

from attention_core import Example, Experiment
from attention_core.lessons import Lessons
from attention_core.shuffling import shuffled
from presentation import tables
from presentation.text import plain
from ui.state import drafts, widgets
from ui.state.current import choose_cell, experiment, lessons, teaching
from ui.state.history import commit
from ui.state.session import session


def change(field: str, key: str) -> None:
    """Take in a switch: the widget `key` holds the new value of `field`."""
    _take_in(key, lambda value: replace(experiment(), **{field: value}))


def switch_mask(mask: str, key: str) -> None:
    """Take in the switch of a mask from the widget `key`."""
    _take_in(key, lambda value: experiment().with_mask(mask, bool(value)))


def choose_head(place: object, counted_from: int) -> None:
    """Look at another head; anything else that a browser may send is passed over."""
    if type(place) is int and 0 <= place - counted_from < len(experiment().heads):
        session().document.choose_head(place - counted_from)


def change_heads(changed: Callable[[Experiment], Experiment]) -> None:
    """Add, copy, remove or name a head, or change W_O as a whole."""
    _commit_if_possible(lambda: changed(experiment()))


def forbid(row: int, column: int, forbidden: bool) -> None:
    """Forbid the word at one position to look at that at another, or allow it again; positions from 0."""
    if max(row, column) < len(experiment().words):  # else a browser reports a cell of an older picture
        choose_cell(row, column)  # else, where nobody chose one, another is shown once this look has no weight
        _commit_if_possible(lambda: experiment().with_look(row, column, forbidden=forbidden))


def shuffle() -> None:
    """Put the words into another order, each time another one."""
    other = shuffled(experiment(), seed=len(session().document.back))
    if other is None:
        widgets.refuse("There is no other order of these words.", icon=":material/info:")
    else:
        drafts.forget()
        commit(other)


def divide_by(key: str) -> None:
    """Take in one's own divisor from the widget `key`; scaling is then on."""
    _take_in(key, lambda value: replace(experiment(), divisor=float(value), scaled=True))


def divide_by_root() -> None:
    """Divide by the usual root; scaling is then on."""
    commit(replace(experiment(), divisor=None, scaled=True))


def resize(size: str, key: str) -> None:
    """Take in d_model, d_k or d_v from the field `key`."""
    _take_in(key, lambda value: experiment().resized(**{size: int(value)}))


def change_lessons(changed: Callable[[Lessons, Any], Lessons], key: str) -> None:
    """Take in a number of the lessons: `changed` gives the lessons with what the widget `key` holds."""
    _take_in(key, lambda value: replace(experiment(), lessons=changed(lessons(), value)))


def change_teaching(field: str, key: str) -> None:
    """Take in what a training is asked for: the widget `key` holds the new value of `field`."""
    _take_in(key, lambda value: replace(experiment(), teaching=replace(teaching(), **{field: value})))


def set_teaching(**changed: Any) -> None:
    """Change what a training is asked for."""
    commit(replace(experiment(), teaching=replace(teaching(), **changed)))


def paint(row: object, column: object) -> None:
    """Take in a click on a cell of the target, whose positions count from 1; anything else is passed over."""
    n = len(experiment().words)
    if isinstance(row, int) and isinstance(column, int) and {row, column} <= set(range(1, n + 1)):
        commit(replace(experiment(), teaching=teaching().with_cell(n, row - 1, column - 1)))


def set_target(target: npt.ArrayLike) -> None:
    """Take a whole target.  (n, n)"""
    commit(replace(experiment(), teaching=teaching().with_target(target)))


def say_like(word: str, key: str) -> None:
    """Take in what an unknown word is like from the field `key`."""
    _take_in(key, lambda value: experiment().with_like(word, str(value)))


def give_own_numbers(word: str) -> None:
    """Numbers made up from the spelling of an unknown word."""
    commit(experiment().with_like(word, word))


def _take_in(key: str, taken: Callable[[Any], Experiment]) -> None:
    value = widgets.held_by(key)
    if value is None or widgets.is_what_it_showed(key):
        return  # None is a click on the chosen segment again; `widgets.mirror` puts it back
    _commit_if_possible(lambda: taken(value))


def _commit_if_possible(made: Callable[[], Experiment]) -> None:
    try:
        commit(made())
    except (TypeError, ValueError) as error:
        widgets.refuse(plain(str(error)), icon=":material/error:")


def start_from(example: Example) -> None:
    """Take an example instead; of the lessons it brings the second sentence alone."""
    drafts.forget()
    new = example.build()
    kept = replace(lessons(), other_sentence=new.lessons.other_sentence)
    commit(replace(new, lessons=kept))


def open_learned(new: Experiment) -> None:
    """Take what was learned instead, with what the training was asked for, so that it can be done again."""
    drafts.forget()
    kept = replace(lessons(), other_sentence=new.lessons.other_sentence)
    commit(replace(new, lessons=kept, teaching=teaching()))


def open_experiment(new: Experiment) -> None:
    """Take an experiment instead, decimals and lessons excepted, which stay."""
    drafts.forget()
    commit(replace(new, lessons=lessons(), decimals=experiment().decimals))


def set_table(table: str, matrix: npt.ArrayLike) -> None:
    """Fill a whole table."""
    commit(tables.with_table(experiment(), table, matrix))
