"""What the server tells of on standard error: what went wrong here, and not what a client has sent wrong."""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

OF_CLIENTS = (HttpProcessingError, web.RequestPayloadError, ConnectionError)


def is_ours(record: logging.LogRecord) -> bool:
    """Whether nobody has been answered with it: a client that sends what is no HTTP is told so itself."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, OF_CLIENTS)


COMPLAINTS = logging.getLogger(__name__)
COMPLAINTS.addFilter(is_ours)
