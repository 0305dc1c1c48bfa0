"""What a strategy's process may say is data, however it is bent."""

from __future__ import annotations

import os
import pickle
import socket

import pytest

from chain.ticket import Series
from experiments.lab.assembly.isolation.wire import HEADER, Ended, Garbled, TookTooLong, Wire, read, written
from market.fitting import Unfit
from market.intents import AuctionBid, Bid


@pytest.fixture
def ends():
    """The run's end of a wire, and the bare socket of the other."""
    own, other = socket.socketpair()
    with own, other:
        yield Wire(own.fileno()), other


def frame(body: bytes) -> bytes:
    return HEADER.pack(len(body)) + body


NO_MESSAGES = {
    "a pickle": pickle.dumps(("intents", [])),
    "nothing": b"",
    "no data": b"j",
    "another kind": b'x["intents", []]',
    "no kind": b"j[3, []]",
    "three parts": b'j["intents", [], 3]',
    "an object": b'j["found", {"a": 1}]',
    "a deep list": b'j["intents", ' + b"[" * 100_000,
    "a deep list that ends": b'j["intents", ' + b"[" * 100_000 + b"]" * 100_000 + b"]",
    "a deep list after a text": b'j["\\\\", "[\\"[", ' + b"[" * 100_000,
    "half a text": b'j["intents',
    "a text of quotes": b'j["' + b'\\"' * 100_000,
    "a long number": b'j["intents", [["AuctionBid", 0, ' + b"9" * 10_000 + b"]]]",
    "no text at all": b"j\xff\xfe",
}


@pytest.mark.parametrize("body", NO_MESSAGES.values(), ids=NO_MESSAGES)
def test_what_is_no_message_is_garbled(ends, body):
    wire, other = ends
    other.sendall(frame(body)) if len(body) < 2**16 else send_beside(other, frame(body))
    with pytest.raises(Garbled):
        wire.answered()


def send_beside(other: socket.socket, data: bytes) -> None:
    """From a process of its own: the socket takes only so much at once."""
    if os.fork() == 0:
        other.sendall(data)
        os._exit(0)


def test_a_message_longer_than_allowed_is_not_waited_for(ends):
    wire, other = ends
    other.sendall(HEADER.pack(2**40))
    with pytest.raises(Garbled):
        wire.answered()


def test_half_a_message_is_the_end_and_a_slow_one_too_slow(ends):
    wire, other = ends
    wire.seconds = 0.0
    other.sendall(HEADER.pack(100) + b"j")
    with pytest.raises(TookTooLong):
        wire.answered()
    wire.seconds = None
    other.close()
    with pytest.raises(Ended):
        wire.answered()


def test_bytes_come_as_they_are_and_are_not_looked_into(ends):
    wire, other = ends
    Wire(other.fileno()).answer_bytes(b"[[[[[[\x80\x04")
    assert wire.answered() == ("bytes", b"[[[[[[\x80\x04")


ITEMS = (AuctionBid(0, 5), Bid(Series(False, 3), None), Unfit("bad_amount", 'a "[[[[[" \\ text'))


@pytest.mark.parametrize("item", ITEMS)
def test_intents_and_refusals_come_as_they_were_said(ends, item):
    wire, other = ends
    Wire(other.fileno()).answer("intents", [written(item)])
    kind, (data,) = wire.answered()
    assert (kind, read(data)) == ("intents", item)
