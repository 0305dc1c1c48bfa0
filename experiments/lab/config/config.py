"""The configuration of a run: every key with its default, its unit and a line of help."""

from __future__ import annotations

from itertools import pairwise
from math import exp
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from chain.rules import EPOCH
from market.primary import INTERCHANGEABLE, PRICING, QUOTED

Structure = Literal["pbs", "et", "et_expost"]
Role = Literal["seller", "buyer", "builder"]
Eth = Annotated[float, Field(ge=0, le=9e8, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=9e8, allow_inf_nan=False)]
Target = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Delay = Annotated[int, Field(ge=0, le=12_000)]
Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1)]

DATED = ("maturity", "randea")
"""The draw rules that mint one ticket for each block to come, so that N = T + 1."""

NAMED = "a name, or `path.py:function`"


class Section(BaseModel):
    """A frozen table of the config; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Phases(Section):
    """When the phases of a slot begin, ms. Left out, they lie as in a slot of 12 s."""

    offer: int = Field(0, ge=0, description="sellers are asked, ms")
    bid: int = Field(4000, ge=0, description="buyers are asked, ms")
    clear: int = Field(8000, ge=0, description="the session's auctions close, ms")
    sell_block: int = Field(8500, ge=0, description="the proposer is asked, ms")
    build: int = Field(9000, ge=0, description="builders are asked, ms")
    propose: int = Field(11000, ge=0, description="the block is proposed, ms")

    @model_validator(mode="after")
    def in_order(self) -> Phases:
        times = list(self.model_dump().items())
        for (first, start), (second, end) in pairwise(times):
            if start > end:
                raise ValueError(f"{second} = {end} lies before {first} = {start}")
        return self

    def scaled(self, slot_ms: int) -> Phases:
        """The same phases in a slot of another length."""
        return Phases(**{name: ms * slot_ms // 12_000 for name, ms in self.model_dump().items()})


class Chain(Section):
    """The chain and its ticket protocol."""

    slot_seconds: float = Field(12.0, gt=0, le=86_400, allow_inf_nan=False, description="length of a slot, s")
    supply: int = Field(
        33, ge=1, description="N, live tickets; left out under `maturity`: maturity + 1; elastic: tickets aimed at"
    )
    supply_rule: Literal["fixed", "elastic"] = Field(
        "fixed", description='"elastic": as many as are bought at the quoted price, at most N a slot'
    )
    maturity: Annotated[int, Field(ge=0)] | Literal["none"] = Field(
        32, description='T, blocks (lottery: draws); "none": tickets do not expire'
    )
    lookahead: int = Field(0, ge=0, description="L, blocks from a ticket's draw to the block it proposes")
    draw: Name = Field("maturity", description=f'"maturity", "lottery", "epoch", "claim", "randea", or {NAMED}')
    window: int = Field(32, ge=1, le=10**6, description="(randea) W, blocks to which tickets are dealt at random")
    epoch: int = Field(EPOCH, ge=1, le=10**6, description="(epoch) blocks that are drawn at once")
    unclaimed: Literal["earliest_expiry", "empty"] = Field(
        "earliest_expiry", description="which ticket a block gets that no one claimed (draw = claim)"
    )
    refund: Share = Field(0.0, description="share of the primary price returned when a ticket expires undrawn")
    return_haircut: Share | None = Field(
        None,
        description="share that the protocol keeps of an undrawn ticket given back; left out: none is taken back",
    )
    collateral_eth: Eth = Field(0.0, description="money in escrow behind each ticket of a participant, ETH")
    missed_fee_eth: Eth | None = Field(
        None, description="burned from it where the slot is missed, ETH; left out: all of it"
    )
    owner_cap: int | None = Field(None, ge=1, description="most live tickets of one owner; left out: any number")
    chain_id: int = Field(1337, ge=1, le=2**63 - 1, description="chain id in every signature")
    gas_price_gwei: int = Field(
        0, ge=0, le=10**9, description="what gas costs who sends transactions over JSON-RPC, Gwei; it is burned"
    )
    phases: Phases | None = Field(None, description="when the phases of a slot begin, ms")

    @model_validator(mode="before")
    @classmethod
    def fit_supply(cls, data: Any) -> Any:
        if isinstance(data, dict) and "supply" not in data and data.get("draw", "maturity") in DATED:
            maturity = data.get("maturity", 32)
            if isinstance(maturity, int) and not isinstance(maturity, bool):
                return {**data, "supply": maturity + 1}
        return data

    @model_validator(mode="after")
    def make_sense(self) -> Chain:
        if self.draw in ("claim", *DATED) and self.maturity == "none":
            raise ValueError(f'maturity is "none"; draw = "{self.draw}" needs a number of blocks')
        if self.draw in DATED and self.supply != (fit := int(self.maturity) + 1):
            raise ValueError(f'supply is {self.supply}; draw = "{self.draw}" takes supply = maturity + 1 = {fit}')
        if self.draw == "randea" and self.lookahead:
            raise ValueError(
                f'lookahead is {self.lookahead}; under draw = "randea" a block is drawn at its own slot; '
                "set lookahead = 0"
            )
        if self.draw == "randea" and self.window > self.supply:
            raise ValueError(
                f"window is {self.window}; it must not exceed maturity + 1 = {self.supply}, else a window begins "
                "before all its tickets are minted"
            )
        if self.refund and (self.draw in DATED or self.maturity == "none"):
            why = "they have no maturity" if self.maturity == "none" else f'each has its block under "{self.draw}"'
            raise ValueError(f"refund is {self.refund:g}, but no ticket expires undrawn: {why}; set refund = 0")
        if self.return_haircut is not None and self.draw in DATED:
            raise ValueError(
                f'return_haircut is {self.return_haircut:g}; under draw = "{self.draw}" a ticket has a date of '
                "its own, and what is minted for one given back would have another: leave return_haircut out"
            )
        if self.missed_fee_eth is not None and self.missed_fee_eth > self.collateral_eth:
            raise ValueError(
                f"missed_fee_eth is {self.missed_fee_eth:g}, but it is taken from collateral_eth, "
                f"{self.collateral_eth:g}"
            )
        if self.supply_rule == "elastic" and self.draw in DATED:
            raise ValueError(
                f'supply_rule is "elastic", but draw = "{self.draw}" takes one ticket for each block to come; '
                'take draw = "lottery" or "claim"'
            )
        fixed = self.supply_rule == "fixed"
        if fixed and self.owner_cap is not None and self.owner_cap >= self.supply:
            raise ValueError(
                f"owner_cap is {self.owner_cap}, but there are {self.supply} tickets: no one would reach it"
            )
        if self.draw == "epoch" and self.maturity != "none" and self.maturity % self.epoch:
            raise ValueError(
                f'maturity is {self.maturity}; draw = "epoch" takes whole epochs of {self.epoch} blocks'
            )
        if fixed and self.lookahead >= self.supply:
            raise ValueError(f"lookahead is {self.lookahead}; it must be less than the supply, {self.supply}")
        if self.maturity != "none" and self.draw != "lottery" and self.lookahead > self.maturity:
            raise ValueError(f"lookahead is {self.lookahead}; it must not exceed the maturity, {self.maturity}")
        if self.phases is not None and self.phases.propose > self.slot_seconds * 1000:
            raise ValueError(f"phases.propose is {self.phases.propose} ms, after the slot's end")
        return self


class Constant(Section):
    process: Literal["constant"]
    value: Eth = Field(0.1, description="the reward of every block, ETH")


class Uniform(Section):
    process: Literal["uniform"]
    low: Eth = Field(0.0, description="lowest reward, ETH")
    high: Eth = Field(1.0, description="highest reward, ETH")


class Lognormal(Section):
    process: Literal["lognormal"]
    mean: Eth = Field(0.122561, description="mean reward, ETH")
    sigma: float = Field(1.0, ge=0, allow_inf_nan=False, description="standard deviation of the log reward")


class Exponential(Section):
    process: Literal["exponential"]
    mean: Eth = Field(0.122561, description="mean reward, ETH")


class Ar1(Section):
    process: Literal["ar1"]
    mean: Eth = Field(0.122561, description="stationary mean reward, ETH")
    phi: float = Field(0.9, gt=-1, lt=1, allow_inf_nan=False, description="autocorrelation of the log reward")
    sigma: float = Field(0.5, ge=0, allow_inf_nan=False, description="standard deviation of its innovations")
    start: Eth | None = Field(None, description="reward of block 0, ETH; left out: at the mean of the log")


class Mevboost(Section):
    process: Literal["mevboost"] = "mevboost"


class Replay(Section):
    process: Literal["replay"]
    file: Name = Field(description="Parquet or CSV file of payments, one row a block")
    column: str | None = Field(None, description="payment column; left out: found by its name")
    unit: Literal["eth", "gwei", "wei"] | None = Field(None, description="its unit; left out: by its name")
    missing: Literal["zero", "skip", "error"] = Field(
        "zero", description="what a missing payment means: a reward of 0, a block left out, an error"
    )


Reward = Annotated[
    Constant | Uniform | Lognormal | Exponential | Ar1 | Mevboost | Replay, Field(discriminator="process")
]


class Cost(Section):
    """θ, what it costs a buyer to exploit a block; or the share of the reward that it makes of it."""

    distribution: Literal["uniform", "capture"] = Field(
        "uniform", description='law of θ; "capture": no θ, a builder makes R c (1 + (V − E V) s) of a block'
    )
    low: Eth = Field(0.0, description="lowest θ, ETH")
    high: Eth = Field(0.02, description="highest θ, ETH")
    per: Literal["block", "run"] = Field("block", description="θ is drawn for every block, or once for a run")
    volatility: float = Field(
        0.2,
        ge=0,
        le=5,
        allow_inf_nan=False,
        description="(capture) standard deviation of log V, V the slot's index",
    )
    entry: Eth = Field(0.0, description="K, sunk by a buyer for each secondary auction that it enters, ETH")

    @model_validator(mode="after")
    def make_sense(self) -> Cost:
        if self.low > self.high:
            raise ValueError(f"low is {self.low}, above high, {self.high}")
        return self


class Dutch(Section):
    """`market.primary = "dutch"`."""

    start_eth: Eth = Field(10.0, description="(dutch) price from which the clock falls, ETH")
    tick_gwei: int = Field(1, ge=1, le=10**18, description="(dutch) its step, Gwei")


class Eip1559(Section):
    """`market.primary = "eip1559"`."""

    start_eth: Positive = Field(0.1, description="(eip1559) price at the start, ETH")
    target: Target | None = Field(
        None, description="(eip1559) held tickets aimed at; left out: supply / 2, or an elastic supply"
    )
    adjustment: float = Field(
        0.125, gt=0, lt=1, description="(eip1559) change of the price at a stock of 0 or twice the target, share"
    )
    updates: Literal[1, 2] = Field(
        1, description="(eip1559) updates of the price a slot: 1, after the sale; 2, before it too"
    )


class Amm(Section):
    """`market.primary = "amm"`."""

    start_eth: Positive = Field(0.1, description="(amm) price at the target, ETH")
    target: Target | None = Field(
        None, description="(amm) held tickets at which it is that; left out: supply / 2, or an elastic supply"
    )
    steepness: float = Field(
        25.0, gt=0, allow_inf_nan=False, description="(amm) tickets over which the price grows e-fold"
    )


class Elowsson(Section):
    """`market.primary = "elowsson"`."""

    start_eth: Positive = Field(0.1, description="(elowsson) price at the start, ETH")
    target: Target | None = Field(
        None, description="(elowsson) held tickets aimed at; left out: supply / 2, or an elastic supply"
    )
    target_orders: Target = Field(1.0, description="(elowsson) orders a slot aimed at")


class Genesis(Section):
    """The start of the tickets."""

    handed_out: Share = Field(
        0.0, description="share of the tickets but one that go to agents by lot before the first sale"
    )
    price_eth: Eth = Field(0.0, description="what they cost: spent, no revenue, ETH; who cannot pay gets none")


class SlotAuction(Section):
    """`market.pbs = "slot_auction"`: the open auction of a block over its slot."""

    relay_delay_ms: Delay | tuple[Delay, ...] = Field(
        10,
        description="what any bid takes to reach the relay and stand, beside latency_ms, ms; a list: relays",
    )
    cancellations: bool = Field(True, description="a builder's last bid stands; false: its highest")
    floor_eth: Eth = Field(0.0, description="bids below it are not valid, ETH")
    late_ms: int = Field(
        0, ge=-12_000, le=12_000, description="when the proposer takes the best bid, ms after its slot's start"
    )
    end_sd_ms: float = Field(
        0.0, ge=0, le=12_000, allow_inf_nan=False, description="standard deviation of that time, ms"
    )
    miss_at_ms: float | None = Field(
        None,
        ge=-12_000,
        le=12_000,
        allow_inf_nan=False,
        description="a proposer that comes so late, ms into its slot, misses it in half of all cases",
    )
    miss_scale_ms: Positive = Field(250.0, description="scale of that logistic curve, ms")
    min_bid_eth: Eth = Field(0.0, description="best bid below which the proposer builds the block itself, ETH")
    stop_eth: Positive | None = Field(
        None, description="the proposer takes the first best bid that reaches it, at once, ETH; left out: waits"
    )
    public_rate: Rate = Field(0.082, description="public signals in 10 ms")
    private_rate: Rate = Field(0.04, description="private signals in 10 ms")
    access: tuple[Share, Share] = Field(
        (1.0, 1.0),
        description="chance that a private signal reaches a builder, uniform on [low, high]; Wu et al.: [0.8, 1]",
    )
    bids: bool = Field(False, description="every bid goes into the table slot_bids; off for long runs")

    @field_validator("relay_delay_ms")
    @classmethod
    def has_a_relay(cls, value: int | tuple[int, ...]) -> int | tuple[int, ...]:
        if value == ():
            raise ValueError("give the delay of one relay at least")
        return value

    @field_validator("access")
    @classmethod
    def is_in_order(cls, value: tuple[float, float]) -> tuple[float, float]:
        if value[0] > value[1]:
            raise ValueError(f"low = {value[0]} is above high = {value[1]}")
        return value

    @property
    def relay_delays(self) -> tuple[int, ...]:
        """The delay of each relay, ms."""
        return (self.relay_delay_ms,) if isinstance(self.relay_delay_ms, int) else self.relay_delay_ms


class Market(Section):
    """Who sells what to whom."""

    structure: Structure | tuple[Structure, ...] = Field(
        "et", description='"pbs" (no tickets), "et", "et_expost" (resale after the draw alone), or a list'
    )
    primary: Name = Field(
        "second_price", description=f"pricing of the primary market: one of {', '.join(PRICING)}, or {NAMED}"
    )
    primary_reserve: Eth = Field(
        0.0, description="lowest price of the primary market, ETH; with `posted`: the price"
    )
    primary_cap: int | None = Field(
        None, ge=1, description="most tickets sold in one slot; left out: all that there are"
    )
    just_in_time: bool = Field(
        False, description="the reward of the next block, and its volatility, are public before the primary sale"
    )
    dutch: Dutch = Field(default_factory=Dutch, description="parameters of that pricing")
    eip1559: Eip1559 = Field(default_factory=Eip1559, description="parameters of that pricing")
    amm: Amm = Field(default_factory=Amm, description="parameters of that pricing")
    elowsson: Elowsson = Field(default_factory=Elowsson, description="parameters of that pricing")
    resale: Literal["both", "never", "ex_ante", "ex_post"] = Field(
        "both", description="when tickets may be resold: before the draw (ex ante), after it (ex post)"
    )
    secondary: bool = Field(True, description="false: there is no secondary market, whatever `resale` says")
    genesis: Genesis = Field(default_factory=Genesis, description="the start of the tickets")
    building: Literal["just_in_time", "from_draw"] = Field(
        "just_in_time",
        description='"from_draw": the building right alone may be sold as soon as a ticket is drawn',
    )
    pbs: Literal["sealed", "slot_auction", "off"] = Field(
        "sealed",
        description="the just-in-time market for blocks: sealed bids, an auction over the slot, none",
    )
    slot_auction: SlotAuction = Field(default_factory=SlotAuction, description="parameters of that market")

    @property
    def resales(self) -> str:
        """When tickets may be resold: `resale`, or never without a secondary market."""
        return self.resale if self.secondary else "never"

    @property
    def structures(self) -> tuple[Structure, ...]:
        """The structures, as a tuple also where there is one."""
        return (self.structure,) if isinstance(self.structure, str) else self.structure

    @model_validator(mode="after")
    def make_sense(self) -> Market:
        if not self.structures:
            raise ValueError('structure is an empty list; name at least one of "pbs", "et", "et_expost"')
        if len(set(self.structures)) < len(self.structures):
            raise ValueError("structure names one structure twice")
        if self.building == "from_draw" and self.structures == ("pbs",):
            raise ValueError('building is "from_draw", but structure "pbs" has no tickets to be drawn')
        if "et_expost" in self.structures and self.resales in ("never", "ex_ante"):
            raise ValueError(f'resale is "{self.resales}", but structure "et_expost" is the resale after the draw')
        if self.primary == "dutch" and self.dutch.start_eth < self.primary_reserve:
            start, reserve = self.dutch.start_eth, self.primary_reserve
            raise ValueError(f"dutch.start_eth is {start}, below primary_reserve, {reserve}: no one could buy")
        return self


class Isolation(Section):
    """Strategies in processes of their own."""

    mode: Literal["none", "process"] = Field(
        "none", description='"process": the strategies below decide in processes of their own'
    )
    strategies: tuple[Name, ...] = Field(
        (), description="which, as `agents` name them; left out: those of one's own files and modules"
    )
    decision_ms: int = Field(1000, ge=1, le=3_600_000, description="time for a decision, by the clock, ms")
    memory_mb: int = Field(512, ge=1, le=2**20, description="memory beside what the process begins with, MB")
    strikes: int = Field(3, ge=1, le=10**9, description="lost turns after which the place is lost")

    def covers(self, group: Agents) -> bool:
        """Whether a group's strategies are isolated."""
        names = {group.strategy} if isinstance(group.strategy, str) else set(group.strategy.values())
        wanted = names & set(self.strategies) if self.strategies else {name for name in names if ":" in name}
        return self.mode == "process" and bool(wanted)


