"""Why an operation was refused. A refused operation changes nothing."""

from __future__ import annotations

import re


class Refused(ValueError):
    """An operation that the rules do not allow. `code` is its name in the `violations` table."""

    code: str = "refused"

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class BadSignature(Refused):
    """The signature is not the named signer's over these very fields."""


class BadAmount(Refused):
    """An amount that is not a whole number of Gwei within 0 … 2^63 − 1."""


class AccountFull(BadAmount):
    """More money than an account can hold, 2^63 − 1 Gwei."""


class InsufficientFunds(Refused):
    """The account does not have what it wants to spend."""


class NonceUsed(Refused):
    """A message that was used or cancelled before: a replay."""


class UnknownTicket(Refused):
    """No ticket of this serial was ever minted."""


class TicketBurned(Refused):
    """The ticket was proposed with, or expired."""


class NotOwner(Refused):
    """The ticket belongs to someone else."""


class BadTaker(Refused):
    """Nobody, or the protocol, cannot be given a ticket."""


class NotApproved(Refused):
    """The caller may not act for the ticket's owner."""


class PermitExpired(Refused):
    """The permit's deadline has passed."""


class TicketMoved(Refused):
    """The message names a transfer nonce that the ticket has left behind."""


class TicketListed(Refused):
    """The ticket is held in escrow for another listing: a double sale."""


class NotProposer(Refused):
    """The signer does not hold the right of this block."""


class NotBuilder(Refused):
    """The right to build this block was sold to someone else."""


class BlockProposed(Refused):
    """The block has been proposed, or is not the present one."""


class BlockOpen(Refused):
    """The present slot is not settled, first draws are not held, or expired tickets not burned."""


class SeedKnown(Refused):
    """The seed of the coming draw is known already: the urn stays as it is."""


class CapExceeded(Refused):
    """The account would have more tickets than one owner may."""


class ReturnRefused(Refused):
    """The protocol does not take this ticket back."""


class ClaimRefused(Refused):
    """The ticket may not claim this block."""


class RuleBroken(Refused):
    """A rule returned something that the protocol cannot carry out."""
