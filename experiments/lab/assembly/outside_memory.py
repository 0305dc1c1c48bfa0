"""What a rule of the user's own keeps outside of itself: in its module, its class or a default of its function.

No checkpoint holds that, so that a run which goes on would go on otherwise, without a word. It is looked at when
the rule is loaded, and again when it is to be written down.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from types import BuiltinFunctionType, FunctionType, GeneratorType, ModuleType
from typing import Any

from chain.interruption import is_interruption
from strategies.own_import import OWN_CODE


class RemembersOutside(Exception):
    """A rule keeps something where no checkpoint finds it; the message says what."""


class OutsideMemory:
    """What lies in the modules of a rule, at the moment at which this is made. `rule`: a function or an object."""

    def __init__(self, rule: object) -> None:
        self._homes = homes_of(rule)
        self._was = dict(self._picture())

    def changed(self) -> str | None:
        """The first name there that does not say what it said; None, where all do."""
        now = dict(self._picture())
        return next((name for name in {**self._was, **now} if self._was.get(name) != now.get(name)), None)

    def check(self, called: str) -> None:
        """Raises `RemembersOutside`."""
        name = self.changed()
        if name is not None:
            raise RemembersOutside(f"the rule {called} keeps {name}, and no checkpoint holds that")

    def _picture(self) -> Iterator[tuple[str, bytes]]:
        for home in self._homes:
            for name, value in list(home.items()):
                if not name.startswith("__"):
                    yield from facts(name, value, home["__name__"])


def homes_of(rule: object) -> list[dict[str, Any]]:
    """The names of its module, and of the user's own modules that came with it."""
    function = getattr(rule, "__func__", rule)
    if isinstance(function, FunctionType):
        home, module = function.__globals__, function.__module__
    else:
        module = (rule if isinstance(rule, type) else type(rule)).__module__
        home = vars(sys.modules[module]) if module in sys.modules else {}
    package = f"{module.partition('.')[0]}."
    others = [vars(sys.modules[name]) for name in list(sys.modules) if name.startswith(package)]
    return [one for one in [home, *(others if package.startswith(OWN_CODE) else [])] if "__name__" in one]


def facts(name: str, value: object, module: str) -> Iterator[tuple[str, bytes]]:
    """What a name says, as far as it is data: of a class of the module its attributes, of a function its
    defaults, its attributes and what it closes over."""
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, (ModuleType, BuiltinFunctionType)):
        return
    if isinstance(value, GeneratorType):
        yield from data(name, place_in(value))
    elif isinstance(value, type):
        for attribute, one in list(vars(value).items()) if value.__module__ == module else ():
            if not attribute.startswith("__"):
                yield from facts(f"{name}.{attribute}", one, module)
    elif isinstance(value, FunctionType):
        if value.__module__ == module:
            yield from data(f"defaults or attributes of {name}", inside(value))
    else:
        yield from data(name, value)


def place_in(generator: GeneratorType[Any, Any, Any]) -> object:
    """How far a generator has come, and its data; None at its end."""
    frame = generator.gi_frame
    return None if frame is None else (frame.f_lasti, dict(frame.f_locals))


def inside(function: FunctionType) -> tuple[object, ...]:
    """The data of a function."""
    closed = tuple(cell.cell_contents for cell in function.__closure__ or () if is_filled(cell))
    return function.__defaults__, function.__kwdefaults__, vars(function), closed


def is_filled(cell: Any) -> bool:
    """Whether there is something in a cell yet."""
    try:
        return not isinstance(cell.cell_contents, (FunctionType, type, ModuleType))
    except ValueError:
        return False


def data(name: str, value: object) -> Iterator[tuple[str, bytes]]:
    """Its digest; nothing of what cannot be written down, a lock or a file."""
    try:
        yield name, digest_of(value)
    except BaseException as error:  # whatever a user's __reduce__ may raise
        if is_interruption(error):
            raise


class ByName(pickle.Pickler):
    """Writes classes and functions by their names alone: a file that is loaded again has others of the same."""

    def persistent_id(self, thing: Any) -> tuple[str, str] | None:
        """The name of what is code."""
        if isinstance(thing, (type, FunctionType)):
            return thing.__module__, thing.__qualname__
        return None


def digest_of(value: object) -> bytes:
    """The SHA-256 of what pickle makes of it."""
    buffer = BytesIO()
    ByName(buffer).dump(value)
    return sha256(buffer.getvalue()).digest()
