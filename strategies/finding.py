"""Finding a strategy by what a config calls it.

A name means, in this order: `path.py:Class`, `package.module:Class`, one of the project's own strategies (the name
of its file), or an entry point of the group `et_testbed.strategies`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import warnings
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from os.path import exists, isabs, isfile, realpath
from pathlib import Path
from types import ModuleType

from chain.home import expanded
from chain.interruption import CALLED, is_interruption
from chain.misplaced_names import plain_import
from chain.near_names import near
from chain.wording import one_line, shown, told
from market.making import making_remedy
from strategies.base import Strategy
from strategies.own_files import FileFamily, family_of
from strategies.own_import import import_family

GROUP = "et_testbed.strategies"
OURS = ("strategies.", "experiments.")
"""Where the project's own strategies are."""
MOVED = {"experiments.lab.flow_buyer": "strategies.buyers.flow_buyer"}
"""Modules with strategies that runs of before name by their old places."""
SHELVES = {"seller": "strategies.sellers", "buyer": "strategies.buyers", "builder": "strategies.builders"}


def find_strategy(name: str, role: str | None, folder: Path) -> type[Strategy]:
    """The class called `name`, for `role`. A path is looked up from `folder`.

    Raises `ValueError`, which names what there is, or the near matches.
    """
    if ":" in name and not name.endswith(".py"):
        return strategy_class(load_object(name, folder), name)
    for wanted in [role] if role in SHELVES else SHELVES:
        own = own_strategy(name, wanted)
        if own is not None:
            return own
    for point in plugins():
        if point.name == name:
            return strategy_class(point.load(), name)
    raise ValueError(unknown(name, role))


def own_strategies(role: str) -> dict[str, type[Strategy]]:
    """The project's own strategies that can serve in `role`, by name."""
    names = sorted({name for shelf in SHELVES.values() for name in names_on(shelf)})
    found = ((name, own_strategy(name, role)) for name in names)
    return {name: kind for name, kind in found if kind is not None}


def own_strategy(name: str, role: str) -> type[Strategy] | None:
    """The project's own strategy of this name that can serve in `role`, if there is one. No other is imported."""
    for shelf in SHELVES.values():
        if name in names_on(shelf):
            kind = strategy_on(shelf, name)
            if kind is not None and role in kind.roles:
                return kind
    return None


@cache
def names_on(shelf: str) -> tuple[str, ...]:
    """The names of the files of a shelf. Read once: an audit asks for every agent."""
    return tuple(info.name for info in pkgutil.iter_modules(importlib.import_module(shelf).__path__))


def strategy_on(shelf: str, name: str) -> type[Strategy] | None:
    """The class of a file that bears the file's name; None where it has none that can play."""
    kind = getattr(importlib.import_module(f"{shelf}.{name}"), camel(name), None)
    if kind is None or inspect.isabstract(kind):
        return None
    return strategy_class(kind, name)


def plugins() -> list[EntryPoint]:
    """Strategies that installed packages bring, by entry point."""
    return sorted(entry_points(group=GROUP), key=lambda point: point.name)


def load_object(name: str, folder: Path) -> object:
    """What `path.py:name` or `package.module:name` means. Raises `ValueError`."""
    place, attribute = split_reference(name)
    module = load_file(place, attribute, folder) if place.endswith(".py") else load_module(place)
    try:
        return getattr(module, attribute)
    except AttributeError:
        public = [entry for entry in vars(module) if not entry.startswith("_")]
        raise ValueError(f"{one_line(place)} has no {shown(attribute)}{near(attribute, public)}") from None


def split_reference(name: str) -> tuple[str, str]:
    """`path.py:name` or `package.module:name` at its last colon: a path may have others, `C:\\bots\\my.py:Bot`."""
    place, _, attribute = name.rpartition(":")
    return place, attribute


def load_file(place: str, attribute: str, folder: Path) -> ModuleType:
    """The module in a file, with what it imports from beside it."""
    family = own_family(place, attribute, folder)
    try:
        return import_family(family, called(place), attribute)
    except BaseException as error:
        if is_interruption(error):
            raise
        raise ValueError(f"{one_line(place)} cannot be loaded: {told(error)}{making_remedy(error)}") from error


