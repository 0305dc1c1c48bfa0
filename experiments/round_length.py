"""Slot or epoch: for how many blocks should a right be, if rights of 1, 2, … 32 are sold as the last one ends?

Four buyers know what each block ahead is worth to them. A right of one block goes to who makes most of that block,
one of many to who makes most of their sum. Sums lie closer together than single values: the price falls from
E v_(2) towards the mean E v (with two buyers it would rise), a block's best buyer seldom has it, and all blocks of
a right are in one hand. Rewards are 1 ETH, so that the price of a block is the share of them that the protocol
captures. Three markets:

- `alike`: nobody sells on;
- `one pays more`: neither, and one of the four bids a tenth above its value. A tenth of a sum stands out the more,
  the closer sums lie: who wants blocks in a row has the larger share, the longer rights are;
- `resold`: bids are due before values are known, and whoever holds the right sells each block just in time (P7).
  Price and efficiency are those of single blocks, whatever the length; who proposes is as few as without resale.

Theory: sums by convolution (Krishna 2010, appendix C, for the ranks); who proposes, by the winners' chances.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import EXACT, agreement
from strategies.theory.laws import UniformLaw
from strategies.theory.summed_values import Lattice, on_lattice, sale_of_sums, together

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]

BUYERS = 4
EPOCH = 32
"""Blocks over which shares are taken: an epoch of Ethereum."""
LENGTHS = (1, 2, 4, 8, 16, 32)
ROW = 4
"""Blocks in a row that are looked for."""
PREMIUM = 0.1
CELLS = 4096
"""In which the law of a value is put: sums are known to 1e-6 of a block."""

BLOCKS = 300 * EPOCH
LEAST = 3 * EPOCH
FEWEST = 30
"""Epochs from which on their mean has an interval."""
BEST, SECOND = BUYERS / (BUYERS + 1), (BUYERS - 1) / (BUYERS + 1)
"""E v_(1) and E v_(2) of a block, ETH: values are U[0, 1]."""
PAYS_MORE = "hoarder-1"
MARKETS: dict[str, dict[str, Any]] = {
    "alike": {"agents": [{"strategy": "truthful", "role": "buyer", "count": BUYERS}], "pbs": "off"},
    "one pays more": {
        "agents": [
            {"strategy": "hoarder", "role": "buyer", "parameters": {"share": 1.0, "premium": PREMIUM}},
            {"strategy": "truthful", "role": "buyer", "count": BUYERS - 1},
        ],
        "pbs": "off",
    },
    "resold": {
        "agents": [{"strategy": "round_buyer", "role": ["seller", "buyer"], "count": BUYERS}],
        "pbs": "sealed",
    },
}


class RoundCase(NamedTuple):
    """A market, and the blocks of a right."""

    market: str
    length: int

    @property
    def name(self) -> str:
        return f"{self.market}, B={self.length}"


class RoundForecast(NamedTuple):
    """What theory says of a market: the price of a block, ETH, efficiency, and each buyer's chance of a right."""

    price: float
    efficiency: float
    chances: Floats


CASES = [RoundCase(market, length) for market in MARKETS for length in LENGTHS]


def answer(settings: Settings) -> Answer:
    """Every market at every length: price, efficiency, concentration, blocks in a row; and who pays more."""
    import pandas as pd

    table = pd.DataFrame(settings.rows(measures, CASES))
    values = {f"{row['case']}.{row['measure']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(
        table, values, {"round_length": sale_figure(table), "round_length_control": control_figure(table)}
    )


def config(case: RoundCase) -> dict[str, Any]:
    """A right is sold in the last slot before its first block."""
    market = MARKETS[case.market]
    agents = [agent | {"endowment_eth": 1e6, "can_build": True} for agent in market["agents"]]
    return {
        "blocks": BLOCKS,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1, "round": case.length},
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": 1.0},
        "market": {"structure": "et", "resale": "never", "pbs": market["pbs"]},
        "agents": agents,
    }


