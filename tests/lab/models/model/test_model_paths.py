"""`solve` on paths: least squares against the grid, and what a recorded file and mevboost give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.solving import solve

FILE: dict[str, Any] = {
    "maturity": 6,
    "discount_rate": 0.01,
    "buyers": 3,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.3},
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An AR(1) in logs as a file of payments."""
    rng, log = np.random.default_rng(8), 0.0
    lines = []
    for block in range(60_000):
        log = 0.8 * log + 0.2 * rng.standard_normal()
        lines.append(f"{block},{round(np.exp(np.log(0.6) + log) * 1e9)}")
    file = tmp_path_factory.mktemp("recording") / "payments.csv"
    file.write_text("block,payment_gwei\n" + "\n".join(lines))
    return file


def solved(reward: dict[str, Any], **keys: Any) -> Any:
    return solve(read_model({"model": {**FILE, "reward": reward, **keys}}))


@pytest.mark.parametrize(
    "keys", [{}, {"entry_cost": 0.02}, pytest.param({"exercise": "window"}, marks=pytest.mark.slow)], ids=str
)
def test_a_recording_is_worth_what_its_process_is(recording: Path, keys: dict[str, Any]) -> None:
    mean = 0.6 * float(np.exp(0.2**2 / (2 * (1 - 0.8**2))))
    played = solved({"process": "replay", "file": str(recording)}, **keys)
    known = [
        solved({"process": "ar1", "mean": mean, "phi": 0.8, "sigma": 0.2, "start": float(start)}, **keys)
        for start in 0.6 * np.exp(0.2 / 0.6 * np.array([-np.sqrt(3), 0, np.sqrt(3)]))
    ]
    mixed = np.array([1 / 6, 2 / 3, 1 / 6]) @ [solution.value for solution in known]
    assert abs(played.value - mixed) <= 4 * played.standard_error + 0.004
    assert played.standard_error < 0.01
    assert sum(played.sale_block_distribution) == pytest.approx(1)


def test_irrelevance_holds_path_by_path() -> None:
    solution = solved({"process": "mevboost"})
    np.testing.assert_allclose(solution.sale_value, solution.value, rtol=1e-9)
    assert solution.sale_block_distribution[0] == 1
    assert solution.standard_error > 0
    assert solution.sale_region is None


def test_a_short_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("payment_gwei\n" + "\n".join(["100000000"] * 50))
    with pytest.raises(InputError, match=r"model\.reward\.file: 50 rewards"):
        solved({"process": "replay", "file": str(tmp_path / "few.csv")})
