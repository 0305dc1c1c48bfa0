"""What the laws of the twin look at: who has what, on one side or the other."""

from __future__ import annotations

from typing import NamedTuple

from chain.evm.machine import Reverted
from chain.evm.ticket_contract import TicketContract
from chain.ledger import BURNED, REFUNDS
from chain.state import State


class Picture(NamedTuple):
    """A side at one moment. Money in Gwei, by account, with what stands behind tickets; `held` their numbers of
    tickets by their own account of it. Of live tickets: their owners, by address; their transfer nonces; the
    blocks that they are drawn for, if any; their last blocks."""

    slot: int
    minted: int
    supply: int
    urn: int
    burned: int
    refunded: int
    money: dict[bytes, int]
    held: dict[bytes, int]
    owners: dict[int, bytes]
    nonces: dict[int, int]
    drawn_for: dict[int, int]
    last_blocks: dict[int, int]


def of_protocol(state: State) -> Picture:
    """The protocol in Python."""
    live = state.titles.live
    return Picture(
        slot=state.slot,
        minted=state.titles.minted,
        supply=len(live),
        urn=len(state.urn),
        burned=state.ledger.total(BURNED),
        refunded=state.ledger.total(REFUNDS),
        money={address: sum(state.ledger.money(number)) for number, address in enumerate(state.addresses)},
        held={address: len(state.titles.holdings[number]) for number, address in enumerate(state.addresses)},
        owners={serial: state.addresses[title.owner] for serial, title in live.items()},
        nonces={serial: title.nonce for serial, title in live.items()},
        drawn_for={serial: title.drawn_for for serial, title in live.items() if title.drawn_for is not None},
        last_blocks={serial: title.ticket.last_block for serial, title in live.items()},
    )


def of_contract(tickets: TicketContract, addresses: list[bytes]) -> Picture:
    """The contract, by its own views of every ticket that was ever minted, and of the accounts."""
    minted = number(tickets, "minted")
    titles = {serial: title for serial in range(minted) if (title := title_of(tickets, serial))}
    drawn = {serial: int.from_bytes(title[64:96], "big") for serial, title in titles.items()}
    return Picture(
        slot=number(tickets, "slot"),
        minted=minted,
        supply=number(tickets, "totalSupply"),
        urn=number(tickets, "urnSize"),
        burned=number(tickets, "burnedGwei"),
        refunded=number(tickets, "refundedGwei"),
        money={address: number(tickets, "funds", address) for address in addresses},
        held={address: number(tickets, "balanceOf", address) for address in addresses if any(address)},
        owners={serial: title[12:32] for serial, title in titles.items()},
        nonces={serial: int.from_bytes(title[32:64], "big") for serial, title in titles.items()},
        drawn_for={serial: block - 1 for serial, block in drawn.items() if block},
        last_blocks={serial: last_block_of(tickets, serial) for serial in titles},
    )


def number(tickets: TicketContract, view: str, *words: object) -> int:
    return int.from_bytes(tickets.view(view, *words), "big", signed=view == "slot")


def title_of(tickets: TicketContract, serial: int) -> bytes | None:
    try:
        return tickets.view("titleOf", serial)
    except Reverted:
        return None


def last_block_of(tickets: TicketContract, serial: int) -> int:
    return int.from_bytes(tickets.view("ticketOf", serial)[96:128], "big")
