"""The user's own files that a config names: they go along with the run, so that another machine can replay it.

In the folder of a run they lie in `files/`, and its manifest calls them by their names there. With a strategy or
a rule goes what belongs to it (`strategies.own_files`), from each folder into a folder: as it lies in the config's
own folder, or on top, or in one with a number.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from os.path import isfile
from pathlib import Path, PurePosixPath
from typing import Any

from chain.held_folder import HeldFolder
from chain.home import expanded
from chain.wording import one_line
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import make_config
from strategies.finding import locate, split_reference
from strategies.own_files import FileFamily, family_of

FILES = "files"
MOST = 10**6
LARGE = 16 * 2**20  # bytes; a larger file is linked to


class Box:
    """Gathers files for a run: `place` has a link to each, under a name of its own. Key files are not gathered."""

    def __init__(self, folder: Path) -> None:
        self._temporary = HeldFolder()
        self._owner: weakref.finalize[..., Any] | None = None
        self.place = self._temporary.path
        self._folder = folder
        self._names: dict[str, Path] = {}
        self._places: dict[Path, PurePosixPath] = {}

    def pack(self, config: Config) -> Config:
        """The config with its files called by their names in the box; paths are looked up from `folder`.

        A file that is not there is left for its reader to refuse.
        """
        data = config.model_dump(mode="json")
        for table, key in references(data):
            table[key] = self.take(table[key])
        for group in data["agents"]:
            group["keystore"] = group["keystore"] and self._link_key(group["keystore"])
        return make_config(data, "the config")

    def send_along(self, run: Path) -> None:
        """Copy what was gathered into the folder of a run, links to large files."""
        for name, path in self._names.items():
            copy = run / FILES / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            large = path.stat().st_size > LARGE
            shutil.copyfile(self.place / name, copy, follow_symlinks=not large)

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every gathered file, by name (hex)."""
        return {name: digest_of(path) for name, path in self._names.items()}

    def stay_with(self, owner: object) -> None:
        """Do not go when `open_box` ends, but with `owner`."""
        self._owner = weakref.finalize(owner, self._temporary.remove)

    def close(self) -> None:
        """Remove it, unless it stays with someone."""
        if self._owner is None:
            self._temporary.remove()

    def take(self, reference: str) -> str:
        """What `path.py:name`, or the path of a file, is called in the box; anything else is left as it is."""
        whole = locate(reference, self._folder)
        if isfile(whole):
            return self._store(whole.resolve())
        place, attribute = split_reference(reference)
        path = locate(place, self._folder)
        if not place.endswith(".py") or not isfile(path):
            return reference
        try:
            family = family_of(path.resolve(), attribute)
        except ValueError as error:
            raise InputError(f"{one_line(reference)}: {error}") from None
        return f"{self._store_family(family)}:{attribute}"

    def _store(self, path: Path) -> str:
        """A single file lies on top."""
        for name in names_for(path.name):
            if self._is_free(name, path):
                self._link(name, path)
                return name
        raise AssertionError

    def _store_family(self, family: FileFamily) -> str:
        """A file with what belongs to it. Returns what it is called."""
        place = self._places.get(family.folder)
        if place is None or not self._has_room(family, place):
            place = self._places[family.folder] = self._place_for(family)
        for name in family.names:
            self._link(str(place / name), family.folder / name)
        return str(place / family.names[0])

    def _place_for(self, family: FileFamily) -> PurePosixPath:
        """A folder for it in the box: where it lies in the config's own folder, or on top, or one with a name."""
        own = self._folder.resolve()
        is_inside = family.folder.is_relative_to(own)
        wanted = family.folder.relative_to(own).as_posix() if is_inside else "."
        taken = set(self._places.values())
        return next(place for place in places_for(wanted) if place not in taken and self._has_room(family, place))

    def _has_room(self, family: FileFamily, place: PurePosixPath) -> bool:
        return all(self._is_free(str(place / name), family.folder / name) for name in family.names)

    def _is_free(self, name: str, path: Path) -> bool:
        return self._names.get(name, path) == path

    def _link(self, name: str, path: Path) -> None:
        if name not in self._names:
            (self.place / name).parent.mkdir(parents=True, exist_ok=True)
            (self.place / name).symlink_to(path)
            self._names[name] = path

    def _link_key(self, keystore: str) -> str:
        """The path of a key file, made to be found from the box too."""
        keystore = str(expanded(keystore))
        path = locate(keystore, self._folder)
        if ".." in path.parts:
            return str(path.resolve())
        if not Path(keystore).is_absolute() and isfile(path):
            (self.place / keystore).parent.mkdir(parents=True, exist_ok=True)
            (self.place / keystore).unlink(missing_ok=True)
            (self.place / keystore).symlink_to(path.resolve())
        return keystore


def names_for(name: str) -> Iterator[str]:
    """Names that a file may have in the box: its own, or with a number."""
    yield name
    yield from (f"{number}_{name}" for number in range(2, MOST))


def places_for(wanted: str) -> Iterator[PurePosixPath]:
    """Folders that a file's family may have in the box: the wanted one, or one with a number."""
    yield PurePosixPath(wanted)
    yield from (PurePosixPath(f"folder_{number}") for number in range(2, MOST))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def open_box(folder: Path) -> Iterator[Box]:
    """A box that goes when the context ends; errors speak of the files by their names in it."""
    box = Box(folder)
    try:
        yield box
    except InputError as error:
        raise InputError(*(line.replace(f"{box.place}/", "") for line in error.args)) from None
    finally:
        box.close()


def references(data: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Where a config may name a file: the table and the key in it, or the list and the place in it."""
    yield data["chain"], "draw"
    yield data["market"], "primary"
    if data["market"]["own_format"] is not None:
        yield data["market"], "own_format"
    yield data["market"]["reserve"], "rule"
    yield data["reward"], "process"
    yield data["cost"], "distribution"
    if "file" in data["reward"]:
        yield data["reward"], "file"
    isolated = data["isolation"]["strategies"]
    yield from ((isolated, place) for place in range(len(isolated)))
    for group in data["agents"]:
        strategy = group["strategy"]
        if isinstance(strategy, dict):
            yield from ((strategy, role) for role in strategy)
        else:
            yield group, "strategy"
