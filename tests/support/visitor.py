"""A visitor without a browser: a WebSocket that speaks Streamlit's own messages, as its page does.

It keeps what a page keeps: the cookies, the elements on screen by their place, and the state of each widget, all of
which travel with every run. `raw` sends what no page would.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pyarrow as pa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 60.0  # seconds for one run
TRIGGERS = ("trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value")


class Lost(ConnectionError):
    """The server has closed the connection, or does not answer."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An element on screen."""

    kind: str
    message: Any
    fragment: str

    @property
    def id(self) -> str:
        return str(getattr(self.message, "id", "") or "")

    @property
    def key(self) -> str:
        """The key that the app gave the widget: Streamlit writes it behind the second dash of the id."""
        parts = self.id.split("-", 2)
        return parts[2] if len(parts) == 3 and parts[2] != "None" else ""


@dataclass
class Visitor:
    address: str  # of the server, ending in a slash
    page: str = ""
    query: str = ""
    seconds: float = 0.0  # that the last run took, from the message to the end of the script
    received: int = 0  # bytes of the last run
    runs: int = 0  # of the script so far, as far as they have ended
    corrected: list[str] = field(default_factory=list)  # what the server set the address to since the last step
    _shown: dict[tuple[int, ...], Shown] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _client: httpx2.AsyncClient | None = None
    _session: str = ""
    _page_hash: str = ""

    async def __aenter__(self) -> Self:
        self._client = httpx2.AsyncClient(base_url=self.address, timeout=PATIENCE, trust_env=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()
        if self._client:
            await self._client.aclose()

    async def leave(self) -> None:
        """Close the connection; the cookies and what is on screen stay, as when a laptop sleeps."""
        if self._socket:
            await self._socket.close()
            self._socket = None

    def lose_session(self) -> None:
        """Be unknown to the server from the next connection on, as after it was started anew."""
        self._session = ""

    async def connect(self, origin: str = "") -> None:
        """Open the page and its connection, again where it was lost."""
        assert self._client
        try:
            await self._client.get(f"/{self.page}")
            await self._client.get("/_stcore/health")  # which gives the token that uploads carry
        except httpx2.TransportError as error:
            raise Lost(str(error)) from error
        cookies = "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())
        here = urlsplit(self.address)
        protocols = ["streamlit", self._client.cookies.get("_streamlit_xsrf") or "none"]
        try:
            self._socket = await connect(
                f"ws://{here.netloc}/_stcore/stream",
                subprotocols=[*protocols, self._session] if self._session else protocols,  # type: ignore[list-item]
                additional_headers={"Cookie": cookies},
                origin=origin or f"http://{here.netloc}",  # type: ignore[arg-type]
                max_size=2**28,
                proxy=None,
                ping_interval=None,
            )
        except (OSError, ConnectionClosed, TimeoutError) as error:
            raise Lost(str(error)) from error
        except Exception as error:
            raise Lost(str(error)) from error

    async def open(self) -> Self:
        await self.connect()
        await self.run()
        return self

    async def turn_to(self, page: str) -> None:
        self.page, self._page_hash = page, ""
        self._states.clear()
        await self.run()

    async def step(self, page: str, query: str) -> None:
        """Go back or forward in the browser's history, to what stood in the address there."""
        here, self.page, self.query, self.corrected = self.page, page, query, []
        if page != here:
            self._page_hash = ""
            self._states.clear()  # none of the frame's fields is drawn: they are in a closed popover
        await self.send(in_history=True)
        await self.listen()

    async def act(self, key: str, **value: Any) -> None:
        """Use the widget whose key begins so: `act("scaled", bool_value=False)`."""
        widget = self.widget(key)
        await self.run(WidgetState(id=widget.id, **value), fragment=widget.fragment)

    async def run(self, *acted: WidgetState, fragment: str = "") -> None:
        await self.send(*acted, fragment=fragment)
        await self.listen()

    async def send(self, *acted: WidgetState, fragment: str = "", in_history: bool = False) -> None:
        """Ask for a run and do not wait for it."""
        for state in acted:
            if state.WhichOneof("value") not in TRIGGERS:
                self._states[state.id] = state
        message = BackMsg()
        client = message.rerun_script
        client.query_string = self.query
        client.page_name, client.page_script_hash, client.fragment_id = self.page, self._page_hash, fragment
        client.is_history_navigation = in_history
        client.context_info.timezone = "UTC"
        client.context_info.url = f"{self.address}{self.page}"
        others = (state for id, state in self._states.items() if id not in {each.id for each in acted})
        client.widget_states.widgets.extend([*others, *acted])
        await self.raw(message.SerializeToString())

    async def raw(self, data: bytes | str) -> None:
        if self._socket is None:
            raise Lost("not connected")
        try:
            await self._socket.send(data)
        except ConnectionClosed as error:
            raise Lost(str(error)) from error

    async def listen(self, patience: float = PATIENCE) -> None:
        """Take in what is sent until a run has ended."""
        assert self._socket
        began, self.received = time.perf_counter(), 0
        try:
            async with asyncio.timeout(patience):
                while True:
                    data = await self._socket.recv()
                    self.received += len(data)
                    message = ForwardMsg()
                    message.ParseFromString(data)  # type: ignore[arg-type]
                    if self._take_in(message):
                        break
        except (ConnectionClosed, TimeoutError) as error:
            raise Lost(str(error) or "no answer") from error
        self.seconds = time.perf_counter() - began

    async def settle(self, quiet: float = 0.1) -> None:
        """Take in runs that the server begins of itself, until it is quiet."""
        assert self._socket
        running = False
        while True:
            try:
                data = await asyncio.wait_for(self._socket.recv(), PATIENCE if running else quiet)
            except TimeoutError:
                return
            except ConnectionClosed as error:
                raise Lost(str(error)) from error
            message = ForwardMsg()
            message.ParseFromString(data)  # type: ignore[arg-type]
            if self._take_in(message):
                running = False
            elif message.WhichOneof("type") == "new_session":
                running = True

    def _take_in(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id
            if not message.metadata.run.fragment_ids:
                self._shown.clear()
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
            self.corrected.append(self.query)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element: Element = message.delta.new_element
            of = element.WhichOneof("type") or ""
            place = tuple(message.metadata.delta_path)
            self._shown[place] = Shown(of, getattr(element, of, None), message.delta.fragment_id)
            self._take_over(self._shown[place])
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            block = message.delta.add_block
            of = block.WhichOneof("type") or ""
            if getattr(getattr(block, of, None), "id", ""):  # tabs, popovers and expanders tell what is open
                place = (*message.metadata.delta_path, -1)  # beside what stands in it
                self._shown[place] = Shown(of, getattr(block, of), message.delta.fragment_id)
        self.runs += kind == "script_finished"
        return kind == "script_finished"

    def _take_over(self, shown: Shown) -> None:
        """What a page does with a value that the app has set: the widget takes it, and so does the address."""
        message = shown.message
        if not getattr(message, "set_value", False):
            return
        if shown.kind not in ("text_input", "text_area"):
            self._states.pop(shown.id, None)  # the server knows its own value
            return
        self._states[shown.id] = WidgetState(id=shown.id, string_value=message.value)
        if getattr(message, "query_param_key", ""):
            parameters = dict(parse_qsl(self.query, keep_blank_values=True)) | {message.query_param_key: message.value}
            self.query = urlencode({name: value for name, value in parameters.items() if value})

    def elements(self, kind: str = "") -> Iterator[Shown]:
        return (shown for shown in self._shown.values() if not kind or shown.kind == kind)

    def widgets(self) -> Iterator[Shown]:
        return (shown for shown in self._shown.values() if shown.id)

    def widget(self, key: str) -> Shown:
        for shown in self.widgets():
            if shown.key == key or shown.key.split(":")[0] == key:
                return shown
        raise KeyError(f"{key} is not among {sorted({shown.key for shown in self.widgets()})}")

    def has(self, key: str) -> bool:
        return any(shown.key == key or shown.key.split(":")[0] == key for shown in self.widgets())

    def errors(self) -> list[str]:
        """What the page tells in red."""
        alerts = (shown.message for shown in self.elements("alert"))
        exceptions = [shown.message.message for shown in self.elements("exception")]
        return [alert.body for alert in alerts if alert.format == alert.ERROR] + exceptions

    def texts(self) -> str:
        return "\n".join(str(shown.message.body) for shown in self.elements() if hasattr(shown.message, "body"))

    def cells(self, stage: str) -> dict[tuple[int, int], float]:
        """The numbers of a heat map, by its key or by its rows of that stage."""
        for shown in self.elements("vega_lite_chart"):
            for table in _tables_of(shown.message):
                rows = _cells_of(table, stage, shown.key)
                if rows:
                    return {(row["query_position"], row["key_position"]): row["value"] for row in rows}
        raise KeyError(stage)

    def chosen(self, stage: str) -> tuple[int, int] | None:
        """The place of the chosen cell, counted from 1, if it is one of that stage."""
        for shown in self.elements("vega_lite_chart"):
            for table in _tables_of(shown.message):
                for row in table.to_pylist() if "chosen" in table.column_names else []:
                    if row["chosen"] and row.get("stage", stage) == stage:
                        return row["query_position"], row["key_position"]
        return None

    def forget_all(self) -> None:
        """No longer report any widget's value."""
        self._states.clear()

    def forget(self, key: str) -> None:
        """No longer report the widget's value, as a page does whose widget was drawn anew."""
        self._states.pop(self.widget(key).id, None)

    def cookie(self, name: str) -> str:
        assert self._client
        return self._client.cookies.get(name) or ""

    async def upload(self, key: str, name: str, content: bytes) -> None:
        """Give a file to an uploader, as the page does: ask for an address, send it there, tell the app."""
        assert self._client and self._socket
        asked = BackMsg()
        asked.file_urls_request.request_id = "one"
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self._session
        await self.raw(asked.SerializeToString())
        message = ForwardMsg()
        while message.WhichOneof("type") != "file_urls_response":
            message.ParseFromString(await self._socket.recv())  # type: ignore[arg-type]
        (urls,) = message.file_urls_response.file_urls
        token = {"X-Xsrftoken": self.cookie("_streamlit_xsrf")}
        answer = await self._client.put(urls.upload_url, files={name: (name, content)}, headers=token)
        answer.raise_for_status()
        widget = self.widget(key)
        state = WidgetState(id=widget.id)
        info = state.file_uploader_state_value.uploaded_file_info.add(
            name=name, size=len(content), file_id=urls.file_id
        )
        info.file_urls.CopyFrom(urls)
        await self.run(state, fragment=widget.fragment)

    async def download(self, key: str) -> httpx2.Response:
        """Click a download button; its file is made now where the app makes it on a click."""
        assert self._socket
        button = self.widget(key).message
        url = button.url
        if button.deferred_file_id:
            asked = BackMsg()
            asked.backend_operation_request.request_id = "two"
            asked.backend_operation_request.session_id = self._session
            asked.backend_operation_request.deferred_file.file_id = button.deferred_file_id
            await self.raw(asked.SerializeToString())
            message = ForwardMsg()
            async with asyncio.timeout(PATIENCE):
                while message.WhichOneof("type") != "backend_operation_response":
                    message.ParseFromString(await self._socket.recv())  # type: ignore[arg-type]
            if message.backend_operation_response.error_msg:
                raise RuntimeError(message.backend_operation_response.error_msg)
            url = message.backend_operation_response.deferred_file.url
        return await self.get(url)

    async def get(self, path: str) -> httpx2.Response:
        assert self._client
        return await self._client.get(path)


def _tables_of(chart: Any) -> Iterator[pa.Table]:
    for held in (chart.data, *(dataset.data for dataset in chart.datasets)):
        if held.data:
            yield pa.ipc.open_stream(held.data).read_all()


def _cells_of(table: pa.Table, stage: str, key: str) -> list[dict[str, Any]]:
    """The rows of a chart's table that are cells of a stage; `key` is the chart's."""
    names = set(table.column_names)
    if not {"query_position", "key_position", "value"} <= names or not ("stage" in names or key.startswith(stage)):
        return []
    return [row for row in table.to_pylist() if row.get("stage", stage) == stage]
