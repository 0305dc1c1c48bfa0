"""How a slot runs.

    0 ms         DRAW         `open_slot`: the slot begins, the ticket of the block L slots ahead is drawn; this
                              block's reward becomes known
    offer        OFFER        holders offer tickets  } the session, where participants
    bid          BID          buyers bid for them    } have something to do in it
    clear        CLEAR        auctions of tickets close
                              (where holders sell in turn, each offers, is bid for and sells before the next one
                              does, from `offer` on; at `bid` everyone is asked once more, for what is left)
                 CLAIM        owners claim blocks, where the draw rule lets them
    sell_block   CLAIM        the late draw gives the block L slots ahead to a ticket that claims it
                 SELL_BLOCK   the proposer decides: to build its block, or to sell it just in time
    build        BUILD        builders bid for it, where it is for sale
    propose      PROPOSE      the block is proposed, or missed: reward and burn; `close_slot`: expiry and mint
                 PRIMARY      the protocol offers the tickets that it holds (after the last block of a round)
    the end      CLOSE        the primary sale closes, orders expire, the slot is written down

What participants want arrives after their latencies, and takes effect in the phase in which they were asked. Where
there are no tickets, a slot begins with its block: nothing is drawn, traded or offered.

Between two slots everything is at rest in plain state, and a driver can be pickled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from chain.clock import Action, Clock, Phase
from chain.genesis_gift import HandOut, process_hand_out, record_hand_outs, sign_hand_out
from chain.named_tuples import make
from chain.present_right import get_right
from chain.protocol import (
    close_slot,
    get_expiring,
    get_offered,
    get_present,
    open_slot,
    process_first_draws,
    process_genesis,
    process_late_draw,
    process_void,
)
from chain.randomness import Streams
from chain.rewards import EndOfRewards
from chain.state import Right
from chain.ticket import Title
from market.auctions import Terms
from market.intents import Intent
from market.marketplace import Marketplace
from market.participant import Participant
from market.reserves import dates_of
from market.slot.block_sale import BlockSale
from market.slot.blocks import BlockWriter, Settled
from market.slot.resale_turns import ResaleTurns
from market.slot.roll_call import Answer, RollCall
from market.slot.run_terms import RunTerms
from market.usual_proposal import usual_proposal

SELL_BLOCK, BUILD, PRIMARY, CLOSE = Phase.SELL_BLOCK, Phase.BUILD, Phase.PRIMARY, Phase.CLOSE
"""Those that are named in every slot: to find a member through its class takes long."""

Planned = tuple[int, Phase, Action]
"""What is due in every slot: when, ms into it, in which phase, and what is done."""


class Driver:
    """Runs a marketplace and those who take part in it, by account, slot by slot on the block clock."""

    def __init__(
        self,
        *,
        terms: RunTerms,
        market: Marketplace,
        participants: Mapping[int, Participant],
        streams: Streams,
    ) -> None:
        self._terms = terms
        self._market = market
        self._state = market.state
        self._participants = participants
        self._clock = Clock(terms.slot_ms, first=-1)
        self._calls = RollCall(
            market=market, participants=participants, clock=self._clock, rng=streams.generator("order")
        )
        self._turns = ResaleTurns(
            holders=[participants[account] for account in sorted(participants)],
            house=market.house,
            calls=self._calls,
            clock=self._clock,
            first=terms.times.offer,
        )
        self._blocks = BlockWriter(market)
        self._missed_rng = streams.generator("missed")
        self._reward = 0  # of the present block
        self._early: int | None = None  # of the next one, where a sale just in time has revealed it
        rules = self._state.rules
        self._has_tickets = rules.supply > 0
        self._has_claims = self._has_tickets and rules.draw.facts.has_claims
        can_act = terms.trades or self._has_claims or rules.haircut is not None
        is_attended = not self._calls.wanted.isdisjoint((Phase.OFFER, Phase.BID))
        self._has_session = self._has_tickets and can_act and is_attended
        self._has_clearing = self._has_session  # where nobody can put a ticket up there is nothing to clear
        # Where nothing is for sale between a proposer's decision and its block, it is known what all would say.
        is_open = market.pbs.is_open or self._has_session
        self._asks_proposers = is_open or not all(map(self._would_build, participants.values()))
        self._can_miss = bool(terms.missed) or market.slot_market is not None
        self._ends_round = False  # whether the present block does
        self._plan: list[Planned] = []  # of every slot, from the opening on
        self.blocks_done = 0

    def _planned(self) -> list[Planned]:
        """The phases of a slot."""
        times, plan = self._terms.times, list[Planned]()
        if self._has_session:
            plan += self._planned_session()
        if self._has_clearing:
            plan.append((times.clear, Phase.CLEAR, self._clear_sales))
        if self._has_claims:
            plan.append((times.clear, Phase.CLAIM, self._ask_claims))
        if self._asks_proposers:
            plan.append((times.sell_block, SELL_BLOCK, self._ask_proposer))
        return [*plan, (times.propose, Phase.PROPOSE, self._propose)]

    def _planned_session(self) -> list[Planned]:
        """Everyone is asked, where there is anyone to be asked."""
        times, wanted, plan = self._terms.times, self._calls.wanted, list[Planned]()
        if self._terms.in_turn:
            plan.append((times.offer, Phase.OFFER, self._begin_turns))
        elif Phase.OFFER in wanted:
            plan.append((times.offer, Phase.OFFER, partial(self._calls.ask_all, Phase.OFFER)))
        if Phase.BID in wanted:
            plan.append((times.bid, Phase.BID, partial(self._calls.ask_all, Phase.BID)))
        return plan

    def open(self) -> None:
        """Genesis: the supply is minted and sold before block 0, and the first blocks are drawn."""
        self._plan = self._planned()
        self._calls.shuffle()
        minted = process_genesis(self._state)
        if self._has_tickets:
            self._hand_out(minted)
            self._clock.at(0, PRIMARY, self._offer_lots)
            self._clock.at(self._clock.slot_ms, CLOSE, self._clear_lots)
        self._clock.run_slot()
        process_first_draws(self._state)

    def _hand_out(self, minted: list[Title]) -> None:
        """The first tickets go to those who take them, and sign for the price."""
        taken = zip(minted, self._terms.takers, strict=False)
        wanted = [HandOut(account, title.ticket.serial, self._terms.taken_at) for title, account in taken]
        signed = [sign_hand_out(self._state, hand_out) for hand_out in wanted]
        for hand_out in signed:
            process_hand_out(self._state, hand_out)
        record_hand_outs(self._market.records, signed)

    def run_slot(self) -> None:
        """One slot, from its draw to its records."""
        self._open_slot()
        for ms, phase, action in self._plan:
            self._clock.at(ms, phase, action)
        self._clock.run_slot()
        self._market.records.flush_full()
        self.blocks_done += 1

    def close(self) -> None:
        """Write down what is still open, and finish the tables."""
        for participant in self._participants.values():
            participant.close()
        for part in (self._market.exchange, self._market.house, self._state.titles, self._market.records):
            part.close()

    # The phases of a slot, in their order

    def _open_slot(self) -> None:
        drawn = open_slot(self._state)
        self._ends_round = self._state.rules.ends_round(self._state.slot)
        self._reward = self._next_reward()
        self._blocks.begin(self._reward)
        self._calls.shuffle()
        for title in drawn:
            self._withdraw(title)

    def _begin_turns(self) -> None:
        self._turns.begin()

    def _clear_sales(self) -> None:
        self._market.house.clear_sales(self._clock.ms)

    def _ask_claims(self) -> None:
        self._calls.ask_all(Phase.CLAIM)
        # Scheduled only now, so that claims which arrive at that very millisecond come before the draw.
        self._clock.at(self._terms.times.sell_block, Phase.CLAIM, self._draw_late)

    def _draw_late(self) -> None:
        state = self._state
        block = state.slot + state.rules.ahead
        was_open = state.draws[block].ticket is None
        process_late_draw(state)
        serial = state.draws[block].ticket
        if was_open and serial is not None:
            self._withdraw(state.titles.live[serial])

    def _ask_proposer(self) -> None:
        right = get_right(self._state)
        if right is None:
            return
        proposer = self._participants[right.proposer]
        if proposer.proposes_as_usual:
            wanted = self._usual_proposal(right.proposer)
            self._calls.take_as_said(proposer, SELL_BLOCK, wanted, self._take_decision)
        else:
            self._calls.ask([proposer], SELL_BLOCK, self._take_decision)

    def _usual_proposal(self, proposer: int) -> list[Intent]:
        path, pbs = self._market.costs[proposer], self._market.pbs
        cost = None if path is None else path.cost(self._state.slot)
        return usual_proposal(self._reward, cost, pbs.is_open)

    def _would_build(self, who: Participant) -> bool:
        """Whether it would build its block, and say so in time, where blocks are not for sale."""
        times = self._terms.times
        return who.proposes_as_usual and times.sell_block + who.latency_ms <= times.propose

    def _build_unasked(self, proposer: int) -> None:
        """As if it had been asked, and had said so."""
        self._market.turns.asked[proposer] += 1
        self._market.turns.done[proposer] += 1
        self._market.pbs.build()

    def _take_decision(self, answers: Sequence[Answer], ms: int) -> None:
        """Builders are asked once the block is for sale, not before their phase begins."""
        for proposer, intents in answers:
            self._market.pbs.receive(proposer, intents, ms)
        if self._market.pbs.is_selling:
            self._clock.at(max(ms, self._terms.times.build), BUILD, self._ask_builders)

    def _ask_builders(self) -> None:
        auction, slot_market = self._market.pbs.sale, self._market.slot_market
        if slot_market is None:
            self._calls.ask_all(BUILD)
        elif auction is not None:
            sale = BlockSale(
                market=self._market,
                slot_market=slot_market,
                auction=auction,
                calls=self._calls,
                ms=self._clock.ms,
            )
            answers = sale.hold(self._calls.order)
            # What stands at the end of an open auction reaches the desk as any other bid does.
            self._calls.deliver(answers, BUILD, self._calls.trade(BUILD))

    def _propose(self) -> None:
        state, ms = self._state, self._clock.ms
        right = get_right(state)
        missed = self._can_miss and self._is_missed(right)
        proposer = None if right is None or missed else self._participants[right.proposer]
        self._withdraw_ending()
        if right is not None and not self._asks_proposers:
            self._build_unasked(right.proposer)
        outcome = self._market.pbs.propose(right, proposer, self._reward, ms)
        closed = close_slot(state)
        settled = make(Settled, (outcome, len(closed.expired)))
        self._clock.at(self._clock.slot_ms, CLOSE, partial(self._end_slot, settled))
        if self._has_tickets and self._ends_round:
            self._offer_lots()

    def _offer_lots(self) -> None:
        """The protocol puts up what its pricing rule lets it sell of the tickets that it holds."""
        if self._terms.just_in_time and not self._reveal_next():
            return
        unsold = get_offered(self._state)
        lots = self._terms_of(unsold)
        for title, lot in zip(unsold, lots, strict=False):
            self._market.house.offer_lot(title, self._terms.primary, lot, self._clock.ms)
        if lots:
            self._calls.ask_all(PRIMARY)

    def _terms_of(self, unsold: Sequence[Title]) -> list[Terms]:
        """Those of the slot's lots, by the pricing rule, and by the reserve rule where there is one."""
        market, state = self._market, self._state
        if market.reserves is None:
            return market.pricing.offer(state.titles.held, len(unsold))
        dates, outlook = dates_of(state, unsold), market.rewards.outlook()
        return market.reserves.offer(market.pricing, state.titles.held, dates, state.slot, outlook)

    def _clear_lots(self) -> None:
        market = self._market
        done = market.house.clear_lots(market.pricing, self._clock.ms)
        self._blocks.note_sale(done)
        if self._state.rules.void:
            process_void(self._state, [lot.ticket for lot, end in done if end.sale is None])
        if market.reserves is not None:
            market.reserves.close(self._state.slot, done)
        market.pricing.close(self._state.titles.held)

    def _end_slot(self, settled: Settled) -> None:
        if self._ends_round:
            self._clear_lots()
        self._market.exchange.expire(self._clock.ms)
        self._blocks.write(settled)

    # The reward

    def _next_reward(self) -> int:
        """The present block's, Gwei, which a sale just in time has made public already."""
        early, self._early = self._early, None
        return self._market.rewards.advance() if early is None else early

    def _reveal_next(self) -> bool:
        """Make the next reward public before its slot is sold. False where a replayed file ends."""
        try:
            self._early = self._market.rewards.advance()
        except EndOfRewards:
            return False
        return True

    # Who fails to propose

    def _is_missed(self, right: Right | None) -> bool:
        """Whether the proposer misses its slot, by chance or because it waited too long for a bid."""
        failing = self._draw_misses()
        return right is not None and (right.proposer in failing or self._came_too_late())

    def _draw_misses(self) -> frozenset[int]:
        """Who fails to propose, if it is the one to propose: drawn for everyone, so that it does not matter to
        later draws who proposes."""
        chances = self._terms.missed
        if not chances:
            return frozenset()
        draws = self._missed_rng.random(len(self._participants))
        return frozenset(account for account, chance in chances.items() if draws[account - 1] < chance)

    def _came_too_late(self) -> bool:
        """Whether the proposer took the header of an open auction so late that it misses its slot."""
        slot_market = self._market.slot_market
        return slot_market is not None and slot_market.came_too_late(self._state.slot)

    # What leaves the market

    def _withdraw_ending(self) -> None:
        """Tickets that end with this slot, or have a block less after it, leave the market before that."""
        if self._ends_round:
            for title in get_expiring(self._state):
                self._withdraw(title)
        present = get_present(self._state)
        if present is not None:
            self._withdraw(present)

    def _withdraw(self, title: Title) -> None:
        """A drawn ticket is not the one that was for sale; a burned one is none."""
        if title.listing is not None:
            self._market.exchange.withdraw(title, self._clock.ms)
            self._market.house.withdraw(title)
