"""Teach it: numbers that are learned before one's eyes instead of set, and what cannot be learned."""

from ui.state import teach
from ui.teach_it import by_hand, impossible, language, paint, parts

parts.choice()
match teach.part():
    case "paint":
        paint.page()
    case "by_hand":
        by_hand.page()
    case "impossible":
        impossible.page()
    case "language":
        language.page()
