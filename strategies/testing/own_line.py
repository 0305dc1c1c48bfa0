"""Where in the user's own code something came about: `my_buyer.py:32`.

`chain.wording.told` has it for an exception out of a file that a run has loaded; here it is for classes from
anywhere, a notebook or a test among it, and for intents, which know nothing of where they were made.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

from chain.interruption import CALLED, traceback_of
from chain.wording import one_line, place_of, told
from market.intents import INTENTS
from strategies import bidding
from strategies.base import Builder, Buyer, Seller, Strategy

BASES = frozenset({object, Strategy, Seller, Buyer, Builder})


class OwnLines:
    """The lines of the classes of one strategy, and of all files that are loaded as a user's own.

    While `noted`, it knows where each intent was made.
    """

    def __init__(self, kind: type[Strategy]) -> None:
        self._kind = kind
        self._modules = {each.__module__ for each in kind.__mro__ if each not in BASES}
        self._made: dict[int, tuple[object, str]] = {}

    def of(self, error: BaseException, method: str) -> str:
        """An exception with its place, its type and the first line of its text. One that came about before a line
        of the user's own has the place of the method."""
        text = told(error)
        if place_of(error):
            return text
        places = [place for part in traceback_of(error) if (place := self._place(part.tb_frame, part.tb_lineno))]
        return f"{[self.of_method(method), *places][-1]} {text}".lstrip()

    def of_method(self, method: str) -> str:
        """Where a method of it begins; nothing, where that is not known."""
        function = getattr(self._kind, method, None)
        if not isinstance(function, FunctionType) or not self._is_own(function.__globals__):
            return ""
        code = function.__code__
        return f"{name_of(function.__globals__, code.co_filename)}:{code.co_firstlineno}"

    def of_intent(self, intent: object) -> str:
        """Where it was made; nothing, where that is not known."""
        known, place = self._made.get(id(intent), (None, ""))
        return place if known is intent else ""

    def forget(self) -> None:
        """The intents so far are of no interest any more."""
        self._made.clear()

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Within it the places of intents are noted as they are made."""
        makers = [(kind, vars(kind)["__new__"], vars(kind)["_make"]) for kind in INTENTS]
        for kind, new, make in makers:
            self._teach(kind, new.__func__, make.__func__)
        quick, bidding.make = bidding.make, lambda kind, fields: kind._make(fields)
        try:
            yield
        finally:
            bidding.make = quick
            for kind, new, make in makers:
                setattr(kind, "__new__", new)  # noqa: B010
                setattr(kind, "_make", make)  # noqa: B010

    def _teach(self, kind: Any, new: Any, make: Any) -> None:
        def noting_new(cls: type, *fields: Any, **named: Any) -> Any:
            return self._note(new(cls, *fields, **named), sys._getframe(1))

        def noting_make(cls: type, fields: Any) -> Any:
            return self._note(make(cls, fields), sys._getframe(1))

        kind.__new__ = staticmethod(noting_new)
        kind._make = classmethod(noting_make)

    def _note(self, intent: object, frame: FrameType | None) -> object:
        while frame is not None:
            if place := self._place(frame, frame.f_lineno):
                self._made[id(intent)] = intent, place
                break
            frame = frame.f_back
        return intent

    def _place(self, frame: FrameType, line: int) -> str:
        if self._is_own(frame.f_globals):
            return f"{name_of(frame.f_globals, frame.f_code.co_filename)}:{line}"
        return ""

    def _is_own(self, module: dict[str, Any]) -> bool:
        return CALLED in module or module.get("__name__") in self._modules


def name_of(module: dict[str, Any], file: str) -> str:
    """How messages call the file of a module: as the run does, or by its bare name."""
    called = dict.get(module, CALLED)
    return one_line(called if type(called) is str else Path(file).name)
