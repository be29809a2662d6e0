"""Practise: exercises without end that grade themselves, and puzzles with a goal that is checked."""

from ui.practise import exercises, parts, puzzles
from ui.state import practise

parts.choice()
if practise.part() == practise.PUZZLES_PART:
    puzzles.page()
else:
    exercises.page()
