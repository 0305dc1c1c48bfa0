"""Which signals give the payments, bids and times that MEV-Boost shows?

Wu et al. (2023) fit their rates and values to the mempool. Here both are scaled, and slots are made to differ,
until five naive builders give what was measured: the payments' quantiles as in the MEV-Boost reward process, 627
bids a slot (380 to 1,027), the winning bid 447 ms into the slot (−319 to 1,463 ms; medians, 5 and 95 %). Six
numbers are fitted, in rounds: each is moved by what its own measure is off, the spreads half-way.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import typer

from experiments.lab.experiment import Answer, Experiment, Settings
from experiments.lab.slot import Game, auctions, auctions_and_seed, mix
from market.slot_auction import Proposer, SignalLaw
from market.slot_auction.proposer import SLOT_MS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

AUCTIONS = 10_000
ROUNDS = 12
BUILDERS = {"naive": 5}
LEVELS = (0.05, 0.5, 0.95)
WINNING_MS = (-319.0, 447.0, 1463.0)
BIDS = (380.0, 627.0, 1027.0)
PAYMENT_LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
STEP = 0.5
WIDTH = 2 * 1.6448536269514722
"""From 5 to 95 % of a normal distribution, in standard deviations."""


class Fit(NamedTuple):
    """What is fitted: the factor of both rates and of all values, how slots differ in them (standard deviations of
    logarithms), when the proposer comes (ms into its slot) and how far that spreads (ms)."""

    rate: float = 1.0
    rate_sd: float = 0.0
    value: float = 1.0
    value_sd: float = 0.0
    late_ms: float = 0.0
    end_sd_ms: float = 0.0

    def game(self) -> Game:
        """The auctions that follow from it."""
        law = SignalLaw()
        shift = log(self.value)
        signals = law._replace(
            public_rate=law.public_rate * self.rate,
            private_rate=law.private_rate * self.rate,
            public_mu=law.public_mu + shift,
            private_mu=law.private_mu + shift,
            rate_sd=self.rate_sd,
            value_sd=self.value_sd,
        )
        return mix(BUILDERS, law=signals, proposer=Proposer(round(self.late_ms), self.end_sd_ms))


def answer(
    settings: Settings,
    rounds: Annotated[int, typer.Option(min=1, help="rounds of the fit")] = ROUNDS,
) -> Answer:
    """Fit, and compare what was measured with the paper's signals and with the fitted ones."""
    import pandas as pd

    count, seed = auctions_and_seed(settings, AUCTIONS)
    fit = Fit(late_ms=WINNING_MS[1], end_sd_ms=(WINNING_MS[2] - WINNING_MS[0]) / WIDTH)
    for _ in range(rounds):
        fit = improved(fit, auctions(fit.game(), count, seed))
    paper = auctions(Fit(late_ms=fit.late_ms, end_sd_ms=fit.end_sd_ms).game(), count, seed + 1)
    fitted = auctions(fit.game(), count, seed + 1)
    rows: list[dict[str, Any]] = [
        {"measure": name, "level": level, "measured": measured, "paper": before, "fitted": after}
        for (name, level, measured), before, after in zip(targets(), found(paper), found(fitted), strict=True)
    ]
    table = pd.DataFrame(rows)
    values = {f"fit.{name}": float(value) for name, value in fit._asdict().items()}
    values |= {f"{row['measure']}.{row['level']}": float(row["fitted"]) for row in rows}
    return Answer(table, values, {"calibration": draw(table)})


def improved(fit: Fit, played: pd.DataFrame) -> Fit:
    """Each number moved by what its measure is off: medians by their ratio, spreads by the variance they lack."""
    won = played[played["price"] > 0]
    payments, bids = np.log(won["price"]), np.log(played["bids"].clip(lower=1))
    times = won["won_ms"].astype(float) - SLOT_MS
    wanted = np.log(payments_at((0.05, 0.5, 0.95)))
    low, middle, high = np.quantile(times, LEVELS)
    return Fit(
        rate=fit.rate * BIDS[1] / exp(float(np.median(bids))),
        rate_sd=spread(fit.rate_sd, bids, np.log(BIDS)),
        value=fit.value * exp(wanted[1] - float(np.median(payments))),
        value_sd=spread(fit.value_sd, payments, wanted),
        late_ms=float(fit.late_ms + WINNING_MS[1] - middle),
        end_sd_ms=float(fit.end_sd_ms * (WINNING_MS[2] - WINNING_MS[0]) / (high - low)),
    )


def spread(sd: float, logs: Any, wanted: Any) -> float:
    """A standard deviation with a part of the variance added, or taken away, that the sample lacks between 5 and
    95 %; all of it would overshoot, as either spread widens both samples."""
    low, high = np.quantile(logs, (LEVELS[0], LEVELS[2]))
    lack = ((wanted[2] - wanted[0]) ** 2 - (high - low) ** 2) / WIDTH**2
    return float(max(sd**2 + STEP * lack, 0.0) ** 0.5)


def payments_at(levels: tuple[float, ...]) -> Any:
    """Quantiles of the MEV-Boost reward process, ETH."""
    from scipy.stats import norm

    from chain.rewards.payment_law import payments_at as quantiles

    return quantiles(norm.ppf(levels))


def targets() -> list[tuple[str, float, float]]:
    """What was measured: payments (ETH), bids in a slot, the winning bid's time (ms into the slot), at levels."""
    measured: list[tuple[str, tuple[float, ...], Any]] = [
        ("payment", PAYMENT_LEVELS, payments_at(PAYMENT_LEVELS)),
        ("bids", LEVELS, BIDS),
        ("winning_ms", LEVELS, WINNING_MS),
    ]
    return [
        (name, level, float(value))
        for name, levels, values in measured
        for level, value in zip(levels, values, strict=True)
    ]


def found(played: pd.DataFrame) -> list[float]:
    """The same of auctions that were played."""
    won = played[played["price"] > 0]
    quantiles = [
        np.quantile(won["price"], PAYMENT_LEVELS),
        np.quantile(played["bids"], LEVELS),
        np.quantile(won["won_ms"].astype(float) - SLOT_MS, LEVELS),
    ]
    return [float(value) for part in quantiles for value in part]


def draw(table: pd.DataFrame) -> Figure:
    """Quantiles of the game against those that were measured, a panel for each measure."""
    from experiments.lab.plot import panels

    figure, places = panels(1, 3, "Quantiles of the game against those measured")
    labels = {"payment": "payment, ETH", "bids": "bids in a slot", "winning_ms": "winning bid, ms into the slot"}
    for place, (name, part) in zip(places, table.groupby("measure", sort=False), strict=True):
        both = (part["measured"].min(), part["measured"].max())
        place.plot(both, both, color="black", linewidth=0.8)
        place.plot(part["measured"], part["paper"], "s", markersize=4, label="signals of Wu et al.")
        place.plot(part["measured"], part["fitted"], "o", markersize=4, label="fitted")
        place.set_xlabel(f"{labels[str(name)]}: measured")
        if name == "payment":
            place.set_xscale("log")
            place.set_yscale("log")
    places[0].set_ylabel("in the game")
    places[0].legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
