"""What accounts have agreed to, by a message that they signed or a call that they made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chain.approvals import PERMIT, permit_values
from chain.eip712 import Domain, StructType
from chain.errors import BadSignature
from chain.evm.abi import Tail
from chain.genesis_gift import HAND_OUT
from chain.protocol import PROPOSAL
from chain.signatures import recover
from chain.transfer import TRANSFER
from experiments.lab.conformance.twin.both_sides import ContractCall
from experiments.lab.conformance.twin.parties import CALLS_BACK, WALLET, created
from experiments.lab.conformance.twin.side_picture import Picture
from experiments.lab.conformance.twin.ticket_moves import SAFE, SAFE_WITH_DATA
from market.messages import BID, LISTING, ORDER, SIDES


@dataclass
class Consent:
    """What a call may do by the will of those whom it is about: what each account pays at the most and gets at the
    least, Gwei; which tickets it may take from their owners; who takes a ticket knowingly."""

    pays: Counter[bytes] = field(default_factory=Counter)
    gets: Counter[bytes] = field(default_factory=Counter)
    gives: set[int] = field(default_factory=set)
    takes: set[bytes] = field(default_factory=set)


class Wills:
    """Reads consents out of calls. Whoever may act for others is kept here, by the calls that said so."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._approved: dict[int, bytes] = {}  # by ticket
        self._operators: set[tuple[bytes, bytes]] = set()
        self._side: Picture | None = None  # before the call

    def read(self, call: ContractCall, before: Picture) -> Consent:
        """What is agreed to in a call that was carried out. `before`: how things stood then."""
        self._side = before
        consent = Consent()
        if call.function in READERS:
            READERS[call.function](self, call.caller, call.words, consent)
        return consent

    def forget(self, serial: int) -> None:
        """A ticket has moved: whom its owner had approved may no longer act for it."""
        self._approved.pop(serial, None)

    def is_signed(self, signer: bytes, kind: StructType, values: tuple[Any, ...], signature: Tail) -> bool:
        """Whether the signature is this signer's; the wallet calls everything signed by itself."""
        if signer == created(WALLET):
            return True
        length = int.from_bytes(signature[:32], "big")
        try:
            return recover(self._domain.digest(kind, values), signature[32 : 32 + length]) == signer
        except BadSignature:
            return False

    @property
    def _before(self) -> Picture:
        assert self._side is not None
        return self._side

    # By function: the caller, the words of the call, and what is agreed to so far
    # ruff: noqa: ARG002

    def _transfer_from(self, caller: bytes, words: Any, consent: Consent) -> None:
        owner, taker, serial, *_ = words
        may = {self._before.owners.get(serial), self._approved.get(serial)}
        if caller in may or (owner, caller) in self._operators:
            consent.gives.add(serial)
        self._take(caller, taker, consent)

    def _transfer_signed(self, caller: bytes, words: Any, consent: Consent) -> None:
        *values, signature = words
        giver, taker, serial, _ = values
        if self.is_signed(giver, TRANSFER, tuple(values), signature):
            consent.gives.add(serial)
        self._take(caller, taker, consent)

    def _take(self, caller: bytes, taker: bytes, consent: Consent) -> None:
        """Who gets a ticket agrees where it makes the call."""
        if caller == taker:
            consent.takes.add(taker)

    def _approve(self, caller: bytes, words: Any, consent: Consent) -> None:
        spender, serial, *_ = words
        self._approved[serial] = spender

    def _set_operator(self, caller: bytes, words: Any, consent: Consent) -> None:
        operator, approved = words
        change = self._operators.add if approved else self._operators.discard
        change((caller, operator))

    def _permit(self, caller: bytes, words: Any, consent: Consent) -> None:
        spender, serial, deadline, signature = words
        values = permit_values(spender, serial, self._before.nonces[serial], deadline)
        if self.is_signed(self._before.owners[serial], PERMIT, values, signature):
            self._approved[serial] = spender

    def _sell(self, caller: bytes, words: Any, consent: Consent) -> None:
        *_, bid, signature = words
        self._bid(bid, signature, consent)

    def _award(self, caller: bytes, words: Any, consent: Consent) -> None:
        listing, listing_signature, bid, signature, _ = words
        seller, _, _, serial, _, _, reserve, *_ = listing
        if self.is_signed(seller, LISTING, listing, listing_signature):
            consent.gives.add(serial)
        consent.gets[seller] += reserve
        self._bid(bid, signature, consent)

    def _settle(self, caller: bytes, words: Any, consent: Consent) -> None:
        self._order(words[0], words[1], consent)
        self._order(words[2], words[3], consent)

    def _give_back(self, caller: bytes, words: Any, consent: Consent) -> None:
        self._order(words[0], words[1], consent)

    def _hand_out(self, caller: bytes, words: Any, consent: Consent) -> None:
        serial, account, price, signature = words
        if self.is_signed(account, HAND_OUT, (account, serial, price), signature):
            consent.pays[account] += price
            consent.takes.add(account)

    def _propose(self, caller: bytes, words: Any, consent: Consent) -> None:
        proposal, signature = words
        _, proposer, serial, *_ = proposal
        if self.is_signed(proposer, PROPOSAL, proposal, signature):
            consent.gives.add(serial)

    def _spend(self, caller: bytes, words: Any, consent: Consent) -> None:
        """By its own call; one that calls back does so once more."""
        (amount,) = (word for word in words if isinstance(word, int))
        consent.pays[caller] += amount
        consent.pays[created(CALLS_BACK)] += amount

    def _bid(self, bid: Any, signature: Any, consent: Consent) -> None:
        bidder, _, _, price, *_ = bid
        if self.is_signed(bidder, BID, bid, signature):
            consent.pays[bidder] += price
            consent.takes.add(bidder)

    def _order(self, order: Any, signature: Any, consent: Consent) -> None:
        maker, _, side, _, _, _, serial, _, price, *_ = order
        if not self.is_signed(maker, ORDER, order, signature):
            return
        if SIDES[side] == "bid":
            consent.pays[maker] += price
            consent.takes.add(maker)
        else:
            consent.gives.add(serial)
            consent.gets[maker] += price


Reading = Callable[[Wills, bytes, Any, Consent], None]
READERS: dict[str, Reading] = {
    "transferFrom": Wills._transfer_from,
    SAFE: Wills._transfer_from,
    SAFE_WITH_DATA: Wills._transfer_from,
    "transferSigned": Wills._transfer_signed,
    "approve": Wills._approve,
    "permit": Wills._permit,
    "setApprovalForAll": Wills._set_operator,
    "sell": Wills._sell,
    "award": Wills._award,
    "settle": Wills._settle,
    "giveBack": Wills._give_back,
    "handOut": Wills._hand_out,
    "propose": Wills._propose,
    "pay": Wills._spend,
    "withdraw": Wills._spend,
}
