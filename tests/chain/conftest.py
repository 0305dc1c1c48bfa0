"""A small chain, driven by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chain.account import derive_accounts
from chain.eip712 import Domain, StructType
from chain.errors import Refused
from chain.ledger import names_of
from chain.protocol import (
    PROPOSAL,
    Proposal,
    close_slot,
    get_right,
    open_slot,
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_late_draw,
    process_proposal,
    proposal_values,
)
from chain.randomness import Streams
from chain.records import Records
from chain.rules import custom_rule, draw_rule
from chain.signatures import Ecdsa, Unsigned
from chain.state import Draw, DrawRule, Rules, new_state
from chain.titles import TICKETS
from chain.transfer import TRANSFER, Transfer, transfer_values
from tests.snapshot import assert_same, snapshot


class Chain:
    """A chain with the accounts 1, 2, 3, each with 1,000 Gwei. `sold` says who gets the tickets at genesis."""

    def __init__(
        self,
        draw: str | Draw = "maturity",
        supply: int = 3,
        maturity: int | None = 2,
        lookahead: int = 0,
        refund: float = 0.0,
        unclaimed: str = "earliest_expiry",
        validators: tuple[int, ...] = (),
        signed: bool = True,
        rule: DrawRule | None = None,
        **more: object,
    ) -> None:
        names = ["one", "two", "three"]
        streams = Streams(11)
        accounts = derive_accounts(streams, names)
        self.records = Records(Path("nowhere"), names_of(accounts))
        domain = Domain(1337)
        rule = rule or (draw_rule(draw, unclaimed) if isinstance(draw, str) else custom_rule("custom", draw))
        self.state = new_state(
            rules=Rules(supply, maturity, lookahead, rule, refund, **more),
            accounts=accounts,
            signatures=Ecdsa(domain) if signed else Unsigned(domain),
            streams=streams,
            records=self.records,
            validators=validators,
        )
        for account in range(1, len(accounts)):
            self.state.ledger.endow(account, 1000)

    def genesis(self, owner: int = 1, price: int = 0) -> Chain:
        """Mint the supply, sell it all to `owner` and draw the first blocks."""
        for title in process_genesis(self.state):
            self.sell(title.ticket.serial, owner, price)
        process_first_draws(self.state)
        return self

    def sell(self, serial: int, owner: int, price: int = 0) -> None:
        """What the primary market does."""
        title = self.state.titles.live[serial]
        self.state.ledger.lock(owner, price + self.state.rules.collateral)
        self.state.ledger.burn(owner, price, serial)
        title.price_gwei = price
        self.state.titles.transfer(title, owner, "primary")

    def open(self) -> None:
        """Open a slot and draw."""
        open_slot(self.state)

    def propose(self, reward: int = 0) -> None:
        """The holder of the block's right proposes and builds; where there is none the block stays empty."""
        right = get_right(self.state)
        if right is None:
            process_empty_block(self.state)
        else:
            process_proposal(self.state, self.proposal(reward=reward), reward)

    def close(self) -> tuple[list[int], list[int]]:
        """Expire and mint: the serials of what expired, and of what was minted."""
        expired, minted = close_slot(self.state)
        return [title.ticket.serial for title in expired], [title.ticket.serial for title in minted]

    def slot(self, owner: int = 1, reward: int = 0) -> None:
        """A whole slot; `owner` buys what was minted."""
        self.open()
        process_late_draw(self.state)
        self.propose(reward)
        for serial in self.close()[1]:
            self.sell(serial, owner)

    def proposal(self, signer: int | None = None, **changes: object) -> Proposal:
        """A proposal of the present block by the holder of its right, signed, with `changes` before it is."""
        right = get_right(self.state)
        proposer, ticket = (1, None) if right is None else right
        nonce = 0 if ticket is None else self.state.titles.live[ticket].nonce
        proposal = Proposal(self.state.slot, proposer, ticket, nonce, proposer, 0)._replace(**changes)  # type: ignore[arg-type]
        values = proposal_values(self.state, proposal)
        return proposal._replace(signature=self.sign(signer or proposal.proposer, PROPOSAL, values))

    def transfer(self, giver: int, taker: int, ticket: int, **changes: object) -> Transfer:
        """A signed transfer at the ticket's present nonce, with `changes` before it is signed."""
        title = self.state.titles.live.get(ticket)
        transfer = Transfer(giver, taker, ticket, title.nonce if title else 0)._replace(**changes)  # type: ignore[arg-type]
        values = transfer_values(self.state, transfer)
        return transfer._replace(signature=self.sign(giver, TRANSFER, values))

    def sign(self, signer: int, kind: StructType, values: Sequence[object]) -> bytes:
        return self.state.signatures.sign(self.state.accounts[signer].key, kind, values)

    def ends(self) -> dict[int, str]:
        """How the tickets ended that are burned."""
        column = [name for name, *_ in TICKETS.columns].index("end")
        return {row[0]: row[column] for row in self.records.table(TICKETS)._rows}

    def refuses(self, error: type[Refused], operation: Callable[..., object], *arguments: object) -> str:
        """The operation raises `error` and changes nothing. What it says."""
        before = snapshot(state=self.state)
        with pytest.raises(error) as refusal:
            operation(self.state, *arguments)
        assert refusal.type is error
        assert_same(before, snapshot(state=self.state))
        return str(refusal.value)


@pytest.fixture(scope="session")
def make_chain() -> Callable[..., Chain]:
    """Makes small chains."""
    return Chain


@pytest.fixture
def chain() -> Chain:
    """Three tickets that mature at blocks 0, 1, 2, all of account 1, at slot 0 after its draw."""
    chain = Chain().genesis()
    chain.open()
    return chain