def measures(settings: Settings, case: RoundCase) -> list[dict[str, Any]]:
    """Rows of one case, from its whole epochs."""
    result = settings.run(case.name.replace(", ", "-").replace(" ", "_"), config(case))
    assert isinstance(result, Result)
    theory = expected(case)
    found = {
        "price": near(by_epoch(prices(result, case.length)), theory.price),
        "efficiency": near(by_epoch(made(result)), theory.efficiency),
        "HHI of an epoch": near(hhi(result), expected_hhi(case, theory)),
        f"{ROW} in a row": near(in_a_row(result), expected_row(case, theory)),
    }
    if case.market == "one pays more":
        mine = by_epoch(result.blocks["proposer"].eq(PAYS_MORE).to_numpy(float))
        found["share of who pays more"] = near(mine, float(theory.chances[0]))
    about = {"case": case.name, "market": case.market, "B": case.length}
    return [about | {"measure": measure} | row for measure, row in found.items()]


def near(sample: Floats, theory: float) -> dict[str, float]:
    """The agreement of means of epochs; too few epochs that differ do not say how much they vary."""
    found = agreement(sample, theory)
    is_told = len(sample) >= FEWEST or abs(found["simulated"] - theory) < EXACT
    return found if is_told else found | {"se": np.nan, "z": np.nan}


# What came of a run, by epoch


def by_epoch(of_blocks: Floats) -> Floats:
    """Means of whole epochs."""
    whole = len(of_blocks) // EPOCH * EPOCH
    return np.asarray(of_blocks[:whole].reshape(-1, EPOCH).mean(axis=1))


def prices(result: Result, length: int) -> Floats:
    """What was paid for each block, ETH: its part of the right."""
    sold = result.trades[result.trades["market"] == "primary"].sort_values("ticket")
    each = sold["price_gwei"].to_numpy(float) / 1e9 / length
    return np.repeat(each, length)[: len(result.blocks)]


def made(result: Result) -> Floats:
    """What was made of each block, less what could have been, over the mean of that, and 1: its mean is the
    efficiency, without the chance in what could have been."""
    lost = result.blocks["net_gwei"].to_numpy(float) - result.blocks["best_gwei"].to_numpy(float)
    return np.asarray(1 + lost / 1e9 / BEST)


