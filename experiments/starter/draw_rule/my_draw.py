"""A draw rule of one's own: every owner has the same chance, however many tickets it has."""

from chain import State


def draw(state: State, block: int) -> int | None:
    """One owner at random, and of its undrawn tickets the oldest; the protocol's own come last."""
    oldest: dict[int, int] = {}
    for serial in state.urn:
        oldest.setdefault(state.titles.live[serial].owner, serial)
    owners = sorted(owner for owner in oldest if owner) or sorted(oldest)
    return oldest[owners[state.beacon.below(len(owners), block)]] if owners else None
