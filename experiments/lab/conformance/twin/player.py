"""Plays a random history on a pair: slots in their order, and within them whatever participants may try."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from random import Random
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.genesis_gift import HAND_OUT, HandOut, hand_out_values
from chain.money import WEI_PER_GWEI
from chain.present_right import get_right
from chain.protocol import PROPOSAL, Proposal, get_offered, proposal_values
from experiments.lab.conformance.twin.mischief import Mischief
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.parties import NAMES, NOBODY
from experiments.lab.conformance.twin.random_rules import random_rules
from experiments.lab.conformance.twin.tries import ENDOWMENT, Try
from market.resale_times import RESALE

BURST = 20  # tries of participants between two steps of the protocol, at most


class OperationCount(NamedTuple):
    """How many operations agreed, how many of these were not refused, and of how many blocks rounds were."""

    operations: int
    accepted: int
    round: int


def play_all(seeds: Iterable[int], operations: int) -> Iterator[OperationCount]:
    """Play a history of so many operations, or a few more, for each seed. Raises `Disagreement`."""
    for seed in seeds:
        pair = play(seed, operations)
        yield OperationCount(pair.agreed, pair.accepted, pair.state.rules.round)


def play(seed: int, operations: int) -> Pair:
    """A pair with rules drawn from `seed`, after so many operations or a few more.

    To hold other code than what is shipped against the protocol, let it stand in for the contract:

        STANDING_IN[TICKETS] = compile_contract(TICKETS, folder)  # both of chain.evm.bytecode
        play(seed, 2_000)

    Raises `Disagreement` with the first operation on which the two differ, one that takes more gas than a block
    has among these, and `Reverted` where such contracts cannot be deployed, or looked at.
    """
    rng = Random(seed)
    resale = RESALE[rng.choice(["both", "both", "both", "ex_ante", "ex_post"])]
    player = Player(Pair(random_rules(rng), resale, seed), rng)
    player.genesis()
    while player.pair.agreed < operations:
        player.slot()
    return player.pair


class Player(Mischief):
    """Half of what it tries is spoilt in one way or another."""

    def __init__(self, pair: Pair, rng: Random) -> None:
        super().__init__(pair, rng)
        weights = {
            self._transfer: 3,
            self._transfer_from: 4,
            self._safe_transfer: 2,
            self._approve: 2,
            self._set_operator: 2,
            self._permit: 3,
            self._settle: 6,
            self._award: 4,
            self._give_back: 2,
            self._deposit: 2,
            self._withdraw: 2,
            self._pay: 2,
            self._again: 2,
            self._cancel_nonces: 1,
            self._out_of_step: 1,
            self._act_as_exchange: 1,
            self._hand_out_any: 1,
            self._sell_any: 1,
            self._burn_any: 1,
            self._propose: 1,
        }
        self.tries: list[Try] = [each for each, weight in weights.items() for _ in range(weight)]

    def genesis(self) -> None:
        """Endowments, the mint, the first sale and the first draws."""
        for account in range(1, len(self.pair.addresses)):
            if account <= len(NAMES) or self._rng.random() < 0.5:
                self.pair.deposit(account, self._rng.randint(ENDOWMENT // 100, ENDOWMENT))
        self.pair.mint(self._split(self.pair.missing))
        for title in list(self._state.titles.live.values()):
            if self._rng.random() < 0.2 and title.owner == PROTOCOL:
                self._hand_out(title.ticket.serial)
        self._sell()
        self._burst()
        if not self._state.draws:
            self.pair.first_draws(self._split(self._state.rules.lookahead))

    def slot(self) -> None:
        """One slot, with tries of participants in between."""
        self.pair.open_slot()
        self._burst()
        self.end_block()
        self._burst()
        self.end_slot()

    def end_slot(self) -> None:
        """What has ended is burned, and what is missing is minted and sold."""
        self.pair.close_slot(self._split(3), self._split)
        self._sell()

    def _burst(self) -> None:
        for _ in range(self._rng.randint(0, BURST)):
            self._rng.choice(self.tries)()

    # What the protocol does

    def _hand_out_any(self) -> None:
        self._hand_out(self._any_serial())

    def _sell_any(self) -> None:
        """Any ticket: one that is drawn, or not the protocol's, is not sold."""
        title = self._any_title()
        price = self._price()
        self.pair.sell(title.ticket.serial, price, partial(self._bid, self._any_account(), 2 * price))

    def _hand_out(self, serial: int) -> None:
        account = NOBODY if self._rng.random() < 0.1 else self._any_taker()
        hand_out = HandOut(account, serial, self._rng.choice([0, self._rng.randint(0, ENDOWMENT // 10_000)]))
        if self._spoil():
            ways = [self._any_taker, self._any_serial, self._price]
            hand_out = HandOut(*self._spoilt(hand_out[:3], ways))
        signature = self._sign(self._signer(account), HAND_OUT, hand_out_values(self._state, hand_out))
        self.pair.hand_out(hand_out._replace(signature=signature))

    def _sell(self) -> None:
        sell = None
        if self._state.rules.elastic:
            sell = self.pair.sell_new
        for title in get_offered(self._state):
            if sell is not None and self._rng.random() < 0.5:
                sell(self._amount(), partial(self._bid, self._anyone(), self._amount()))
            for _ in range(self._rng.randint(0, 3)):
                if sell is None and title.owner == PROTOCOL:
                    self._sell_one(title.ticket.serial)

        if self._state.rules.void:
            self._burn_unsold()

    def _burn_unsold(self) -> None:
        """Of some that nobody bought the reserve was the highest bid."""
        for title in get_offered(self._state):
            if self._rng.random() < 0.5:
                self.pair.burn_unsold(title.ticket.serial)

    def _burn_any(self) -> None:
        """One that is drawn, or not the protocol's, or stays on offer by the rules, is not burned."""
        self.pair.burn_unsold(self._any_serial())

    def _sell_one(self, serial: int) -> None:
        price = self._price()
        bidder = self._any_taker()
        bid = price + self._rng.randint(0, price)
        if self._spoil():
            serial, price, bid = self._spoilt((serial, price, bid), [self._any_serial, self._amount, self._amount])
        self.pair.sell(serial, price, partial(self._bid, bidder, bid))

    def end_block(self) -> None:
        """Proposals, good and bad; where they leave it open, none came."""
        for _ in range(self._rng.randint(0, 2)):
            self._propose()
        right = get_right(self._state)
        if right is None and self._state.proposed == self._state.slot and self._rng.random() < 0.7:
            return
        self.pair.leave_empty()

    def _propose(self) -> None:
        right = get_right(self._state)
        proposer, ticket = (self._anyone(), self._any_serial()) if right is None else right
        title = self._state.titles.live.get(ticket or 0)
        terms = (self._slot, proposer, ticket or 0, 0 if title is None else title.nonce)
        signer = proposer
        if self._spoil():
            ways = [self._number, self._anyone, self._any_serial, self._number]
            terms = self._spoilt(terms, ways)
            signer = self._anyone()
        builder = self._rng.choice([None, self._anyone(), self._any_account()])
        if builder == NOBODY:
            builder = None
        reward = 0 if builder is None else self._rng.randint(0, ENDOWMENT // 100)
        proposal = Proposal(*terms, builder, reward)
        signature = self._sign(signer, PROPOSAL, proposal_values(self._state, proposal))
        wei = reward * WEI_PER_GWEI
        if self._rng.random() < 0.1:
            wei = self._rng.choice([0, wei + 1, wei + WEI_PER_GWEI, wei + WEI_PER_GWEI // 2, 2 * wei])
        self._do(self.pair.propose, proposal._replace(signature=signature), wei, self._any_caller())
