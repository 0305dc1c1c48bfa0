"""TOML files of configs, models and grids: what they say, over that which their key `base` names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chain.home import expanded
from chain.wording import one_line, shown
from experiments.lab.config.errors import InputError

MOST_BYTES = 2**24
"""No config is as large; a device has no end."""
START = "`et-testbed init` writes a config to start from"
"""The remedy where a file of a config is not there."""
DEEPEST = 20
"""Tables and lists within each other; the keys of a config go down to 5, parameters of strategies may go on."""


def read_toml(path: Path, start: str = START) -> dict[str, Any]:
    """A TOML file as a dict, over that which its key `base` names, if any; `start` is what is said of one that is
    not there. Raises `InputError`.
    """
    return read_over(path, (), start)


def read_over(path: Path, above: tuple[Path, ...], start: str) -> dict[str, Any]:
    """A file that is the base of those `above`, the last of them its next. Raises `InputError`."""
    if path.resolve() in above:
        raise InputError(f"{above[-1]}: base = {shown(path.name)} leads back to a file that is based on this one")
    data = parse_toml(path, start)
    base = data.pop("base", None)
    if base is None:
        return data
    if not isinstance(base, str):
        raise InputError(f"{path}: base is {shown(base)}; it must be the name of a file")
    below = read_over(path.parent / expanded(base), (*above, path.resolve()), start)
    return merged(below, data)


def refuse_base(data: Mapping[str, Any], what: str) -> None:
    """Raises `InputError` for a dict that goes over a file: it does not lie beside one."""
    if isinstance(base := data.get("base"), str):
        raise InputError(
            f"{what}: base is for files; write this dict to one, or put it over what {shown(base)} says"
        )


def merged(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two configs as one: where both have a table, key by key; else what is `above`."""
    both = {
        key: merged(below[key], value) if extends(value, below.get(key)) else value for key, value in above.items()
    }
    return below | both


def extends(above: Any, below: Any) -> bool:
    """Whether both are tables, and not of two processes, which have keys of their own."""
    if not isinstance(above, dict) or not isinstance(below, dict):
        return False
    return "process" not in above or above["process"] == below.get("process")


def parse_toml(path: Path, start: str) -> dict[str, Any]:
    """What one TOML file says. Raises `InputError`."""
    place = one_line(str(path))
    try:
        data = parse(read_text(path))
    except FileNotFoundError:
        raise InputError(f"{place}: no such file; {start}") from None
    except IsADirectoryError:
        raise InputError(f"{place}: is a folder; {way_out(path)}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: cannot be read: {error}") from None
    except OSError as error:
        raise InputError(f"{place}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{place}: not TOML: {one_line(str(error))}") from None
    if is_too_deep(data):
        raise InputError(f"{place}: tables and lists lie more than {DEEPEST} deep; no key is as deep")
    return data


def read_text(path: Path) -> str:
    """The text of a file; a mark of its byte order is no part of it. Raises `OSError` and `ValueError`."""
    with path.open("rb") as file:
        text = file.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
    return text.decode("utf-8-sig")


def parse(text: str) -> dict[str, Any]:
    """TOML as a dict. Raises `ValueError`."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"))
    except RecursionError:
        raise ValueError(f"tables and lists lie more than {DEEPEST} deep") from None


def way_out(folder: Path) -> str:
    """What the user of a folder in the place of a file may have meant."""
    if (folder / "manifest.json").is_file():
        return "what is in it was run: `verify`, `report`, `trace` and `replay` take it, and `run --resume`"
    inside = sorted(folder.glob("*.toml"))
    return f"name the file in it, e.g. {inside[0]}" if inside else "name a TOML file"


def is_too_deep(value: Any) -> bool:
    """Whether there is more than `DEEPEST` levels of tables and lists."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level for inner in insides(outer)]
        if not level:
            return False
    return True


def insides(value: Any) -> list[Any]:
    """The tables and lists that a table or a list holds."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return []
    return [inner for inner in value if isinstance(inner, (Mapping, list, tuple))]