def owners(result: Result) -> npt.NDArray[np.int64]:
    """Who proposed each block of whole epochs, by epoch, as a number."""
    codes = result.blocks["proposer"].astype(str).factorize()[0]
    return np.asarray(codes[: len(codes) // EPOCH * EPOCH].reshape(-1, EPOCH))


def shares(result: Result) -> Floats:
    """Each buyer's share of the blocks of each epoch; rows are epochs."""
    by_buyer = [(owners(result) == buyer).mean(axis=1) for buyer in range(BUYERS)]
    return np.array(by_buyer)


def hhi(result: Result) -> Floats:
    """The sum of squared shares, of each epoch: 1 is one proposer."""
    return np.asarray((shares(result) ** 2).sum(axis=0))


def in_a_row(result: Result) -> Floats:
    """Of the windows of `ROW` blocks that begin in an epoch, the share that one proposer has whole."""
    codes = owners(result).ravel()
    windows = np.lib.stride_tricks.sliding_window_view(codes, ROW)
    whole = (windows == windows[:, :1]).all(axis=1).astype(float)
    return by_epoch(whole)


# What theory says


def expected(case: RoundCase) -> RoundForecast:
    """Of the sale of a right."""
    alike = np.full(BUYERS, 1 / BUYERS)
    if case.market == "resold":
        return RoundForecast(SECOND, 1.0, alike)
    if case.market == "one pays more":
        return with_premium(case.length)
    sale = sale_of_sums(sums(case.length), BUYERS, 0.0, 0.0)
    return RoundForecast(sale.price / case.length, sale.made / case.length / best(), alike)


@cache
def best() -> float:
    """E v_(1), as the law of single blocks has it."""
    return sale_of_sums(sums(1), BUYERS, 0.0, 0.0).made


@cache
def sums(length: int) -> Lattice:
    """The law of what a right is worth to a buyer, ETH."""
    return together([on_lattice(UniformLaw(0.0, 1.0), CELLS)], [length])


@cache
def with_premium(length: int) -> RoundForecast:
    """One bids 1 + a times its sum against three who bid theirs, all with one law F: it wins with chance
    E F((1 + a) S)³, each other one with E F(S)² F(S/(1 + a))."""
    law = sums(length)
    at, mass = law.points, law.mass
    below = np.cumsum(mass) - mass / 2

    def cdf(bids: Floats) -> Floats:
        return np.asarray(np.interp(bids, at, below, left=0.0, right=1.0))

    wins = cdf((1 + PREMIUM) * at) ** (BUYERS - 1)
    loses = below ** (BUYERS - 2) * cdf(at / (1 + PREMIUM))
    chance = float(mass @ wins)
    made = float(mass @ (at * (wins + (BUYERS - 1) * loses)))
    rest = (1 - chance) / (BUYERS - 1)
    chances = np.array([chance] + [rest] * (BUYERS - 1))
    return RoundForecast(second_bid(law, cdf) / length, made / length / best(), chances)


def second_bid(law: Lattice, cdf: Any) -> float:
    """The mean of the second-highest bid: the integral of the chance that it is above x."""
    top = law.points[-1] * (1 + PREMIUM)
    at = np.linspace(0.0, top, 100_001)
    one, other = cdf(at / (1 + PREMIUM)), cdf(at)
    none_above = one * other ** (BUYERS - 1)
    one_above = (1 - one) * other ** (BUYERS - 1) + (BUYERS - 1) * one * (1 - other) * other ** (BUYERS - 2)
    return float(np.trapezoid(1 - none_above - one_above, at))


def expected_hhi(case: RoundCase, theory: RoundForecast) -> float:
    """E Σ s², where each right of an epoch falls to buyer i with chance p_i: Σ p² + (1 − Σ p²) B/32."""
    even = float((theory.chances**2).sum())
    return even + (1 - even) * case.length / EPOCH


def expected_row(case: RoundCase, theory: RoundForecast) -> float:
    """Σ_i p_i^k, k the rights that a window of `ROW` blocks touches, over all its places."""
    touched = [(place + ROW - 1) // case.length + 1 for place in range(case.length)]
    return float(np.mean([(theory.chances**count).sum() for count in touched]))


def sale_figure(table: pd.DataFrame) -> Figure:
    """Price and efficiency by the length of a right."""
    labels = {"price": "price of a block, ETH", "efficiency": "efficiency"}
    return figure(table, labels, "What a right is sold for")


def control_figure(table: pd.DataFrame) -> Figure:
    """Concentration and blocks in a row by the length of a right."""
    labels = {"HHI of an epoch": "HHI of proposals in an epoch", f"{ROW} in a row": f"chance of {ROW} in a row"}
    return figure(table, labels, "Who proposes")


def figure(table: pd.DataFrame, labels: dict[str, str], title: str) -> Figure:
    """Panels of measures by the length, a line for each market."""
    from experiments.lab.study.plot import lines_and_points, panels

    drawn, places = panels(1, len(labels), f"{title}, by the blocks B of a right")
    for place, (measure, label) in zip(places, labels.items(), strict=True):
        for market in MARKETS:
            part = table[(table["market"] == market) & (table["measure"] == measure)]
            lines_and_points(place, part, "B", market)
        place.set_xscale("log", base=2)
        place.set_xticks(LENGTHS, [str(length) for length in LENGTHS])
        place.set_xlabel("B")
        place.set_ylabel(label)
    places[0].legend(frameon=False)
    return drawn


experiment = Experiment(__file__, __doc__, answer, LEAST)
if __name__ == "__main__":
    experiment.main()
