"""Faults that are planted in the contracts, one at a time: the twin finds each."""

from __future__ import annotations

from pathlib import Path

import pytest

from chain.evm.bytecode import EXCHANGE, SOURCES, STANDING_IN, TICKETS, compile_contract
from experiments.lab.conformance.twin.disagreement import Disagreement
from experiments.lab.conformance.twin.player import play_all

LENGTH = 1_000  # operations of a history

FAULTS = {
    "the receiver's answer is not looked at": (TICKETS, 'assert answer == 0x150b7a02, "not_receiver"', "pass"),
    "nobody is an operator": (TICKETS, "return self.operators[owner][operator]", "return False"),
    "no nonce is used": (
        EXCHANGE,
        "return (self.used[account][nonce >> 8] >> (nonce & 255)) & 1 == 1",
        "return False",
    ),
    "the protocol is paid out": (TICKETS, 'raw_call(to, b"", ', 'raw_call(PROTOCOL, b"", '),
    "who deposits gets it": (TICKETS, "self.funds[account] += self._gwei", "self.funds[msg.sender] += self._gwei"),
    "a drawn ticket is sold": (EXCHANGE, 'assert title.drawnFor == 0, "auction_closed"', "pass"),
    "handed out at any time": (
        TICKETS,
        'assert self.slots == 0, "block_proposed"\n    assert price',
        "assert price",
    ),
    "nonces are one too high": (
        TICKETS,
        "(self._get(tokenId).nonce, uint256)",
        "(self._get(tokenId).nonce + 1, uint256)",
    ),
    "nobody signs for nobody": ("signatures", "found != empty(address) and found == signer", "found == signer"),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_contract_is_found(fault, tmp_path, monkeypatch):
    plant(tmp_path, *FAULTS[fault])
    for name in (TICKETS, EXCHANGE):
        monkeypatch.setitem(STANDING_IN, name, compile_contract(name, tmp_path))
    with pytest.raises(Disagreement):
        list(play_all(range(6), LENGTH))


def plant(folder: Path, file: str, right: str, wrong: str) -> None:
    """The sources of the contracts, with one line changed."""
    for source in SOURCES.glob("*.vy"):
        text = source.read_text(encoding="utf-8")
        if source.stem == file:
            assert text.count(right) == 1
            text = text.replace(right, wrong)
        (folder / source.name).write_text(text, encoding="utf-8")
