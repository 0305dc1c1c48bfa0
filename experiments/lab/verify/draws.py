"""Every draw, made again: the urn, the claims, and the ticket that the rule picks."""

from __future__ import annotations

from bisect import bisect_left

from chain.rules import DRAW_RULES
from chain.state import Drawn
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import OrderRow
from experiments.lab.verify.titles import Deed, Titles


class Draws:
    """The undrawn tickets and the draws that were made of them."""

    def __init__(self, premises: Premises, now: Now, titles: Titles) -> None:
        self._premises = premises
        self._now = now
        self._titles = titles
        self._chain = premises.config.chain
        self._urn: list[int] = []
        self._claims: dict[int, dict[int, int]] = {}  # by block: ticket and transfer nonce
        self._drawn: dict[int, Drawn] = {}
        self._claims_from = 0  # the first block whose late draw is still to come
        self.count = 0
        self.claimed = 0

    @property
    def has_claims(self) -> bool:
        """Whether holders choose their blocks."""
        return self._chain.draw == "claim"

    @property
    def is_own_rule(self) -> bool:
        """Whether the rule is a user's: then a draw is checked to be of a ticket in the urn, no more."""
        return self._chain.draw not in DRAW_RULES

    def add(self, deed: Deed) -> None:
        """A new ticket goes into the urn."""
        self._urn.append(deed.serial)

    def of(self, block: int) -> Drawn:
        """The draw of a block."""
        return self._drawn[block]

    def forget(self, block: int) -> None:
        """The block is settled."""
        self._drawn.pop(block, None)

    def draw(self, block: int) -> list[Deed | None]:
        """The draw of a block, or of the epoch that begins with it, at the start of a slot: the tickets drawn."""
        span = self._premises.rules.draw.span
        due = range(block, block + span) if block % span == 0 else ()
        return [self._take(ahead, self._picked(ahead)) for ahead in due]

    def draw_late(self, block: int) -> Deed | None:
        """After the session, the draw of a block that no one had claimed before it."""
        claimed = self._claimed(block)
        self._claims.pop(block, None)
        self._claims_from = block + 1
        if self._is_drawn(block):
            return None
        return self._take(block, self._unclaimed(block) if claimed is None else claimed)

    def claim(self, row: OrderRow) -> None:
        """Take in a claim; the ticket's earlier one lapses. Raises `Fault` where it may not claim that block."""
        deed, block = self._titles.owned(row, row.maker), row.valid_from
        agree(row, tif="gtc", drawn=False, series_block=deed.row.last_block, price_gwei=0, valid_until=block)
        first = max(deed.row.first_block, self._claims_from)
        if deed.drawn_for is not None or not first <= block <= deed.last_block or self._is_drawn(block):
            raise misfit(row, "valid_from", f"an open block from {first} to {deed.last_block}")
        for claims in self._claims.values():
            claims.pop(deed.serial, None)
        self._claims.setdefault(block, {})[deed.serial] = deed.nonce
        self.claimed += 1

    def expiring(self) -> list[Deed]:
        """The undrawn tickets that have had their last draw."""
        if self._premises.rules.maturity is None:
            return []
        block, span = self._now.slot + self._chain.lookahead, self._premises.rules.draw.span
        last, live = block - block % span + span - 1, self._titles.live
        return [live[serial] for serial in self._urn if live[serial].last_block <= last]

    def remove(self, serial: int) -> None:
        """Take a ticket out of the urn."""
        del self._urn[bisect_left(self._urn, serial)]

    def _take(self, block: int, serial: int | None) -> Deed | None:
        self._drawn[block] = Drawn(serial, len(self._urn))
        self.count += 1
        if serial is None:
            return None
        self.remove(serial)
        deed = self._titles.live[serial]
        deed.drawn_for = block
        return deed

    def _picked(self, block: int) -> int | None:
        """The ticket that the rule picks."""
        match self._chain.draw:
            case "lottery":
                return self._by_lot(self._urn, block)
            case "epoch":
                return self._by_lot(self._entrants(), block)
            case "randea":
                return self._by_lot(self._of_window(block), block)
            case "maturity":
                return self._maturing(block)
            case "claim":
                return self._claimed(block)
        return self._by_own_rule(block)

    def _is_drawn(self, block: int) -> bool:
        return block in self._drawn and self._drawn[block].ticket is not None

    def _by_lot(self, serials: list[int], block: int) -> int | None:
        return serials[self._premises.beacon.below(len(serials), block)] if serials else None

    def _of_window(self, block: int) -> list[int]:
        """The undrawn tickets for the window of a block."""
        last = block - block % self._chain.window + self._chain.window - 1
        return [serial for serial in self._urn if self._titles.live[serial].last_block == last]

    def _entrants(self) -> list[int]:
        """The tickets held since before the last sale; those of genesis are in time for block 0."""
        deeds = (self._titles.live[serial] for serial in self._urn if serial not in self._titles.unsold)
        return [deed.serial for deed in deeds if deed.sold_slot < max(self._now.slot - 1, 0)]

    def _maturing(self, block: int) -> int | None:
        live = self._titles.live
        return next((serial for serial in self._urn if live[serial].last_block == block), None)

    def _claimed(self, block: int) -> int | None:
        """Of the standing claims the earliest expiry, then the lowest serial."""
        live = self._titles.live
        claims = self._claims.get(block, {}).items()
        standing = (serial for serial, nonce in claims if self._is_undrawn(serial) and live[serial].nonce == nonce)
        return min(standing, key=self._by_expiry, default=None)

    def _unclaimed(self, block: int) -> int | None:
        """The earliest expiry; where blocks may stay empty, only if it is the ticket's last block."""
        serial = min(self._urn, key=self._by_expiry, default=None)
        if serial is None or self._chain.unclaimed == "earliest_expiry":
            return serial
        return serial if self._titles.live[serial].last_block <= block else None

    def _by_own_rule(self, block: int) -> int | None:
        return next((serial for serial in self._urn if self._titles.live[serial].row.drawn_for == block), None)

    def _is_undrawn(self, serial: int) -> bool:
        return serial in self._titles.live and self._titles.live[serial].drawn_for is None

    def _by_expiry(self, serial: int) -> tuple[int, int]:
        return self._titles.live[serial].last_block, serial
