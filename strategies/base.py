"""The strategy: what a participant does when it is asked.

A strategy gets a frozen view and returns a list of intents; one that it has nothing to say to it leaves out.
Override the methods of the phases in which you want to act. `setup` is there after `start`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from market.intents import Intent
from market.usual_proposal import usual_proposal
from market.view import View
from strategies.setup import Setup


class Strategy:
    """The base of all strategies. `roles` says in which of seller, buyer and builder it can serve; `bids_in` for
    which special formats of auctions (`third_price`, `all_pay`, `own`) it has a bid, None: it may bid in all.

    Auctions of other special formats are not shown to it. `plays_rounds`: whether it knows what to do with tickets
    for rounds of several blocks; one that does not is refused where there are such, and `in_rounds` says what to
    take instead.
    """

    roles: ClassVar[frozenset[str]] = frozenset()
    bids_in: ClassVar[frozenset[str] | None] = None
    plays_rounds: ClassVar[bool] = True
    in_rounds: ClassVar[str] = "another strategy"
    unbid: tuple[str, ...] = ()  # of those that it lacks, what it has said
    lacking: Mapping[str, str] = {}  # formats in which it has found that it has no bid as things are, and why
    setup: Setup

    def start(self, setup: Setup) -> None:
        """Called once, before block 0."""
        self.setup = setup

    def primary(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        """Bids for the tickets that the protocol sells (`view.auctions`)."""
        return ()

    def offer(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        """As a seller, in the first part of the session: asks, auctions, cancellations, claims."""
        return ()

    def bid(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        """As a buyer, in the second part: bids in the open auctions and in the book. Where holders sell in turn
        (`setup.in_turn`), also in the turn of each that sells, and then in its auctions alone."""
        return ()

    def claim(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        """After the session, under the draw rule `claim`: blocks for the own tickets."""
        return ()

    def propose(self, view: View) -> Sequence[Intent]:
        """The present block is one's own. By default one sells its building to anyone who pays more than it is
        worth to oneself, and else builds it if one can."""
        return usual_proposal(view.outlook.reward_gwei, view.cost(view.slot), self.setup.can_sell_block)

    def build(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        """As a builder: bids for the block that is for sale."""
        return ()


class Seller(Strategy):
    """Buys tickets from the protocol and decides when and how to sell them."""

    roles = frozenset({"seller"})


class Buyer(Strategy):
    """Buys tickets from their holders, to propose with them."""

    roles = frozenset({"buyer"})


class Builder(Strategy):
    """Buys blocks just in time."""

    roles = frozenset({"builder"})


def roles_line(roles: Iterable[str]) -> str:
    """The line with which a class says that it plays several roles."""
    return f"roles = frozenset({{{', '.join(map(repr, sorted(roles)))}}})"