class Agents(Section):
    """A group of agents that play the same strategy."""

    strategy: Name | dict[Role, Name] = Field(
        description="a name, `path.py:Class` or `package.module:Class`; or a table of one for each role"
    )
    role: Role | tuple[Role, ...] | None = Field(None, description="seller, buyer, builder, or a list of them")
    count: int = Field(1, ge=1, le=100_000, description="how many agents")
    endowment_eth: Eth | tuple[Eth, Eth] = Field(
        100.0, description="money at the start, ETH; [low, high]: uniform, drawn for each agent"
    )
    capture: tuple[Share, Share] = Field(
        (1.0, 1.0), description="c of each agent, uniform on [low, high] (cost.distribution = capture)"
    )
    specialisation: tuple[float, Annotated[float, Field(ge=0)]] = Field(
        (0.0, 0.0),
        description="s of each agent, normal with [mean, standard deviation]; 0.1 where that is not above 0",
    )
    latency_ms: int = Field(50, ge=0, description="from a decision to the arrival of its intents, ms")
    missed_proposal: Share = Field(0.0, description="probability of failing to propose a block")
    can_build: bool | None = Field(
        None, description="whether it has a θ and can exploit blocks; left out: buyers and builders can"
    )
    keystore: str | None = Field(None, description="eth-account key file for a single agent")
    password_env: str = Field("ET_TESTBED_PASSWORD", description="environment variable with its password")
    parameters: dict[str, Any] = Field(default_factory=dict, description="parameters of the strategy")

    @field_validator("role")
    @classmethod
    def some_role(cls, role: Role | tuple[Role, ...] | None) -> Role | tuple[Role, ...] | None:
        if role == ():
            raise ValueError("role is an empty list; name at least one of seller, buyer, builder")
        return role

    @model_validator(mode="after")
    def make_sense(self) -> Agents:
        if self.keystore is not None and self.count != 1:
            raise ValueError(f"keystore is the key of one agent; count is {self.count}")
        return self


