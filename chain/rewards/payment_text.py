"""Payments as text: CSV with any of the usual separators, line ends and encodings."""

from __future__ import annotations

import codecs
import csv
from array import array
from collections.abc import Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import Any, NoReturn

from chain.rewards.payment_table import PaymentTable, short, texts

SEPARATORS = ",;\t|"
COMMENT = ("#", "/")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class PaymentText(PaymentTable):
    """The table in a text of some encoding; its first line has the names, after `sep=…` where there is one.

    Empty lines are passed over, and lines without any value too where rows are numbered. In a file of one column
    an empty line is a missing value, but for those at the end.

    Raises `ValueError`, which names the line, for comments, for lines with more or fewer values than there are
    names, and for quotes that do not end.
    """

    def __init__(self, data: bytes) -> None:
        separator, self._before = separated(lines_of(data))
        lines = islice(lines_of(data), self._before, None)
        self._reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
        names = next(filter(any, self._records()), [])
        super().__init__(names)
        self.commas_group = separator == ","
        self._columns: dict[str, Any] = {}
        self._lines = array("q")

    def load(self, names: Sequence[str]) -> None:
        places = [self.names.index(name) for name in names]
        columns: list[list[str]] = [[] for _ in names]
        is_numbered = len(names) > 1
        for record in self._rows():
            cells = [record[place] for place in places]
            if is_numbered and is_blank(cells) and is_blank(record):
                continue
            self._lines.append(self._line)
            for column, cell in zip(columns, cells, strict=True):
                column.append(cell)
        if len(self.names) == 1:
            while columns[0] and not columns[0][-1]:
                columns[0].pop()
            del self._lines[len(columns[0]) :]
        self._columns = {name: texts(columns.pop(0)) for name in names}

    def __len__(self) -> int:
        return len(self._lines)

    def column(self, name: str) -> Any:
        return self._columns[name]

    def place(self, row: int) -> str:
        return f"line {self._lines[row]}"

    def _rows(self) -> Iterator[list[str]]:
        """The records that are rows, each with a value for every name."""
        width = len(self.names)
        for record in self._records():
            if not record and width > 1:
                continue
            if len(record or [""]) != width:
                self._refuse_width(len(record))
            yield record or [""]

    def _records(self) -> Iterator[list[str]]:
        """All records that are left."""
        try:
            for record in self._reader:
                if record and record[0].lstrip()[:1] in COMMENT and is_comment(record):
                    self._refuse(f"begins with {short(record[0].strip()[:1])}, as a comment does; delete it")
                yield record
        except csv.Error as problem:
            self._refuse(f"is no CSV: {problem}")

    @property
    def _line(self) -> int:
        """On which the record ends that was read last, from 1."""
        return self._before + self._reader.line_num

    def _refuse(self, why: str) -> NoReturn:
        raise ValueError(f"line {self._line} {why}")

    def _refuse_width(self, found: int) -> NoReturn:
        hint = ""
        if self.commas_group and found > len(self.names):
            hint = "; write decimals with a point, and put thousands with commas in quotes"
        self._refuse(f"has {found} values for {len(self.names)} names{hint}")


def is_blank(record: list[str]) -> bool:
    """Whether no cell has anything but spaces."""
    return not any(map(str.strip, record))


def is_comment(record: list[str]) -> bool:
    """Whether a line is a remark. A column may be called `#`."""
    first = record[0].strip()
    return first.startswith(("#", "//")) and not (first.startswith("#N") or (first == "#" and len(record) > 1))


def lines_of(data: bytes) -> Iterator[str]:
    """Text line by line, whatever ends a line. Raises `ValueError`."""
    try:
        yield from TextIOWrapper(BytesIO(data), encoding_of(data), newline=None)
    except UnicodeDecodeError:
        decoded(data)  # which says where


def separated(lines: Iterator[str]) -> tuple[str, int]:
    """What separates values, and how many lines are used up: those to `sep=…`, as spreadsheets write it.

    Told by that, or else by the line of names.
    """
    numbered = ((number, line.strip(" \n")) for number, line in enumerate(lines, 1))
    before, first = next(((number, line) for number, line in numbered if line), (0, ""))
    said = first.strip('"')
    if said[:4].lower() == "sep=" and len(said) == 5:
        return said[4], before
    bare = "".join(first.split('"')[::2])  # without what is in quotes
    return max(SEPARATORS, key=bare.count), 0


def decoded(data: bytes) -> str:
    """Text in UTF-8 or UTF-16, with a mark of its order of bytes or without. Raises `ValueError`."""
    encoding = encoding_of(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise ValueError(f"line {line} is no text in {encoding.removesuffix('-sig')}; save it as UTF-8") from None


def encoding_of(data: bytes) -> str:
    """UTF-16 or UTF-8, by the first bytes."""
    if data.startswith(UTF_16):
        return "utf-16"
    if data[:1] == b"\0":  # the other byte of a Latin letter
        return "utf-16-be"
    if data[1:2] == b"\0":
        return "utf-16-le"
    return "utf-8-sig"
