"""How much a visitor's files take: the last few of them.

A page of ours opens a file as soon as it arrives and has no more use for it. Streamlit keeps all that a session sends
until it ends, also what nobody opens.
"""

import functools
from collections.abc import Callable

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

KEPT = 3  # files of a session; each of them has at most server.maxUploadSize


def keep_few() -> None:
    """From now on, the oldest of a session's files goes when there are more."""
    MemoryUploadedFileManager.add_file = _keeping_few(MemoryUploadedFileManager.add_file)  # type: ignore[method-assign, assignment]


def _keeping_few(
    add: Callable[[MemoryUploadedFileManager, str, UploadedFileRec], None],
) -> Callable[[MemoryUploadedFileManager, str, UploadedFileRec], None]:
    @functools.wraps(add)
    def add_file(manager: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        add(manager, session_id, file)
        for old in list(manager.file_storage.get(session_id, ()))[:-KEPT]:
            manager.remove_file(session_id, old)

    return add_file
