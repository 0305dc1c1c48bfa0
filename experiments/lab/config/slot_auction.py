"""`[market.slot_auction]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from chain.money import eth_to_gwei
from experiments.lab.config.section import Eth, Positive, Section, Share
from market.slot_auction import Proposer, Relay, SignalLaw
from market.slot_auction.slot_market import SlotTerms

Delay = Annotated[int, Field(ge=0, le=12_000)]
Rate = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]


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

    def terms(self) -> SlotTerms:
        """The terms of the auctions, Gwei for ETH."""
        law = SignalLaw(self.public_rate, self.private_rate, access=self.access)
        return SlotTerms(law, self.relays(), self.proposer(), self.bids)

    def relays(self) -> tuple[Relay, ...]:
        """The relays, each with its delay."""
        floor = eth_to_gwei(self.floor_eth)
        return tuple(Relay(delay, floor, self.cancellations) for delay in self.relay_delays)

    def proposer(self) -> Proposer:
        """When the proposer takes a bid, and which it takes at once."""
        return Proposer(
            late_ms=self.late_ms,
            end_sd_ms=self.end_sd_ms,
            miss_at_ms=self.miss_at_ms,
            miss_scale_ms=self.miss_scale_ms,
            min_bid_gwei=eth_to_gwei(self.min_bid_eth),
            stop_gwei=None if self.stop_eth is None else eth_to_gwei(self.stop_eth),
        )
