"""What an article of this app says that it did and that nothing here can calculate yet: its numbers are not judged.

Right numbers that are called wrong are worse than none that are checked.
"""

import re

from checking.reading.errors import ReadingError

_MARKS = re.compile(r"<[^<>]*>|[*\\]")
_SAID = {  # by our articles -> what it is
    r"a rotary position embedding": "places that turn queries and keys",
}


def refuse_what_is_not_known(text: str) -> None:
    """Raises ReadingError where a text says that its numbers were made in a way that is not known here."""
    said = " ".join(_MARKS.sub("", text).split())
    found = [what for sentence, what in _SAID.items() if re.search(sentence, said)]
    if found:
        raise ReadingError(
            f"This article was made with {' and '.join(found)}, which cannot be checked here yet. Its numbers are not "
            "judged, so that none is called wrong that is right."
        )
