"""What both sides must keep, whatever is done to them, by tallies of its own.

Each law is told by one function, which raises `LawBroken`. They hold for the protocol in Python and for the
contract, each by itself: a fault that both have is found here, where a comparison finds none.
"""

from __future__ import annotations

from typing import NamedTuple

from chain.account import PROTOCOL
from chain.money import WEI_PER_GWEI
from chain.state import Rules
from experiments.lab.conformance.twin.both_sides import BothSides, ContractCall
from experiments.lab.conformance.twin.consent import Consent, Wills
from experiments.lab.conformance.twin.side_picture import Picture, of_contract, of_protocol

SETTLES = ("propose", "leaveEmpty")
NOTHING = ContractCall("", b"", ())


class LawBroken(AssertionError):
    """A law of the protocol does not hold."""


class Step(NamedTuple):
    """A side before and after an operation, and what was agreed to. `refused`: it was not carried out; `knowing`:
    who took the ticket of the present slot knowingly, if anyone did."""

    before: Picture
    after: Picture
    call: ContractCall
    consent: Consent
    refused: bool
    protocol: bytes
    rules: Rules
    knowing: bytes | None


class Laws:
    """Watches a pair, and raises `LawBroken` after an operation that breaks a law, on either side."""

    def __init__(self, both: BothSides) -> None:
        self._both = both
        self._wills = Wills(both.state.signatures.domain)
        self._before = self._pictures()
        self._takers: dict[int, bytes] = {}  # of tickets, those who took them knowingly
        self._rounds: dict[int, int] = {}  # drawn ones and their tickets, for good
        self._settled: set[int] = set()  # slots
        self._gifts = 0  # what was paid at genesis, Gwei
        self._accepted = both.accepted
        both.watch = self.check

    def check(self) -> None:
        """After an operation."""
        refused = self._both.accepted == self._accepted
        self._accepted = self._both.accepted
        call = NOTHING if refused else self._both.last
        before, pictures = self._before, self._pictures()
        consent = self._wills.read(call, before[0])
        for was, is_now in zip(before, pictures, strict=True):
            for law in LAWS:
                law(self._step(was, is_now, call, consent, refused))
        self._note(call, consent, before[0], pictures[0])
        self._check_money(pictures[1])
        self._before = pictures

    def _pictures(self) -> tuple[Picture, Picture]:
        both = self._both
        return of_protocol(both.state), of_contract(both.tickets, both.addresses)

    def _step(self, before: Picture, after: Picture, call: ContractCall, consent: Consent, refused: bool) -> Step:
        drawn = {block: serial for serial, block in before.drawn_for.items()}.get(before.slot)
        knowing = None if drawn is None else self._takers.get(drawn)
        protocol = self._both.addresses[PROTOCOL]
        return Step(before, after, call, consent, refused, protocol, self._both.state.rules, knowing)

    def _note(self, call: ContractCall, consent: Consent, before: Picture, after: Picture) -> None:
        """Keep what later steps are held against, and hold the draws and the proposers against what was kept."""
        for serial, owner in after.owners.items():
            if after.nonces[serial] != before.nonces.get(serial):
                self._wills.forget(serial)
                self._takers.pop(serial, None)
                if owner in consent.takes:
                    self._takers[serial] = owner
        for serial, block in after.drawn_for.items():
            number = block // self._both.state.rules.round
            expect(self._rounds.setdefault(number, serial) == serial, f"round {number} is drawn twice")
        expect(len(set(self._rounds.values())) == len(self._rounds), "a ticket is drawn for two rounds")
        if call.function in SETTLES:
            expect(before.slot not in self._settled, f"slot {before.slot} has two proposers")
            self._settled.add(before.slot)
        if call.function == "handOut":
            self._gifts += call.words[2]  # type: ignore[operator]

    def _check_money(self, contract: Picture) -> None:
        """The contract has what it owes, and what was burned in it."""
        owed = sum(contract.money.values()) + contract.burned - contract.refunded + self._gifts
        expect(self._both.tickets.balance == owed * WEI_PER_GWEI, f"{owed} Gwei are to be in the contract")


def supply_is_conserved(step: Step) -> None:
    """What was minted is live or was burned; a fixed supply is never exceeded; undrawn tickets are in the urn."""
    after = step.after
    expect(after.minted >= step.before.minted, "tickets were unminted")
    expect(
        set(step.before.owners) >= {s for s in after.owners if s < step.before.minted}, "a burned ticket is back"
    )
    expect(after.supply == len(after.owners), f"supply {after.supply}, live tickets {len(after.owners)}")
    expect(after.urn == len(after.owners) - len(after.drawn_for), f"urn {after.urn}")
    expect(step.rules.elastic or after.supply <= step.rules.supply, f"{after.supply} tickets are live")


def a_ticket_has_one_owner(step: Step) -> None:
    """Whom each ticket names, and nobody else, counts it."""
    for account, held in step.after.held.items():
        owned = sum(owner == account for owner in step.after.owners.values())
        expect(held == owned, f"0x{account.hex()} holds {held}, owns {owned}")
    expect(sum(step.after.held.values()) == step.after.supply, "a ticket without an owner")


def what_is_refused_changes_nothing(step: Step) -> None:
    """Nor does what nobody has done."""
    if step.refused:
        expect(step.before == step.after, "a refused operation changed something")


def nobody_pays_more_than_it_signed(step: Step) -> None:
    """Nor than it spent by its own call, or is the fee for the slot of a ticket that it took knowingly. And a
    seller gets no less than it signed."""
    fee = step.rules.missed_fee if step.call.function == "leaveEmpty" else 0
    for account, money in step.after.money.items():
        most = step.consent.pays[account] + (fee if account == step.knowing else 0)
        change = money - step.before.money[account]
        expect(change >= step.consent.gets[account] - most, f"0x{account.hex()} has {-change} Gwei less")


def nobody_loses_a_ticket_unasked(step: Step) -> None:
    """A ticket leaves its owner by the owner's signature or call; or at its end, which the rules have set."""
    for serial, owner in step.before.owners.items():
        if step.after.owners.get(serial) != owner and owner != step.protocol and serial not in step.consent.gives:
            expect(serial not in step.after.owners and has_ended(step, serial), f"ticket {serial} was taken")


def has_ended(step: Step, serial: int) -> bool:
    """Whether the last slot of its round was missed, or its last draw held. A round ends with a mint."""
    if not step.rules.ends_round(step.before.slot):
        return False
    if step.call.function == "leaveEmpty":
        return step.before.drawn_for.get(serial) == step.before.slot
    last = step.before.slot + step.rules.ahead
    return step.call.function == "mint" and step.before.last_blocks[serial] <= last


def a_ticket_proposes_block_by_block(step: Step) -> None:
    """A drawn ticket goes on to the next block when its present one is settled, and not otherwise; after the last
    of its round it is burned."""
    settled = None if step.refused or step.call.function not in SETTLES else step.before.slot
    for serial, block in step.before.drawn_for.items():
        left = None if block == settled and step.rules.ends_round(block) else block + (block == settled)
        expect(step.after.drawn_for.get(serial) == left, f"ticket {serial} is for another block than {left}")


LAWS = (
    supply_is_conserved,
    a_ticket_has_one_owner,
    what_is_refused_changes_nothing,
    nobody_pays_more_than_it_signed,
    nobody_loses_a_ticket_unasked,
    a_ticket_proposes_block_by_block,
)


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise LawBroken(otherwise)
