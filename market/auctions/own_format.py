"""A format of the user's own: a function of the lot, or an `AuctionFormat` that says more of itself."""

from __future__ import annotations

from market.auctions.format import AuctionFormat, Clear

OWN = "own"
"""What listings, tables and views call it: a run has one at most."""

OWN_CODE = 255
"""Its number in signed listings."""


def own_format(found: Clear | AuctionFormat) -> AuctionFormat:
    """The format that a file has. No contract knows it, and no strategy that is not written for it."""
    if isinstance(found, AuctionFormat):
        return found._replace(code=OWN_CODE, bids="special", on_chain=False)
    return AuctionFormat(OWN_CODE, found, bids="special", on_chain=False)
