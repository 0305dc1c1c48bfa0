"""Values of a config as TOML has them, where a script has them of numpy or pandas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def without_numpy(value: Any) -> Any:
    """The same with numbers, texts and lists of Python; whatever else is in it stays."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: without_numpy(inner) for key, inner in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(without_numpy, value))
    return value
