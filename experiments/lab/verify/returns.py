"""Tickets that their holders gave back, and what the protocol paid for them."""

from __future__ import annotations

from experiments.lab.verify.draws import Draws
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.money_audit import Money
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import OrderRow
from experiments.lab.verify.title_audit import TitleAudit


class Returns:
    """Settles each return as the rules say."""

    def __init__(self, premises: Premises, now: Now, draws: Draws, titles: TitleAudit, money: Money) -> None:
        self._premises = premises
        self._now = now
        self._draws = draws
        self._titles = titles
        self._money = money
        self.count = 0

    def take_back(self, row: OrderRow) -> None:
        """An undrawn ticket goes back. Raises `Fault` where it may not, or for less than its holder asks."""
        haircut = self._premises.rules.haircut
        deed = self._titles.free(row, row.maker)
        if haircut is None or deed.drawn_for is not None:
            raise misfit(row, "ticket", "a ticket that may be given back")
        slot = self._now.slot
        agree(row, tif="gtc", drawn=False, series_block=deed.row.last_block, valid_from=slot, valid_until=slot)
        agree(row, outcome="returned", end_slot=row.slot, end_ms=row.ms)
        refund = self._premises.pricing.refund(self._titles.held, deed.price_gwei, haircut)
        if refund < row.price_gwei:
            raise misfit(row, "price_gwei", f"at most {refund}", "the protocol pays no more")
        self._money.refund(row.maker, refund, deed.serial)
        self._money.release_collateral(deed)
        self._draws.remove(deed.serial)
        self._titles.burn(deed, "returned")
        self.count += 1
