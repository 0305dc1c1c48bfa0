"""The ET protocol: what happens to tickets in a slot, in this order.

    open_slot:   process_slot → process_draw
                 (market session)
                 process_late_draw
                 (PBS)
                 process_proposal, or process_empty_block
    close_slot:  process_expiry → process_mint
                 (primary sale)

Where tickets are for rounds of blocks, the draw is held in the first slot of a round, expiry, mint and primary
sale in the last one.

Expiry is the hinge between two slots. It is settled when a slot closes, not when the next one opens, so that
the successor of an expired ticket is minted and sold with the block's own and lies in the urn at the next
draw: the urn then has N − L tickets at every draw, on which the value of a lottery ticket rests.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.claim_check import check_claim
from chain.collateral import forfeit_fee, return_collateral
from chain.draw_check import ask_rule
from chain.eip712 import StructType
from chain.errors import (
    BadAmount,
    BlockOpen,
    BlockProposed,
    NotBuilder,
    NotProposer,
    ReturnRefused,
    RuleBroken,
)
from chain.known_seed import check_seed_unknown
from chain.minting import draft_ticket, mint_ticket
from chain.named_tuples import make
from chain.present_right import get_right
from chain.state import Draw, Drawn, State
from chain.ticket import Title
from chain.wording import shown

PROPOSAL = StructType(
    "Proposal",
    [
        ("block", "uint64"),
        ("proposer", "address"),
        ("ticket", "uint64"),
        ("nonce", "uint64"),
        ("builder", "address"),
        ("reward", "uint64"),
    ],
)
NO_TICKET = 2**64 - 1
NOBODY = b"\x00" * 20


class Proposal(NamedTuple):
    """A proposer's signed statement of who builds the block, and what it brings the builder, Gwei. `builder` None:
    the block stays unexploited, and brings nothing."""

    block: int
    proposer: int
    ticket: int | None
    nonce: int
    builder: int | None
    reward: int
    signature: bytes = b""


class Closed(NamedTuple):
    """What became of tickets as a slot closed."""

    expired: list[Title]
    minted: list[Title]


def process_genesis(state: State) -> list[Title]:
    """Mint the whole supply, for sale before block 0; an elastic one is minted as it is sold.

    Raises `SeedKnown`.
    """
    check_seed_unknown(state)
    return process_mint(state)


def process_first_draws(state: State) -> None:
    """After the sale of genesis: draw the blocks of the look-ahead. Raises `BlockProposed` later on."""
    if state.slot >= 0 or state.draws:
        raise BlockProposed(f"the first draws are held once, before block 0; the slot is {state.slot}")
    if state.rules.supply:
        for block in range(state.rules.ahead):
            draw_early(state, block)
            draw_late(state, block)


def open_slot(state: State) -> list[Title]:
    """The next slot begins, and the draw that is due in it is held. Returns what was drawn.

    Raises `BlockOpen` where the present slot is not at its end.
    """
    check_closed(state)
    process_slot(state)
    return process_draw(state)


def check_closed(state: State) -> None:
    """Raises `BlockOpen` unless the present slot is settled, what is due drawn, and what has expired burned."""
    if state.proposed != state.slot:
        raise BlockOpen(f"block {state.slot} is neither proposed nor left empty")
    due = state.slot + state.rules.ahead
    if state.rules.supply and due >= 0 and due not in state.draws:
        raise BlockOpen(f"block {due} had no draw; hold the first ones")
    if state.slot >= 0 and get_expiring(state):
        raise BlockOpen(f"slot {state.slot} has tickets that have had their last draw; close it")


def close_slot(state: State) -> Closed:
    """After the last proposal of a round: what has had its last draw expires, and what the supply has lost is
    minted anew. Raises `SeedKnown`."""
    check_seed_unknown(state)
    if not state.rules.ends_round(state.slot):
        return Closed([], [])
    expired = process_expiry(state)
    minted = process_mint(state)
    return make(Closed, (expired, minted))


def process_slot(state: State) -> None:
    """Open the next slot."""
    state.draws.pop(state.slot, None)
    state.slot += 1
    state.ledger.slot = state.titles.slot = state.slot


def process_draw(state: State) -> list[Title]:
    """Draw the ticket for the block that lies the look-ahead from now, or for the round or the epoch that begins
    with it. Returns what was drawn.
    """
    return draw_early(state, state.slot + state.rules.ahead) if state.rules.supply else []


def process_late_draw(state: State) -> None:
    """After the session: settle a block that the early draw left open, where the rule does so."""
    if state.rules.supply:
        draw_late(state, state.slot + state.rules.ahead)


def process_claim(state: State, account: int, serial: int, nonce: int, block: int) -> None:
    """Claim `block` for a ticket that `account` owns. Its earlier claim, if any, lapses.

    Raises `ClaimRefused` where the block is not the ticket's to claim, is settled or too near.
    """
    title = state.titles.owned(serial, account, nonce)
    check_claim(state, title, block)
    for claims in state.claims.values():
        claims.pop(serial, None)
    state.claims.setdefault(block, {})[serial] = nonce


def process_return(state: State, account: int, serial: int, nonce: int, refund_gwei: int) -> None:
    """Take an undrawn ticket back from its owner for `refund_gwei`, and burn it; the supply is minted anew.

    Raises `ReturnRefused`, `NotOwner`, `TicketMoved`, `TicketListed`, `TicketBurned`, `UnknownTicket`,
    `SeedKnown`.
    """
    check_seed_unknown(state)
    title = state.titles.free(serial, account, nonce)
    check_return(state, title)
    remove_from_urn(state, serial)
    state.ledger.refund(account, refund_gwei, serial)
    return_collateral(state, title)
    state.titles.burn(title, "returned")


def process_proposal(state: State, proposal: Proposal, reward_gwei: int) -> None:
    """Propose the present block: pay the reward to its builder, and burn the ticket if it has no other one left.

    Raises `BlockProposed`, `NotProposer`, `NotBuilder`, `TicketMoved`, `BadSignature`, and `BadAmount` for another
    reward than the proposer signed.
    """
    verify_proposal(state, proposal)
    if proposal.reward != reward_gwei or (reward_gwei and proposal.builder is None):
        raise BadAmount(f"the proposal is for a reward of {proposal.reward} Gwei; the block brings {reward_gwei}")
    if proposal.builder is not None:
        state.ledger.reward(proposal.builder, reward_gwei, proposal.ticket)
    close_block(state)


def process_empty_block(state: State) -> None:
    """No proposal came: the slot stays empty, and a ticket that was drawn for it has used it all the same."""
    if state.proposed == state.slot:
        raise BlockProposed(f"block {state.slot} is settled")
    title = get_present(state)
    if title is not None:
        miss_block(state, title)
    close_block(state)


def miss_block(state: State, title: Title) -> None:
    """Nobody has proposed the present block with its ticket: who holds it pays the fee, and the protocol none."""
    title.missed += 1
    if title.owner != PROTOCOL:
        forfeit_fee(state, title)


def process_void(state: State, serials: Iterable[int]) -> None:
    """The protocol's own bid, the reserve, has won these tickets, each of one block or round: they are burned, and
    their blocks have none. The supply is not minted anew before these blocks are settled. Raises `RuleBroken`."""
    for serial in serials:
        title = state.titles.live[serial]
        if title.owner != PROTOCOL or not state.rules.void:
            raise RuleBroken(f"ticket {serial} of account {title.owner} is not the protocol's to burn")
        remove_from_urn(state, serial)
        state.voided.add(title.ticket.last_block)
        state.titles.burn(title, "void")


def process_expiry(state: State) -> list[Title]:
    """Burn the tickets that have had their last draw, with the refund of the rules; none before the first draw."""
    if not state.draws:
        return []
    expired = get_expiring(state)
    for title in expired:
        remove_from_urn(state, title.ticket.serial)
        refund = int(title.price_gwei * state.rules.refund)
        if refund and title.owner != PROTOCOL:
            state.ledger.refund(title.owner, refund, title.ticket.serial)
        return_collateral(state, title)
        state.titles.burn(title, "expired")
    end_blocks(state, get_last_drawn(state))
    return expired


def process_mint(state: State) -> list[Title]:
    """Mint as many tickets as the supply has lost, void blocks to come not counted; none of an elastic one."""
    if state.rules.elastic:
        return []
    there = len(state.titles.live) + len(state.voided)
    return [mint_ticket(state) for _ in range(state.rules.supply - there)]


def get_offered(state: State) -> list[Title]:
    """The tickets that the protocol can sell now, the oldest first: those that it holds undrawn.

    Of an elastic supply, as many as may be sold in a slot: titles that are not in the ledger yet, numbered as they
    will be where they are sold in this order.
    """
    if state.rules.elastic:
        serials = range(state.titles.minted, state.titles.minted + state.rules.supply)
        return [Title(draft_ticket(state, serial), PROTOCOL) for serial in serials]
    return [title for title in state.titles.holdings[PROTOCOL].values() if title.drawn_for is None]


def get_expiring(state: State) -> list[Title]:
    """The undrawn tickets that have had their last draw, the oldest first."""
    if not state.endings or not state.rules.ends_round(state.slot):  # there are none without maturity, or tickets
        return []
    serials: list[int] = []
    for block in range(state.ended + 1, get_last_drawn(state) + 1):
        serials += state.endings.get(block, ())
    if not serials:  # as in most slots
        return []
    titles = map(state.titles.live.get, sorted(serials))
    return [title for title in titles if title is not None and title.drawn_for is None]


def get_last_drawn(state: State) -> int:
    """The last block that had its early draw."""
    rules = state.rules
    block, span = state.slot + rules.lookahead * rules.round, rules.draw.span * rules.round
    return block - block % span + span - 1


def verify_proposal(state: State, proposal: Proposal) -> None:
    """Raises unless the holder of the present block's right signed this proposal for it."""
    if proposal.block != state.slot or state.proposed == state.slot:
        raise BlockProposed(f"block {proposal.block} is not open for a proposal; the slot is {state.slot}")
    if get_right(state) != (proposal.proposer, proposal.ticket):
        raise NotProposer(f"account {proposal.proposer} with ticket {proposal.ticket} was not drawn for it")
    if proposal.ticket is not None:
        title = state.titles.owned(proposal.ticket, proposal.proposer, proposal.nonce)
        if title.builder is not None and proposal.builder not in (None, title.builder):
            raise NotBuilder(f"the building of block {proposal.block} was sold to account {title.builder}")
    if state.signatures.are_off:
        return
    address = state.accounts[proposal.proposer].address
    state.signatures.verify(address, PROPOSAL, proposal_values(state, proposal), proposal.signature)


