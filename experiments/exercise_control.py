"""What is it worth to a seller to control when the buyer exercises?

A right without end to a reward that moves as a geometric Brownian motion (Cong 2020). Paid in cash, the seller
sells it at once, and the winner exercises when it likes. A seller who may contract on the exercise takes a price
now and lets the winner with cost θ exercise at the threshold of the virtual strike θ + F/f: later than it would
itself, so that less is left to the winner. Closed forms stand beside sales that were played: costs drawn, payments
made, and the moment at which the reward reaches the threshold drawn from its exact law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from chain.randomness import Streams
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from strategies.theory.option_sale import OptionSale

Numbers = npt.NDArray[np.float64]

SALES = 40_000
BUYERS = (1, 2, 3, 5)
RATE, PAYOUT, VOLATILITY = 0.05, 0.04, 0.2  # a year
COSTS = (0.2, 0.4)
REWARD = 0.3


def answer(settings: Settings) -> Answer:
    """Sell the right both ways, to one buyer and to several."""
    import pandas as pd

    rows = [row for buyers in BUYERS for row in compare(settings, buyers)]
    table = pd.DataFrame(rows)
    values = {f"n={row['n']}.{row['sale']}.{row['of']}": float(row["simulated"]) for row in rows}
    return Answer(table, values, {"exercise_control": draw(table)})


def compare(settings: Settings, buyers: int) -> list[dict[str, Any]]:
    """A row for the seller and one for the winner of each sale: theory, play, z; on the same draws."""
    sale = sale_to(buyers)
    seed = 7 if settings.seed is None else settings.seed
    streams = Streams(seed)
    count = settings.blocks or SALES
    costs = np.sort(sale.costs.ppf(streams.generator("cost", buyers).random((count, buyers))), axis=1)
    lowest = costs[:, 0]
    second = costs[:, 1] if buyers > 1 else np.full(count, COSTS[1])
    theory = {"cash": sale.cash_revenue, "contract": sale.contract_revenue}
    thresholds = {"cash": sale.option.threshold(lowest), "contract": sale.threshold(lowest)}
    prices = {"cash": sale.worth(second), "contract": contract_price(sale, lowest, second)}
    rows = []
    for name, threshold in thresholds.items():
        discount = discount_at(sale, threshold, streams.generator("moment", buyers))
        profit = discount * (threshold - lowest) - prices[name]
        row = {"n": buyers, "sale": name}
        rows.append(row | {"of": "seller"} | agreement(prices[name], theory[name]))
        rows.append(row | {"of": "winner"} | agreement(profit, left_to_winner(sale, name)))
    return rows


def sale_to(buyers: int) -> OptionSale:
    """The sale of the right to so many buyers."""
    from strategies.theory.laws import UniformLaw
    from strategies.theory.option_sale import OptionSale
    from strategies.theory.perpetual_option import PerpetualOption

    return OptionSale(PerpetualOption(RATE, PAYOUT, VOLATILITY), UniformLaw(*COSTS), buyers, REWARD)


def contract_price(sale: OptionSale, cost: Numbers, rival: Numbers) -> Numbers:
    """What the winner pays now: the worth of its exercise, less the rent that keeps it from naming another cost.

    The rent is ∫_θ^rival D(s) ds, D(s) the discount factor when the threshold of s is reached: the least that any
    payment can leave (Myerson 1981).
    """
    from strategies.theory.quadrature import integral

    threshold = sale.threshold(cost)
    worth = sale.option.value_at(REWARD, cost, threshold)
    edges = np.stack([cost, rival], axis=-1)
    rent = integral(lambda level: sale.option.reaches(REWARD, sale.threshold(level)), edges)
    return worth - rent


def left_to_winner(sale: OptionSale, name: str) -> float:
    """The winner's expected profit in closed form: what its exercise is worth less what the seller gets."""
    from strategies.theory.order_statistics import expected_at_rank

    threshold = {"cash": sale.option.threshold, "contract": sale.threshold}[name]
    revenue = {"cash": sale.cash_revenue, "contract": sale.contract_revenue}[name]
    made = expected_at_rank(
        lambda cost: sale.option.value_at(REWARD, cost, threshold(cost)), sale.costs, sale.buyers, 1
    )
    return made - revenue


def discount_at(sale: OptionSale, threshold: Numbers, rng: np.random.Generator) -> Numbers:
    """e^(−rτ), τ the moment at which the reward reaches the threshold; 0 where it never does.

    A Brownian motion with drift m < 0 reaches a > 0 with chance e^(2ma/σ²), and then at an inverse Gaussian moment
    with mean a/|m| and shape a²/σ².
    """
    option = sale.option
    drift = option.rate - option.payout - option.volatility**2 / 2
    distance = np.log(threshold / REWARD)
    chance = np.exp(np.minimum(2 * drift * distance / option.volatility**2, 0.0))
    arrives = rng.random(threshold.shape) < chance
    moment = rng.wald(distance / abs(drift), (distance / option.volatility) ** 2)
    return np.where(arrives, np.exp(-option.rate * moment), 0.0)


def draw(table: pd.DataFrame) -> Figure:
    """Revenue by the number of buyers."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("buyers n", "the seller's revenue, ETH", "Paid at once, or by contract on the exercise")
    for name, label in (("cash", "cash at once"), ("contract", "contract on the exercise")):
        mine = table[(table["sale"] == name) & (table["of"] == "seller")]
        lines_and_points(place, mine, "n", label)
    place.set_xticks(BUYERS)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
