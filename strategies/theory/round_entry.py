"""Who bids for a round, and what comes of it; ETH a round. Source: MODEL section 9, P8."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scipy import optimize, stats

from strategies.theory.resold_blocks import Worths


@dataclass(frozen=True)
class Tenderers:
    """`buyers` and `hubs` who know no more than the law, `reserve` and the costs that each sinks for its bid."""

    worth: Worths
    buyers: int
    hubs: int = 0
    reserve: float = 0.0
    buyer_cost: float = 0.0
    hub_cost: float = 0.0

    @property
    def against_buyer(self) -> float:
        """What a buyer bids where another one does: holding less losing to a buyer."""
        return self.worth.holding - self.worth.losing_to_buyer

    @property
    def hub_gain(self) -> float:
        """What a hub gains that bids alone."""
        return max(self.worth.hub - self.reserve, 0.0)

    def hubs_bid(self) -> bool:
        """Whether a hub would bid alone."""
        return self.hubs > 0 and self.worth.hub >= self.reserve and self.hub_gain >= self.hub_cost

    def buyer_gain(self, chance: float, no_hub: float) -> float:
        """What a bid brings a buyer above none, where others bid with `chance` and no hub does with `no_hub`.

        Alone it pays the reserve, against a hub what a hub bids. Among buyers all bid what winning is worth, which
        leaves nothing to win; only where the reserve is above that, the winner of the tie loses by it.
        """
        worth = self.worth
        rivals = self.buyers - 1
        alone = (1 - chance) ** rivals
        to_hub = max(worth.holding - worth.losing_to_hub - max(worth.hub, self.reserve), 0.0)
        to_nobody = worth.holding - worth.unsold - self.reserve
        dear = min(self.against_buyer - self.reserve, 0.0)
        return alone * (no_hub * to_nobody + (1 - no_hub) * to_hub) + dear * self.shared(chance)

    def shared(self, chance: float) -> float:
        """E[1{J ≥ 1}/(J + 1)], J of the other buyers bidding: a bidder's part of the tie."""
        if self.buyers == 1 or chance == 0:
            return 0.0
        every = (1 - (1 - chance) ** self.buyers) / (self.buyers * chance)
        return float(every - (1 - chance) ** (self.buyers - 1))


@dataclass(frozen=True)
class Turnout:
    """The chance with which each buyer, and each hub, bids."""

    buyer: float
    hub: float


def entry(contest: Tenderers) -> Turnout:
    """The equilibrium in which buyers do alike and hubs do alike; where both can mix, the one in which both do.

    At no cost whoever loses nothing by it bids. Source: MODEL section 9, P8 (b); Levin and Smith (1994).
    """
    if not contest.hubs_bid():
        return Turnout(buyers_alone(contest, 1.0), 0.0)
    if contest.hub_cost == 0:
        return Turnout(buyers_alone(contest, 0.0), 1.0)
    if contest.buyer_cost == 0 and contest.buyer_gain(1.0, 1.0) >= 0:
        return Turnout(1.0, hub_chance(contest, 1.0))
    if contest.hubs == 1:
        return one_hub(contest)
    return more_hubs(contest)


def buyers_alone(contest: Tenderers, no_hub: float) -> float:
    """The chance at which a buyer's bid brings its cost, hubs given."""

    def short(chance: float) -> float:
        return contest.buyer_gain(chance, no_hub) - contest.buyer_cost

    if short(1.0) >= 0 and (contest.buyer_cost > 0 or bids_stand(contest)):
        return 1.0
    if short(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(short, 0.0, 1.0, xtol=1e-15))


def bids_stand(contest: Tenderers) -> bool:
    """Whether what buyers bid against each other reaches the reserve."""
    return contest.buyers == 1 or contest.against_buyer >= contest.reserve


def hub_chance(contest: Tenderers, buyer: float) -> float:
    """The chance at which a hub's bid brings its cost where each buyer bids with chance `buyer`; two hubs or more
    mix, one alone bids or does not."""
    gain = (1 - buyer) ** contest.buyers * contest.hub_gain
    if gain <= contest.hub_cost:
        return 0.0
    if contest.hubs == 1:
        return 1.0
    return float(1 - (contest.hub_cost / gain) ** (1 / (contest.hubs - 1)))


def one_hub(contest: Tenderers) -> Turnout:
    """Buyers bid with the chance that leaves the hub its cost, it with the one that leaves them theirs."""
    buyer = 1 - (contest.hub_cost / contest.hub_gain) ** (1 / contest.buyers)

    def short(no_hub: float) -> float:
        return contest.buyer_gain(buyer, no_hub) - contest.buyer_cost

    if short(0.0) > 0:
        return Turnout(buyers_alone(contest, 1.0), 0.0)
    if short(1.0) < 0:
        return Turnout(buyers_alone(contest, 0.0), 1.0)
    return Turnout(buyer, 1 - root(short, 0.0, 1.0))


