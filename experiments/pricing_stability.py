"""Which way to price tickets swings, and how fast does it follow a step in what they are worth?

Demand is a flow: n buyers a slot, one ticket each, values log-uniform around v, so that a price v e^x sells
H*/N − ε(x − x*) tickets a slot. A lottery among N uses up a held ticket with chance H/N, H = H* + h of them held.
Near its rest:

- EIP-1559 style, x' = a h/H*: h'' + h'/N + (ε a/H*) h = 0. It swings, once in about 2π √(H*/(ε a)) slots, and
  nothing but the lottery damps it, e-fold in 2N slots: a larger stock is used up faster. Two updates a slot swing
  faster and further.
- Elowsson's counts orders too, x' = h/(8H*) + h'/(32W) or so, which damps it: e-fold in 2/(1/N + ε/(32W)) slots.
- AMM, x = h/q: h' = −(ε/q + 1/N) h. It does not swing, but follows a step only by the share ε/(ε + q/N) and adds
  the rest to the stock.
- An auction sells what there is: no memory, no swing, at the new price at once; each price is noise around it.

At the step v doubles. The lines are a slot (draw, sale, update) as a linear map: its response to the step, its
autocorrelation, and the spread that chance keeps up in it. Rules share their seeds, so their spreads err together:
those measured lie 5 to 17 % below the lines, of which 1 to 3 % are swings beyond what anyone pays, cut off.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, log
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import typer

from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Values = npt.NDArray[np.float64]

BLOCKS = 1200
SEEDS = 8
BUYERS, WIDTH = 2, 2.0
SUPPLY = 40
TARGET = SUPPLY // 2
USE = TARGET / SUPPLY  # tickets sold and used up a slot, at rest
SLOPE = BUYERS / (2 * WIDTH)  # ε
REST = WIDTH * (1 - 2 * USE / BUYERS)  # x*: USE tickets are sold a slot
STEP = log(2)
STEP_SLOT = 100
LAGS = 200
LEAST = STEP_SLOT + LAGS // 2
STEEPNESS = 10.0
ADJUSTMENT = 1 / 8


class LinearRule(NamedTuple):
    """A pricing rule near its rest: by what the log price moves for each ticket above the target, before a slot's
    sale and after it, and for each order above theirs; or, `quotes`, it is that of the stock."""

    name: str
    parameters: dict[str, Any]
    before: float = 0.0
    after: float = 0.0
    orders: float = 0.0
    quotes: bool = False

    def slot(self, state: Values, drawn: float = 0.0, demand: float = 0.0, step: float = 0.0) -> Values:
        """Stock and log price, less what they are at rest, a slot later: draw, sale, update.

        `drawn` and `demand` are chance, tickets; `step` is that of ln v.
        """
        stock, price = state
        stock = stock * (1 - 1 / SUPPLY) + drawn
        price = stock / STEEPNESS if self.quotes else price + self.before * stock
        sold = SLOPE * (step - price) + demand
        stock = stock + sold
        price = stock / STEEPNESS if self.quotes else price + self.after * stock + self.orders * sold
        return np.array([stock, price])

    @property
    def matrix(self) -> Values:
        """A slot as a linear map, shape (2, 2)."""
        return np.column_stack([self.slot(unit) for unit in np.eye(2)])

    def covariance(self) -> Values:
        """Of stock and log price in the long run, shape (2, 2): Σ = M Σ Mᵀ + Q."""
        from scipy.linalg import solve_discrete_lyapunov

        draw, demand = self.slot(np.zeros(2), drawn=1.0), self.slot(np.zeros(2), demand=1.0)
        noise = USE * (1 - USE) * np.outer(draw, draw) + USE * (1 - USE / BUYERS) * np.outer(demand, demand)
        return np.asarray(solve_discrete_lyapunov(self.matrix, noise))

    def echo(self) -> Values:
        """The stock's autocorrelation, by lag from 0 on."""
        covariances = [self.covariance()]
        for _ in range(LAGS - 1):
            covariances.append(self.matrix @ covariances[-1])
        stock = np.array([one[0, 0] for one in covariances])
        return np.asarray(stock / stock[0])

    def response(self) -> Values:
        """The log price by slot from the step on."""
        states = [np.zeros(2)]
        for _ in range(LAGS):
            states.append(self.slot(states[-1], step=STEP))
        return np.array([state[1] for state in states[1:]])

    @property
    def swings(self) -> bool:
        """Whether the stock swings: whether the map has complex eigenvalues."""
        return bool(np.iscomplex(np.linalg.eigvals(self.matrix)).any())


