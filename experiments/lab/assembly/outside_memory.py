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

from chain.interruption import OWN_CODE, is_interruption

INSIDE = "a default, an attribute, or what it closes over"


class RemembersOutside(Exception):
    """A rule keeps something where no checkpoint finds it; the message says what."""


class OutsideMemory:
    """What lies in the modules of a rule, at the moment at which this is made. `rule`: a function or an object."""

    def __init__(self, rule: object) -> None:
        self._rule = getattr(rule, "__func__", rule)
        self._homes = homes_of(rule)
        self._package = package_of(rule)
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
                    yield from facts(name, value, self._package)
        if isinstance(self._rule, FunctionType):
            yield from facts(self._rule.__name__, self._rule, self._package)


def homes_of(rule: object) -> list[dict[str, Any]]:
    """The names of its module, and of the user's own modules that came with it."""
    function = getattr(rule, "__func__", rule)
    if isinstance(function, FunctionType):
        home = function.__globals__
    else:
        home = vars(sys.modules[module_of(rule)]) if module_of(rule) in sys.modules else {}
    package = package_of(rule)
    others = [vars(sys.modules[name]) for name in list(sys.modules) if name.startswith(f"{package}.")]
    return [one for one in [home, *(others if package.startswith(OWN_CODE) else [])] if "__name__" in one]


def module_of(rule: object) -> str:
    """The name of the module in which a rule was written."""
    function = getattr(rule, "__func__", rule)
    if isinstance(function, (FunctionType, type)):
        return function.__module__ or ""
    return type(rule).__module__


def package_of(code: object) -> str:
    """The first name of that module: modules of the user's own that came together have it in common."""
    return module_of(code).partition(".")[0]


def facts(name: str, value: object, package: str) -> Iterator[tuple[str, bytes]]:
    """What a name says, as far as it is data: of a class of the package its attributes, of a function its
    defaults, its attributes and what it closes over, functions among that."""
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, (ModuleType, BuiltinFunctionType)):
        return
    if isinstance(value, GeneratorType):
        yield from data(name, place_in(value), package)
    elif isinstance(value, type):
        for attribute, one in list(vars(value).items()) if package_of(value) == package else ():
            if not attribute.startswith("__"):
                yield from facts(f"{name}.{attribute}", one, package)
    elif isinstance(value, FunctionType):
        if package_of(value) == package:
            yield from data(f"data in {name} ({INSIDE})", inside(value), package)
    else:
        yield from data(name, value, package)


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
        return not isinstance(cell.cell_contents, ModuleType)
    except ValueError:
        return False


def data(name: str, value: object, package: str) -> Iterator[tuple[str, bytes]]:
    """Its digest; nothing of what cannot be written down, a lock or a file."""
    try:
        yield name, digest_of(value, package)
    except BaseException as error:  # whatever a user's __reduce__ may raise
        if is_interruption(error):
            raise


class ByName(pickle.Pickler):
    """Writes classes and functions by their names: a file that is loaded again has others of the same. Of
    functions of the `package` it writes what is inside, too: one that another module made has its memory there."""

    def __init__(self, buffer: BytesIO, package: str) -> None:
        super().__init__(buffer)
        self._package = package

    def persistent_id(self, thing: Any) -> tuple[str, str] | None:
        """The name of what is code and has nothing inside."""
        if isinstance(thing, type) or (isinstance(thing, FunctionType) and package_of(thing) != self._package):
            return thing.__module__, thing.__qualname__
        return None

    def reducer_override(self, thing: Any) -> Any:
        """A function by its name and what is inside, which may be itself."""
        if isinstance(thing, FunctionType):
            return tuple, ((thing.__module__, thing.__qualname__),), inside(thing)
        return NotImplemented


def digest_of(value: object, package: str) -> bytes:
    """The SHA-256 of what pickle makes of it."""
    buffer = BytesIO()
    ByName(buffer, package).dump(value)
    return sha256(buffer.getvalue()).digest()
