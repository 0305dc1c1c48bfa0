"""Every proposal: who had the right, whether it was used, who built the block."""

from __future__ import annotations

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
        """Who may propose the block, and with which ticket."""
        if not self._premises.has_tickets:
            return self._endowed(row), None
        serial = self._draws.of(row.slot).ticket
        deed = None if serial is None else self._titles.live[serial]
        if deed is None or deed.owner == self._premises.protocol:
            return None, deed
        return deed.owner, deed

    def settle(self, row: BlockRow, came_too_late: bool | None) -> None:
        """The block is proposed, or stays empty, and its ticket is burned. `came_too_late`: its proposer took the
        header so late that it misses its slot; None where that is not known."""
        proposer, deed = self.right(row)
        status = self._status(proposer, deed)
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
        if deed is not None:
            self._money.release_collateral(deed, self._premises.rules.missed_fee if status == "missed" else 0)
            self._titles.burn(deed, status)
        self._draws.forget(row.slot)

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
        self._signatures.proposal(row, 0 if deed is None else deed.nonce, reward)
        self._auctions.drop_block_unless_sold_by(row.proposer)
        clearing = self._auctions.clear_block()
        won = clearing.sale
        self._check_builder(row, won, None if deed is None else deed.builder)
        agree(row, block_price_gwei=None if won is None else won.price)
        if row.builder is not None:
            self._money.reward(row.builder, self._values.gross(row), row.ticket)
            if row.cost_gwei:
                self._money.spend("cost", row.builder, row.cost_gwei, row.ticket)
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
        return sellers[self._premises.beacon.below(len(sellers), row.slot)].name
