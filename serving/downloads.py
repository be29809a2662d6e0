"""A file that cannot be made when its button is clicked says why.

Streamlit makes such a file outside of any page, and answers every fault with one sentence of its own. The sentence is
sent by the handler of each session, for which ours is put in place before the first session begins.
"""

import asyncio
import logging

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import app_session
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError

_FAILED = "The file could not be made. Please try once more."


class CannotBeMade(Exception):
    """What the function that makes a file raises; the message is for the person who clicked."""


class TellingHandler(DeferredFileHandler):
    """Streamlit's own, but for the sentence."""

    async def handle(self, request: BackendOperationRequest, session_id: str) -> BackendOperationResponse:
        try:
            make = self._get_media_file_mgr().execute_deferred
            url = await asyncio.to_thread(make, request.deferred_file.file_id)
        except MediaFileStorageError as error:
            if isinstance(error.__cause__, CannotBeMade):
                told = str(error.__cause__)
            else:
                logging.getLogger(__name__).exception("A file could not be made")
                told = _FAILED
            return BackendOperationResponse(request_id=request.request_id, error_msg=told)
        return BackendOperationResponse(
            request_id=request.request_id, deferred_file=DeferredFileResponsePayload(url=url)
        )


def tell_why() -> None:
    """For all sessions that begin from now on."""
    app_session.DeferredFileHandler = TellingHandler  # type: ignore[attr-defined]  # imported there, not exported
