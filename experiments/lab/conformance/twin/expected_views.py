"""What every view of the contracts must answer, by the protocol's own state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.approvals import Approvals
from chain.beacon import compute_index
from chain.cap import get_room
from chain.errors import Refused
from chain.evm.abi import Tail, encode, word
from chain.evm.ticket_contract import ResaleFlags, contract_rules
from chain.evm.token_uri import token_uri
from chain.ledger import BURNED, REFUNDS
from chain.protocol import get_last_drawn
from chain.state import Drawn, State
from chain.ticket import Ticket, Title
from market.gate import Gate

INTERFACES = {0x01FFC9A7: 1, 0x80AC58CD: 1, 0x5B5E139F: 1, 0x5604E225: 1, 0xFFFFFFFF: 0, 0: 0}
OF_TITLES = ("titleOf", "ownerOf", "nonces", "getApproved", "tokenURI")
NO_INDEX = 2**256 - 1


class ContractView(NamedTuple):
    """A call that changes nothing, and its answer: words of the ABI, or the code of a refusal."""

    function: str
    words: tuple[object, ...]
    answer: bytes | str


class ExpectedViews:
    """The views of contracts of this state."""

    def __init__(self, state: State, approvals: Approvals, gate: Gate, resale: ResaleFlags) -> None:
        self._state = state
        self._approvals = approvals
        self._gate = gate
        self._rules = encode((contract_rules(state.rules, resale),))
        self._tickets: list[Ticket] = []  # that were ever minted
        self._draws: dict[int, Drawn] = {}  # of all blocks, those that have passed too

    def follow(self) -> None:
        """Take note of what was minted and drawn since the last time."""
        live = self._state.titles.live
        self._tickets += [live[serial].ticket for serial in range(len(self._tickets), self._state.titles.minted)]
        self._draws |= self._state.draws

    def constants(self) -> Iterator[ContractView]:
        """What never changes."""
        yield ContractView("name", (), text("Execution Tickets"))
        yield ContractView("symbol", (), text("ET"))
        yield ContractView("protocol", (), word(self._state.addresses[PROTOCOL]))
        yield ContractView("tickets", (), word(self._state.signatures.domain.contract))
        yield ContractView("rules", (), self._rules)
        yield ContractView("DOMAIN_SEPARATOR", (), self._state.signatures.domain.separator)
        for interface, is_there in INTERFACES.items():
            yield ContractView(
                "supportsInterface", (interface.to_bytes(4, "big").ljust(32, b"\0"),), word(is_there)
            )

    def totals(self) -> Iterator[ContractView]:
        """What there is one of."""
        state = self._state
        yield ContractView("slot", (), (state.slot % 2**256).to_bytes(32, "big"))
        yield ContractView("totalSupply", (), word(len(state.titles.live)))
        yield ContractView("minted", (), word(state.titles.minted))
        yield ContractView("urnSize", (), word(len(state.urn)))
        yield ContractView("drawn", (), word(get_last_drawn(state) + 1 if self._draws else 0))
        yield ContractView("burnedGwei", (), word(state.ledger.total(BURNED)))
        yield ContractView("refundedGwei", (), word(state.ledger.total(REFUNDS)))

    def ticket(self, serial: int) -> Iterator[ContractView]:
        """Of one that is live, burned or not there yet."""
        try:
            yield from self._title(serial, self._state.titles.get(serial))
        except Refused as refused:
            for function in OF_TITLES:
                yield ContractView(function, (serial,), refused.code)
        fields: bytes | str = "unknown_ticket"
        digest: bytes | str = "unknown_ticket"
        if serial < len(self._tickets):
            fields = encode(self._tickets[serial].fields())
            digest = self._tickets[serial].digest()
        yield ContractView("ticketOf", (serial,), fields)
        yield ContractView("ticketDigest", (serial,), digest)

    def beside_lens(self, serial: int) -> Iterator[ContractView]:
        """Of one that was minted, what the lens does not show."""
        title = self._state.titles.live.get(serial)
        if title is None:
            yield ContractView("ownerOf", (serial,), "ticket_burned")
            return
        yield ContractView("ownerOf", (serial,), word(self._state.addresses[title.owner]))
        yield ContractView("nonces", (serial,), word(title.nonce))
        yield ContractView("tokenURI", (serial,), text(token_uri(title, self._state.rules.round)))

    def _title(self, serial: int, title: Title) -> Iterator[ContractView]:
        owner = self._state.addresses[title.owner]
        drawn = 0 if title.drawn_for is None else title.drawn_for + 1
        yield ContractView("titleOf", (serial,), encode((owner, title.nonce, drawn, title.price_gwei)))
        yield ContractView("getApproved", (serial,), word(self._approvals.get_approved(title)))
        yield from self.beside_lens(serial)

    def account(self, account: int, other: int) -> Iterator[ContractView]:
        """Of one account, and of whether another one may act for it."""
        state = self._state
        address = state.addresses[account]
        free, escrowed = state.ledger.money(account)
        held: bytes | str = word(len(state.titles.holdings[account]))
        yield ContractView("balanceOf", (address,), held if any(address) else "bad_owner")
        yield ContractView("funds", (address,), word(free + escrowed))
        yield ContractView("free", (address,), word(free))
        least = free - state.rules.collateral
        for amount in (0, max(least, 0), max(least, 0) + 1):
            yield ContractView("canPay", (address, amount), word(amount <= least))
        room = get_room(state, account)
        yield ContractView("hasRoom", (address,), word(room is None or room > 0))
        is_operator = self._approvals.is_operator(address, state.addresses[other])
        yield ContractView("isApprovedForAll", (address, state.addresses[other]), word(is_operator))

    def nonce(self, account: int, nonce: int) -> ContractView:
        """Whether a message's nonce is used up."""
        answer = word(self._gate.is_used(account, nonce))
        return ContractView("isNonceUsed", (self._state.addresses[account], nonce), answer)

    def draw(self, block: int) -> Iterator[ContractView]:
        """Of a block, and of an index by its number."""
        drawn = self._draws.get(block, Drawn(None, 0))
        ticket = 0 if drawn.ticket is None else drawn.ticket + 1
        yield ContractView("drawOf", (block,), encode((ticket, drawn.urn)))
        high = word(2**256 - 1 - block)
        index = compute_index(high, block + 1)
        yield ContractView("computeIndex", (high, block + 1), word(NO_INDEX if index is None else index))


def text(answer: str) -> bytes:
    """A string as the ABI returns it."""
    return encode((Tail.of_bytes(answer.encode()),))
