"""Which signals give the payments, bids and times that MEV-Boost shows?

Wu et al. (2023) fit their rates and values to the mempool. Here both are scaled, and slots are made to differ,
until five naive builders give what was measured: the payments' quantiles as in the MEV-Boost reward process, 627
bids a slot (380 to 1,027), the winning bid 447 ms into the slot (−319 to 1,463 ms; medians, 5 and 95 %). Seven
numbers are fitted to seven measures, in rounds from one seed: each number is moved by what its own measure is
off, those of spreads part of the way; a round plays half as many auctions. The fit is shown on auctions from
another seed, with 95 % intervals of their quantiles; what was not fitted (the other quantiles) tells how good the
model is.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import typer

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.slot import SlotGame, auctions, auctions_and_seed, mix
from market.slot_auction import Proposer, SignalLaw
from market.slot_auction.proposer import SLOT_MS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

AUCTIONS = 10_000
ROUNDS = 16
BUILDERS = {"naive": 5}
LEVELS = (0.05, 0.5, 0.95)
WINNING_MS = (-319.0, 447.0, 1463.0)
BIDS = (380.0, 627.0, 1027.0)
PAYMENT_LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
STEP = 0.5
LOW_SD, HIGH_SD = 1.6448536269514722, 2.3263478740408408
"""From the median to 95 and to 99 % of a normal distribution, in standard deviations."""


class Fit(NamedTuple):
    """What is fitted: the factor of both rates and of all values, how slots differ in them (standard deviations of
    logarithms), the standard deviation of the logarithm of a private signal, when the proposer comes (ms into its
    slot) and how far that spreads (ms)."""

    rate: float = 1.0
    rate_sd: float = 0.0
    value: float = 1.0
    value_sd: float = 0.0
    private_sigma: float = SignalLaw().private_sigma
    late_ms: float = 0.0
    end_sd_ms: float = 0.0

    def game(self) -> SlotGame:
        """The auctions that follow from it."""
        law = SignalLaw()
        shift = log(self.value)
        signals = law._replace(
            public_rate=law.public_rate * self.rate,
            private_rate=law.private_rate * self.rate,
            public_mu=law.public_mu + shift,
            private_mu=law.private_mu + shift,
            private_sigma=self.private_sigma,
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
    fit = Fit(late_ms=WINNING_MS[1], end_sd_ms=(WINNING_MS[2] - WINNING_MS[0]) / (2 * LOW_SD))
    for _ in range(rounds):
        fit = improved(fit, auctions(fit.game(), count // 2, seed))
    paper = auctions(Fit(late_ms=fit.late_ms, end_sd_ms=fit.end_sd_ms).game(), count, seed + 1)
    fitted = auctions(fit.game(), count, seed + 1)
    rows: list[dict[str, Any]] = [
        {"measure": name, "level": level, "measured": measured, "paper": before[0]}
        | dict(zip(("fitted", "low", "high"), after, strict=True))
        for (name, level, measured), before, after in zip(targets(), found(paper), found(fitted), strict=True)
    ]
    table = pd.DataFrame(rows)
    values = {f"fit.{name}": float(value) for name, value in fit._asdict().items()}
    values |= {
        f"{row['measure']}.{row['level']}.{name}": float(row[name])
        for row in rows
        for name in ("paper", "fitted", "low", "high")
    }
    return Answer(table, values, {"calibration": draw(table)})


def improved(fit: Fit, played: pd.DataFrame) -> Fit:
    """Each number moved by what its measure is off: medians by their ratio, spreads by the variance they lack. The
    lower half of the payments says how slots differ, the upper one how heavy the tail of single signals is."""
    won = played[played["price"] > 0]
    payments, bids = np.log(won["price"]), np.log(played["bids"].clip(lower=1))
    times = won["won_ms"].astype(float) - SLOT_MS
    rare, wanted, top = np.log(payments_at((0.05, 0.5, 0.99)))
    low, middle, high = np.quantile(times, LEVELS)
    bids_wanted = log(BIDS[0]), log(BIDS[2])
    return Fit(
        rate=fit.rate * BIDS[1] / exp(float(np.median(bids))),
        rate_sd=spread(fit.rate_sd, bids, (0.05, 0.95), bids_wanted, 2 * LOW_SD),
        value=fit.value * exp(wanted - float(np.median(payments))),
        value_sd=spread(fit.value_sd, payments, (0.05, 0.5), (rare, wanted), LOW_SD),
        private_sigma=spread(fit.private_sigma, payments, (0.5, 0.99), (wanted, top), HIGH_SD),
        late_ms=float(fit.late_ms + WINNING_MS[1] - middle),
        end_sd_ms=float(fit.end_sd_ms * (WINNING_MS[2] - WINNING_MS[0]) / (high - low)),
    )


def spread(sd: float, logs: Any, levels: tuple[float, float], wanted: tuple[float, float], width: float) -> float:
    """A standard deviation with a part of the variance added, or taken away, that the sample lacks between two
    quantiles, which lie `width` standard deviations from each other; all of it would overshoot, as either spread
    of payments widens both of their halves."""
    low, high = np.quantile(logs, levels)
    lack = ((wanted[1] - wanted[0]) ** 2 - (high - low) ** 2) / width**2
    return float(max(sd**2 + STEP * lack, 0.0) ** 0.5)


def payments_at(levels: tuple[float, ...]) -> Any:
    """Quantiles of the MEV-Boost payments of October 2023 to April 2024, ETH."""
    from scipy.stats import norm

    from chain.rewards.payments_2023 import PAYMENTS_2023

    return PAYMENTS_2023.payments_at(norm.ppf(levels))


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


def found(played: pd.DataFrame) -> list[tuple[float, float, float]]:
    """The same of auctions that were played, each with both ends of its 95 % interval."""
    won = played[played["price"] > 0]
    samples = (
        (won["price"], PAYMENT_LEVELS),
        (played["bids"], LEVELS),
        (won["won_ms"].astype(float) - SLOT_MS, LEVELS),
    )
    return [quantile(sample, level) for sample, levels in samples for level in levels]


def quantile(sample: Any, level: float) -> tuple[float, float, float]:
    """A quantile with the order statistics that hold it with 95 %, by the normal approximation of their ranks."""
    half = 1.96 * (level * (1 - level) / len(sample)) ** 0.5
    value, low, high = np.quantile(sample, np.clip([level, level - half, level + half], 0, 1))
    return float(value), float(low), float(high)


def draw(table: pd.DataFrame) -> Figure:
    """Quantiles of the game against those that were measured, a panel for each measure."""
    from experiments.lab.study.plot import panels

    figure, places = panels(1, 3, "Quantiles of the game against those measured, auctions that were not fitted to")
    labels = {"payment": "payment, ETH", "bids": "bids in a slot", "winning_ms": "winning bid, ms into the slot"}
    for place, (name, part) in zip(places, table.groupby("measure", sort=False), strict=True):
        both = (part["measured"].min(), part["measured"].max())
        place.plot(both, both, color="black", linewidth=0.8)
        place.plot(part["measured"], part["paper"], "s", markersize=4, label="signals of Wu et al.")
        error = [part["fitted"] - part["low"], part["high"] - part["fitted"]]
        place.errorbar(part["measured"], part["fitted"], error, fmt="o", markersize=4, capsize=2.5, label="fitted")
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
