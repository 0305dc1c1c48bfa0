"""Which signals give the payments, bids and times that MEV-Boost shows?

Wu et al. (2023) fit their rates and values to the mempool. Here both are scaled, slots are made to differ, and the
builders' margin is in proportion to the value, until five naive builders give what was measured: the quantiles of
MEV-Boost payments, October 2023 to April 2024, 627 bids a slot (380 to 1,027), the winning bid 447 ms into the
slot (−319 to 1,463 ms; medians, 5 and 95 %).

Seven numbers are fitted in rounds: what all values are multiplied with to the payments' 50 and 95 % quantiles,
how slots differ in value to the way from 5 to 75 %, how far a private signal spreads to that from 75 to 95 %; the
others to bids and times. Each round plays auctions of its own, and the fit is the mean of the later half of the
rounds. It is shown on auctions from another seed, with 95 % intervals of their quantiles, and judged by what was
not fitted: the payments' 10, 25 and 90 % quantiles, and 1 and 99 %.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import typer

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.slot import WU_MARGIN, SlotGame, auctions, auctions_and_seed, mix
from market.slot_auction import Proposer, SignalLaw
from market.slot_auction.proposer import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.figure import Figure

AUCTIONS = 10_000
ROUNDS = 24
FRESH = 8
"""How many times as many auctions as a round has show the fit."""
BUILDERS = {"naive": 5}
LEVELS = (0.05, 0.5, 0.95)
WINNING_MS = (-319.0, 447.0, 1463.0)
BIDS = (380.0, 627.0, 1027.0)
PAYMENT_LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
FITTED_LEVELS = (0.05, 0.5, 0.75, 0.95)
SIGMA_STEP = 2.0
SD_75, SD_95 = 0.6744897501960817, 1.6448536269514722
"""From the median to 75 and to 95 % of a normal distribution, in standard deviations."""


Quantiles = npt.NDArray[np.float64]


class Fit(NamedTuple):
    """What is fitted: the factor of both rates and of all values, how slots differ in the public rate and in value
    (standard deviations of logarithms), the standard deviation of the logarithm of a private signal, when the
    proposer comes (ms into its slot) and how far that spreads (ms)."""

    rate: float = 1.0
    rate_sd: float = 0.0
    value: float = 1.0
    value_sd: float = 0.0
    private_sigma: float = SignalLaw().private_sigma
    late_ms: float = 0.0
    end_sd_ms: float = 0.0

    def game(self, margin: Mapping[str, float] | None = None) -> SlotGame:
        """The auctions that follow from it; `margin`: parameters of the builders, left out: 2 % of the value."""
        law = SignalLaw()
        shift = log(self.value)
        signals = law._replace(
            public_rate=law.public_rate * self.rate,
            private_rate=law.private_rate * self.rate,
            public_mu=law.public_mu + shift,
            private_mu=law.private_mu + shift,
            private_sigma=self.private_sigma,
            public_rate_sd=self.rate_sd,
            value_sd=self.value_sd,
        )
        proposer = Proposer(round(self.late_ms), self.end_sd_ms)
        return mix(BUILDERS, parameters=margin, law=signals, proposer=proposer)


def answer(
    settings: Settings,
    rounds: Annotated[int, typer.Option(min=2, help="rounds of the fit")] = ROUNDS,
) -> Answer:
    """Fit, and compare what was measured with the paper's signals and margin and with the fitted ones."""
    import pandas as pd

    count, seed = auctions_and_seed(settings, AUCTIONS)
    fit = fitted(count, rounds, seed)
    paper = Fit(late_ms=fit.late_ms, end_sd_ms=fit.end_sd_ms).game(WU_MARGIN)
    fresh = [auctions(game, FRESH * count, fresh_seed(seed)) for game in (paper, fit.game())]
    rows: list[dict[str, Any]] = [
        {"measure": name, "level": level, "measured": measured, "paper": before[0]}
        | dict(zip(("fitted", "low", "high"), after, strict=True))
        for (name, level, measured), before, after in zip(targets(), *map(found, fresh), strict=True)
    ]
    table = pd.DataFrame(rows)
    values = {f"fit.{name}": float(value) for name, value in fit._asdict().items()}
    values |= {
        f"{row['measure']}.{row['level']}.{name}": float(row[name])
        for row in rows
        for name in ("paper", "fitted", "low", "high")
    }
    return Answer(table, values, {"calibration": draw(table)})


def fitted(count: int, rounds: int, seed: int) -> Fit:
    """The mean of the later half of so many rounds of `count` auctions: each one's luck is a small part of it."""
    spread_ms = (WINNING_MS[2] - WINNING_MS[0]) / (2 * SD_95)
    fits = [Fit(late_ms=WINNING_MS[1], end_sd_ms=spread_ms)]
    for number in range(rounds):
        fits.append(improved(fits[-1], auctions(fits[-1].game(), count, round_seed(seed, number))))
    return Fit(*np.mean(fits[1 + rounds // 2 :], axis=0).tolist())


def round_seed(seed: int, number: int) -> int:
    """The seed of a round's auctions, no other's."""
    return int(np.random.SeedSequence(seed, spawn_key=(number,)).generate_state(1, np.uint64)[0])


def fresh_seed(seed: int) -> int:
    """The seed of auctions that no round has played."""
    return round_seed(seed, 2**32 - 1)


def improved(fit: Fit, played: pd.DataFrame) -> Fit:
    """Each number moved by what its own quantiles are off: levels by a ratio, spreads by the variance they lack.

    The bulk of the payments says how slots differ, what lies above it how heavy the tail of single signals is. A
    payment is a sum of signals, so that its spread follows theirs only in part: that step is a longer one.
    """
    won = played[played["price"] > 0]
    payments = np.quantile(np.log(won["price"]), FITTED_LEVELS)
    wanted = np.log(payments_at(FITTED_LEVELS))
    bids = np.quantile(np.log(played["bids"].clip(lower=1)), LEVELS)
    bids_wanted = np.log(BIDS)
    low, middle, high = np.quantile(won["won_ms"].astype(float) - SLOT_MS, LEVELS)
    return Fit(
        rate=fit.rate * exp(bids_wanted[1] - bids[1]),
        rate_sd=widened(fit.rate_sd, lack(bids[::2], bids_wanted[::2], 2 * SD_95)),
        value=fit.value * exp(float(np.mean((wanted - payments)[1::2]))),
        value_sd=widened(fit.value_sd, lack(payments[:3:2], wanted[:3:2], SD_75 + SD_95)),
        private_sigma=widened(fit.private_sigma, SIGMA_STEP * lack(payments[2:], wanted[2:], SD_95 - SD_75)),
        late_ms=float(fit.late_ms + WINNING_MS[1] - middle),
        end_sd_ms=float(fit.end_sd_ms * (WINNING_MS[2] - WINNING_MS[0]) / (high - low)),
    )


def lack(found: Quantiles, wanted: Quantiles, width: float) -> float:
    """The variance that a sample lacks between two quantiles of its logarithms, which lie `width` standard
    deviations from each other; below 0 where there is too much."""
    return float(np.diff(wanted)[0] ** 2 - np.diff(found)[0] ** 2) / width**2


def widened(sd: float, variance: float) -> float:
    """A standard deviation with some variance added; 0 where less than nothing would be left."""
    return float(max(sd**2 + variance, 0.0) ** 0.5)


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


experiment = Experiment(__file__, __doc__, answer, least=20)
if __name__ == "__main__":
    experiment.main()
