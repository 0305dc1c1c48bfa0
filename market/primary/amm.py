"""An automated market maker: a ticket costs the more, the more tickets are held."""

from __future__ import annotations

from math import exp, expm1

from market.auctions.terms import Terms
from market.primary.quoted import Quoted
from market.primary.rule import Price

MOST_EXPONENT = 700.0


class Amm(Quoted):
    """The tickets held cost A e^(E/q) in all, E of them above the target, so that the next one costs
    p(E) = A (e^((E+1)/q) − e^(E/q)), again after every trade.

    `start` is p(0), Gwei; q is `steepness`, the tickets over which the price grows e-fold. Source: Stichler
    (2025), with A = e^6 and q = 25; the shape is that of EIP-4844's fee.
    """

    def __init__(
        self, start: float, target: float, steepness: float = 25.0, reserve: int = 0, cap: int | None = None
    ) -> None:
        super().__init__(reserve, cap)
        self.start = start
        self.target = target
        self.steepness = steepness
        self._now = self._before = self.quote(0)
        self._ladder: list[Terms] = []  # by the tickets held; prices are asked for again and again

    @property
    def price(self) -> Price:
        return Price(self._now, self._before)

    def quote(self, held: int) -> int:
        """What the next ticket costs when `held` are held, Gwei."""
        exponent = min((held - self.target) / self.steepness, MOST_EXPONENT)
        return round(self.clamp(self.start * exp(exponent)))

    def cost(self, held: int, count: int) -> float:
        """What `count` tickets cost together, one after the other, Gwei; bounds and whole Gwei left out."""
        first = self.start * exp((held - self.target) / self.steepness)
        return first * expm1(count / self.steepness) / expm1(1 / self.steepness)

    def refund(self, held: int, paid: int, haircut: float) -> int:  # noqa: ARG002
        """What the protocol pays for a ticket that is given back: p(E) less the haircut, a share of it, whatever
        was paid for it. Gwei.

        Below a haircut of 1 − e^(−1/q) one could buy a ticket and give it back at a profit.
        """
        return int(self.quote(held) * (1 - haircut))

    def terms(self, held: int, count: int) -> list[Terms]:
        self._see(held)
        while len(self._ladder) < held + count:
            self._ladder.append(Terms(self.quote(len(self._ladder))))
        return self._ladder[held : held + count]

    def close(self, held: int) -> None:
        self._see(held)

    def _see(self, held: int) -> None:
        self._before, self._now = self._now, self.quote(held)
