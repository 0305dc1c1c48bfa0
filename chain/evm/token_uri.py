"""What `tokenURI` says of a ticket."""

from __future__ import annotations

import json

from chain.eip712 import UINT64_MAX
from chain.ticket import Title


def token_uri(title: Title) -> str:
    """The ticket's fields as a JSON data URI; numbers in digits, since JSON's own are exact only up to 2^53."""
    ticket = title.ticket
    drawn = title.drawn_for
    fields = {
        "name": f"Execution ticket {ticket.serial}",
        "serial": str(ticket.serial),
        "mintBlock": str(ticket.mint_block & UINT64_MAX),
        "firstBlock": str(ticket.first_block),
        "lastBlock": str(ticket.last_block),
        "drawnFor": None if drawn is None else str(drawn),
    }
    return "data:application/json," + json.dumps(fields, separators=(",", ":"))
