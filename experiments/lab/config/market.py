"""`[market]`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.state import Rules
from chain.wording import shown
from experiments.lab.config.genesis import Genesis
from experiments.lab.config.pricing import AmmPricing, DutchPricing, Eip1559Pricing, ElowssonPricing
from experiments.lab.config.refusals import refuses
from experiments.lab.config.reserve_keys import PrimaryReserve
from experiments.lab.config.section import NAMED, Eth, Name, Parameters, Section
from experiments.lab.config.slot_auction import SlotAuction
from market.auctions import FORMATS, OWN
from market.primary import PRICING, QUOTED
from market.resale_times import RESALE, Resale
from market.slot_auction.order_flow import OrderFlow

Structure = Literal["pbs", "et", "et_expost"]
SEALED = tuple(name for name, format in FORMATS.items() if not format.is_clock)


class MarketSection(Section):
    """Who sells what to whom."""

    structure: Structure | tuple[Structure, ...] = Field(
        "et", description='"pbs" (no tickets), "et", "et_expost" (resale after the draw alone), or a list'
    )
    primary: Name = Field(
        "second_price", description=f"pricing of the primary market: one of {', '.join(PRICING)}, or {NAMED}"
    )
    primary_parameters: Parameters = Field(
        default_factory=dict, description="parameters of a pricing rule of one's own; others take none of them"
    )
    primary_reserve: Eth = Field(
        0.0, description="lowest price of the primary market, ETH; with `posted`: the price"
    )
    reserve: PrimaryReserve = Field(
        default_factory=PrimaryReserve.model_construct, description="a primary reserve that is not one number"
    )
    unsold: Literal["empty", "endowed"] = Field(
        "empty", description='a block that nobody bought is empty, or "endowed": a validator\'s, as under "pbs"'
    )
    primary_cap: int | None = Field(
        None, ge=1, description="most tickets sold in one slot; left out: all that there are"
    )
    just_in_time: bool = Field(
        False, description="the reward of the next block, and its volatility, are public before the primary sale"
    )
    dutch: DutchPricing = Field(
        default_factory=DutchPricing.model_construct, description="parameters of that pricing"
    )
    eip1559: Eip1559Pricing = Field(
        default_factory=Eip1559Pricing.model_construct, description="parameters of that pricing"
    )
    amm: AmmPricing = Field(default_factory=AmmPricing.model_construct, description="parameters of that pricing")
    elowsson: ElowssonPricing = Field(
        default_factory=ElowssonPricing.model_construct, description="parameters of that pricing"
    )
    resale: Literal["both", "never", "ex_ante", "ex_post"] = Field(
        "both", description="when tickets may be resold: before the draw (ex ante), after it (ex post)"
    )
    secondary: bool = Field(True, description="false: there is no secondary market, whatever `resale` says")
    resale_order: Literal["at_once", "in_turn"] = Field(
        "at_once",
        description='"in_turn": holders sell one after the other, buyers bid with what they have by then',
    )
    genesis: Genesis = Field(default_factory=Genesis.model_construct, description="the start of the tickets")
    building: Literal["just_in_time", "from_draw"] = Field(
        "just_in_time",
        description='"from_draw": the building right alone may be sold as soon as a ticket is drawn',
    )
    pbs: Literal["sealed", "slot_auction", "off"] = Field(
        "sealed",
        description="the just-in-time market for blocks: sealed bids, an auction over the slot, none",
    )
    own_format: Name | None = Field(
        None,
        description='a format of one\'s own, `path.py:function`; holders, `primary`, `block_format` call it "own"',
    )
    block_format: Name = Field(
        "second_price", description=f"(sealed) format in which blocks are sold: one of {', '.join(SEALED)}, or own"
    )
    slot_auction: SlotAuction = Field(
        default_factory=SlotAuction.model_construct, description="parameters of that market"
    )

    @property
    def has_own_primary(self) -> bool:
        """Whether the pricing is of a file or module of the user's own."""
        return self.primary not in PRICING and self.primary != OWN

    @property
    def resales(self) -> str:
        """When tickets may be resold: `resale`, or never without a secondary market."""
        return self.resale if self.secondary else "never"

    @property
    def trades(self) -> bool:
        """Whether participants sell tickets, or the building of drawn blocks, to each other."""
        return self.secondary or self.building == "from_draw"

    @property
    def sells_in_turn(self) -> bool:
        """Whether they do so one after the other."""
        return self.trades and self.resale_order == "in_turn"

    @property
    def block_sale(self) -> str | None:
        """The format of the sale of a block; None where there is none. What stands at the end of the open auction
        is paid."""
        return {"sealed": self.block_format, "slot_auction": "first_price", "off": None}[self.pbs]

    @property
    def structures(self) -> tuple[Structure, ...]:
        """The structures, as a tuple also where there is one."""
        return (self.structure,) if isinstance(self.structure, str) else self.structure

    @property
    def has_tickets(self) -> bool:
        """Whether any of the structures has tickets."""
        return any(structure != "pbs" for structure in self.structures)

    @property
    def pricing(self) -> DutchPricing | Eip1559Pricing | AmmPricing | ElowssonPricing | None:
        """The parameters of the pricing in force, where it has some."""
        match self.primary:
            case "dutch":
                return self.dutch
            case "eip1559":
                return self.eip1559
            case "amm":
                return self.amm
            case "elowsson":
                return self.elowsson
        return None

    def bounds(self) -> dict[str, Any]:
        """What all pricing rules take: the lowest price, Gwei, and the most tickets a slot."""
        return {"reserve": eth_to_gwei(self.primary_reserve), "cap": self.primary_cap}

    def settle(self, rules: Rules) -> Rules:
        """The rules of the tickets, with what becomes of those that nobody buys."""
        return rules._replace(void=self.reserve.void, endowed=self.unsold == "endowed")

    def resale_under(self, structure: Structure) -> Resale:
        """The resales that a structure allows: `et_expost` is the resale after the draw."""
        allowed = RESALE["ex_post" if structure == "et_expost" else self.resales]
        return allowed._replace(building=self.building == "from_draw")

    def flow(self, streams: Streams) -> OrderFlow | None:
        """What becomes known of blocks, where they are sold in open auctions."""
        if self.pbs != "slot_auction":
            return None
        terms = self.slot_auction.terms()
        return OrderFlow(terms.law, terms.proposer, streams)


