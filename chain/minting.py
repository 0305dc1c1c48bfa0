"""How a ticket comes into being."""

from __future__ import annotations

from chain.account import PROTOCOL
from chain.named_tuples import make
from chain.state import State
from chain.ticket import TICKET, Ticket, Title


def mint_ticket(state: State) -> Title:
    """Mint one ticket, signed by the protocol, owned by it until it is sold."""
    ticket = draft_ticket(state, state.titles.minted)
    if not state.signatures.are_off:
        signature = state.signatures.sign(state.accounts[PROTOCOL].key, TICKET, ticket.fields())
        ticket = ticket._replace(signature=signature)
    state.urn.append(ticket.serial)
    if state.rules.maturity is not None:
        state.endings.setdefault(max(ticket.last_block, state.ended + 1), []).append(ticket.serial)
    return state.titles.mint(ticket)


def draft_ticket(state: State, serial: int) -> Ticket:
    """The ticket of a serial number as it would be minted now, unsigned."""
    first, last = state.rules.draw.blocks(state, serial)
    domain = state.signatures.domain
    return make(Ticket, (serial, state.slot, first, last, state.rules_id, domain.chain_id, b""))
