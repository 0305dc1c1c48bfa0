"""The model that the examples of the seed's question share."""

from __future__ import annotations

from typing import Any

MODEL: dict[str, Any] = {
    "maturity": 32,
    "buyers": 5,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}


def seed_model(**changes: Any) -> dict[str, Any]:
    """A model file as data: T = 32 blocks, R = 1 ETH, θ uniform on [.1, .5] ETH, n = 5, with some keys changed."""
    return {"model": MODEL | changes}
