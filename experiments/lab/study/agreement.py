"""How far a simulation lies from what theory says."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from experiments.lab.statistics import tail_of

EXACT = 1e-8
"""How near a sample without spread must be to count as equal: the ledger counts in Gwei."""


def agreement(sample: npt.NDArray[np.float64], theory: float) -> dict[str, float]:
    """`theory`, the sample's mean as `simulated`, its standard error `se`, and z, their difference in such errors.

    A sample without spread has z = 0 where it is equal to a Gwei or so, and else z = ∞. One with so heavy a tail
    that its mean has no interval has no error and no z: NaN.
    """
    mean = float(sample.mean())
    if sample.std() > EXACT and tail_of(np.abs(sample)).is_heavy:
        return {"theory": theory, "simulated": mean, "se": np.nan, "z": np.nan}
    error = float(sample.std(ddof=1) / len(sample) ** 0.5)
    return {"theory": theory, "simulated": mean, "se": error, "z": z_score(mean, error, theory)}


def z_score(mean: float, error: float, theory: float) -> float:
    """(mean − theory) / error."""
    if error > EXACT:
        return (mean - theory) / error
    if abs(mean - theory) <= EXACT:
        return 0.0
    return float("inf")
