"""`[market.genesis]`."""

from __future__ import annotations

from pydantic import Field

from chain.money import eth_to_gwei
from experiments.lab.config.section import Eth, Section, Share


class Genesis(Section):
    """The start of the tickets."""

    handed_out: Share = Field(
        0.0, description="share of the tickets but one that go to agents by lot before the first sale"
    )
    price_eth: Eth = Field(0.0, description="what they cost: spent, no revenue, ETH; who cannot pay gets none")

    @property
    def price_gwei(self) -> int:
        """What a ticket costs, Gwei."""
        return eth_to_gwei(self.price_eth)

    def tickets(self, supply: int) -> int:
        """How many of the tickets are handed out."""
        return int(self.handed_out * (supply - 1))
