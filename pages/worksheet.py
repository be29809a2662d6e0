"""Worksheet: tasks for a class in one link; worked on and handed in, made by clicks, and marked in a table."""

from ui.school import doing, making, marking, parts
from ui.state import work

parts.choice()
match work.part():
    case work.DO:
        doing.page()
    case work.MAKE:
        making.page()
    case work.MARK:
        marking.page()
