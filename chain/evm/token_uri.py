"""What `tokenURI` says of a ticket."""

from __future__ import annotations

import json
from urllib.parse import quote

from chain.eip712 import UINT64_MAX
from chain.ticket import Title


def token_uri(title: Title, size: int) -> str:
    """The fields of a ticket for a round of `size` blocks as JSON in a data URI, escaped as a URI wants it.

    Numbers are in digits, since JSON's own are exact only up to 2^53.
    """
    ticket = title.ticket
    drawn = title.drawn_for
    fields = {
        "name": f"Execution ticket {ticket.serial}",
        "description": f"The right to propose {'a block' if size == 1 else f'a round of {size} blocks'}",
        "serial": str(ticket.serial),
        "mintBlock": str(ticket.mint_block & UINT64_MAX),
        "firstBlock": str(ticket.first_block),
        "lastBlock": str(ticket.last_block),
        "drawnFor": None if drawn is None else str(drawn),
    }
    return "data:application/json," + quote(json.dumps(fields, separators=(",", ":")), safe=",:")
