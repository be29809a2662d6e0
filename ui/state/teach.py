"""The training that is watched on Teach it: recorded a few steps at a time, shown at any of them, and kept if wanted.

A recording belongs to the experiment that it started from: an edit of anything ends it.
"""

from attention_core import Calculation, attend
from learning.impossible import IMPOSSIBLE, Trial
from learning.targets import at_state, start_of, taken_over, training_of, used_tables
from learning.training import Recording, State
from ui.state import widgets
from ui.state.current import experiment
from ui.state.history import commit
from ui.state.session import Teach, session

FRAMES = 40  # pictures from the first step to the last while it plays
STEPS_OF_TRIAL = 25  # of each of its trainings, from one picture to the next


def part() -> str:
    """Which part of the page is open."""
    return session().teach.part


def open_part(part: str) -> None:
    session().teach.part = part


def recording() -> Recording | None:
    """What was trained of the experiment on screen, if anything was."""
    kept = _kept()
    return kept.recording


def start() -> None:
    """Begin to train the experiment on screen, from the start. Raises ValueError where there is nothing to train."""
    kept, own = session().teach, experiment()
    kept.recording = Recording(training_of(attend(own)))
    kept.of, kept.at, kept.playing = own, 0, True


def go_on() -> None:
    """Play on: from the step that is shown, or from the beginning where all was shown."""
    kept = _kept()
    if kept.recording is not None:
        kept.at = 0 if kept.recording.is_over and kept.at >= len(kept.recording.states) - 1 else kept.at
        kept.playing = True


def pause() -> None:
    session().teach.playing = False


def to_the_end() -> None:
    """Train the rest at once."""
    kept = _kept()
    if kept.recording is not None:
        kept.recording.advance(kept.recording.training.steps)
        kept.at, kept.playing = len(kept.recording.states) - 1, False


def is_playing() -> bool:
    return _kept().playing


def play() -> bool:
    """The next picture, if it plays; whether there is another one after it. A few steps, so that nobody waits."""
    kept = _kept()
    if not kept.playing or kept.recording is None:
        return False
    chunk = max(1, kept.recording.training.steps // FRAMES)
    wanted = kept.at + chunk
    kept.recording.advance(wanted + 1 - len(kept.recording.states))
    kept.at = min(wanted, len(kept.recording.states) - 1)
    kept.playing = kept.at == wanted and not (kept.recording.is_over and wanted == len(kept.recording.states) - 1)
    return kept.playing


def shown() -> State | None:
    """The state on screen."""
    kept = _kept()
    return None if kept.recording is None else kept.recording.states[min(kept.at, len(kept.recording.states) - 1)]


def show(key: str) -> None:
    """Show one of the steps that were trained, from the slider `key`; anything else that it may hold is passed over."""
    kept, step = _kept(), widgets.held_by(key)
    if kept.recording is not None and isinstance(step, int) and 0 <= step < len(kept.recording.states):
        kept.at, kept.playing = step, False


def number() -> tuple[str, int, int]:
    """Table, row and column of the number that is taught by hand, if it is there."""
    return session().teach.number


def choose_number(table: str, row: int, column: int) -> None:
    session().teach.number = (table, row, column)


def trial() -> Trial:
    """The trainings of what cannot be learned that is open, at first of the first one."""
    kept = session().teach
    if kept.trial is None:
        open_trial(next(iter(IMPOSSIBLE)))
    assert kept.trial is not None
    return kept.trial


def open_trial(id: str) -> None:
    """Open what cannot be learned, by its id, and begin to train it."""
    kept = session().teach
    kept.trial, kept.trial_goes_on = Trial(id), True


def trial_goes_on() -> bool:
    return session().teach.trial_goes_on and not trial().is_over


def stop_trial() -> None:
    """What was reached so far stays on screen."""
    session().teach.trial_goes_on = False


def go_on_with_trial() -> None:
    """Train the rest, from where it was stopped."""
    session().teach.trial_goes_on = True


def advance_trial() -> bool:
    """A few steps further, if it goes on; whether there are more."""
    if trial_goes_on():
        trial().advance(STEPS_OF_TRIAL)
    return trial_goes_on()


def keep() -> None:
    """Take what was learned up to the step on screen into the experiment; undo brings back what was there."""
    kept, state = _kept(), shown()
    if kept.recording is None or state is None:
        return
    own = experiment()
    commit(taken_over(own, kept.recording.training, state.tables, step=state.step))


def calculation() -> Calculation:
    """The calculation at the step on screen; before a training, with the numbers that it would start from."""
    own, state = experiment(), shown()
    if state is not None:
        return at_state(own, state.tables)
    return at_state(own, start_of(own, used_tables(own)))


def _kept() -> Teach:
    kept = session().teach
    if kept.of is not experiment():
        kept.of, kept.recording, kept.at, kept.playing = None, None, 0, False
    return kept
