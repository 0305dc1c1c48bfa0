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

from chain.home import expanded
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import make_config
from strategies.finding import locate, split_reference

FILES = "files"
LARGE = 16 * 2**20  # bytes; a larger file is linked to


class Box:
    """Gathers files for a run: `place` has a link to each, under a name of its own. Key files are not gathered."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.place = place
        self._folder = folder
        self._names: dict[Path, str] = {}

    def pack(self, config: Config) -> Config:
        """The config with its files called by their bare names, now in the box; paths are looked up from `folder`.

        A file that is not there is left for its reader to refuse.
        """
        data = config.model_dump(mode="json")
        for table, key in references(data):
            table[key] = self._take(table[key])
        for group in data["agents"]:
            group["keystore"] = group["keystore"] and self._link_key(group["keystore"])
        return make_config(data, "the config")

    def send_along(self, run: Path) -> None:
        """Copy what was gathered into the folder of a run, links to large files."""
        for path, name in self._names.items():
            (run / FILES).mkdir(exist_ok=True)
            large = path.stat().st_size > LARGE
            shutil.copyfile(self.place / name, run / FILES / name, follow_symlinks=not large)

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every gathered file, by name (hex)."""
        return {name: sha256(path.read_bytes()).hexdigest() for path, name in self._names.items()}

    def _take(self, reference: str) -> str:
        """What `path.py:name`, or the path of a file, is called in the box; anything else is left as it is."""
        whole = locate(reference, self._folder)
        if whole.is_file():
            return self._store(whole.resolve())
        place, attribute = split_reference(reference)
        path = locate(place, self._folder)
        if not place.endswith(".py") or not path.is_file():
            return reference
        return f"{self._store(path.resolve())}:{attribute}"

    def _store(self, path: Path) -> str:
        if path not in self._names:
            taken = path.name in self._names.values()
            name = f"{sha256(str(path).encode()).hexdigest()[:8]}_{path.name}" if taken else path.name
            (self.place / name).symlink_to(path)
            self._names[path] = name
        return self._names[path]

    def _link_key(self, keystore: str) -> str:
        """The path of a key file, made to be found from the box too."""
        keystore = str(expanded(keystore))
        path = locate(keystore, self._folder)
        if ".." in path.parts:
            return str(path.resolve())
        if not Path(keystore).is_absolute() and path.is_file():
            (self.place / keystore).parent.mkdir(parents=True, exist_ok=True)
            (self.place / keystore).unlink(missing_ok=True)
            (self.place / keystore).symlink_to(path.resolve())
        return keystore


@contextmanager
def open_box(folder: Path) -> Iterator[Box]:
    """A box that goes when the context ends; errors speak of the files by their bare names."""
    with TemporaryDirectory(prefix="et-testbed-files-") as place:
        try:
            yield Box(folder, Path(place))
        except InputError as error:
            raise InputError(str(error).replace(f"{place}/", "")) from None


def references(data: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Where a config may name a file: the table and the key in it, or the list and the place in it."""
    yield data["chain"], "draw"
    yield data["market"], "primary"
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


def files_of(run: Path) -> Path:
    """Where the files of a run lie: with it, or with the comparison or the sweep that it is a part of."""
    places = (run / FILES, run.parent / FILES, run.parents[2] / FILES if len(run.parents) > 2 else run / FILES)
    return next((place for place in places if place.is_dir()), run / FILES)
