"""One random history of a small chain, watched step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chain.account import PROTOCOL, derive_accounts
from chain.beacon import key_bytes
from chain.eip712 import Domain
from chain.errors import Refused
from chain.interruption import is_interruption
from chain.ledger import names_of
from chain.present_right import get_right
from chain.protocol import (
    Proposal,
    close_slot,
    open_slot,
    process_claim,
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_late_draw,
    process_proposal,
    process_return,
)
from chain.randomness import Streams
from chain.records import Records
from chain.rules import custom_rule
from chain.signatures import Unsigned
from chain.state import Draw, DrawRule, Rules, State, new_state
from chain.ticket import Title
from chain.transfer import Transfer, process_transfer
from chain.wording import shown, told
from experiments.lab.conformance.asked_words import AskedBeacon, AskedWords
from experiments.lab.conformance.rule_check.picture import difference, picture

NAMES = ("ann", "bob", "cleo", "dan")
PURSE = 10**6  # Gwei
NO_KEY = key_bytes("")
EMPTY = "the urn was empty, as it may be where the supply is elastic: return None then"


class RuleFault(Exception):
    """A draw rule does not keep what the protocol promises."""


class RandomHistory:
    """A chain of four accounts, with terms and events drawn from `seed`. Raises `RuleFault`."""

    def __init__(self, draw: Draw | DrawRule, seed: int) -> None:
        self._seed = seed
        self._rule = custom_rule("the rule", draw)
        if self._rule.late is not None:
            raise RuleFault("it states a late draw; there are claims under the rule `claim` alone")
        streams = Streams(seed)
        self._dice = streams.generator("history")
        self._state = self._make_state(streams)
        self.words = AskedWords()
        self._state.beacon = AskedBeacon(self._state.beacon.seed, self.words)
        self._drawn: dict[int, int | None] = {}
        for account in range(1, len(self._state.accounts)):
            self._state.ledger.endow(account, PURSE)

    def play(self, slots: int) -> list[int | None]:
        """The ticket of each block, None where it stayed without one."""
        process_genesis(self._state)
        self._sell()
        self._draw_first()
        for _ in range(slots):
            self._slot()
        return [self._drawn[block] for block in range(slots)]

    def ask_without_tickets(self) -> None:
        """Before it is played: an elastic supply may be empty, and then there is nothing to draw."""
        if self._rule.facts.is_dated:
            return
        try:
            serial = self._answer(0)
        except RuleFault as fault:
            raise RuleFault(f"{fault}; {EMPTY}") from fault.__cause__
        if serial is not None:
            raise self._fault(f"the rule drew {shown(serial)}; {EMPTY}", 0)

    def _make_state(self, streams: Streams) -> State:
        """N = 1 … 10 tickets, L < N and at most 2, T from L to 20 blocks or none, as the rule takes them."""
        accounts = derive_accounts(streams, NAMES)
        supply = self._roll(1, 10)
        lookahead = self._roll(0, min(2, supply - 1))
        maturity = None
        if self._roll(0, 3) != 0:
            maturity = self._roll(max(lookahead, 1), 20)
        refund = 0.5 if self._roll(0, 1) else 0.0
        rules = Rules(supply, maturity, lookahead, self._rule._replace(early=self._ask_twice), refund, haircut=0.1)
        return new_state(
            rules=fitting(rules),
            accounts=accounts,
            signatures=Unsigned(Domain(1337)),
            streams=streams,
            records=Records(Path("unwritten"), names_of(accounts)),
        )

    # A slot

    def _slot(self) -> None:
        urn = list(self._state.urn)
        self._carry_out(open_slot)
        self._note_from(self._state.slot + self._state.rules.lookahead, urn)
        self._session()
        process_late_draw(self._state)
        self._settle()
        self._check("after the proposal")
        close_slot(self._state)
        self._check("after the mint")
        live = len(self._state.titles.live)
        supply = self._state.rules.supply
        if live != supply:
            raise self._fault(f"{live} tickets are live, the supply is {supply}")
        self._sell()

    def _sell(self) -> None:
        """What the primary market does: most tickets are sold."""
        unsold = [title for title in self._state.titles.holdings[PROTOCOL].values() if title.drawn_for is None]
        for title in unsold:
            buyer = self._anyone()
            price = self._roll(0, 100)
            if self._roll(0, 3) and self._state.ledger.free(buyer) >= price:
                self._state.ledger.lock(buyer, price, title.ticket.serial)
                self._state.ledger.burn(buyer, price, title.ticket.serial)
                title.price_gwei = price
                self._state.titles.transfer(title, buyer, "primary")

    def _session(self) -> None:
        """Gifts and returns, and what must be refused."""
        for title in list(self._state.titles.live.values()):
            if title.owner != PROTOCOL and self._roll(0, 7) == 0:
                self._move(title)
        self._refuses(process_claim, 1, 10**9, 0, self._state.slot)
        self._refuses(process_return, 1, self._state.titles.minted, 0, 5)

    def _move(self, title: Title) -> None:
        serial = title.ticket.serial
        owner = title.owner
        stranger = owner % len(NAMES) + 1
        self._refuses(process_transfer, Transfer(stranger, owner, serial, title.nonce))
        self._refuses(process_transfer, Transfer(owner, stranger, serial, title.nonce + 1))
        may_return = title.drawn_for is None and self._state.rules.haircut is not None
        if may_return and self._roll(0, 3) == 0:
            process_return(self._state, owner, serial, title.nonce, title.price_gwei)
        else:
            process_transfer(self._state, Transfer(owner, stranger, serial, title.nonce))
        self._check("in the session")

    def _settle(self) -> None:
        """The block is proposed, or missed; strangers and second attempts are refused."""
        right = get_right(self._state)
        slot = self._state.slot
        serial = None
        if right is not None:
            serial = right.ticket
        nonce = 0
        if serial is not None:
            nonce = self._state.titles.live[serial].nonce
        holder = 1 if right is None else right.proposer
        proposal = Proposal(slot, holder, serial, nonce, holder, 50)
        self._refuses(process_proposal, proposal._replace(proposer=holder % len(NAMES) + 1), 50)
        self._refuses(process_proposal, proposal._replace(block=slot + 1), 50)
        if right is None or self._roll(0, 4) == 0:
            process_empty_block(self._state)
        else:
            process_proposal(self._state, proposal, 50)
        self._refuses(process_empty_block)
        self._refuses(process_proposal, proposal, 50)

    # What is promised

    def _draw_first(self) -> None:
        """The draws of the first L blocks."""
        urn = list(self._state.urn)
        self._carry_out(process_first_draws)
        for block in range(self._state.rules.lookahead):
            self._note_from(block, urn)

    def _ask_twice(self, _: State, block: int) -> int | None:
        """What the rule answers to the protocol: twice the same, and asking leaves no trace."""
        self.words.forget()
        before = picture(self._state)
        answers = [self._answer(block), self._answer(block)]
        if (changed := difference(before, picture(self._state))) is not None:
            raise self._fault(f"the rule changed the state's {changed}; it may only read it", block)
        if answers[0] != answers[1]:
            text = f"the rule answered {answers[0]!r}, and {answers[1]!r} when it was asked again"
            raise self._fault(f"{text}; take chance from state.beacon alone, and remember nothing", block)
        return answers[0]

    def _answer(self, block: int) -> int | None:
        try:
            answer = self._rule.early(self._state, block)
        except BaseException as error:  # a rule of the user's own may raise anything
            if is_interruption(error):
                raise
            raise self._fault(f"the rule raised {told(error)}", block) from error
        self.words.end_answer((block, NO_KEY))
        return answer

    def _carry_out(self, process: Callable[[State], object]) -> None:
        try:
            process(self._state)
        except Refused as refusal:
            why = str(refusal).replace("the rule 'the rule'", "the rule")
            raise self._fault(why, self._state.slot + self._state.rules.lookahead) from refusal

    def _note_from(self, first: int, urn: list[int]) -> None:
        """The draws that were due with that of `first`: none, its own, or those of its epoch."""
        span = self._rule.span
        for block in range(first, first + span if first % span == 0 else first):
            self._note(block, urn)

    def _note(self, block: int, urn: list[int]) -> None:
        """The block has its one draw, of a ticket that was in the urn and is now drawn for it."""
        serial = self._state.draws[block].ticket
        if block in self._drawn:
            raise self._fault("it was drawn twice", block)
        if serial is not None and (serial not in urn or self._state.titles.live[serial].drawn_for != block):
            raise self._fault(f"ticket {serial} was not in the urn, or is drawn for another block", block)
        self._drawn[block] = serial
        self._check("after the draw")

    def _check(self, when: str) -> None:
        """Tickets and money are conserved."""
        state = self._state
        titles = self._state.titles
        drawn = [serial for serial, title in titles.live.items() if title.drawn_for is not None]
        if titles.minted != len(titles.live) + titles.burned:
            raise self._fault(f"{when}: {titles.minted} minted, {len(titles.live)} live, {titles.burned} burned")
        if sorted([*state.urn, *drawn]) != sorted(titles.live):
            raise self._fault(f"{when}: the urn and the drawn tickets are not the live ones")
        if sum(map(len, titles.holdings)) != len(titles.live):
            raise self._fault(f"{when}: a live ticket has no holder, or two")
        if not state.ledger.is_balanced():
            raise self._fault(f"{when}: money was lost, or came from nowhere")

    def _refuses(self, operation: Callable[..., object], *arguments: object) -> None:
        """What is not allowed is refused, and changes nothing."""
        before = picture(self._state)
        try:
            operation(self._state, *arguments)
        except Refused:
            changed = difference(before, picture(self._state))
            if changed is None:
                return
            raise self._fault(f"{operation.__name__} was refused and changed the state's {changed}") from None
        raise self._fault(f"{operation.__name__} was not refused")

    # Small change

    def _roll(self, low: int, high: int) -> int:
        return int(self._dice.integers(low, high + 1))

    def _anyone(self) -> int:
        return self._roll(1, len(NAMES))

    def _fault(self, what: str, block: int | None = None) -> RuleFault:
        place = f"block {block}"
        if block is None:
            place = f"slot {self._state.slot}"
        return RuleFault(f"history {self._seed}, {place}: {what}")


def fitting(rules: Rules) -> Rules:
    """The rules with what their draw rule does not take put right."""
    rule, maturity = rules.draw, rules.maturity
    lookahead = rules.lookahead if rule.most_lookahead is None else min(rules.lookahead, rule.most_lookahead)
    if maturity is None and (rule.needs_maturity or rule.facts.is_dated):
        maturity = 10
    if maturity is not None:
        maturity += -maturity % rule.span
    if rule.facts.is_dated and maturity is not None:
        return rules._replace(
            supply=maturity + 1, maturity=maturity, lookahead=min(lookahead, maturity), refund=0.0, haircut=None
        )
    return rules._replace(maturity=maturity, lookahead=lookahead)
