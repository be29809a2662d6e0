"""Writing the spreadsheet: formats, widths, colours and checks of its cells."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.sheet_layout import (
    INPUTS,
    NAME_PREFIX,
    READ_ME,
    SETTING_LABELS,
    SETTING_LIMITS,
    SETTING_NOTES,
    TITLE,
    Block,
    Layout,
    Table,
)
from presentation.palette import DIVERGING, GREY, INK_TURNS_LIGHT, LIGHT_INK, SEQUENTIAL
from presentation.tables import NOTE_COLUMN
from presentation.text import shown

_MAX_URL, _MAX_TEXT = 2_079, 32_767  # characters, Excel's limits
_MADE = datetime(2024, 1, 1)  # always, so that the same experiment gives the same bytes
_INPUT_GROUND = "#fff8d0"
_FIRST_COLUMN_WIDTH, _MAX_WIDTH = 13, 26  # characters
_TEXT_WIDTH = 100  # in figures, which are wider than most letters
_LETTERS_A_LINE = 108
_LINE_HEIGHT, _MAX_LINES = 15, 27  # points; a row cannot be higher


class Writer:
    """A workbook that is being written, and the formats of its cells."""

    def __init__(self, book: Workbook, layout: Layout, decimals: int) -> None:
        self.book = book
        self.layout = layout
        self.decimals = decimals
        book.set_properties({"title": TITLE, "created": _MADE})
        number = {"num_format": f"0.{'0' * decimals}" if decimals else "0", "align": "right"}
        ground = {"bg_color": _INPUT_GROUND, "border": 1, "border_color": "#d9cf9a"}
        self._number = book.add_format(number)
        self._whole = book.add_format({"num_format": "0", "align": "right"})
        self._input = book.add_format(number | ground)
        self._switch = book.add_format({"align": "center", "bold": True} | ground)
        self._setting = book.add_format({"align": "center"} | ground)
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._heading = book.add_format({"bold": True, "align": "right"})
        self._label = book.add_format({"bold": True, "align": "left"})
        self._hint = book.add_format({"font_color": GREY, "italic": True})
        self._note = book.add_format({"font_color": GREY, "italic": True, "indent": 1})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._key = book.add_format({"bold": True, "valign": "top"})
        self._link = book.add_format({"hyperlink": True, "valign": "top"})
        self._light_ink = book.add_format({"font_color": LIGHT_INK})

    def write_sheets(self, tables: Sequence[Table]) -> None:
        """The empty sheets with their titles and widths, and the names of all tables."""
        contents = self.layout.contents
        for name in (READ_ME, *contents):
            self.book.add_worksheet(name).hide_gridlines(2)
        for name, holds in contents.items():
            sheet = self._sheet(name)
            _write_text(sheet, 0, 0, name, self._title)
            _write_text(sheet, 1, 0, holds, self._hint)
            self._set_widths(sheet, [table for table in tables if table.block.sheet == name])
            sheet.freeze_panes(*self.layout.frozen[name])
        for table in tables:
            self.book.define_name(NAME_PREFIX + table.name, f"={table.block.on_sheet}{table.block.range}")

    def _set_widths(self, sheet: Worksheet, tables: Sequence[Table]) -> None:
        """Numbers are equally wide on a whole sheet; labels and notes as they need, but no narrower than numbers that
        stand in the same column."""
        numbers = [cell for table in tables for row in table.numbers for cell in row if not isinstance(cell, str)]
        texts = [shown(number, self.decimals) for number in (min(numbers), max(numbers))]
        headings = [heading for table in tables for heading in table.headings]
        last = max(table.block.corners[3] for table in tables)
        width = _width([*texts, *headings])
        sheet.set_column(1, last, width)
        of_numbers = {at for table in tables for at in range(table.block.column, table.block.corners[3] + 1)}
        wanted: dict[int, int] = {}
        for table in tables:
            if table.labels:
                narrowest = 0 if table.label_column else _FIRST_COLUMN_WIDTH
                at = table.label_column
                wanted[at] = max(_width(table.labels), narrowest, wanted.get(at, 0))
            if table.notes:
                behind = table.block.column + table.block.columns
                wanted[behind] = max(_width(table.notes), wanted.get(behind, 0))
        for at, wide in wanted.items():
            sheet.set_column(at, at, max(wide, width) if at in of_numbers else wide)

    def write_read_me(self, rows: Sequence[tuple[str, str]], link: str) -> None:
        sheet = self._sheet(READ_ME)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, _TEXT_WIDTH)
        _write_text(sheet, 0, 0, TITLE, self._title)
        for row, (heading, text) in enumerate(rows, start=2):
            _write_text(sheet, row, 0, heading, self._key)
            _write_text(sheet, row, 1, text, self._text)
            lines = min(-(-len(text) // _LETTERS_A_LINE), _MAX_LINES)
            sheet.set_row(row, _LINE_HEIGHT * lines)
            if heading in self.layout.contents:
                sheet.write_url(row, 0, f"internal:'{heading}'!A1", self._link, heading)
        if link:
            row = len(rows) + 2
            _write_text(sheet, row, 0, "Open it again", self._key)
            self._write_link(sheet, row, link)

    def _write_link(self, sheet: Worksheet, row: int, link: str) -> None:
        if len(link) > _MAX_TEXT:
            _write_text(sheet, row, 1, "The address of this experiment is too long for a cell.", self._text)
        elif len(link) > _MAX_URL or not link.startswith(("http://", "https://")):
            _write_text(sheet, row, 1, link, self._text)
        else:
            sheet.write_url(row, 1, link, self._link, "This experiment in the playground")

    def write_switches(self, chosen: Mapping[str, str]) -> None:
        """Each switch with what is chosen of its words."""
        sheet = self._sheet(INPUTS)
        for name, switch in self.layout.switches.items():
            block = self.layout.controls[name]
            _write_text(sheet, block.row, 0, switch.label, self._label)
            _write_text(sheet, block.row, 1, chosen[name], self._switch)
            sheet.data_validation(*block.corners, {"validate": "list", "source": list(switch.choices)})
            self.book.define_name(NAME_PREFIX + name, f"={block.on_sheet}{block.range}")

    def write_settings(self, settings: Mapping[str, float | None]) -> None:
        """The numbers below the switches; None leaves a cell empty."""
        sheet = self._sheet(INPUTS)
        for name, number in settings.items():
            block = self.layout.controls[name]
            _write_text(sheet, block.row, 0, SETTING_LABELS[name], self._label)
            _write_text(sheet, block.row, 2, SETTING_NOTES[name], self._note)
            if number is None:
                sheet.write_blank(block.row, 1, None, self._setting)
            else:
                sheet.write_number(block.row, 1, number, self._setting)
            _accept_only_numbers(sheet, block, SETTING_LIMITS[name])
            self.book.define_name(NAME_PREFIX + name, f"={block.on_sheet}{block.range}")

    def write_table(self, table: Table) -> Iterator[int]:
        """Write it row by row, telling how many numbers each row has."""
        block, sheet = table.block, self._sheet(table.block.sheet)
        title_row, heading_row = (block.row - 1, block.row - 2) if table.below else (block.row - 2, block.row - 1)
        if table.title:
            title = self.book.add_format({"bold": True, "font_color": table.colour})
            _write_text(sheet, title_row, table.label_column, table.title, title)
        for place, heading in enumerate(table.headings):
            _write_text(sheet, heading_row, block.column + place, heading, self._heading)
        for place, label in enumerate(table.labels):
            _write_text(sheet, block.row + place, table.label_column, label, self._label)
        if table.notes:
            behind = block.column + block.columns
            for place, note in enumerate((NOTE_COLUMN, *table.notes)):
                _write_text(sheet, block.row - 1 + place, behind, note, self._note)
        if table.formula is None:
            _accept_only_numbers(sheet, block, table.limits)
        self._colour(sheet, table)
        number_format = self._whole if table.whole else self._number
        for row, numbers in enumerate(table.numbers):
            for column, number in enumerate(numbers):
                at = block.row + row, block.column + column
                value = number if isinstance(number, str) else float(number) + 0.0  # which turns -0.0 into 0.0
                if table.formula is None:
                    sheet.write_number(*at, value, self._input)
                else:
                    sheet.write_formula(*at, table.formula(row, column), number_format, value)
            yield block.columns

    def _colour(self, sheet: Worksheet, table: Table) -> None:
        block = table.block
        if table.heat == "weights":
            kind, limits, colours = "num", ("0", "0.5", "1"), SEQUENTIAL[::2]
            turn = INK_TURNS_LIGHT["weights"]
            light = {"type": "cell", "criteria": ">", "value": turn, "format": self._light_ink}
            sheet.conditional_format(*block.corners, light)
        elif table.heat == "signed":
            greatest = f"MAX(MAX({block.range}),-MIN({block.range}))"
            kind, limits = "formula", (f"=-{greatest}", "=0", f"={greatest}")
            colours = DIVERGING[1::2]  # not the very ends, on which black figures cannot be read
        else:
            return
        scale = {"type": "3_color_scale"}
        for end, limit, colour in zip(("min", "mid", "max"), limits, colours, strict=True):
            scale |= {f"{end}_type": kind, f"{end}_value": limit, f"{end}_color": colour}
        sheet.conditional_format(*block.corners, scale)

    def _sheet(self, name: str) -> Worksheet:
        return self.book.get_worksheet_by_name(name)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, text_format: Format) -> None:
    """As text, whatever it looks like. Half a surrogate pair, which no file can hold, becomes a question mark."""
    sheet.write_string(row, column, text.encode("utf-8", "replace").decode(), text_format)


def _accept_only_numbers(sheet: Worksheet, block: Block, limits: tuple[float, float]) -> None:
    least, most = limits
    told = f"A number from {_limit(least)} to {_limit(most)} works here."
    between = {"criteria": "between", "minimum": least, "maximum": most}
    sheet.data_validation(*block.corners, {"validate": "decimal", "error_message": told, **between})


def _limit(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"


def _width(texts: Sequence[str]) -> int:
    """Of a column, in characters."""
    return min(max((len(text) for text in texts), default=0) + 2, _MAX_WIDTH)