def proposal_values(state: State, proposal: Proposal) -> tuple[object, ...]:
    """What the proposer signs, in the order of `PROPOSAL`."""
    ticket = NO_TICKET if proposal.ticket is None else proposal.ticket
    builder = NOBODY if proposal.builder is None else state.accounts[proposal.builder].address
    proposer = state.accounts[proposal.proposer].address
    return proposal.block, proposer, ticket, proposal.nonce, builder, proposal.reward


def check_return(state: State, title: Title) -> None:
    """Raises `ReturnRefused` unless the rules take the ticket back."""
    if state.rules.haircut is None:
        raise ReturnRefused("the protocol takes no tickets back; chain.return_haircut is not set")
    if title.drawn_for is not None:
        raise ReturnRefused(f"ticket {title.ticket.serial} is drawn for block {title.drawn_for}")


def draw_early(state: State, block: int) -> list[Title]:
    """The draw of the round, or those of the epoch, of which `block` is the first. Returns what was drawn."""
    span = state.rules.drawn_together
    if block % span:
        return []
    due, draw = range(block, block + span, state.rules.round), state.rules.draw.early
    return [title for ahead in due if (title := draw_block(state, ahead, draw)) is not None]


def draw_block(state: State, block: int, draw: Draw) -> Title | None:
    """Ask the rule for the ticket of `block`, and of its round, and take it from the urn. Raises `RuleBroken`."""
    urn, title = len(state.urn), None
    serial = ask_rule(state, block, draw)
    if serial is not None:
        remove_from_urn(state, serial)
        title = state.titles.live[serial]
        state.titles.draw(title, block)
    drawn = make(Drawn, (serial, urn))
    for ahead in range(block, block + state.rules.round):
        state.draws[ahead] = drawn
    return title


