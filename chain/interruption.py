"""Whether the user has stopped the run, or a strategy has only raised what looks like it."""

from __future__ import annotations

from collections.abc import Iterator
from opcode import opmap
from types import TracebackType
from typing import Any

CALLED = "__called__"
"""In the modules of a user's own files: how the run calls the file, e.g. `my_buyer.py`."""
OWN_CODE = "et_testbed_user_"
"""How the packages are called that come from a user's files."""
RAISE = opmap["RAISE_VARARGS"]

_TRACEBACK: Any = BaseException.__dict__["__traceback__"]


def is_interruption(error: BaseException) -> bool:
    """Whether it is Ctrl-C: a `KeyboardInterrupt` that no `raise` in a user's own file has made."""
    if type(error) is not KeyboardInterrupt:
        return False
    *_, last = [None, *traceback_of(error)]
    return last is None or called(last) is None or last.tb_frame.f_code.co_code[last.tb_lasti] != RAISE


def traceback_of(error: BaseException) -> Iterator[TracebackType]:
    """Its traceback from the outside in, whatever its class has made of the attribute."""
    part: TracebackType | None = _TRACEBACK.__get__(error)
    while part is not None:
        yield part
        part = part.tb_next


def called(part: TracebackType) -> str | None:
    """How the run calls the user's own file in which this part of a traceback lies; None in all other files."""
    name = dict.get(part.tb_frame.f_globals, CALLED)
    if type(name) is str:
        return name
    return None
