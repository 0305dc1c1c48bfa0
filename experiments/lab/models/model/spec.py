"""The keys of a model file, with defaults, units and a line of help."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from chain.money import GWEI_PER_ETH
from chain.wording import shown
from experiments.lab.config.law_keys import OWN, LawKeys, OwnLawKeys, OwnName, chosen_by, keys_of
from experiments.lab.config.reward import Reward
from experiments.lab.config.section import Eth, Section
from market.auctions import PAID_AS_BID, SPECIAL
from market.cost_laws import COST_LAWS, CostLaw

Rate = Annotated[float, Field(gt=-1, le=1_000, allow_inf_nan=False)]
MANY = 10**9
"""The most buyers, arrivals a block, and live tickets."""

MOST_BLOCKS = {"at_maturity": 10_000, "window": 1_000, "lottery": 2_000}
"""The longest life, look-ahead included, that is solved in some ten seconds."""
MOST_LUMPY = 1_000
"""The same where costs have atoms."""


NEEDS_DENSITY = "needs a density, and draws alone tell of this law; give it quantile_gwei or cdf_gwei"


class CostKeys(LawKeys):
    """The keys of a law of θ, which is one that there can be."""

    @model_validator(mode="after")
    def can_be(self) -> CostKeys:
        self.law()
        return self

    def law(self) -> CostLaw:
        """The law. ValueError for parameters that do not go together."""
        return COST_LAWS[self.distribution](**self.taken)  # type: ignore[attr-defined]


class OwnCostKeys(OwnLawKeys):
    distribution: OwnName = Field(description="`path.py:Class`, a law of one's own")


COSTS: dict[str, type[LawKeys]] = {
    name: keys_of(law, "distribution", name, "CostKeys", base=CostKeys) for name, law in COST_LAWS.items()
}
"""The keys of each law of θ, by the name that a file gives it."""

Cost: Any = chosen_by("distribution", {**COSTS, OWN: OwnCostKeys})


class Model(Section):
    """A ticket, its buyers, and what they know."""

    maturity: Annotated[int, Field(ge=0)] | Literal["none"] = Field(
        description="T, blocks after the mint: the block that the ticket proposes (window: the last that it may; "
        'lottery: the draws that it takes part in, after which it expires, or "none": it never does)'
    )
    discount_rate: Rate | None = Field(
        None,
        description="d a block, of seller and buyers: money a block later is worth 1/(1 + d); needed where "
        "seller_discount_rate or buyer_discount_rate is left out",
    )
    seller_discount_rate: Rate | None = Field(
        None, description="d_S a block, of who holds the ticket and sells it; left out: discount_rate"
    )
    buyer_discount_rate: Rate | None = Field(None, description="d_B a block; left out: discount_rate")
    capital_cost: Rate = Field(
        0.0,
        description="c a block, what capital costs buyers that is locked up from the sale to the block: they "
        "discount by (1 + d_B)(1 + c)",
    )
    buyers: int | None = Field(
        None, ge=1, le=MANY, description="n, potential buyers, all there from the mint; this or arrival_rate"
    )
    arrival_rate: float | None = Field(
        None,
        ge=0,
        le=MANY,
        allow_inf_nan=False,
        description="λ, buyers who arrive a block, and stay: at block t there are Poisson(λt), at the mint none; "
        "in place of buyers",
    )
    entry_cost: Eth = Field(
        0.0, description="K, sunk by each buyer who takes part in a sale, ETH of the block of the sale"
    )
    entry: Literal["informed", "uninformed"] = Field(
        "informed",
        description="whether a buyer knows its θ when it decides on K: those up to a threshold enter, or all with "
        "one chance",
    )
    cost_information: Literal["at_start", "gradual", "at_maturity"] = Field(
        "at_start",
        description="when a buyer learns its own θ: from the mint on, by block t with chance t/T, or at block T "
        "(lottery: who buys a drawn ticket knows it)",
    )
    exercise: Literal["at_maturity", "window", "lottery", "round"] = Field(
        "at_maturity",
        description="which block the ticket proposes: block T, any one of 0 … T, or that for which it is drawn; "
        '"round" sells many blocks at once, and has keys of its own',
    )
    supply: int | None = Field(
        None, ge=1, le=MANY, description="N, live tickets, of which each block draws one; needed there"
    )
    lookahead: int = Field(0, ge=0, description="L, blocks from a draw to the block that it is for; less than N")
    format: Literal["second_price", "first_price", "english", "dutch", "third_price", "all_pay"] = Field(
        "second_price", description="auction in which the ticket is sold"
    )
    reserve: Eth | Literal["optimal"] = Field(
        0.0,
        description='lowest price, ETH of the block of the sale, or "optimal": the one that brings the seller '
        "most",
    )
    seller_cost: Eth | None = Field(
        None,
        description="θ_S, ETH, of a holder who can exploit a block: where nobody buys it earns (R − θ_S)^+, and "
        "at T (lottery: of a drawn ticket; window: of every sale) the reserve is at least what that is worth; "
        "left out: it cannot, and a ticket that nobody buys is worth 0",
    )
    cost: Cost = Field(description="θ, a buyer's cost of exploiting a block")
    reward: Reward = Field(description="R_t, what a block is worth before costs")

    @field_validator("maturity", mode="before")
    @classmethod
    def endless(cls, maturity: Any) -> Any:
        if maturity == math.inf:
            return "none"
        return maturity

    @model_validator(mode="after")
    def make_sense(self) -> Model:
        self.check_exercise()
        self.check_length()
        self.check_rates()
        self.check_crowd()
        self.check_lottery()
        self.check_endless()
        self.check_entry()
        self.check_format()
        return self

    def check_exercise(self) -> None:
        """Keys that have no meaning with this exercise would be read in vain."""
        for key, exercises in USED_BY.items():
            if self.exercise not in exercises and getattr(self, key) != type(self).model_fields[key].default:
                where = " or ".join(f'"{exercise}"' for exercise in exercises)
                raise ValueError(
                    f'{key} has no meaning with exercise = "{self.exercise}"; leave it out, or use '
                    f"exercise = {where}"
                )

    def check_length(self) -> None:
        if self.exercise == "round":
            raise ValueError('exercise = "round" has keys of its own; read it with read_model')
        blocks = self.lookahead
        if self.maturity != "none":
            blocks += self.maturity
        most = MOST_BLOCKS[self.exercise]
        if len(self.cost_atoms()) > 1:
            most = min(most, MOST_LUMPY)
        if blocks > most:
            raise ValueError(f"maturity + lookahead is {shown(blocks)}; at most {most} blocks are solved")

    def check_rates(self) -> None:
        for side in ("seller", "buyer"):
            if self.discount_rate is None and getattr(self, f"{side}_discount_rate") is None:
                raise ValueError(f"discount_rate is missing; give it, or {side}_discount_rate")

    def check_crowd(self) -> None:
        if self.buyers is None and self.arrival_rate is None:
            raise ValueError("buyers is missing; give a number of buyers, or arrival_rate")
        if self.buyers is not None and self.arrival_rate is not None:
            raise ValueError("arrival_rate stands instead of buyers; leave one of them out")

    def check_lottery(self) -> None:
        if self.exercise != "lottery":
            if self.maturity == "none":
                raise ValueError(f'maturity is "none"; exercise = "{self.exercise}" needs a number of blocks')
            return
        if self.supply is None:
            raise ValueError('supply is missing; exercise = "lottery" needs the number of live tickets')
        if self.lookahead >= self.supply:
            raise ValueError(f"lookahead is {self.lookahead}; it must be less than the supply, {self.supply}")
        if self.maturity == 0:
            raise ValueError("maturity is 0; a ticket of the lottery takes part in at least one draw")

    def check_endless(self) -> None:
        if self.maturity != "none":
            return
        if self.reward.process == "ar1":
            raise ValueError(
                'maturity = "none" is solved for rewards that are alike, e.g. "lognormal", not for '
                'reward.process = "ar1"; with a number of draws it is'
            )
        if self.cost_information == "gradual":
            raise ValueError('cost_information = "gradual" needs a maturity; it is "none"')
        if self.arrival_rate is not None:
            raise ValueError('arrival_rate needs a maturity; it is "none"')
        for rate in (self.seller_rate, self.buyer_rate):
            if rate * ((self.supply or 1) - self.lookahead) <= -1:
                raise ValueError(f"discount_rate {rate:g} gives a ticket without expiry no finite value")

    def check_entry(self) -> None:
        if self.entry == "uninformed" and self.cost_information != "at_start":
            raise ValueError(
                f'entry = "uninformed" needs cost_information = "at_start", not "{self.cost_information}"'
            )

    def check_format(self) -> None:
        self.refuse_atoms(self.atoms(self.cost_atoms()))
        if self.format in SPECIAL:
            self.check_special()
        if self.reserve == "optimal" and self.entry_cost > 0:
            raise ValueError(f'reserve = "optimal" needs entry_cost = 0, not {self.entry_cost}')

    def refuse_atoms(self, atoms: str) -> None:
        """ValueError where values have atoms, as `atoms` says why, and what is asked has no answer."""
        if atoms and self.format in PAID_AS_BID | SPECIAL:
            raise ValueError(f'format = "{self.format}" has no pure equilibrium where {atoms}; use "second_price"')
        if atoms and self.reserve == "optimal":
            raise ValueError(f'reserve = "optimal" is not defined where {atoms}; give a number')

    def refuse_draws(self, *, is_simulated: bool) -> None:
        """ValueError where what is asked needs a density, and draws alone tell of the law of θ."""
        asked = {
            'reserve = "optimal"': self.reserve == "optimal",
            'format = "third_price"': self.format == "third_price",
        }
        what = [name for name, is_asked in asked.items() if is_asked]
        if is_simulated and what:
            raise ValueError(f"model.cost: {what[0]} {NEEDS_DENSITY}")

    def check_special(self) -> None:
        """What is solved of the formats in which one bids neither one's value nor a share of it for the win."""
        if self.reserve == "optimal":
            raise ValueError(f'format = "{self.format}" takes a number as its reserve, not "optimal"')
        if self.entry_cost > 0:
            raise ValueError(f'format = "{self.format}" is solved for entry_cost = 0, not {self.entry_cost}')
        if self.format == "third_price" and (self.buyers is None or self.buyers < 3):
            there = "arrival_rate" if self.buyers is None else f"buyers = {self.buyers}"
            raise ValueError(f'format = "third_price" needs three buyers or more, a number of them; not {there}')
        if self.format == "all_pay" and self.reserve > 0:
            raise ValueError(
                f'format = "all_pay" is solved for reserve = 0, not {self.reserve}: a reserve that losers pay too '
                "keeps away others than in the other formats"
            )

    def cost_atoms(self) -> Sequence[float]:
        """The costs that have a probability of their own, Gwei; those of a law of one's own are looked at where
        its file is read."""
        if isinstance(self.cost, OwnCostKeys):
            return ()
        law: CostLaw = self.cost.law()
        return law.known.atoms_gwei

    def atoms(self, costs: Sequence[float]) -> str:
        """Why values have an atom, empty where they have none; `costs` have a probability of their own."""
        if len(costs) > 1:
            return f'cost.distribution = "{self.cost.distribution}" has an atom at each value'
        if costs:
            return f"cost has an atom at {costs[0] / GWEI_PER_ETH}"
        if self.cost_information != "at_start":
            return f'cost_information = "{self.cost_information}" has an atom at the mean cost'
        return ""

    @property
    def seller_rate(self) -> float:
        """d_S a block."""
        return self._rate(self.seller_discount_rate)

    @property
    def buyer_rate(self) -> float:
        """(1 + d_B)(1 + c) − 1 a block."""
        return (1 + self._rate(self.buyer_discount_rate)) * (1 + self.capital_cost) - 1

    def _rate(self, own: float | None) -> float:
        rate = own
        if own is None:
            rate = self.discount_rate
        assert rate is not None
        return rate


USED_BY: dict[str, tuple[str, ...]] = {"supply": ("lottery",), "lookahead": ("lottery",)}
"""The exercises of a ticket in which a key has a meaning; the rest have one in all."""


class ModelFile(Section):
    """A file with one table, [model]."""

    model: Model = Field(description="a ticket, its buyers, and what they know")