def draw_late(state: State, block: int) -> None:
    """Settle `block` where it is open still and the rule has a late draw."""
    late = state.rules.draw.late
    if late is not None:
        if state.draws[block].ticket is None:
            draw_block(state, block, late)
        state.claims.pop(block, None)
        state.claims_from = block + 1


def remove_from_urn(state: State, serial: int) -> None:
    """Raises `RuleBroken` where `serial` is not an undrawn live ticket."""
    index = bisect_left(state.urn, serial) if type(serial) is int else len(state.urn)
    if index == len(state.urn) or state.urn[index] != serial:
        raise RuleBroken(
            f"the rule {state.rules.draw.name!r} drew {shown(serial)}, which is not in the urn; "
            "return one of its serials, state.urn[i], or None"
        )
    del state.urn[index]


def close_block(state: State) -> None:
    """Mark the present block as settled; its ticket has used it."""
    title = get_present(state)
    if title is not None:
        use_drawn(state, title)
    state.voided.discard(state.slot)
    state.proposed = state.slot


def get_present(state: State) -> Title | None:
    """The ticket that was drawn for the present block, if any."""
    drawn = state.draws.get(state.slot)
    return None if drawn is None or drawn.ticket is None else state.titles.live[drawn.ticket]


def use_drawn(state: State, title: Title) -> None:
    """A block of the ticket is settled; after the last of its round it is burned."""
    if state.rules.ends_round(state.slot):
        return_collateral(state, title)
        state.titles.burn(title, get_end(title))
    else:
        state.titles.advance(title)


def get_end(title: Title) -> str:
    """How the ticket of a round ends: one that nobody had bought unsold, whoever proposes its blocks; one whose
    holders missed all of them missed."""
    if title.owner == PROTOCOL:
        return "unsold"
    return "missed" if title.missed > title.used else "proposed"


def end_blocks(state: State, last: int) -> None:
    """The tickets of all blocks up to `last` have had their last draw."""
    for block in range(state.ended + 1, last + 1):
        state.endings.pop(block, None)
    state.ended = max(state.ended, last)
