"""The undrawn tickets, and the claims on blocks that their holders have made."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from chain.beacon import Beacon
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.now import Now


class AuditedUrn:
    """What a draw is made from. `live` are the deeds of all live tickets, `serials` the undrawn ones, in order;
    `claims` are by block, each ticket with the transfer nonce of its claim."""

    def __init__(self, beacon: Beacon, protocol: str, now: Now, live: Mapping[int, Deed]) -> None:
        self.beacon = beacon
        self.protocol = protocol
        self.now = now
        self.live = live
        self.serials: list[int] = []
        self.claims: dict[int, dict[int, int]] = {}

    def __len__(self) -> int:
        return len(self.serials)

    def add(self, deed: Deed) -> None:
        """A new ticket, the latest of all."""
        self.serials.append(deed.serial)

    def remove(self, serial: int) -> None:
        """A ticket was drawn, or ends."""
        del self.serials[bisect_left(self.serials, serial)]

    def deeds(self) -> list[Deed]:
        """The undrawn tickets, by serial."""
        return [self.live[serial] for serial in self.serials]

    def by_lot(self, among: Sequence[int], block: int) -> int | None:
        """One of these serials by the beacon's word for `block`, all equally likely."""
        return among[self.beacon.below(len(among), block)] if among else None

    def claim(self, deed: Deed, block: int) -> None:
        """A ticket claims a block; its earlier claim lapses."""
        for claims in self.claims.values():
            claims.pop(deed.serial, None)
        self.claims.setdefault(block, {})[deed.serial] = deed.nonce

    def standing(self, block: int) -> list[Deed]:
        """The undrawn tickets that claim a block and have not moved since."""
        claims = self.claims.get(block, {}).items()
        deeds = [(self.live[serial], nonce) for serial, nonce in claims if serial in self.live]
        return [deed for deed, nonce in deeds if deed.drawn_for is None and deed.nonce == nonce]
