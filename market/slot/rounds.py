"""The table of rounds: one row a round, where tickets are for rounds of blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chain.account import PROTOCOL
from chain.protocol import get_end, get_present
from chain.records import Records, Schema
from chain.state import State
from chain.ticket import Title
from market.auctions import Clearing, Lot
from market.pbs import Outcome

ROUNDS = Schema(
    "rounds",
    "One row a round that is over, where chain.round is more than 1: its ticket, what was paid for it, and what "
    "became of its blocks.",
    [
        ("round", "integer", "number of the round, from 0: blocks round × B … round × B + B − 1"),
        ("first_block", "integer", "its first block"),
        ("last_block", "integer", "its last block"),
        ("status", "label", "proposed (a block of it at least), missed, unsold, void or no_ticket"),
        ("ticket", "integer", "the ticket that was drawn for it, or burned as void; missing without one"),
        ("reserve_gwei", "gwei", "lowest price at which that ticket was last put up, Gwei; missing without one"),
        ("price_gwei", "gwei", "what the primary market was paid for it, Gwei; missing where nobody bought it"),
        ("first_holder", "account", "who held it when the round began; missing without one, or where unsold"),
        ("last_holder", "account", "who held it when the round ended; missing likewise"),
        ("resales", "integer", "how often the ticket changed hands within the round"),
        ("proposed", "integer", "blocks of the round that were proposed"),
        ("missed", "integer", "blocks whose proposer missed its slot"),
        ("sold", "integer", "blocks whose building was sold just in time"),
        ("block_price_gwei", "gwei", "what their builders paid for them, in all, Gwei"),
        ("reward_gwei", "gwei", "rewards of all blocks of the round, Gwei"),
        ("net_gwei", "gwei", "net of costs, what was made of its blocks, Gwei"),
        ("best_gwei", "gwei", "the most that could have been made of them, net, Gwei"),
    ],
)


@dataclass(slots=True)
class RoundTally:
    """What came together so far of the round that ends with the block `last`."""

    last: int
    title: Title | None
    holder: int | None
    moves: int
    proposed: int = 0
    missed: int = 0
    sold: int = 0
    paid: int = 0
    reward: int = 0
    net: int = 0
    best: int = 0

    def add(self, outcome: Outcome, reward: int, net: int, best: int) -> None:
        """One block more; see `RoundWriter.add`."""
        self.proposed += outcome.status == "proposed"
        self.missed += outcome.status == "missed"
        self.sold += outcome.price_gwei is not None
        self.paid += outcome.price_gwei or 0
        self.reward += reward
        self.net += net
        self.best += best


class RoundWriter:
    """Writes a row as a round ends. `begin` as a slot opens, `add` as it ends; `note_sale` after a primary sale,
    before void tickets are burned."""

    def __init__(self, state: State, records: Records) -> None:
        self._state = state
        self._rows = records.table(ROUNDS)
        self._reserves: dict[int, int] = {}  # of the lot as which a ticket was last put up
        self._voids: dict[int, int] = {}  # the ticket of a void round, by the round's last block
        self._tally = RoundTally(-1, None, None, 0)

    def note_sale(self, done: Iterable[tuple[Lot, Clearing]]) -> None:
        """The lots of a primary sale, and how each ended."""
        for lot, end in done:
            self._reserves[lot.ticket] = lot.terms.reserve
            if self._state.rules.void and end.sale is None:
                self._voids[self._state.titles.live[lot.ticket].ticket.last_block] = lot.ticket
        self._forget_dead()

    def begin(self) -> None:
        """A slot opens, and with it a round, if its block is the first of one."""
        state = self._state
        if state.slot % state.rules.round:
            return
        title, last = get_present(state), state.rules.last_of_round(state.slot)
        self._tally = RoundTally(last, title, holder_of(title), 0 if title is None else title.nonce)

    def add(self, outcome: Outcome, reward: int, net: int, best: int) -> None:
        """A slot is over, and with it a round, if its block is the last of one: how it went, its reward, what was
        made of it net of costs, and the most that could have been made. Gwei."""
        self._tally.add(outcome, reward, net, best)
        if self._state.slot == self._tally.last:
            self._write(self._tally)

    def _write(self, tally: RoundTally) -> None:
        title, last, size = tally.title, tally.last, self._state.rules.round
        serial = self._voids.pop(last, None) if title is None else title.ticket.serial
        holder = holder_of(title)
        row = ROUNDS.row(
            round=last // size,
            first_block=last - size + 1,
            last_block=last,
            status=status_of(title, serial),
            ticket=serial,
            reserve_gwei=None if serial is None else self._reserves.pop(serial, None),
            price_gwei=None if title is None or holder is None else title.price_gwei,
            first_holder=tally.holder,
            last_holder=holder,
            resales=0 if title is None else title.nonce - tally.moves,
            proposed=tally.proposed,
            missed=tally.missed,
            sold=tally.sold,
            block_price_gwei=tally.paid,
            reward_gwei=tally.reward,
            net_gwei=tally.net,
            best_gwei=tally.best,
        )
        self._rows.append(row)

    def _forget_dead(self) -> None:
        """Tickets that expired or were given back are drawn for no round."""
        title = self._tally.title  # burned already, where its round is just over
        there = [
            *self._state.titles.live,
            *self._voids.values(),
            *([] if title is None else [title.ticket.serial]),
        ]
        if len(self._reserves) > 2 * len(there):
            self._reserves = {serial: self._reserves[serial] for serial in there if serial in self._reserves}


def status_of(title: Title | None, serial: int | None) -> str:
    """What became of the ticket of a round that is over; without a title it was burned as void, or there was
    none."""
    if title is not None:
        return get_end(title)
    return "no_ticket" if serial is None else "void"


def holder_of(title: Title | None) -> int | None:
    """The participant that has a ticket; None where there is no ticket, or nobody bought it."""
    return None if title is None or title.owner == PROTOCOL else title.owner
