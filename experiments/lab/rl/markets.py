"""Markets to learn in."""

from __future__ import annotations

from typing import Any

PUPIL = "experiments.lab.rl.pupil:Pupil"


def first_price(rivals: int = 2, pupils: int = 1, blocks: int = 500) -> dict[str, Any]:
    """A slot sold just in time at first price to buyers with private values U[0, 1] ETH: the reward is 1 ETH,
    costs are U[0, 1]. The rivals bid the equilibrium, (n − 1)/n of their value (Vickrey 1961); a buyer's mean
    profit in it is 1/(n (n + 1)) ETH a block."""
    buyers = rivals + pupils
    seat = {"role": "buyer", "can_build": True, "endowment_eth": 1e6}
    return {
        "blocks": blocks,
        "chain": {"draw": "maturity", "supply": 1, "maturity": 0},
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": 1.0},
        "market": {"primary": "first_price", "just_in_time": True, "resale": "never", "pbs": "off"},
        "agents": [
            seat | {"strategy": PUPIL, "count": pupils},
            *(
                [seat | {"strategy": "shade", "count": rivals, "parameters": {"factor": 1 - 1 / buyers}}]
                * bool(rivals)
            ),
        ],
    }