def own_family(place: str, attribute: str, folder: Path) -> FileFamily:
    """A file and what belongs to it. Raises `ValueError`."""
    path = locate(place, folder).absolute()
    if not isfile(path):
        raise ValueError(f"there is no file {one_line(place)}{beside(place, folder)}")
    return family_of(path, attribute)


def beside(place: str, folder: Path) -> str:
    """Where a file was looked for, where that is not plain."""
    if isabs(expanded(place)) or realpath(folder) == realpath(""):
        return ""
    return "; it is looked for beside the file that names it, and from where one stands"


def called(place: str) -> str:
    """How messages call a file: from its config's folder, and by its bare name where it lies elsewhere."""
    path = expanded(place)
    is_inside = not path.is_absolute() and ".." not in path.parts
    return path.as_posix() if is_inside else path.name


def locate(place: str, folder: Path) -> Path:
    """A path as a config or a command line means it: from the config's folder, or else from where one is."""
    path = expanded(place)
    beside = folder / path
    return beside if exists(beside) else path


def load_module(place: str) -> ModuleType:
    """An installed module. One that has moved is found under its old name too, with a warning."""
    if place in MOVED:
        warnings.warn(f"module {place!r} is {MOVED[place]!r} now; name it so", FutureWarning, stacklevel=2)
        place = MOVED[place]
    try:
        return with_its_name(importlib.import_module(place))
    except ImportError as error:
        file = f"; there is a file {place}.py: name it with its ending" if isfile(Path(f"{place}.py")) else ""
        raise ValueError(
            f"module {shown(place)} cannot be imported: {one_line(plain_import(error, str(error)))}{file}"
        ) from error
    except BaseException as error:
        if is_interruption(error):
            raise
        raise ValueError(f"module {shown(place)} cannot be imported: {told(error)}") from error


def with_its_name(module: ModuleType) -> ModuleType:
    """A module of the user's own that messages call by its file, from where its package lies: `bots/buyer.py`."""
    if not module.__name__.startswith(OURS) and isinstance(module.__file__, str):
        place = module.__name__.split(".")[: None if hasattr(module, "__path__") else -1]
        vars(module).setdefault(CALLED, "/".join([*place, Path(module.__file__).name]))
    return module


def strategy_class(found: object, name: str) -> type[Strategy]:
    """`found`, if it is a strategy; else `ValueError`."""
    if not (isinstance(found, type) and issubclass(found, Strategy) and found.roles):
        raise ValueError(
            f"{shown(name)} is not a strategy: a class derived from strategies.Seller, Buyer or Builder"
        )
    if not (isinstance(found.roles, (set, frozenset)) and found.roles <= set(SHELVES)):
        raise ValueError(
            f"{shown(name)}: its roles are {shown(found.roles)}; they must be a set of {', '.join(SHELVES)}"
        )
    return found


def unknown(name: str, role: str | None) -> str:
    """The message for a name that no strategy has."""
    names = [own for shelf in ([role] if role else SHELVES) for own in own_strategies(shelf or "")]
    names += [point.name for point in plugins()]
    elsewhere = [shelf for shelf in SHELVES if name in own_strategies(shelf)]
    if name.endswith(".py"):
        return f"{shown(name)} is a file; name the class in it too, as {one_line(name)}:MyStrategy"
    place, dot, attribute = name.rpartition(".")
    if dot and place and attribute:
        way = f"{one_line(place)}.py:{one_line(attribute)}"
        return f"no {role or 'strategy'} is called {shown(name)}; a class in a file of your own is named {way}"
    hint = f"; it is a {' and '.join(elsewhere)}" if elsewhere else near(name, names)
    return f"no {role or 'strategy'} is called {shown(name)}{hint}; there are {', '.join(dict.fromkeys(names))}"


def camel(name: str) -> str:
    """`at_once` → `AtOnce`."""
    return "".join(word.capitalize() for word in name.split("_"))


def snake(name: str) -> str:
    """`AtOnce` → `at_once`."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))
