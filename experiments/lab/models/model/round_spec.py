"""The keys of a model file with exercise = "round": a right of many blocks, ahead of time and just in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from chain.money import GWEI_PER_ETH
from experiments.lab.config.reward import Reward
from experiments.lab.config.section import Eth, Positive, Section
from experiments.lab.models.model.spec import NEEDS_DENSITY, Cost, OwnCostKeys

MOST_BUYERS, MOST_SHARING = 10_000, 1_000
MOST_BLOCKS, MOST_MOVING, MOST_SUMMED, MOST_RESERVED = 10_000, 1_000, 200, 100

SOLVED_REWARDS = ("constant", "uniform", "lognormal", "exponential", "ar1")
"""The processes whose rewards have a law in closed form."""

Shape = Annotated[float, Field(gt=0, allow_inf_nan=False)]

RESOLD = ("resale", "hub")
Regime = Literal["just_in_time", "ahead", "ahead_informed", "resale", "hub", "common_value"]


class ValueBetween(Section):
    """A law on an interval."""

    low: Eth = Field(description="lowest value of a block, ETH")
    high: Eth = Field(description="highest value of a block, ETH")

    @model_validator(mode="after")
    def in_order(self) -> ValueBetween:
        if self.low > self.high:
            raise ValueError(f"low is {self.low}, above high, {self.high}")
        return self


class UniformValue(ValueBetween):
    distribution: Literal["uniform"]


class ExponentialValue(Section):
    distribution: Literal["exponential"]
    mean: Positive = Field(description="mean value of a block, ETH")


class LognormalValue(Section):
    distribution: Literal["lognormal"]
    mean: Positive = Field(description="mean value of a block, ETH")
    sigma: float = Field(ge=0, le=5, allow_inf_nan=False, description="standard deviation of its log")


class BetaValue(ValueBetween):
    distribution: Literal["beta"]
    a: Shape = Field(description="first shape parameter")
    b: Shape = Field(description="second shape parameter")


class GammaValue(Section):
    distribution: Literal["gamma"]
    shape: Annotated[Shape, Field(ge=0.05)] = Field(description="shape parameter")
    mean: Positive = Field(description="mean value of a block, ETH")


class WeibullValue(Section):
    distribution: Literal["weibull"]
    shape: Annotated[Shape, Field(ge=0.2)] = Field(description="shape parameter")
    mean: Positive = Field(description="mean value of a block, ETH")


VALUES: dict[str, type[Section]] = {
    "uniform": UniformValue,
    "exponential": ExponentialValue,
    "lognormal": LognormalValue,
    "beta": BetaValue,
    "gamma": GammaValue,
    "weibull": WeibullValue,
}
"""Each law of values under the name that a file gives it."""

Value = Annotated[
    UniformValue | ExponentialValue | LognormalValue | BetaValue | GammaValue | WeibullValue,
    Field(discriminator="distribution"),
]


class RoundModel(Section):
    """A round of blocks that is sold at once, who bids for it, and how its blocks are sold on."""

    exercise: Literal["round"] = Field(
        description='"round": a right of many blocks, which is sold before the first'
    )
    regime: Regime = Field(
        description="who bids, and what becomes of the blocks: each is sold just in time; the round is kept, by "
        "who knows only the law, or its own sum; it is sold on block by block, by a buyer, or by hubs too; or "
        "buyers share a value of which each has a signal"
    )
    blocks: int = Field(1, ge=1, le=MOST_BLOCKS, description="B, blocks of a round")
    buyers: int = Field(ge=1, le=MOST_BUYERS, description="n, potential buyers")
    hubs: int | None = Field(
        None, ge=0, le=1_000, description="bidders that have no use for blocks, and sell them on; left out: 1"
    )
    primary_entry_cost: Eth = Field(0.0, description="sunk by a buyer that bids for the round, ETH")
    hub_entry_cost: Eth = Field(0.0, description="sunk by a hub that bids for the round, ETH")
    reserve: Eth = Field(0.0, description="lowest price of the round, ETH")
    resale_reserve: Literal["none", "own", "best"] = Field(
        "own",
        description="reserve of who sells blocks on: none, its own value of the block (a hub has none), or "
        "Myerson's",
    )
    unsold: Literal["empty", "endowed"] | None = Field(
        None,
        description="what becomes of a round that nobody buys: it is lost, or an endowed validator sells its "
        'blocks just in time; left out: "endowed"',
    )
    format: Literal["second_price", "first_price"] = Field(
        "second_price", description="auction of the round; first_price: common_value only"
    )
    value_sd: float | None = Field(
        None,
        gt=0,
        le=5,
        allow_inf_nan=False,
        description="τ, standard deviation of log V, of a lognormal V with mean 1; this or [model.value]",
    )
    signal_sigma: float | None = Field(
        None,
        gt=0,
        le=1_000,
        allow_inf_nan=False,
        description="σ, standard deviation of the noise of a buyer's signal of log V; needed there",
    )
    value: Value | None = Field(
        None, description="v, what a block is worth to a buyer, in place of cost and reward"
    )
    cost: Cost | None = Field(None, description="θ, a buyer's cost of exploiting a block")
    reward: Reward | None = Field(None, description="R_k, what a block is worth before costs")

    @model_validator(mode="after")
    def make_sense(self) -> RoundModel:
        for fault in (*self.of_regime(), *self.of_values(), *self.of_size(), *self.of_atoms()):
            raise ValueError(fault)
        return self

    def of_regime(self) -> Iterator[str]:
        """Keys that this regime has no use for, or needs."""
        fields = type(self).model_fields
        for key, regimes in USED_BY.items():
            if self.regime not in regimes and getattr(self, key) != fields[key].default:
                where = " or ".join(f'"{regime}"' for regime in regimes)
                yield f'{key} has no meaning with regime = "{self.regime}"; leave it out, or use regime = {where}'
        if self.regime == "common_value" and self.buyers < 2:
            yield "buyers is 1; a common value is bid for by at least 2"
        if self.regime == "common_value" and self.signal_sigma is None:
            yield 'signal_sigma is missing; regime = "common_value" needs the noise of signals'
        if self.format == "first_price" and self.regime != "common_value":
            yield (
                'format = "first_price" is solved for regime = "common_value"; elsewhere use "second_price", '
                "which brings the same"
            )

    def of_values(self) -> Iterator[str]:
        """Where values come from."""
        if self.regime == "common_value":
            yield from self.of_common_value()
            return
        if self.value is not None and (self.cost or self.reward):
            yield "value stands in place of cost and reward; leave out one or the other"
        if self.value is None and not (self.cost and self.reward):
            missing = "cost" if self.reward else "reward" if self.cost else "value"
            yield f"{missing} is missing; give [model.value], or both [model.cost] and [model.reward]"

    def of_common_value(self) -> Iterator[str]:
        if self.cost or self.reward:
            yield "a common value has no cost and no reward; give value_sd, or [model.value]"
        if (self.value is None) == (self.value_sd is None):
            yield "a common value needs one of value_sd, for a lognormal V with mean 1, and [model.value]"
        if atoms := self.atoms(()):
            yield f"a common value that is known has no signals: {atoms}; give it a spread"

    def of_size(self) -> Iterator[str]:
        """What would take too long."""
        if self.regime == "common_value" and self.buyers > MOST_SHARING:
            yield f"buyers is {self.buyers}; a common value is solved for at most {MOST_SHARING}"
        moving = self.reward is not None and self.reward.process == "ar1"
        most = MOST_RESERVED if self.resale_reserve == "best" else MOST_MOVING
        if moving and self.blocks > most:
            yield f"blocks is {self.blocks}; with ar1 rewards at most {most} are solved; use fewer"
        if self.regime == "ahead_informed" and self.shares_rewards() and self.blocks > MOST_SUMMED:
            yield (
                f"blocks is {self.blocks}; of values that share random rewards at most {MOST_SUMMED} are summed; "
                'use fewer, reward.process = "constant", or [model.value]'
            )

    def of_atoms(self) -> Iterator[str]:
        """What is not defined where values have atoms, or depend on each other."""
        self.refuse_atoms(self.atoms(self.cost_atoms()))
        if self.has_informed_entry() and self.shares_rewards():
            yield (
                "primary_entry_cost of informed buyers is not solved where they share rewards that are random: "
                'their sums tell of each other; use 0, reward.process = "constant", or [model.value]'
            )

    def refuse_atoms(self, atoms: str) -> None:
        """ValueError where values have atoms, as `atoms` says why, and what is asked has no answer."""
        if atoms and self.resale_reserve == "best":
            raise ValueError(f'resale_reserve = "best" is not defined where {atoms}; use "own"')
        if atoms and self.has_informed_entry():
            raise ValueError(f"primary_entry_cost of informed buyers is not solved where {atoms}; use 0")

    def refuse_draws(self, *, is_simulated: bool) -> None:
        """ValueError where what is asked needs a density, and draws alone tell of the law of θ."""
        if is_simulated and self.resale_reserve == "best":
            raise ValueError(f'model.cost: resale_reserve = "best" {NEEDS_DENSITY}')

    def has_informed_entry(self) -> bool:
        """Whether a buyer weighs its own sum against the cost of bidding and what others may have."""
        return self.regime == "ahead_informed" and self.primary_entry_cost > 0 and self.buyers > 1

    def shares_rewards(self) -> bool:
        """Whether buyers' sums depend on each other."""
        return self.reward is not None and self.reward.process != "constant"

    def cost_atoms(self) -> Sequence[float]:
        """The costs that have a probability of their own, Gwei; those of a law of one's own are looked at where
        its file is read."""
        if self.cost is None or isinstance(self.cost, OwnCostKeys):
            return ()
        atoms: Sequence[float] = self.cost.law().known.atoms_gwei
        return atoms

    def atoms(self, costs: Sequence[float]) -> str:
        """Why values have an atom that is not at 0, empty where they have none; `costs` are those of costs."""
        if self.cost is not None and len(costs) > 1:
            return f'cost.distribution = "{self.cost.distribution}" has an atom at each value'
        if costs:
            return f"cost has an atom at {costs[0] / GWEI_PER_ETH}"
        if isinstance(self.value, ValueBetween) and self.value.low == self.value.high:
            return f"value has an atom at {self.value.low}"
        if isinstance(self.value, LognormalValue) and self.value.sigma == 0:
            return f"value has an atom at {self.value.mean}"
        return ""

    @property
    def count_hubs(self) -> int:
        """Hubs that bid."""
        if self.regime != "hub":
            return 0
        return 1 if self.hubs is None else self.hubs

    @property
    def left_unsold(self) -> str:
        """What becomes of an unsold round; where nothing is sold just in time it is lost."""
        return self.unsold or ("endowed" if self.regime in RESOLD else "empty")


USED_BY: dict[str, tuple[str, ...]] = {
    "hubs": ("hub",),
    "hub_entry_cost": ("hub",),
    "primary_entry_cost": ("ahead", "ahead_informed", *RESOLD),
    "reserve": ("ahead", "ahead_informed", *RESOLD),
    "resale_reserve": RESOLD,
    "unsold": RESOLD,
    "value_sd": ("common_value",),
    "signal_sigma": ("common_value",),
}
"""The regimes in which a key has a meaning."""


class RoundFile(Section):
    """A file with one table, [model]."""

    model: RoundModel = Field(description="a round of blocks, and who bids for it")
