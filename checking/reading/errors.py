"""What stops the reading, in a sentence for the person who pasted."""

MAX_QUOTED = 40


class ReadingError(ValueError):
    """Why a text cannot be read, in a sentence for the person who pasted it."""


def stopped(line: int, quoted: str, why: str) -> ReadingError:
    quoted = shortened(" ".join(quoted.split()), MAX_QUOTED)
    return ReadingError(f"Reading stopped in line {line} at “{quoted}”: {why}.")


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
