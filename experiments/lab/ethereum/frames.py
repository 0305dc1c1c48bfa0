"""Messages of a WebSocket as bytes (RFC 6455, section 5.2): one is made once, however many it is sent to, and what
waits goes out together."""

from __future__ import annotations

TEXT = b"\x81"  # all of a text in one frame
SHORT, LONG = 126, 65_536  # bytes from which on the length takes two, and eight


def frame(text: bytes) -> bytes:
    """A text message from a server."""
    size = len(text)
    if size < SHORT:
        return TEXT + bytes((size,)) + text
    if size < LONG:
        return TEXT + b"\x7e" + size.to_bytes(2, "big") + text
    return TEXT + b"\x7f" + size.to_bytes(8, "big") + text
