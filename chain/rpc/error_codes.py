"""What a JSON-RPC request can be answered with instead of a result."""

from __future__ import annotations

from chain.evm.abi import Tail, encode, selector


class RpcError(Exception):
    """An error with its JSON-RPC code."""

    code = -32000

    def __init__(self, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.data = data

    def as_dict(self) -> dict[str, object]:
        """The `error` of a response."""
        answer: dict[str, object] = {"code": self.code, "message": str(self)}
        if self.data is None:
            return answer
        return answer | {"data": self.data}


class Unparsable(RpcError):
    """The body is not JSON."""

    code = -32700


class BadRequest(RpcError):
    """JSON, but not a request."""

    code = -32600


class UnknownMethod(RpcError):
    """There is no such method."""

    code = -32601


class BadParams(RpcError):
    """The parameters are not what the method takes."""

    code = -32602


class InternalError(RpcError):
    """Something that should not have happened."""

    code = -32603


class LongAnswer(RpcError):
    """The answer has too many bytes."""

    code = -32003


class NotAllowed(RpcError):
    """There is such a method, but not for this client (EIP-1474: method not supported)."""

    code = -32004


class Reverts(RpcError):
    """The call was refused; the data is Solidity's `Error(string)` with the reason."""

    code = 3

    def __init__(self, reason: str) -> None:
        data = selector("Error(string)") + encode((Tail.of_bytes(reason.encode()),))
        super().__init__(f"execution reverted: {reason}", "0x" + data.hex())