class MemorylessSale(NamedTuple):
    """A sale to the highest bids: what N tickets cost today does not depend on yesterday."""

    name: str
    parameters: dict[str, Any]
    swings: bool = False

    def covariance(self) -> Values:
        """The stock is always N; the price is the second-highest of n log-uniform values."""
        spread = (2 * WIDTH) ** 2 * 2 * (BUYERS - 1) / ((BUYERS + 1) ** 2 * (BUYERS + 2))
        return np.diag([0.0, spread])

    def response(self) -> Values:
        """At once."""
        return np.full(LAGS, STEP)


START = {"start_eth": exp(REST), "target": TARGET}
SPEED = ADJUSTMENT / TARGET
RULES: dict[str, LinearRule | MemorylessSale] = {
    "eip1559": LinearRule("eip1559", START, after=SPEED),
    "eip1559 twice": LinearRule("eip1559", START | {"updates": 2}, before=SPEED, after=SPEED),
    "elowsson": LinearRule(
        "elowsson", START | {"target_orders": USE}, after=1 / (8 * TARGET), orders=1 / (32 * USE)
    ),
    "amm": LinearRule("amm", START | {"steepness": STEEPNESS}, quotes=True),
    "uniform_price": MemorylessSale("uniform_price", {}),
}


def answer(
    settings: Settings,
    rule: Annotated[list[str] | None, typer.Option(help=f"one of {', '.join(RULES)}; several times")] = None,
    seeds: Annotated[int, typer.Option(min=2, help="how many")] = SEEDS,
) -> Answer:
    """Every rule on the same draws, with the step and without: spreads, swings and the response."""
    import pandas as pd

    names = choose(rule)
    cases = [(name, seed, step) for name in names for step in (0.0, STEP) for seed in range(seeds)]
    paths = dict(zip(cases, settings.each(lambda own, case: play(own, *case), cases), strict=True))
    calm = {name: [paths[name, seed, 0.0] for seed in range(seeds)] for name in names}
    moved = {name: response(calm[name], [paths[name, seed, STEP] for seed in range(seeds)]) for name in names}
    table = pd.DataFrame([row for name in names for row in measures(name, calm[name], moved[name])])
    values = {f"{row['rule']}.{row['measure']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"step_in_rewards": draw_steps(moved), "swings_of_the_stock": draw_echoes(calm)})


def choose(names: list[str] | None) -> list[str]:
    """The rules to play. Raises `InputError` for a name that is none."""
    unknown = [name for name in names or () if name not in RULES]
    if unknown:
        raise InputError(f"--rule {unknown[0]}: there are {', '.join(RULES)}")
    return names or list(RULES)


def config(name: str, step: float) -> dict[str, Any]:
    """Buyers of a flow, who keep their tickets; a lottery without expiry. The stock begins at the target."""
    rule = RULES[name]
    demand = {"width": WIDTH, "stock": TARGET // BUYERS, "step_slot": STEP_SLOT, "step": exp(step)}
    buyers = {"strategy": "flow_buyer", "role": "seller", "count": BUYERS}
    market = {"structure": "et", "resale": "never", "pbs": "off", "primary": rule.name}
    return {
        "chain": {"draw": "lottery", "supply": SUPPLY, "maturity": "none"},
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": 0.0},
        "market": market | ({rule.name: rule.parameters} if rule.parameters else {}),
        "agents": [buyers | {"can_build": True, "endowment_eth": 1e6, "parameters": demand}],
    }


def play(settings: Settings, name: str, seed: int, step: float) -> pd.DataFrame:
    """One run. With the step it ends when the response is over; without it its draws are the same."""
    blocks = settings.blocks or BLOCKS
    own = replace(settings, seed=None, blocks=min(STEP_SLOT + LAGS, blocks) if step else blocks)
    case = f"{name}-{seed}{'-step' if step else ''}".replace(" ", "-")
    result = own.run(case, config(name, step) | {"seed": (settings.seed or 0) + seed})
    assert isinstance(result, Result)
    return path(result)


def path(result: Result) -> pd.DataFrame:
    """For each slot the log price of the last sale so far, and the stock.

    NaN before the first; what was free, because nobody else wanted it, has no log price.
    """
    import pandas as pd

    sold = result.trades[result.trades["market"].eq("primary") & (result.trades["price_gwei"] > 0)]
    last = sold.groupby("slot")["price_gwei"].last().reindex(range(len(result.blocks))).ffill()
    return pd.DataFrame({"price": np.log(last / 1e9), "stock": result.blocks["held"].astype(float)})


def response(calm: list[pd.DataFrame], stepped: list[pd.DataFrame]) -> Values:
    """What the step does to the log price, from its slot on: mean difference of runs with the same draws."""
    pairs = zip(calm, stepped, strict=True)
    paths = [moved["price"] - still["price"].iloc[: len(moved)] for still, moved in pairs]
    return np.asarray(np.mean(paths, axis=0)[STEP_SLOT:])


def measures(name: str, calm: list[pd.DataFrame], moved: Values) -> list[dict[str, Any]]:
    """A row for each measure of one rule, but for a way that the price has not made."""
    rule, variances, still = RULES[name], np.diag(RULES[name].covariance()), RULES[name].response()
    rows = [
        {"measure": "sd of stock", "theory": variances[0] ** 0.5, **mean_and_error(spreads(calm, "stock"))},
        {"measure": "sd of log price", "theory": variances[1] ** 0.5, **mean_and_error(spreads(calm, "price"))},
        {"measure": "half-way after", "theory": halfway(still), "simulated": halfway(moved)},
        {"measure": "overshoot", "theory": overshoot(still), "simulated": overshoot(moved)},
        {"measure": "followed", "theory": followed(still), "simulated": followed(moved)},
    ]
    if isinstance(rule, LinearRule) and rule.swings:
        rows.append({"measure": "swing", "theory": swing(rule.echo()), "simulated": swing(echo(calm))})
    return [{"rule": name, **one} for one in rows if np.isfinite(one["simulated"])]


def spreads(runs: list[pd.DataFrame], column: str) -> Values:
    """For each run the root mean square deviation from the mean of all runs."""
    paths = np.array([run[column].iloc[STEP_SLOT:] for run in runs])
    return np.asarray(((paths - paths.mean()) ** 2).mean(axis=1) ** 0.5)


def mean_and_error(sample: Values) -> dict[str, float]:
    """The mean and its standard error. No z: the closed form is that of small swings."""
    return {"simulated": float(sample.mean()), "se": float(sample.std(ddof=1) / len(sample) ** 0.5)}


def echo(runs: list[pd.DataFrame]) -> Values:
    """The stock's autocorrelation, by lag from 0 on; over all runs."""
    paths = np.array([run["stock"].iloc[STEP_SLOT:] for run in runs])
    swings = paths - paths.mean()
    lags = range(min(LAGS, paths.shape[1]))
    products = np.array([(swings[:, lag:] * swings[:, : paths.shape[1] - lag]).mean() for lag in lags])
    return np.asarray(products / products[0])


def swing(echoes: Values) -> float:
    """Slots of a swing: twice the lag at which the stock is least like itself."""
    return float(2 * np.argmin(echoes))


def halfway(moved: Values) -> float:
    """Slots until the price has made half of the step; NaN if it has not."""
    there = np.flatnonzero(moved >= STEP / 2)
    return float(there[0]) if there.size else float("nan")


def overshoot(moved: Values) -> float:
    """By how much of the step the price goes beyond it."""
    return max(float(moved.max()) / STEP - 1, 0.0)


def followed(moved: Values) -> float:
    """The share of the step that the price has made when the response is over: mean of the later half."""
    return float(moved[len(moved) // 2 :].mean()) / STEP


def draw_steps(moved: dict[str, Values]) -> Figure:
    """The response of each rule."""
    from experiments.lab.study.plot import axes

    figure, place = axes("slots since the step", "log price / step", "What tickets are worth doubles", (7.2, 4.2))
    for name, simulated in moved.items():
        (line,) = place.plot(RULES[name].response() / STEP, linewidth=1.4, label=name)
        dots(place, simulated / STEP, line.get_color())
    place.axhline(1, color="black", linewidth=0.8, linestyle=":")
    place.legend(frameon=False, ncols=3, loc="upper right")
    return figure


def draw_echoes(calm: dict[str, list[pd.DataFrame]]) -> Figure:
    """The stock's autocorrelation under each rule that moves a price."""
    from experiments.lab.study.plot import axes

    figure, place = axes("lag, slots", "autocorrelation", "The stock of tickets, with itself some slots before")
    for name, runs in calm.items():
        rule = RULES[name]
        if isinstance(rule, LinearRule):
            (line,) = place.plot(rule.echo(), linewidth=1.4, label=name)
            dots(place, echo(runs), line.get_color())
    place.axhline(0, color="black", linewidth=0.8)
    place.legend(frameon=False)
    return figure


def dots(place: Axes, values: Values, color: Any) -> None:
    """Every eighth of a sequence, as points."""
    place.plot(np.arange(0, values.size, 8), values[::8], "o", markersize=3, color=color)


experiment = Experiment(__file__, __doc__, answer, LEAST)
if __name__ == "__main__":
    experiment.main()
