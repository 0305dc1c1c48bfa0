"""What the protocol does in a slot, on both sides; also when it is not the time for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from chain.account import PROTOCOL
from chain.errors import Refused
from chain.evm.abi import Tail
from chain.evm.ticket_contract import ALL
from chain.genesis_gift import HandOut, process_hand_out
from chain.known_seed import check_seed_unknown
from chain.minting import draft_ticket
from chain.money import WEI_PER_GWEI
from chain.present_right import get_right
from chain.protocol import (
    Proposal,
    close_slot,
    open_slot,
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_proposal,
    process_void,
    proposal_values,
)
from chain.state import State
from chain.ticket import Title
from experiments.lab.conformance.twin.both_sides import NO_GWEI, BothSides, ContractCall, refusal_of
from experiments.lab.conformance.twin.disagreement import Operation
from market.auction import Auction
from market.auctions import Terms
from market.messages import SignedBid
from market.primary.posted import Posted

MakeBid = Callable[[Auction | None], SignedBid]
"""Makes the signed bid for an auction; where it did not come to one, any."""


class SupplyFull(Refused):
    """So many tickets are live as the supply has."""


class ProtocolSteps(BothSides):
    """The steps of the protocol, and proposals."""

    def genesis(self) -> None:
        """The whole supply is minted; none of an elastic one."""
        self.mint((self.missing,))

    def first_draws(self, parts: Sequence[int] | None = None) -> None:
        """The draws of genesis, so many in each call. Those that are held are in the block of slot 0."""
        draws = [self._by_protocol("drawFirst", count) for count in (parts or (self.state.rules.lookahead,))]
        self._messages = []
        self._void = []
        refusal = refusal_of(self._draw(process_first_draws))
        if refusal is None and self.state.draws:
            self._open_block(0)
        self._check("first draws", refusal, *draws)

    def open_slot(self) -> None:
        """The next slot and its draw."""
        self._messages = []
        self._void = []
        refusal = refusal_of(self._draw(open_slot))
        if refusal is None:
            self._open_block(self.state.slot)
        self._check("draw", refusal, self._by_protocol("openSlot"))

    def close_slot(self, burns: Sequence[int] = (), split: Callable[[int], Sequence[int]] | None = None) -> None:
        """What has had its last draw is burned, at first so many in each call; and as many tickets as the supply
        has lost are minted, in the parts into which `split` divides them."""
        self._messages = []
        self._void = []
        minted: list[Title] = []
        refusal = refusal_of(lambda: minted.extend(close_slot(self.state).minted))
        calls = [self._by_protocol("expire", count) for count in (*burns, ALL)]
        mints = (len(minted),) if split is None else split(len(minted))
        calls += [self._by_protocol("mint", count) for count in mints]
        self._check("close of a slot", refusal, *calls)

    @property
    def missing(self) -> int:
        """How many tickets the supply has lost; an elastic one none."""
        if self.state.rules.elastic:
            return 0
        return self.state.rules.supply - len(self.state.titles.live) - len(self.state.voided)

    def mint(self, parts: Sequence[int]) -> None:
        """What is missing, so many in each call."""
        mints = [self._by_protocol("mint", count) for count in parts]
        self._several("mint", partial(process_genesis, self.state), mints)

    def mint_too_many(self) -> None:
        """One ticket more than the supply has lost; an elastic one has no such number."""
        if not self.state.rules.elastic:
            self._step("mint of too many", self._refuse_too_many, self._by_protocol("mint", self.missing + 1))

    def hand_out(self, hand_out: HandOut) -> None:
        """A first ticket at a price that is no revenue."""
        act = partial(process_hand_out, self.state, hand_out)
        taker = self.addresses[hand_out.account]
        words = (hand_out.ticket, taker, hand_out.price, Tail.of_bytes(hand_out.signature))
        self._step("hand out", act, self._by_protocol("handOut", *words))

    def sell(self, serial: int, price: int, bid: MakeBid) -> None:
        """The primary sale at a posted price. `bid` makes the signed bid for an auction."""
        made: list[SignedBid] = []
        self._messages = []
        self._void = []

        def sale() -> None:
            title = self.state.titles.get(serial)
            self._offer(self.state.titles.owned(serial, PROTOCOL, title.nonce), price, bid, made)

        refusal = refusal_of(sale)
        signed = made[0] if made else bid(None)
        self._check("sale", refusal, self._by_protocol("sell", serial, price, *self._bid_words(signed)))

    def sell_new(self, price: int, bid: MakeBid) -> None:
        """The sale of a ticket that is minted when it is sold."""
        made: list[SignedBid] = []
        self._messages = []
        serial = self.state.titles.minted
        draft = Title(draft_ticket(self.state, serial), PROTOCOL)
        refusal = refusal_of(partial(self._offer, draft, price, bid, made))
        if refusal is not None:  # nothing is minted: there is nothing that the contract could refuse to sell
            return
        sale = self._by_protocol("sell", serial, price, *self._bid_words(made[0]))
        self._check("sale of a new ticket", None, self._by_protocol("mint", 1), sale)

    def burn_unsold(self, serial: int) -> None:
        """The protocol's reserve was the highest bid for a ticket."""

        def act() -> None:
            self.state.titles.get(serial)
            process_void(self.state, (serial,))

        self._step("burning of an unsold ticket", act, self._by_protocol("burnUnsold", serial))

    def propose(self, proposal: Proposal, wei: int, caller: bytes | None = None) -> None:
        """The present block's proposal, with so much wei."""
        reward, rest = divmod(wei, WEI_PER_GWEI)
        gwei = NO_GWEI if rest else reward
        act = self._settle("proposed", partial(process_proposal, self.state, proposal, gwei))
        words = tuple(proposal_values(self.state, proposal)), Tail.of_bytes(proposal.signature)
        caller = self.addresses[proposal.proposer] if caller is None else caller
        self._step("proposal", act, ContractCall("propose", caller, words, wei))

    def leave_empty(self) -> None:
        """No proposal came."""
        right = get_right(self.state)
        act = self._settle("unsold" if right is None else "missed", partial(process_empty_block, self.state))
        self._step("empty block", act, self._by_protocol("leaveEmpty"))

    def trespass(self, name: str, caller: bytes, *words: object, reason: str) -> None:
        """A call of what is reserved, or with wei where none is taken: it does nothing."""
        outcome, logs = self._attempt(ContractCall(name, caller, words))
        self._compare(Operation(self.agreed, f"{name} by a stranger", words), reason, outcome, logs)

    # How they are done

    def _refuse_too_many(self) -> None:
        """What the protocol in Python has no way to try."""
        check_seed_unknown(self.state)
        raise SupplyFull

    def _by_protocol(self, function: str, *words: object) -> ContractCall:
        return ContractCall(function, self._protocol, words)

    def _several(self, name: str, act: Callable[[], object], calls: Sequence[ContractCall]) -> None:
        """One operation of the protocol that the contract does in several calls."""
        self._messages = []
        self._void = []
        self._check(name, refusal_of(act), *calls)

    def _draw(self, process: Callable[[State], object]) -> Callable[[], None]:
        """The draw of the rounds that are due, heard by their first blocks."""

        def act() -> None:
            before = set(self.state.draws)
            process(self.state)
            for block in sorted(set(self.state.draws) - before)[:: self.state.rules.round]:
                drawn = self.state.draws[block]
                if drawn.ticket is not None:
                    self._heard.hear("draws", (drawn.ticket, block, drawn.urn))

        return act

    def _settle(self, end: str, process: Callable[[], object]) -> Callable[[], None]:
        """How the present block ends, heard before what becomes of its ticket."""

        def act() -> None:
            process()
            burned = self._heard.take()
            drawn = self.state.draws.get(self.state.slot)
            if self.state.rules.round > 1 and drawn is not None and drawn.ticket is not None:
                self._heard.hear("used", (drawn.ticket, self.state.slot, end))
            for fact in burned:
                self._heard.hear(*fact)

        return act

    def _offer(self, title: Title, price: int, bid: MakeBid, made: list[SignedBid]) -> None:
        auction = self._house.offer_lot(title, "posted", Terms(price))
        made.append(bid(auction))
        try:
            self._house.enter(made[0], 0)
        except Refused:
            self._house.cancel(auction)
            raise
        self._house.clear_lots(Posted(price), 0)
