"""The user's own files that a config names: they go along with the run, so that another machine can replay it.

In the folder of a run they lie in `files/`, and its manifest calls them by their names there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from experiments.lab.config import Config
from experiments.lab.errors import InputError
from experiments.lab.loading import make_config
from strategies.loading import locate

FILES = "files"
LARGE = 16 * 2**20  # bytes; a larger file is linked to


@contextmanager
def gathered(config: Config, folder: Path) -> Iterator[tuple[Config, Path]]:
    """The config with its files called by their bare names, and a folder that has them, while the context lasts.

    The folder has links to the files where they lie. One that is not there is left for its reader to refuse.
    """
    with TemporaryDirectory(prefix="et-testbed-files-") as place:
        box = Box(folder, Path(place))
        data = config.model_dump(mode="json")
        for table, key in references(data):
            table[key] = box.take(table[key])
        for group in data["agents"]:
            group["keystore"] = group["keystore"] and box.link_key(group["keystore"])
        try:
            yield make_config(data, "the config"), box.place
        except InputError as error:
            raise InputError(str(error).replace(f"{place}/", "")) from None


class Box:
    """Takes files into a folder, each under a name of its own."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.place = place
        self._folder = folder
        self._names: dict[Path, str] = {}

    def take(self, reference: str) -> str:
        """What `path.py:name`, or the path of a file, is called in the box; anything else is left as it is."""
        place, colon, attribute = reference.partition(":")
        path = locate(place, self._folder)
        if (colon and not place.endswith(".py")) or not path.is_file():
            return reference
        return self._store(path.resolve()) + colon + attribute

    def link_key(self, keystore: str) -> str:
        """The path of a key file, made to be found from the box too; nothing of it goes along with the run."""
        path = locate(keystore, self._folder)
        if ".." in path.parts:
            return str(path.resolve())
        if not Path(keystore).is_absolute() and path.is_file():
            (self.place / keystore).parent.mkdir(parents=True, exist_ok=True)
            (self.place / keystore).unlink(missing_ok=True)
            (self.place / keystore).symlink_to(path.resolve())
        return keystore

    def _store(self, path: Path) -> str:
        if path not in self._names:
            taken = path.name in self._names.values()
            name = f"{sha256(str(path).encode()).hexdigest()[:8]}_{path.name}" if taken else path.name
            (self.place / name).symlink_to(path)
            self._names[path] = name
        return self._names[path]


def references(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Where a config may name a file: the table and the key in it."""
    yield data["chain"], "draw"
    yield data["market"], "primary"
    if "file" in data["reward"]:
        yield data["reward"], "file"
    for group in data["agents"]:
        strategy = group["strategy"]
        if isinstance(strategy, dict):
            yield from ((strategy, role) for role in strategy)
        else:
            yield group, "strategy"


def send_along(config: Config, files: Path, run: Path) -> None:
    """Copy the gathered files into the folder of a run, links to large ones; key files stay where they are."""
    keys = {group.keystore for group in config.agents}
    for link in files.iterdir():
        if link.name not in keys and not link.is_dir():
            (run / FILES).mkdir(exist_ok=True)
            shutil.copyfile(link, run / FILES / link.name, follow_symlinks=link.stat().st_size <= LARGE)


def files_of(run: Path) -> Path:
    """Where the files of a run lie, or of one structure of it."""
    own = run / FILES
    return own if own.is_dir() else run.parent / FILES