POPULATION: tuple[dict[str, Any], ...] = (
    {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 8}},
    {"strategy": "at_block", "role": "seller", "parameters": {"capacity": 8, "before": 16}},
    {"strategy": "threshold", "role": "seller", "parameters": {"capacity": 8, "threshold_eth": 0.2}},
    {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 8}},
    {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 8}},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 5},
    {"strategy": "market_maker", "role": "buyer", "can_build": False},
    {"strategy": "speculator", "role": ["seller", "buyer"], "can_build": False},
)


def population() -> tuple[Agents, ...]:
    """Who takes part where a config names no agents: sellers of every kind, five buyers who build, two traders."""
    return tuple(Agents.model_validate(group) for group in POPULATION)


class Config(Section):
    """A run."""

    seed: int = Field(7, ge=0, description="seed of all randomness")
    blocks: int = Field(7200, ge=1, le=2**40, description="blocks to run; 7,200 are a day")
    chain: Chain = Field(default_factory=Chain, description="the chain and its ticket protocol")
    reward: Reward = Field(default_factory=Mevboost, description="R_t, what a block is worth before costs")
    cost: Cost = Field(default_factory=Cost, description="θ, what it costs a buyer to exploit a block")
    market: Market = Field(default_factory=Market, description="who sells what to whom")
    isolation: Isolation = Field(default_factory=Isolation, description="strategies in processes of their own")
    agents: tuple[Agents, ...] = Field(default_factory=population, description="who takes part")

    @field_validator("reward", mode="before")
    @classmethod
    def name_process(cls, reward: Any) -> Any:
        return {"process": "mevboost", **reward} if reward == {} else reward

    @field_validator("agents")
    @classmethod
    def some_agents(cls, agents: tuple[Agents, ...]) -> tuple[Agents, ...]:
        if not agents:
            raise ValueError('the list is empty; name at least one group with role = "buyer"')
        return agents

    @model_validator(mode="after")
    def isolates_who_plays(self) -> Config:
        """Who is named to be isolated must play."""
        named = {
            name
            for group in self.agents
            for name in ([group.strategy] if isinstance(group.strategy, str) else group.strategy.values())
        }
        for name in self.isolation.strategies:
            if name not in named:
                raise ValueError(
                    f"isolation.strategies: no agents play {name!r}; there are {', '.join(sorted(named))}"
                )
        return self

    @model_validator(mode="after")
    def sells_what_it_can(self) -> Config:
        """The pricing must fit the tickets."""
        pricing, chain = self.market.primary, self.chain
        if self.market.genesis.handed_out and (chain.collateral_eth or chain.owner_cap is not None):
            raise ValueError(
                f"market.genesis.handed_out is {self.market.genesis.handed_out:g}; tickets go out there without "
                "regard to chain.collateral_eth and chain.owner_cap: leave these out"
            )
        if self.market.genesis.handed_out and chain.supply_rule == "elastic":
            raise ValueError(
                f"market.genesis.handed_out is {self.market.genesis.handed_out:g}, but an elastic supply has no "
                "tickets before they are sold; leave it out"
            )
        if "et" not in "".join(self.market.structures):
            return self
        if chain.supply_rule == "elastic" and pricing not in QUOTED:
            raise ValueError(
                f'chain.supply_rule is "elastic", but market.primary = "{pricing}" quotes no price to mint at; '
                f"take one of {', '.join(sorted(QUOTED))}"
            )
        if pricing in INTERCHANGEABLE and chain.draw in DATED:
            whose = "a block" if chain.draw == "maturity" else "a window"
            raise ValueError(
                f'market.primary is "{pricing}", which sells tickets as units of one good; under chain.draw = '
                f'"{chain.draw}" each is for {whose} of its own; take draw = "lottery", or sell lot by lot, e.g. '
                'primary = "second_price"'
            )
        haircut, steepness = chain.return_haircut, self.market.amm.steepness
        if pricing == "amm" and haircut is not None and haircut < (least := 1 - exp(-1 / steepness)):
            raise ValueError(
                f"chain.return_haircut is {haircut:g}; with market.amm.steepness = {steepness:g} one could buy a "
                f"ticket and give it back at a profit; set at least {least:.4f}"
            )
        target = getattr(getattr(self.market, pricing, None), "target", None)
        is_fixed = chain.supply_rule == "fixed"
        if is_fixed and pricing in ("eip1559", "elowsson") and target is not None and target >= chain.supply:
            raise ValueError(
                f"market.{pricing}.target is {target:g}; it must be less than chain.supply, {chain.supply}: "
                "no more tickets can be held, so the price would never rise"
            )
        return self
