"""The replay: a run once more, slot by slot, from the messages in its tables.

Nothing of the engine takes part. What participants did comes from `orders`, `auctions` and `bids`, which they
signed, what chance did from the seed; all else follows and is compared with the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from chain.clock import Phase
from chain.ledger import BURNED, REFUNDS
from experiments.lab.verify.auctions import Auctions
from experiments.lab.verify.book_audit import Books
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.draws import Draws
from experiments.lab.verify.fault import Fault, agree, misfit
from experiments.lab.verify.inbox import Acts, Inbox
from experiments.lab.verify.money_audit import Money
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.proposals import Proposals
from experiments.lab.verify.reserve_audit import ReserveAudit
from experiments.lab.verify.returns import Returns
from experiments.lab.verify.round_audit import RoundAudit
from experiments.lab.verify.rows import (
    AuctionRow,
    BidRow,
    BlockRow,
    HandOutRow,
    OrderRow,
    PaymentRow,
    RoundRow,
    SignalRow,
    TicketRow,
    TradeRow,
    TransferRow,
    ViolationRow,
)
from experiments.lab.verify.signature_audit import SignatureAudit
from experiments.lab.verify.slot_bids import SlotBids
from experiments.lab.verify.stored_tables import DerivedTable, Feed, StoredTables, by_number, in_order
from experiments.lab.verify.timetable import Timetable
from experiments.lab.verify.title_audit import TitleAudit
from experiments.lab.verify.trade_audit import TradeAudit
from experiments.lab.verify.value_audit import Values
from experiments.lab.verify.violation_audit import ViolationAudit
from market.auctions import OWN

OWN_DRAW = "the draw rule is the user's own: its draws are believed, each of a ticket that is in the urn"
OWN_DATES = "the draw rule is the user's own: its draws, of tickets in the urn, and their dates are believed"
OWN_PRICING = "the primary pricing is the user's own: awards are within the bids"
OWN_LOTS = (
    "the primary pricing is the user's own: its lots and its price, who wins and who pays are believed, each "
    "payment within its bid"
)
OWN_FORMAT = "a sale format is the user's own: who wins and who pays is believed, each payment within its bid"
OWN_ROLES = "strategies are the user's own: what the manifest says that they may play is believed"


Counted = Callable[[int, int], object]
"""Is told how many of how many are done."""


class Replay:
    """Replays one run of one structure. Raises `Fault` at the first thing that does not fit."""

    def __init__(self, premises: Premises, tables: StoredTables) -> None:
        self._premises = premises
        self._now = now = Now()
        self._timetable = Timetable(premises)
        self._signatures = SignatureAudit(premises)
        self._values = Values(premises)
        self._money = money = Money(premises, now, Feed(in_order(tables.rows(PaymentRow), "slot")))
        self._trades = trades = TradeAudit(now, DerivedTable(TradeRow, tables.rows(TradeRow)))
        self._transfers = DerivedTable(TransferRow, tables.rows(TransferRow))
        lives = by_number(in_order(tables.rows(TicketRow), "end_slot"), "ticket")
        self._titles = titles = TitleAudit(premises, now, self._signatures, lives, self._transfers)
        self._draws = draws = Draws(premises, now, titles)
        self._reserves = reserves = ReserveAudit(premises, now, titles, self._values)
        self._books = Books(premises, now, titles, money, trades)
        self._auctions = auctions = Auctions(premises, now, titles, money, trades, reserves, self._mint_one)
        settling = (self._values, draws, titles, auctions, money)
        self._proposals = Proposals(premises, self._signatures, *settling)
        self._returns = Returns(premises, now, draws, titles, money)
        rounds = tables.rows(RoundRow) if premises.rules.round > 1 else iter(())
        self._rounds = RoundAudit(premises, DerivedTable(RoundRow, rounds))
        self._violations = ViolationAudit(premises, self._timetable)
        self._refusals = Feed(in_order(tables.rows(ViolationRow), "slot", "ms"))
        self._blocks = tables.rows(BlockRow)
        self._tables = tables
        self._signals = tables.rows(SignalRow)
        self._signal = next(self._signals, None)
        self._block: BlockRow | None = None
        self._voided: set[int] = set()  # blocks to come whose tickets were burned unsold
        acts = Acts(self._order, self._books.cancel, self._opening, self._bid)
        self._slot_bids = SlotBids(premises, self._timetable, self._signatures, self._values, tables)
        self._inbox = Inbox(premises, now, self._timetable, tables, acts)

    def run(self, progress: Counted) -> None:
        """From genesis to the end. `progress` is told how many blocks are done."""
        self._genesis()
        for slot in range(self._premises.blocks):
            self._now.slot = slot
            self._slot(self._next_block())
            progress(slot + 1, self._premises.blocks)
        self._close()

    @property
    def signatures(self) -> int:
        """How many were recovered."""
        return self._signatures.count

    def notices(self) -> list[str]:
        """What could not be checked."""
        premises = self._premises
        own = [
            (not premises.is_signed, "the run is unsigned: there are no signatures to recover"),
            (premises.is_own_draw, OWN_DATES if premises.draw_rule.dates is None else OWN_DRAW),
            (premises.is_own_pricing, OWN_LOTS if premises.has_own_lots else OWN_PRICING),
            (OWN in premises.formats, OWN_FORMAT),
            (premises.roles_are_believed, OWN_ROLES),
        ]
        return [*self._values.notices, *self._reserves.notices(), *(text for applies, text in own if applies)]

    def counts(self) -> dict[str, int]:
        """What was checked, and how many of each."""
        return {
            "signatures recovered": self._signatures.count,
            "draws made again": self._draws.count,
            "rewards recomputed": self._values.rewards,
            "costs recomputed": self._values.costs,
            "payments replayed": self._money.count,
            "transfers replayed": self._transfers.count,
            "orders replayed": self._books.count,
            "claims replayed": self._draws.claimed,
            "returns replayed": self._returns.count,
            "auctions cleared": self._auctions.count,
            "bids replayed": self._auctions.bids,
            "bids in open auctions followed": self._slot_bids.count,
            "trades matched": self._trades.count,
            "refusals placed": self._violations.count,
            "rounds added up": self._rounds.count,
        }

    def _genesis(self) -> None:
        for player in self._premises.players:
            self._money.endow(player.name, self._premises.funds[player.number])
        self._timetable.genesis_begins()
        self._inbox.open_slot()
        self._mint(self._missing_tickets())
        self._hand_out()
        self._sell_lots(0)
        self._money.close_slot()
        self._hear_refusals()
        if self._premises.has_tickets:
            for block in range(self._premises.rules.ahead):
                self._draw(block)
                self._draw_late(block)
        self._timetable.genesis_ends()

    def _hand_out(self) -> None:
        """The tickets that go to participants before the first sale."""
        premises = self._premises
        takers = premises.handed_out if premises.has_tickets else []
        is_signed = premises.is_signed and premises.genesis_gwei > 0 and bool(takers)
        rows = self._tables.rows(HandOutRow) if is_signed else iter(())
        for deed, name in zip(list(self._titles.live.values()), takers, strict=False):
            self._money.spend("genesis", name, premises.genesis_gwei, deed.serial)
            if premises.rules.collateral:
                self._money.lock(name, premises.rules.collateral, deed.serial)
            self._titles.transfer(deed, name, "genesis")
            if is_signed:
                self._check_consent(next(rows, None), deed, name)
        if (row := next(rows, None)) is not None:
            raise misfit(row, "ticket", "no such row", "no further ticket was handed out")

    def _check_consent(self, row: HandOutRow | None, deed: Deed, name: str) -> None:
        """Who took the ticket has signed for its price."""
        if row is None:
            raise Fault("hand_outs", None, None, "no row", f"one of ticket {deed.serial}")
        agree(row, ticket=deed.serial, account=name, price_gwei=self._premises.genesis_gwei)
        self._signatures.hand_out(row)

    def _slot(self, row: BlockRow) -> None:
        """One slot, from its draw to its records."""
        phases, ahead = self._timetable.phases, row.slot + self._premises.rules.ahead
        before = self._money.gone_into(BURNED), self._money.gone_into(REFUNDS)
        self._block = row
        self._inbox.open_slot()
        self._now.ms = 0
        if self._premises.has_tickets:
            self._draw(ahead)
        self._rounds.begin(row.slot, self._proposals.drawn(row))
        if self._premises.has_tickets:
            self._take_turns()
            self._inbox.hear(phases.clear, Phase.CLEAR)
            self._auctions.clear_sales()
            self._inbox.hear(phases.sell_block, Phase.CLAIM)
            self._draw_late(ahead)
        self._inbox.hear(phases.propose, Phase.PROPOSE)
        self._slot_bids.check(row, self._auctions.block)
        expired = self._settle_block(row)
        minted = self._titles.minted
        self._renew_supply(row.slot)
        self._books.expire()
        self._money.close_slot()
        self._agree_block(row, minted, expired, before)
        self._rounds.end(row)
        self._hear_refusals()

    def _renew_supply(self, slot: int) -> None:
        """What the supply has lost is minted and sold, after the last block of a round."""
        if self._premises.rules.ends_round(slot):
            self._mint(self._missing_tickets())
            self._sell_lots(self._timetable.phases.propose)
        else:
            for row in self._inbox.lots:
                raise misfit(row, "market", "secondary or block", "the protocol sells when a round is over")
            self._inbox.hear(self._timetable.end, Phase.CLOSE)

    def _take_turns(self) -> None:
        """Holders sell one after the other."""
        for ms, name in self._timetable.turns():
            self._inbox.hear(ms, Phase.CLEAR)
            self._auctions.clear_sales_of(name)

    def _settle_block(self, row: BlockRow) -> int:
        """The proposal, and the expiry of tickets; how many expired."""
        expiring = self._draws.expiring() if self._premises.has_tickets else []
        self._withdraw([*expiring, self._proposals.drawn(row)])
        self._proposals.settle(row, self._slot_bids.missed)
        self._voided.discard(row.slot)
        for deed in expiring:
            self._expire(deed)
        return len(expiring)

    def _next_block(self) -> BlockRow:
        row = next(self._blocks, None)
        if row is None:
            raise Fault("blocks", self._now.slot, None, None, f"a row for slot {self._now.slot}")
        word = self._premises.beacon.word(self._now.slot)
        agree(row, "keccak(beacon seed ‖ slot ‖ 0)", slot=self._now.slot, draw_word=word)
        return row

    def _draw(self, block: int) -> None:
        self._withdraw(self._draws.draw(block))

    def _draw_late(self, block: int) -> None:
        self._withdraw(self._draws.draw_late(block))

    def _withdraw(self, deeds: Iterable[Deed | None]) -> None:
        """Tickets that are drawn, or end, leave the market."""
        for deed in deeds:
            if deed is not None:
                self._books.withdraw(deed)
                self._auctions.withdraw(deed)

    def _expire(self, deed: Deed) -> None:
        self._draws.remove(deed.serial)
        refund = int(deed.price_gwei * self._premises.rules.refund)
        if refund and deed.owner != self._premises.protocol:
            self._money.refund(deed.owner, refund, deed.serial)
        self._money.release_collateral(deed)
        self._titles.burn(deed, "expired")

    def _missing_tickets(self) -> int:
        """How many tickets the supply has lost; an elastic one has lost none."""
        if not self._premises.has_tickets or self._premises.rules.elastic:
            return 0
        return self._premises.rules.supply - len(self._titles.live) - len(self._voided)

    def _mint(self, count: int) -> None:
        for _ in range(count):
            self._mint_one()

    def _mint_one(self) -> Deed:
        deed = self._titles.mint()
        self._draws.add(deed)
        return deed

    def _sell_lots(self, ms: int) -> None:
        """The primary sale, from the moment of the mint to the end of the slot."""
        self._now.ms = ms
        lots = iter(self._inbox.lots)
        self._rounds.put_up(self._inbox.lots)
        self._auctions.offer_lots(lots, [row.terms for row in self._inbox.lots])
        if (row := next(lots, None)) is not None:
            raise misfit(row, "market", "secondary or block", "the protocol has no such ticket to sell")
        self._inbox.hear(self._timetable.end, Phase.CLOSE)
        self._void(self._auctions.clear_lots())

    def _void(self, unsold: Sequence[int]) -> None:
        """The protocol's own bid has won these tickets: where the rules say so they are burned."""
        for serial in unsold if self._premises.rules.void else ():
            deed = self._titles.live[serial]
            self._draws.remove(serial)
            self._voided.add(deed.last_block)
            self._rounds.void(deed)
            self._titles.burn(deed, "void")

    def _agree_block(self, row: BlockRow, minted: int, expired: int, before: tuple[int, int]) -> None:
        """The figures of a block that are sums over the slot."""
        burned, refunded = self._money.gone_into(BURNED), self._money.gone_into(REFUNDS)
        agree(row, primary_gwei=burned - before[0], refund_gwei=refunded - before[1])
        titles = self._titles
        agree(row, minted=titles.minted - minted, expired=expired)
        agree(row, live=len(titles.live), held=titles.held, squares=titles.squares)
        self._agree_signals(row.slot)

    def _agree_signals(self, slot: int) -> None:
        """What everyone sees at the end of a slot."""
        quote = self._quote(slot) if self._premises.has_tickets else None
        volatility = self._values.volatility(slot)
        if quote is None and volatility is None:
            return
        row, self._signal = self._signal, next(self._signals, None)
        if row is None:
            raise Fault("signals", None, None, None, f"a row for slot {slot}")
        agree(row, slot=slot, quote_gwei=quote, volatility=volatility)

    def _quote(self, slot: int) -> int | None:
        """The price that the protocol posts at the end of a slot; of a rule of one's own what the table says."""
        if not self._premises.has_own_lots:
            return self._auctions.quote
        return self._signal.quote_gwei if self._signal is not None and self._signal.slot == slot else None

    def _hear_refusals(self) -> None:
        for row in self._refusals.of(self._now.slot):
            self._violations.check(row)

    def _close(self) -> None:
        """What is open at the end, and that no table says more."""
        self._inbox.close()
        self._slot_bids.close()
        if (row := next(self._blocks, None)) is not None:
            raise misfit(row, "slot", "no such row", "the run ends before it")
        if self._signal is not None:
            raise misfit(self._signal, "slot", "no such row", "no one sees such figures then")
        open_bids = self._books.close() + self._auctions.close()
        self._money.close(open_bids + self._titles.collateral())
        self._titles.close()
        self._trades.close()
        self._rounds.close()
        self._refusals.end()

    # What participants did

    def _order(self, row: OrderRow) -> None:
        self._signatures.order(row)
        if row.side == "return":
            return self._returns.take_back(row)
        if row.side != "claim":
            return self._books.place(row)
        agree(row, outcome="claimed", end_slot=row.slot, end_ms=row.ms)
        return self._draws.claim(row)

    def _opening(self, row: AuctionRow) -> None:
        self._signatures.listing(row)
        if row.market == "secondary":
            return self._auctions.open_sale(row)
        if row.market == "building":
            return self._auctions.open_building(row)
        assert self._block is not None
        return self._auctions.open_block(row, *self._proposals.right(self._block))

    def _bid(self, row: BidRow) -> None:
        self._signatures.bid(row, self._auctions.enter(row))
