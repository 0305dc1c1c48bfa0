"""A temporary folder that lives as long as something keeps it, and goes with it into another process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chain.held_folder import HeldFolder


class KeptFolder:
    """A folder at `path`. A copy within the process keeps the same one; a pickle takes its files along, and a new
    folder with them is made where it is read."""

    def __init__(self) -> None:
        self._folder = HeldFolder()
        self.path = self._folder.path

    def __copy__(self) -> KeptFolder:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> KeptFolder:
        return self

    def __getstate__(self) -> dict[str, bytes]:
        files = (file for file in sorted(self.path.rglob("*")) if file.is_file())
        return {str(file.relative_to(self.path)): file.read_bytes() for file in files}

    def __setstate__(self, files: dict[str, bytes]) -> None:
        self.__init__()  # type: ignore[misc]
        for name, content in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


class Kept:
    """What lies in a folder at `path`, which is temporary where `_keeper` is set."""

    path: Path
    _keeper: KeptFolder | None

    @property
    def is_temporary(self) -> bool:
        """Whether it goes when nothing keeps it any more."""
        return self._keeper is not None

    def __getstate__(self) -> dict[str, Any]:
        """The path is from the folder that comes along, or absolute: another process may stand elsewhere."""
        start = None
        if self._keeper is not None:
            start = self._keeper.path
        place = self.path.absolute() if start is None else self.path.relative_to(start)
        return self.__dict__ | {"path": place}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._keeper is not None:
            self.path = self._keeper.path / self.path