def more_hubs(contest: Tenderers) -> Turnout:
    """The same where hubs keep each other out, too."""
    most = 1 - (contest.hub_cost / contest.hub_gain) ** (1 / contest.buyers)

    def short(buyer: float) -> float:
        no_hub = (1 - hub_chance(contest, buyer)) ** contest.hubs
        return contest.buyer_gain(buyer, no_hub) - contest.buyer_cost

    if short(0.0) > 0:
        return Turnout(buyers_alone(contest, 1.0), 0.0)
    if short(most) < 0:
        return Turnout(0.0, hub_chance(contest, 0.0))
    buyer = root(short, 0.0, most)
    return Turnout(buyer, hub_chance(contest, buyer))


def root(short: Callable[[float], float], low: float, high: float) -> float:
    """Where `short`, which changes its sign between them, is 0."""
    if short(low) == 0 or low == high:
        return low
    if short(high) == 0:
        return high
    return float(optimize.brentq(short, low, high, xtol=1e-15))


@dataclass(frozen=True)
class RoundOutcome:
    """Expected, a round; `price` is what the protocol receives, 0 for a round that stays unsold.

    `efficiency` is what is made of the blocks over what can be made; surplus of one buyer and of one hub after
    what they pay and sink; `entrants` are the buyers that bid, `void_share` the chance that nobody does.
    """

    price: float
    efficiency: float
    buyer_surplus: float
    hub_surplus: float
    entrants: float
    void_share: float


def outcome(contest: Tenderers, found: Turnout) -> RoundOutcome:
    """What comes of an equilibrium, case by case."""
    price = lost = void = 0.0
    for chance, buyers, hubs in cases(contest, found):
        price += chance * price_of(contest, buyers, hubs)
        lost += chance * (contest.worth.best - made_of(contest, buyers, hubs))
        void += chance * (buyers == 0 and hubs == 0)
    return RoundOutcome(
        price=price,
        efficiency=1 - lost / contest.worth.best if contest.worth.best else 1.0,
        buyer_surplus=buyer_surplus(contest, found),
        hub_surplus=hub_surplus(contest, found),
        entrants=contest.buyers * found.buyer,
        void_share=void,
    )


def buyer_surplus(contest: Tenderers, found: Turnout) -> float:
    """What a buyer has who stays out, and what its bid brings beside that. Where it mixes that is nothing: a bid
    brings its cost."""
    worth = contest.worth
    no_rival = (1 - found.buyer) ** (contest.buyers - 1)
    no_hub = (1 - found.hub) ** contest.hubs
    alone = no_hub * worth.unsold + (1 - no_hub) * worth.losing_to_hub
    out = no_rival * alone + (1 - no_rival) * worth.losing_to_buyer
    return out + (contest.buyer_gain(1.0, no_hub) - contest.buyer_cost if found.buyer == 1 else 0.0)


def hub_surplus(contest: Tenderers, found: Turnout) -> float:
    """Where a hub mixes, as where it stays out, nothing: a bid brings its cost. What is sure to bid gains where it
    is the only one that does."""
    if found.hub < 1:
        return 0.0
    alone = (1 - found.buyer) ** contest.buyers if contest.hubs == 1 else 0.0
    return alone * contest.hub_gain - contest.hub_cost


def cases(contest: Tenderers, found: Turnout) -> Iterator[tuple[float, int, int]]:
    """Chances that no buyer, one, or more bid, and no hub, one, or more."""
    for buyers, of_buyers in enumerate(none_one_more(contest.buyers, found.buyer)):
        for hubs, of_hubs in enumerate(none_one_more(contest.hubs, found.hub)):
            if of_buyers * of_hubs > 0:
                yield of_buyers * of_hubs, buyers, hubs


def none_one_more(count: int, chance: float) -> tuple[float, float, float]:
    """The chances that none, one, or more of `count` do what each does with `chance`."""
    none, one = stats.binom.pmf([0, 1], count, chance).tolist()
    return none, one, max(1 - none - one, 0.0) if count > 1 else 0.0


def price_of(contest: Tenderers, buyers: int, hubs: int) -> float:
    """What the protocol receives, 2 standing for two or more."""
    if buyers == 0 and hubs == 0:
        return 0.0
    if buyers >= 2:
        return max(contest.against_buyer, contest.reserve)
    if buyers + hubs >= 2:
        return max(contest.worth.hub, contest.reserve)
    return contest.reserve


def made_of(contest: Tenderers, buyers: int, hubs: int) -> float:
    """What is made of the blocks: by the buyer that holds the round if one bid, by the hub, or by nobody."""
    if buyers > 0:
        return contest.worth.made_by_buyer
    if hubs > 0:
        return contest.worth.made_by_hub
    return contest.worth.made_unsold


def price_range(contest: Tenderers) -> tuple[float, float] | None:
    """The prices that equilibria have where bids cost buyers nothing and a hub is there; None elsewhere.

    Source: P8: from one bidder alone to all bidding. None, too, where no bid reaches the reserve.
    """
    if contest.buyer_cost > 0 or not contest.hubs_bid():
        return None
    high = max(contest.worth.hub, contest.reserve)
    if contest.buyers > 1:
        high = max(high, contest.against_buyer)
    outbid = contest.worth.holding - contest.worth.losing_to_hub > contest.worth.hub * (1 + 1e-12)
    if contest.hub_cost == 0 and (contest.hubs > 1 or outbid):
        return max(contest.worth.hub, contest.reserve), high
    return contest.reserve, high
