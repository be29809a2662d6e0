"""The parts of Teach it, and the choice of one."""

from ui import controls
from ui.state import keys, teach

PARTS = {
    "paint": "Paint what you want",
    "by_hand": "One step by hand",
    "impossible": "What cannot be learned",
    "language": "A tiny language",
}


def choice() -> None:
    controls.part_of_page("Teach it", PARTS, keys.TEACH_PART, teach.part(), _open)


def _open(chosen: object) -> None:
    if chosen in PARTS:
        teach.open_part(str(chosen))