@refuses(MarketSection, "primary_parameters")
def parameters_of_no_rule(market: MarketSection) -> str | None:
    """There are parameters of a pricing rule of one's own, and the pricing is none."""
    if not market.primary_parameters or ":" in market.primary or market.primary not in (*PRICING, OWN):
        return None
    where = "leave them out"
    if market.pricing is not None:
        keys = ", ".join(f"market.{market.primary}.{key}" for key in type(market.pricing).model_fields)
        where = f"its own are {keys}"
    return f"primary_parameters are those of a rule of one's own; with primary = {shown(market.primary)} {where}"


@refuses(MarketSection, "block_format")
def no_format_for_blocks(market: MarketSection) -> str | None:
    """The format of the sale of blocks is no sealed one."""
    if market.block_format in (*SEALED, OWN):
        return None
    return f"block_format is {shown(market.block_format)}; it must be one of {', '.join(SEALED)}, {OWN}"


@refuses(MarketSection, "own_format")
def own_format_is_missing(market: MarketSection) -> str | None:
    """The protocol's tickets, or blocks, are sold by `own`, and there is no format of one's own."""
    if market.own_format is not None or OWN not in (market.primary, market.block_format):
        return None
    key = "primary" if market.primary == OWN else "block_format"
    return f'{key} is "{OWN}", but own_format names no file; give it as `path.py:function`'


@refuses(MarketSection, "structure")
def no_structure(market: MarketSection) -> str | None:
    """The list of structures is empty."""
    if market.structures:
        return None
    return 'structure is an empty list; name at least one of "pbs", "et", "et_expost"'


@refuses(MarketSection, "structure")
def structure_twice(market: MarketSection) -> str | None:
    """A structure is named twice."""
    if len(set(market.structures)) == len(market.structures):
        return None
    return "structure names one structure twice"


@refuses(MarketSection, "building")
def building_without_a_draw(market: MarketSection) -> str | None:
    """The building right is sold from the draw on, and the only structure is `pbs`."""
    if market.building != "from_draw" or market.structures != ("pbs",):
        return None
    return 'building is "from_draw", but structure "pbs" has no tickets to be drawn'


@refuses(MarketSection, "resale")
def no_resale_after_the_draw(market: MarketSection) -> str | None:
    """`et_expost` is among the structures, and nothing is resold after the draw."""
    if "et_expost" not in market.structures or market.resales not in ("never", "ex_ante"):
        return None
    return f'resale is "{market.resales}", but structure "et_expost" is the resale after the draw'


@refuses(MarketSection, "dutch.start_eth")
def clock_starts_below_the_reserve(market: MarketSection) -> str | None:
    """The pricing is `dutch`, and its clock starts below the reserve."""
    start, reserve = market.dutch.start_eth, market.primary_reserve
    if market.primary != "dutch" or start >= reserve:
        return None
    return f"dutch.start_eth is {start}, below primary_reserve, {reserve}: no one could buy"


@refuses(MarketSection, "dutch.start_eth")
def clock_starts_at_nothing(market: MarketSection) -> str | None:
    """The pricing is `dutch`, and its clock starts at 0."""
    if market.primary != "dutch" or market.dutch.start_eth > 0 or market.primary_reserve > 0:
        return None
    return "dutch.start_eth is 0: each ticket would be given away; name a price above what buyers bid, e.g. 10.0"


@refuses(MarketSection, "reserve.void")
def no_bid_of_its_own(market: MarketSection) -> str | None:
    """The reserve is a bid that may win, and the sale is no sealed second-price one."""
    if not market.reserve.void or market.primary == "second_price":
        return None
    return (
        f"reserve.void is a bid of the protocol's own in a sealed second-price sale; primary is "
        f'{shown(market.primary)}: set primary = "second_price", or leave void out'
    )


@refuses(MarketSection, "reserve.rule")
def reserve_of_a_quoted_price(market: MarketSection) -> str | None:
    """There is a reserve rule, and the pricing quotes a price of its own, or is the user's own."""
    if market.reserve.is_fixed or not (market.has_own_primary or market.primary in QUOTED):
        return None
    why = (
        "states the terms of its lots itself (PricingRule.terms)" if market.has_own_primary else "moves its price"
    )
    return (
        f"reserve.rule is {shown(market.reserve.rule)}, but primary = {shown(market.primary)} {why}; leave the "
        'rule out, or take a sale, e.g. primary = "second_price"'
    )
