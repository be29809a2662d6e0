"""Every file that can be taken along: its name, its type, and how it is made of the one experiment.

The registry feeds the page, the worker processes, the tests and the README.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from attention_core import Calculation, Experiment, Stage, attend
from exports.article import article
from exports.csv_tables import TABLES, csv_table, csv_tables
from exports.pictures import HEAT_MAPS, OF_ALL_HEADS, picture, pictures, png, svg
from exports.scripts import numpy_script, pytorch_script
from exports.web_page import web_page
from exports.workbook import workbook
from sharing.file import to_file

Progress = Callable[[float], None]  # told the share that is done, from 0 to 1

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows: the same experiment gives the same bytes
_BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheets that the text is UTF-8


@dataclass(frozen=True)
class Order:
    """What a file is made of: an experiment, the word that its article follows, and the link that opens it again."""

    experiment: Experiment
    word: int = 0  # the position, from 0
    link: str = ""

    @property
    def calculation(self) -> Calculation:
        return attend(self.experiment)


@dataclass(frozen=True)
class Export:
    """A kind of file. `make` raises ValueError, in words for a person, where the experiment does not fit into it."""

    mime: str
    make: Callable[[Order, Progress], bytes]


def made(name: str, order: Order, progress: Progress = lambda done: None) -> bytes:
    """The file of that name in EXPORTS."""
    return EXPORTS[name].make(order, progress)


def _workbook(order: Order, progress: Progress) -> bytes:
    return workbook(order.experiment, link=order.link, progress=progress)


def _web_page(order: Order) -> str:
    return web_page(article(order.calculation, word=order.word, link=order.link))


def _article(order: Order) -> dict[str, bytes]:
    """The Markdown and its pictures, which stand beside it as it names them."""
    told = article(order.calculation, word=order.word, link=order.link)
    files = {"article.md": told.markdown.encode()}
    for name, each in told.pictures.items():
        files |= {f"pictures/{name}.svg": svg(each).encode(), f"pictures/{name}.png": png(each)}
    return files


def _pictures(order: Order) -> dict[str, bytes]:
    drawn = pictures(order.calculation)
    return {f"{name}.svg": svg(each).encode() for name, each in drawn.items()} | {
        f"{name}.png": png(each) for name, each in drawn.items()
    }


def _tables(order: Order) -> dict[str, bytes]:
    tables = csv_tables(order.calculation)
    return {f"{name}.csv": _csv_file(table) for name, table in tables.items()}


def _csv_file(table: str) -> bytes:
    return (_BYTE_ORDER_MARK + table).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _quick(mime: str, make: Callable[[Order], bytes]) -> Export:
    """A kind of file that is made too quickly to tell how far it is."""
    return Export(mime, lambda order, progress: make(order))


def _text(mime: str, make: Callable[[Order], str]) -> Export:
    return _quick(mime, lambda order: make(order).encode())


def _zip(make: Callable[[Order], dict[str, bytes]]) -> Export:
    return _quick("application/zip", lambda order: _zipped(make(order)))


def _svg(name: str) -> Export:
    return _text("image/svg+xml", lambda order: svg(picture(order.calculation, name)))


def _png(name: str) -> Export:
    return _quick("image/png", lambda order: png(picture(order.calculation, name)))


def _csv(stage: Stage) -> Export:
    return _quick("text/csv", lambda order: _csv_file(csv_table(order.calculation, stage)))


WORKBOOK, WEB_PAGE, ARTICLE = "attention.xlsx", "attention.html", "article.zip"
NUMPY, PYTORCH = "attention_numpy.py", "attention_pytorch.py"
PICTURES, ALL_TABLES, DOCUMENT = "pictures.zip", "tables.zip", "experiment.json"

EXPORTS: dict[str, Export] = {
    WORKBOOK: Export("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _workbook),
    WEB_PAGE: _text("text/html", _web_page),
    ARTICLE: _zip(_article),
    NUMPY: _text("text/x-python", lambda order: numpy_script(order.experiment, link=order.link)),
    PYTORCH: _text("text/x-python", lambda order: pytorch_script(order.experiment, link=order.link)),
    PICTURES: _zip(_pictures),
    ALL_TABLES: _zip(_tables),
    DOCUMENT: _quick("application/json", lambda order: to_file(order.experiment)),
    **{f"{name}.svg": _svg(name) for name in (*HEAT_MAPS, OF_ALL_HEADS)},
    **{f"{name}.png": _png(name) for name in (*HEAT_MAPS, OF_ALL_HEADS)},
    **{f"{name}.csv": _csv(name) for name in TABLES},
}
