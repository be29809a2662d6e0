"""Small pieces of the article's Markdown."""

import re
from collections.abc import Sequence

from presentation.text import plain


def plain_name(name: str) -> str:
    """A word as text. One that begins with a space, as a character can, would not be set off by the stars around it."""
    return re.sub(r"^\s", lambda space: f"&#{ord(space[0])};", plain(name))


def block(latex: str) -> str:
    return f"$$\n{latex}\n$$"


def figure(name: str, told: str) -> str:
    return f"![{told}](pictures/{name}.svg)\n\n*{told}*"


def counted(count: int, noun: str) -> str:
    return f"{number_word(count)} {noun}{'s' * (count != 1)}"


def number_word(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[count] if count < len(words) else str(count)


def listed(things: Sequence[str]) -> str:
    return f"{', '.join(things[:-1])} and {things[-1]}" if len(things) > 1 else things[0]


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."
