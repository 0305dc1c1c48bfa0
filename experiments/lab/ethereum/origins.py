"""Which pages of a browser may ask, and what they may ask for.

A program that is no browser sends no `Origin` and may ask for everything. A page of this machine, or one that was
named, reads and sends signed transactions; for what changes the chain itself it needs the server's token.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

OWN_HOSTS = ("localhost", "127.0.0.1", "::1")
GUARDED = ("evm_", "anvil_", "hardhat_")
DAY = 86_400  # seconds for which a browser may keep the answer to its preflight
TOKEN_BYTES = 16
_BEARER = re.compile("^bearer +", re.IGNORECASE)


class Origins:
    """`named`: origins that may ask beside the pages of this machine, such as chrome-extension://…"""

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._named = frozenset(named)
        self.token = secrets.token_hex(TOKEN_BYTES)

    def may_ask(self, origin: str | None) -> bool:
        """Whether a request of this origin is answered at all."""
        return origin is None or origin in self._named or is_local(origin)

    def is_guarded(self, origin: str | None, authorization: str | None, token: str | None) -> bool:
        """Whether a request may not change the chain: a page's without the token, in a header
        (`Authorization: Bearer …`) or, since a WebSocket of a browser has none, in the address (`?token=…`)."""
        if origin is None:
            return False
        given = token or _BEARER.sub("", authorization or "")
        return not secrets.compare_digest(given.encode(errors="replace"), self.token.encode())


def is_local(origin: str) -> bool:
    """Whether a page lies on this machine; an origin is scheme, host and port, and nothing else."""
    try:
        parts = urlsplit(origin)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:  # such as http://[ or a port that is none
        return False
    hosts = [f"[{host}]" if ":" in host else host for host in OWN_HOSTS]
    return origin.lower() in {f"{scheme}://{host}{port}" for scheme in ("http", "https") for host in hosts}


def allowed(origin: str) -> dict[str, str]:
    """What lets a page read the answer."""
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def preflight(asked: Mapping[str, str]) -> dict[str, str]:
    """What lets a page ask."""
    headers = {
        "Access-Control-Allow-Methods": "POST, OPTIONS",
        "Access-Control-Allow-Headers": "content-type, authorization",
        "Access-Control-Max-Age": str(DAY),
    }
    if "Access-Control-Request-Private-Network" in asked:
        headers["Access-Control-Allow-Private-Network"] = "true"
    return headers
