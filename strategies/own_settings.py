"""What a user's file may set for the whole process as it is loaded, and others would feel: it is taken back."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def kept_to_itself() -> Iterator[None]:
    """What is executed in the context leaves the working folder as it was, and no warning and no number of
    numpy's becomes an error of somebody else's. What it silences stays silent."""
    folder, filters = working_folder(), list(warnings.filters)
    states: dict[str, Any] = {**np.geterr()}
    try:
        yield
    finally:
        if folder is not None:
            os.chdir(folder)
        np.seterr(**{kind: states[kind] for kind, state in np.geterr().items() if state == "raise"})
        standing: Any = warnings.filters
        standing[:] = [each for each in standing if each[0] != "error" or each in filters]


def working_folder() -> str | None:
    """Where the process is; None where the folder is gone."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return None
