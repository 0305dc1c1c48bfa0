"""What a run says at one of its blocks: balances, nonces, contracts."""

from __future__ import annotations

from typing import Any

from chain.errors import InsufficientFunds, Refused
from chain.money import WEI_PER_GWEI
from chain.rpc.contract import Call, encode_result
from chain.rpc.error_codes import Reverts, RpcError
from chain.rpc.tickets import UnknownAccount
from experiments.lab.assembly.transaction_driver import NOT_PAYABLE, TransactionDriver, reason
from experiments.lab.assembly.waiting_transactions import check_value
from experiments.lab.ethereum.rehearsal import copied
from market.contract.code import IN_SALE, in_gwei


class RunState:
    """`parts` are those of the driver, live ones or as they were; `sent` counts transactions by sender;
    `time` is the block's, seconds."""

    def __init__(
        self, driver: TransactionDriver, parts: tuple[Any, ...], sent: dict[bytes, int], time: int
    ) -> None:
        self._driver = driver
        self._parts = parts
        self._sent = sent
        self._now = lambda: time
        self._codes = driver.make_codes(parts, self._now)
        self._ledger = parts[0].ledger

    def balance(self, address: bytes) -> int:
        """What an address has free, wei; one from outside has nothing."""
        number = self._driver.numbers.get(address)
        if number is None:
            return 0
        return int(self._ledger.free(number) * WEI_PER_GWEI)

    def count(self, address: bytes) -> int:
        """The transactions of an address that were carried out."""
        return self._sent.get(address, 0)

    def call(self, caller: bytes, to: bytes, call_data: bytes, value: int) -> bytes:
        """What a view returns; a transaction is tried on a copy. Raises `Reverts`, `RpcError`."""
        self._check_value(caller, value)
        if to not in self._codes:
            self._check_taker(to, value)
            return b""
        call = self._driver.interfaces[to].decode(call_data)
        if value:
            raise Reverts(NOT_PAYABLE)
        if call is None:
            raise Reverts("no_such_function")
        try:
            return self._carry_out(caller, to, call)
        except Refused as refusal:
            raise Reverts(reason(refusal)) from None

    def _carry_out(self, caller: bytes, to: bytes, call: Call) -> bytes:
        if call.function.is_view:
            return encode_result(call.function, self._codes[to].view(call.function.name, call.arguments))
        if call.function.name == IN_SALE:  # the lots are not there yet
            return self._check_bid(caller, call.arguments)
        codes = self._driver.make_codes(copied(self._parts), self._now)
        codes[to].act(caller, call.function.name, call.arguments)
        return b""

    def _check_value(self, caller: bytes, value: int) -> None:
        check_value(value)
        if value > self.balance(caller):
            raise RpcError(f"insufficient funds for transfer: {value} wei, {self.balance(caller)} are free")

    def _check_taker(self, to: bytes, value: int) -> None:
        if value and not self._driver.numbers.get(to):
            raise RpcError(f"0x{to.hex()} takes no part in the run, and is no contract of it")

    def _check_bid(self, caller: bytes, arguments: tuple[Any, ...]) -> bytes:
        """What can be said of a bid in a sale that has not begun."""
        number = self._driver.numbers.get(caller)
        price = in_gwei(arguments[1])
        if not number:
            raise UnknownAccount(f"0x{caller.hex()} takes no part in the run")
        if price > self._ledger.free(number):
            raise InsufficientFunds(f"the bid takes {price} Gwei, {self._ledger.free(number)} are free")
        return b""
