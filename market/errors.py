"""What the market refuses, beside what the chain refuses."""

from __future__ import annotations

from chain.errors import Refused


class AuctionClosed(Refused):
    """The auction has closed, or there was never one of that number."""


class BidTooLow(Refused):
    """The bid is below the auction's reserve."""


class BadTerms(Refused):
    """An order or a listing whose terms make no sense."""


class UnknownOrder(Refused):
    """No such order rests in the book."""


class OrderExpired(Refused):
    """The order is outside its own time of validity, or its series has ended."""


class ResaleClosed(Refused):
    """The market structure does not allow this sale at this time."""


class SelfDealing(Refused):
    """Nobody bids in an own auction."""


class WrongIntent(Refused):
    """Something that is not an intent, or not one for this phase."""


class TooManyRefused(Refused):
    """So many intents of an answer were refused that the rest of it was dropped."""


class NoBid(Refused):
    """The strategy has no bid for auctions of this format. Said once of each."""


class StrategyRaised(Refused):
    """The strategy raised an exception instead of returning intents."""


class StrategyLost(Refused):
    """The process of an isolated strategy did not answer: the turn is lost."""


class StrategyTimedOut(StrategyLost):
    """It took too long."""


class StrategyExited(StrategyLost):
    """Its process ended, or what it answered made no sense."""


class StrategyOutOfMemory(StrategyLost):
    """It took more memory than it may."""
