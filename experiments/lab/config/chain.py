"""`[chain]`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from chain.money import eth_to_gwei
from chain.rules import DATED, DRAW_RULES, EPOCH
from chain.state import DrawRule, Rules
from chain.wording import shown
from experiments.lab.config.phases import Phases
from experiments.lab.config.refusals import refuses
from experiments.lab.config.section import NAMED, Eth, Name, Section, Share

ROUND_DRAWS = ("maturity", "lottery")
"""The draw rules that know rounds of blocks."""

NO_ROUNDS = {
    "claim": "holders choose single blocks",
    "epoch": "the draw of an epoch is of single blocks",
    "randea": "tickets are dealt to single blocks",
}
"""Why the others do not."""

DRAWS = ", ".join(f'"{name}"' for name in DRAW_RULES)

MOST_TICKETS = 10_000_000
MOST_IN_A_ROUND = 100_000


class Chain(Section):
    """The chain and its ticket protocol."""

    slot_seconds: float = Field(12.0, ge=0.001, le=86_400, allow_inf_nan=False, description="length of a slot, s")
    supply: int = Field(
        33,
        ge=1,
        le=MOST_TICKETS,
        description="N, live tickets; left out under `maturity`: maturity + 1; elastic: tickets aimed at",
    )
    supply_rule: Literal["fixed", "elastic"] = Field(
        "fixed", description='"elastic": as many as are bought at the quoted price, at most N a slot'
    )
    maturity: Annotated[int, Field(ge=0, le=MOST_TICKETS - 1)] | Literal["none"] = Field(
        32, description='T, blocks (lottery: draws); "none": tickets do not expire'
    )
    lookahead: int = Field(
        0, ge=0, le=MOST_TICKETS, description="L, blocks from a ticket's draw to the block it proposes"
    )
    round: int = Field(
        1,
        ge=1,
        le=MOST_IN_A_ROUND,
        description="B, blocks of a round: a ticket proposes them all; maturity, lookahead, supply count rounds",
    )
    draw: Name = Field("maturity", description=f"{DRAWS}, or {NAMED}")
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
        None, description="burned from it where a slot is missed, ETH; left out: all, over a round's blocks"
    )
    owner_cap: int | None = Field(None, ge=1, description="most live tickets of one owner; left out: any number")
    chain_id: int = Field(1337, ge=1, le=2**63 - 1, description="chain id in every signature")
    gas_price_gwei: int = Field(
        0, ge=0, le=10**9, description="what gas costs who sends transactions over JSON-RPC, Gwei; it is burned"
    )
    genesis_time: int = Field(0, ge=0, le=2**40, description="when block 0 of JSON-RPC was, s since 1970")
    phases: Phases | None = Field(None, description="when the phases of a slot begin, ms")

    @model_validator(mode="before")
    @classmethod
    def fit_supply(cls, data: Any) -> Any:
        if isinstance(data, dict) and "supply" not in data and data.get("draw", "maturity") in DATED:
            maturity = data.get("maturity", 32)
            if isinstance(maturity, int) and not isinstance(maturity, bool) and 0 <= maturity < MOST_TICKETS:
                return {**data, "supply": maturity + 1}
        return data

    @property
    def slot_ms(self) -> int:
        """The length of a slot, ms."""
        return round(self.slot_seconds * 1000)

    @property
    def times(self) -> Phases:
        """When the phases of a slot begin."""
        return self.phases or Phases().scaled(self.slot_ms)

    @property
    def is_elastic(self) -> bool:
        """Whether as many tickets are minted as are bought."""
        return self.supply_rule == "elastic"

    @property
    def life(self) -> int | None:
        """T, rounds; None where tickets do not expire."""
        return None if self.maturity == "none" else self.maturity

    @property
    def held_aim(self) -> float:
        """The held tickets that a price aims at of itself: all of an elastic supply, half of a fixed one."""
        return self.supply if self.is_elastic else self.supply / 2

    @property
    def collateral_gwei(self) -> int:
        """The escrow behind each ticket of a participant, Gwei."""
        return eth_to_gwei(self.collateral_eth)

    @property
    def missed_fee_gwei(self) -> int:
        """What is burned of it where a slot is missed, Gwei."""
        if self.missed_fee_eth is None:
            return self.collateral_gwei // self.round
        return eth_to_gwei(self.missed_fee_eth)

    def rules(self, draw: DrawRule) -> Rules:
        """The ticket protocol in numbers, Gwei for ETH. Engine and auditor each bring their own draw rule."""
        return Rules(
            supply=self.supply,
            maturity=self.life,
            lookahead=self.lookahead,
            draw=draw,
            refund=self.refund,
            haircut=self.return_haircut,
            collateral=self.collateral_gwei,
            missed_fee=self.missed_fee_gwei,
            owner_cap=self.owner_cap,
            elastic=self.is_elastic,
            round=self.round,
        )


@refuses(Chain, "round")
def round_of_single_blocks(chain: Chain) -> str | None:
    """A round has several blocks, and the draw rule is not `maturity` or `lottery`."""
    if chain.round == 1 or chain.draw in ROUND_DRAWS:
        return None
    why = NO_ROUNDS.get(chain.draw, "a rule of one's own draws and dates single blocks")
    return f'round is {chain.round}, but under draw = {shown(chain.draw)} {why}; take "maturity" or "lottery"'


@refuses(Chain, "maturity")
def no_maturity(chain: Chain) -> str | None:
    """Tickets do not expire, and the draw rule is `maturity`, `randea` or `claim`."""
    if chain.life is not None or chain.draw not in ("claim", *DATED):
        return None
    return f'maturity is "none"; draw = "{chain.draw}" needs a number of blocks'


@refuses(Chain, "maturity")
def no_draw_in_a_life(chain: Chain) -> str | None:
    """The maturity is 0, and the draw rule is `lottery` or `epoch`."""
    if chain.life != 0 or chain.draw not in ("lottery", "epoch"):
        return None
    return f'maturity is 0; under draw = "{chain.draw}" a ticket takes part in at least one draw: set 1 or more'


@refuses(Chain, "supply")
def supply_does_not_fit(chain: Chain) -> str | None:
    """The draw rule is `maturity` or `randea`, and the supply is not maturity + 1."""
    if chain.draw not in DATED or chain.life is None or chain.supply == chain.life + 1:
        return None
    fit = chain.life + 1
    return f'supply is {chain.supply}; draw = "{chain.draw}" takes supply = maturity + 1 = {fit}'


@refuses(Chain, "lookahead")
def randea_looks_ahead(chain: Chain) -> str | None:
    """The draw rule is `randea`, and there is a look-ahead."""
    if chain.draw != "randea" or not chain.lookahead:
        return None
    return (
        f'lookahead is {chain.lookahead}; under draw = "randea" a block is drawn at its own slot; '
        "set lookahead = 0"
    )


@refuses(Chain, "window")
def window_too_long(chain: Chain) -> str | None:
    """The draw rule is `randea`, and the window is longer than the supply."""
    if chain.draw != "randea" or chain.window <= chain.supply:
        return None
    return (
        f"window is {chain.window}; it must not exceed maturity + 1 = {chain.supply}, else a window begins "
        "before all its tickets are minted"
    )


@refuses(Chain, "refund")
def refund_for_none(chain: Chain) -> str | None:
    """There is a refund, and no ticket expires undrawn."""
    if not chain.refund or (chain.draw not in DATED and chain.life is not None):
        return None
    why = "they have no maturity" if chain.life is None else f'each has its block under "{chain.draw}"'
    return f"refund is {chain.refund:g}, but no ticket expires undrawn: {why}; set refund = 0"


@refuses(Chain, "return_haircut")
def dated_ticket_given_back(chain: Chain) -> str | None:
    """Tickets may be given back, and the draw rule is `maturity` or `randea`."""
    if chain.return_haircut is None or chain.draw not in DATED:
        return None
    return (
        f'return_haircut is {chain.return_haircut:g}; under draw = "{chain.draw}" a ticket has a date of '
        "its own, and what is minted for one given back would have another: leave return_haircut out"
    )


@refuses(Chain, "missed_fee_eth")
def fee_above_collateral(chain: Chain) -> str | None:
    """The fee for a missed slot, of each block of a round, is more than the collateral."""
    if chain.missed_fee_eth is None or chain.missed_fee_gwei * chain.round <= chain.collateral_gwei:
        return None
    fee, most = chain.missed_fee_eth, chain.collateral_eth
    each = f" for each of the {chain.round} blocks of a round" if chain.round > 1 else ""
    return f"missed_fee_eth is {fee:g}{each}, but it is taken from collateral_eth, {most:g}"


@refuses(Chain, "supply_rule")
def elastic_dated_supply(chain: Chain) -> str | None:
    """The supply is elastic, and the draw rule is `maturity` or `randea`."""
    if not chain.is_elastic or chain.draw not in DATED:
        return None
    return (
        f'supply_rule is "elastic", but draw = "{chain.draw}" takes one ticket for each block to come; '
        'take draw = "lottery" or "claim"'
    )


@refuses(Chain, "owner_cap")
def cap_out_of_reach(chain: Chain) -> str | None:
    """The supply is fixed, and an owner may hold all of it."""
    if chain.is_elastic or chain.owner_cap is None or chain.owner_cap < chain.supply:
        return None
    return f"owner_cap is {chain.owner_cap}, but there are {chain.supply} tickets: no one would reach it"


@refuses(Chain, "maturity")
def broken_epoch(chain: Chain) -> str | None:
    """The draw rule is `epoch`, and the maturity is no multiple of its blocks."""
    if chain.draw != "epoch" or chain.life is None or chain.life % chain.epoch == 0:
        return None
    return f'maturity is {chain.life}; draw = "epoch" takes whole epochs of {chain.epoch} blocks'


@refuses(Chain, "lookahead")
def looks_beyond_the_supply(chain: Chain) -> str | None:
    """The supply is fixed, and the look-ahead is not less."""
    if chain.is_elastic or chain.lookahead < chain.supply:
        return None
    return f"lookahead is {chain.lookahead}; it must be less than the supply, {chain.supply}"


@refuses(Chain, "lookahead")
def looks_beyond_the_maturity(chain: Chain) -> str | None:
    """The draw rule is not `lottery`, and the look-ahead is more than the maturity."""
    if chain.life is None or chain.draw == "lottery" or chain.lookahead <= chain.life:
        return None
    return f"lookahead is {chain.lookahead}; it must not exceed the maturity, {chain.life}"


@refuses(Chain, "phases")
def proposal_after_the_slot(chain: Chain) -> str | None:
    """The block is proposed after its slot."""
    if chain.phases is None or chain.phases.propose <= chain.slot_seconds * 1000:
        return None
    return f"phases.propose is {chain.phases.propose} ms, after the slot's end"
