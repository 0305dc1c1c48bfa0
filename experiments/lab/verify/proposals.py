"""Every proposal: who had the right, whether it was used, who built the block."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.lab.verify.auctions import Auctions
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.draws import Draws
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.money_audit import Money
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import BlockRow
from experiments.lab.verify.signature_audit import SignatureAudit
from experiments.lab.verify.title_audit import TitleAudit
from experiments.lab.verify.value_audit import Values
from market.auctions import Payment


class Proposals:
    """Settles each block as its row says, where the row can be true."""

    def __init__(
        self,
        premises: Premises,
        signatures: SignatureAudit,
        values: Values,
        draws: Draws,
        titles: TitleAudit,
        auctions: Auctions,
        money: Money,
    ) -> None:
        self._premises = premises
        self._signatures = signatures
        self._values = values
        self._draws = draws
        self._titles = titles
        self._auctions = auctions
        self._money = money
        self._misses = premises.streams.generator("missed")
        self._chances = [player.group.missed_proposal for player in premises.players]

    def right(self, row: BlockRow) -> tuple[str | None, Deed | None]:
        """Who may propose the block, and with which ticket; with none where it is endowed."""
        deed = self.drawn(row)
        if deed is not None and deed.owner != self._premises.protocol:
            return deed.owner, deed
        is_endowed = self._premises.rules.endowed or not self._premises.has_tickets
        return self._endowed(row) if is_endowed else None, None

    def drawn(self, row: BlockRow) -> Deed | None:
        """The ticket that was drawn for the block, whoever has it."""
        serial = self._draws.of(row.slot).ticket if self._premises.has_tickets else None
        return None if serial is None else self._titles.live[serial]

    def settle(self, row: BlockRow, came_too_late: bool | None) -> None:
        """The block is proposed, or stays empty; after the last one of a round its ticket is burned.
        `came_too_late`: its proposer took the header so late that it misses its slot; None where that is not
        known."""
        proposer, deed = self.right(row)
        drawn_deed = self.drawn(row)
        status = self._status(proposer, drawn_deed)
        if status == "proposed" and (came_too_late or (came_too_late is None and row.status == "missed")):
            status = "missed"
        drawn = self._draws.of(row.slot) if self._premises.has_tickets else (None, None)
        agree(row, ticket=drawn[0], urn=drawn[1], proposer=proposer, status=status)
        if status == "proposed":
            self._propose(row, deed)
        else:
            agree(row, builder=None, signature=None, block_price_gwei=None)
            self._auctions.cancel_block()
        self._values.check(row)
        if drawn_deed is not None:
            self._use(drawn_deed, row, is_missed=deed is not None and status == "missed")
        self._draws.forget(row.slot)

    def _use(self, deed: Deed, row: BlockRow, *, is_missed: bool) -> None:
        """A block of the ticket is settled."""
        if is_missed:
            deed.missed += 1
            self._money.forfeit_fee(deed)
        if self._premises.rules.ends_round(row.slot):
            self._money.release_collateral(deed)
            self._titles.burn(deed, deed.end_of_round(self._premises.protocol, self._premises.rules.round))
        else:
            deed.drawn_for, deed.builder = row.slot + 1, None

    def _status(self, proposer: str | None, deed: Deed | None) -> str:
        missing = self._missing()
        if proposer is None:
            return "no_ticket" if deed is None else "unsold"
        return "missed" if proposer in missing else "proposed"

    def _missing(self) -> set[str]:
        """Who fails to propose in this slot."""
        if not any(self._chances):
            return set()
        draws = self._misses.random(len(self._chances))
        pairs = zip(self._premises.players, draws < self._chances, strict=True)
        return {player.name for player, fails in pairs if fails}

    def _propose(self, row: BlockRow, deed: Deed | None) -> None:
        reward = 0 if row.builder is None else self._values.gross(row)
        ticket = None if deed is None else deed.serial
        self._signatures.proposal(row, ticket, 0 if deed is None else deed.nonce, reward)
        self._auctions.drop_block_unless_sold_by(row.proposer)
        clearing = self._auctions.clear_block()
        won = clearing.sale
        self._check_builder(row, won, None if deed is None else deed.builder)
        agree(row, block_price_gwei=None if won is None else won.price)
        if row.builder is not None:
            self._money.reward(row.builder, self._values.gross(row), ticket)
            if row.cost_gwei:
                self._money.spend("cost", row.builder, row.cost_gwei, ticket)
        self._auctions.settle_block(clearing)

    def _check_builder(self, row: BlockRow, won: Payment | None, ahead: str | None) -> None:
        """Who bought the block, `ahead` of time or now, builds it where the reward covers the cost; else the
        proposer, if it wants to."""
        bought = ahead if won is None else self._premises.names[won.bidder]
        chosen = bought or row.proposer
        if row.builder not in (None, chosen):
            raise misfit(row, "builder", chosen)
        if bought is not None and row.builder is None and self._values.covers(row, chosen):
            raise misfit(row, "builder", chosen, "the reward covers its cost")

    def _endowed(self, row: BlockRow) -> str | None:
        """The beacon picks among the sellers, or among all where there are none."""
        players = self._premises.players
        if any(player.roles is None for player in players):
            return self._premises.names[self._premises.number(row, "proposer")]
        sellers = [player for player in players if player.roles and "seller" in player.roles] or players
        picked = [sellers[self._premises.beacon.below(len(sellers), word)].name for word in self._words(row.slot)]
        return next((name for name in picked if name == row.proposer), picked[0])

    def _words(self, slot: int) -> Sequence[int]:
        """The beacon's word that picks among them: another one where the draw of the block may have taken its own.
        Of a draw rule of the user's own it is not known whether it is by lot."""
        own, other = slot, slot + 2**63
        if self._premises.has_tickets and self._premises.is_own_draw:
            return own, other
        is_by_lot = self._premises.has_tickets and self._premises.config.chain.draw != "maturity"
        return [other] if is_by_lot else [own]
