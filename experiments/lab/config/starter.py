"""`et-testbed init`: a config and a strategy to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from experiments.lab.config.errors import InputError

FILES = ("config.toml", "my_buyer.py")


def write_starter(folder: Path) -> list[Path]:
    """Copy the starter files. Raises `InputError` where one of them is there already; nothing is overwritten."""
    there = [folder / name for name in FILES if (folder / name).exists()]
    if there:
        raise InputError(f"{there[0]}: is there already; name another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            text = (files("experiments") / "starter" / name).read_text(encoding="utf-8")
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    return [folder / name for name in FILES]
