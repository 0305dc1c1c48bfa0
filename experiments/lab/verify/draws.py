"""Every draw, made again by the auditor's own account of the rule."""

from __future__ import annotations

from chain.state import Drawn
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import OrderRow
from experiments.lab.verify.title_audit import TitleAudit
from experiments.lab.verify.urn import AuditedUrn


class Draws:
    """The undrawn tickets and the draws that were made of them. Those of a user's own rule are believed: each is
    held to be of a ticket in the urn, no more."""

    def __init__(self, premises: Premises, now: Now, titles: TitleAudit) -> None:
        self._premises = premises
        self._now = now
        self._titles = titles
        self._rule = premises.draw_rule
        self._urn = AuditedUrn(premises.beacon, premises.protocol, now, titles.live)
        self._drawn: dict[int, Drawn] = {}
        self._claims_from = 0  # the first block whose late draw is still to come
        self.count = 0
        self.claimed = 0

    def add(self, deed: Deed) -> None:
        """A new ticket goes into the urn."""
        self._urn.add(deed)

    def of(self, block: int) -> Drawn:
        """The draw of a block."""
        return self._drawn[block]

    def forget(self, block: int) -> None:
        """The block is settled."""
        self._drawn.pop(block, None)

    def draw(self, block: int) -> list[Deed | None]:
        """The draw of a round, or of the epoch that begins with the block, at the start of a slot: the tickets
        drawn."""
        size = self._premises.rules.round
        span = self._rule.span * size
        due = range(block, block + span, size) if block % span == 0 else ()
        return [self._take(ahead, self._rule.pick(self._urn, ahead)) for ahead in due]

    def draw_late(self, block: int) -> list[Deed | None]:
        """After the session, the draw of a block that no one had claimed before it, where the rule has one."""
        if self._rule.late is None:
            return []
        serial = None if self._is_drawn(block) else self._rule.late(self._urn, block)
        self._urn.claims.pop(block, None)
        self._claims_from = block + 1
        return [] if self._is_drawn(block) else [self._take(block, serial)]

    def claim(self, row: OrderRow) -> None:
        """Take in a claim; the ticket's earlier one lapses. Raises `Fault` where it may not claim that block."""
        deed, block = self._titles.owned(row, row.maker), row.valid_from
        agree(row, tif="gtc", drawn=False, series_block=deed.row.last_block, price_gwei=0, valid_until=block)
        first = max(deed.row.first_block, self._claims_from)
        if deed.drawn_for is not None or not first <= block <= deed.last_block or self._is_drawn(block):
            raise misfit(
                row,
                "valid_from",
                f"an open block from {first}{'' if deed.row.last_block is None else f' to {deed.row.last_block}'}",
            )
        self._urn.claim(deed, block)
        self.claimed += 1

    def expiring(self) -> list[Deed]:
        """The undrawn tickets that have had their last draw."""
        rules = self._premises.rules
        if rules.maturity is None or not rules.ends_round(self._now.slot):
            return []
        block, span = self._now.slot + rules.ahead, self._rule.span * rules.round
        last = block - block % span + span - 1
        return [deed for deed in self._urn.deeds() if deed.last_block <= last]

    def remove(self, serial: int) -> None:
        """Take a ticket out of the urn."""
        self._urn.remove(serial)

    def _take(self, block: int, serial: int | None) -> Deed | None:
        drawn = Drawn(serial, len(self._urn))
        self._drawn.update(dict.fromkeys(range(block, block + self._premises.rules.round), drawn))
        self.count += not self._premises.is_own_draw
        if serial is None:
            return None
        self.remove(serial)
        deed = self._titles.live[serial]
        agree(deed.row, f"the draw of block {block}", drawn_for=block)
        deed.drawn_for = block
        return deed

    def _is_drawn(self, block: int) -> bool:
        return block in self._drawn and self._drawn[block].ticket is not None
