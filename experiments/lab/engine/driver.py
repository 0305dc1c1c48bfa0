"""The driver: one run, slot by slot on the block clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from chain.clock import Clock, Phase
from chain.interruption import is_interruption
from chain.ledger import BURNED, REFUNDS
from chain.money import eth_to_gwei
from chain.protocol import (
    get_expiring,
    get_offered,
    get_right,
    process_draw,
    process_expiry,
    process_first_draws,
    process_genesis,
    process_hand_out,
    process_late_draw,
    process_mint,
    process_slot,
)
from chain.rewards import EndOfRewards
from chain.ticket import Title
from chain.wording import told
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.endowments import handed_out
from experiments.lab.config.phases import Phases
from experiments.lab.engine.block_sale import SlotSale
from experiments.lab.engine.blocks import BLOCKS, SIGNALS
from market.desk import Desk
from market.errors import StrategyLost, StrategyRaised
from market.intents import Intent
from market.participant import Participant, taken
from market.pbs import Outcome
from market.view import Market

ORDERS = 256  # seeded orders of the agents that are drawn at a time

Receive = Callable[[Participant, Sequence[Intent], int], None]


class Driver:
    """Runs an engine. Between two slots everything is at rest in plain state, and a driver can be pickled."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        slot_ms = round(engine.config.chain.slot_seconds * 1000)
        self._phases = engine.config.chain.phases or Phases().scaled(slot_ms)
        self._clock = Clock(slot_ms, first=-1)
        self._order_rng = engine.streams.generator("order")
        self._missed_rng = engine.streams.generator("missed")
        self._early: int | None = None  # the next reward, where a sale just in time has revealed it
        self._orders: list[list[int]] = []
        self._order: list[Participant] = []
        self._wanted = frozenset().union(*(agent.phases for agent in engine.agents.values()))
        self._blocks = engine.records.table(BLOCKS)
        self._signals = engine.records.table(SIGNALS)
        self._outcome: Outcome | None = None
        self._has_claims = engine.state.rules.draw.late is not None and engine.structure != "pbs"
        self._has_session = (
            engine.config.market.secondary
            or self._has_claims
            or engine.state.rules.haircut is not None
            or engine.config.market.building == "from_draw"
        )
        self.blocks_done = 0

    @property
    def engine(self) -> Engine:
        """What is driven."""
        return self._engine

    def open(self) -> None:
        """Genesis: the supply is minted and sold before block 0."""
        self._shuffle()
        minted = process_genesis(self._engine.state)
        if self._engine.state.rules.supply:
            self._hand_out(minted)
            self._clock.at(0, Phase.PRIMARY, self._offer_lots)
            self._clock.at(self._clock.slot_ms, Phase.CLOSE, self._clear_lots)
        self._clock.run_slot()
        process_first_draws(self._engine.state)

    def run_slot(self) -> None:
        """One slot, from its draw to its records."""
        engine, clock, phases = self._engine, self._clock, self._phases
        process_slot(engine.state)
        reward = self._reward()
        before = self._protocol_flows()
        self._shuffle()
        if engine.structure != "pbs":
            clock.at(0, Phase.DRAW, self._draw)
            for phase, ms in ((Phase.OFFER, phases.offer), (Phase.BID, phases.bid)):
                if phase in self._wanted and self._has_session:
                    clock.at(ms, phase, partial(self._ask_all, phase))
            clock.at(phases.clear, Phase.CLEAR, self._clear_sales)
        clock.at(phases.sell_block, Phase.SELL_BLOCK, self._ask_proposer)
        clock.at(phases.propose, Phase.PROPOSE, partial(self._propose, reward, before))
        clock.run_slot()
        engine.records.flush_full()
        self.blocks_done += 1

    def close(self) -> None:
        """Write down what is still open, and finish the tables."""
        engine = self._engine
        for agent in engine.agents.values():
            agent.close()
        for part in (engine.exchange, engine.house, engine.state.titles, engine.records):
            part.close()

    def _hand_out(self, minted: list[Title]) -> None:
        """Before the first sale some tickets go to participants drawn by lot."""
        config, state = self._engine.config, self._engine.state
        money = [state.ledger.free(account) for account in self._engine.agents]
        accounts = list(self._engine.agents)
        takers = [accounts[place] for place in handed_out(config, money, self._engine.streams)]
        process_hand_out(state, minted, takers, eth_to_gwei(config.market.genesis.price_eth))

    # The phases of a slot

    def _draw(self) -> None:
        for title in process_draw(self._engine.state):
            self._withdraw(title)

    def _clear_sales(self) -> None:
        self._engine.house.clear_sales(self._clock.ms)
        if self._has_claims:
            self._clock.at(self._clock.ms, Phase.CLAIM, self._ask_claims)

    def _ask_claims(self) -> None:
        self._ask(Phase.CLAIM, self._order, self._trade(Phase.CLAIM))
        self._clock.at(self._phases.sell_block, Phase.CLAIM, self._late_draw)

    def _late_draw(self) -> None:
        state = self._engine.state
        was_open = state.draws[state.slot + state.rules.lookahead].ticket is None
        process_late_draw(state)
        if was_open:  # what was drawn before the session may be for sale still
            self._withdraw_drawn()

    def _ask_proposer(self) -> None:
        right = get_right(self._engine.state)
        if right is not None:
            self._ask(Phase.SELL_BLOCK, [self._engine.agents[right.proposer]], self._take_decision)

    def _take_decision(self, proposer: Participant, intents: Sequence[Intent], ms: int) -> None:
        """Builders are asked once the block is for sale, not before their phase begins."""
        self._engine.pbs.receive(proposer, intents, ms)
        if self._engine.pbs.is_selling:
            ask = partial(self._ask_all, Phase.BUILD) if self._engine.slot_market is None else self._hold_auction
            self._clock.at(max(ms, self._phases.build), Phase.BUILD, ask)

    def _hold_auction(self) -> None:
        """The open auction of the block; what stands at its end goes to the market as any other bid."""
        auction, market = self._engine.pbs.sale, self._engine.slot_market
        if auction is None or market is None:
            return
        agents = [self._engine.agents[who.account] for who in self._order]
        answers = SlotSale(self._engine, market, auction, self._decide, self._clock.ms).hold(agents)
        self._deliver(answers, Phase.BUILD, self._trade(Phase.BUILD))

    def _propose(self, reward: int, before: tuple[int, int]) -> None:
        state, ms = self._engine.state, self._clock.ms
        missing = self._draw_misses()
        right = get_right(state)
        proposer = None if right is None else self._engine.agents[right.proposer]
        missed = right is not None and (right.proposer in missing or self._came_too_late())
        drawn = state.draws.get(state.slot)
        self._withdraw_ending()
        outcome = self._engine.pbs.propose(missed, proposer, reward, ms)
        expired = process_expiry(state)
        minted = state.titles.minted
        process_mint(state)
        if state.rules.supply:
            self._clock.at(ms, Phase.PRIMARY, self._offer_lots)
        facts = (reward, outcome, drawn and drawn.ticket, drawn and drawn.urn, minted, len(expired), before)
        self._clock.at(self._clock.slot_ms, Phase.CLOSE, partial(self._close_slot, *facts))

    def _offer_lots(self) -> None:
        engine = self._engine
        if engine.config.market.just_in_time and not self._reveal_next():
            return
        unsold = get_offered(engine.state)
        terms = engine.pricing.offer(self._engine.state.titles.held, len(unsold))
        pricing, ms = engine.config.market.primary, self._clock.ms
        for title, lot in zip(unsold, terms, strict=False):
            engine.house.offer_lot(title, pricing, lot, ms)
        if terms:
            self._ask_all(Phase.PRIMARY)

    def _clear_lots(self) -> None:
        self._engine.house.clear_lots(self._engine.pricing, self._clock.ms)
        self._engine.pricing.close(self._engine.state.titles.held)

    def _close_slot(
        self,
        reward: int,
        outcome: Outcome,
        ticket: int | None,
        urn: int | None,
        minted: int,
        expired: int,
        before: tuple[int, int],
    ) -> None:
        self._clear_lots()
        self._engine.exchange.expire(self._clock.ms)
        state, right = self._engine.state, outcome.right
        burned, refunded = self._protocol_flows()
        net = 0 if outcome.builder is None else (outcome.gross_gwei or 0) - (outcome.cost_gwei or 0)
        self._blocks.append(
            (
                state.slot,
                reward,
                outcome.status,
                ticket,
                urn,
                state.beacon.word(state.slot),
                None if right is None else right.proposer,
                outcome.builder,
                outcome.signature,
                outcome.cost_gwei,
                outcome.price_gwei,
                net,
                self._best(reward),
                burned - before[0],
                refunded - before[1],
                state.titles.minted - minted,
                expired,
                len(state.titles.live),
                self._engine.state.titles.held,
                state.titles.squares,
            )
        )
        self._signal()

    def _signal(self) -> None:
        """Write down what everyone sees at the end of a slot."""
        state, price, volatility = self._engine.state, self._engine.pricing.price, self._engine.volatility
        quote = None if price is None or not state.rules.supply else price.now_gwei
        index = None if volatility is None else volatility.at(state.slot)
        if quote is not None or index is not None:
            self._signals.append((state.slot, quote, index))

    # Asking participants

    def _ask_all(self, phase: Phase) -> None:
        self._ask(phase, self._order, self._trade(phase))

    def _trade(self, phase: Phase) -> Receive:
        desk: Desk = self._engine.desk
        return lambda who, intents, ms: desk.receive(who, phase, intents, ms)

    def _ask(self, phase: Phase, participants: Iterable[Participant], receive: Receive) -> None:
        """Ask everyone on the same view of the market; what they want arrives after their latencies."""
        wanted = [who for who in participants if phase in who.phases]
        if not wanted:
            return
        market = self._engine.viewer.market(phase)
        self._deliver(((who, self._decide(who, phase, market)) for who in wanted), phase, receive)

    def _deliver(
        self, answers: Iterable[tuple[Participant, list[Intent]]], phase: Phase, receive: Receive
    ) -> None:
        """What participants want arrives after their latencies."""
        arrivals: defaultdict[int, list[tuple[Participant, list[Intent]]]] = defaultdict(list)
        for who, intents in answers:
            if intents:
                arrivals[who.latency_ms].append((who, intents))
        for latency in sorted(arrivals):
            self._clock.at(self._clock.ms + latency, phase, partial(self._arrive, arrivals[latency], receive))

    def _arrive(self, batch: list[tuple[Participant, list[Intent]]], receive: Receive) -> None:
        ms = self._clock.ms
        for who, intents in batch:
            receive(who, intents, ms)

    def _decide(self, who: Participant, phase: Phase, market: Market) -> list[Intent]:
        """A participant's intents; none, where its strategy raises."""
        view = self._engine.viewer.view(who.account, market)
        try:
            return taken(who.decide(phase, view))
        except (StrategyLost, StrategyRaised) as loss:
            self._engine.violations.record(self._clock.ms, phase, who.account, loss)
            return []
        except BaseException as error:  # a strategy may raise anything
            if is_interruption(error):
                raise
            refusal = StrategyRaised(told(error))
            refusal.__cause__ = error
            self._engine.violations.record(self._clock.ms, phase, who.account, refusal)
            return []

    # Small change

    def _reward(self) -> int:
        """The present block's, which a sale just in time has made public already."""
        early, self._early = self._early, None
        return self._engine.rewards.advance() if early is None else early

    def _reveal_next(self) -> bool:
        """Make the next reward public before its slot is sold. False where a replayed file ends."""
        try:
            self._early = self._engine.rewards.advance()
        except EndOfRewards:
            return False
        return True

    def _shuffle(self) -> None:
        """The order in which agents with the same latency are heard, anew in every slot."""
        agents = self._engine.agents
        if not self._orders:
            draws = self._order_rng.random((ORDERS, len(agents)))
            self._orders = draws.argsort(axis=1).tolist()
        self._order = [agents[index + 1] for index in self._orders.pop()]

    def _draw_misses(self) -> frozenset[int]:
        """Who fails to propose, if it is the one to propose."""
        chances = self._engine.missed
        if not chances:
            return frozenset()
        draws = self._missed_rng.random(len(self._engine.agents))
        return frozenset(account for account, chance in chances.items() if draws[account - 1] < chance)

    def _came_too_late(self) -> bool:
        """Whether the proposer waited so long for a bid that it misses its slot."""
        market = self._engine.slot_market
        return market is not None and market.came_too_late(self._engine.state.slot)

    def _withdraw_drawn(self) -> None:
        state = self._engine.state
        drawn = state.draws[state.slot + state.rules.lookahead].ticket
        if drawn is not None:
            self._withdraw(state.titles.live[drawn])

    def _withdraw_ending(self) -> None:
        """Tickets that end with this slot leave the market before they are burned."""
        state = self._engine.state
        for title in get_expiring(state):
            self._withdraw(title)
        drawn = state.draws.get(state.slot)
        if drawn is not None and drawn.ticket is not None:
            self._withdraw(state.titles.live[drawn.ticket])

    def _withdraw(self, title: Title) -> None:
        self._engine.exchange.withdraw(title, self._clock.ms)
        self._engine.house.withdraw(title)

    def _protocol_flows(self) -> tuple[int, int]:
        ledger = self._engine.state.ledger
        return ledger.total(BURNED), ledger.total(REFUNDS)

    def _best(self, reward: int) -> int:
        slot = self._engine.state.slot
        paths = (path for path in self._engine.costs if path is not None)
        return max(0, *(path.gross(slot, reward) - path.between(slot, slot)[0] for path in paths))
