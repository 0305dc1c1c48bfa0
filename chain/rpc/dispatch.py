"""JSON-RPC 2.0: from the bytes of a request to those of its answer."""

from __future__ import annotations

import inspect
import json
import re
import traceback
from collections.abc import Callable, Mapping
from itertools import accumulate
from math import isinf
from typing import Any, NoReturn

from chain.rpc.error_codes import BadParams, BadRequest, InternalError, RpcError, UnknownMethod, Unparsable
from chain.rpc.values import shown

MOST_REQUESTS = 100  # in a batch
MOST_NESTING = 32

Method = Callable[..., Any]


class Dispatcher:
    """Answers requests by the methods that it has been given."""

    def __init__(self, methods: Mapping[str, Method]) -> None:
        self._methods = {name: (method, inspect.signature(method)) for name, method in methods.items()}

    def extended(self, methods: Mapping[str, Method]) -> Dispatcher:
        """A dispatcher with these methods as well."""
        wider = Dispatcher(methods)
        wider._methods = self._methods | wider._methods
        return wider

    def answer_bytes(self, body: bytes | str) -> bytes | None:
        """The answer to a request or a batch in JSON; None where there is none, to notifications.

        Whatever a method raises that it should not is told on standard error, and to the client as -32603.
        """
        try:
            answer = self.answer(parse(body))
        except RpcError as error:
            answer = refusal(None, error)
        except Exception as error:
            traceback.print_exc()
            answer = refusal(None, InternalError(f"the testbed failed: {type(error).__name__}"))
        if answer is None:
            return None
        return json.dumps(answer, separators=(",", ":")).encode()

    def answer(self, request: object) -> Any:
        """The same for parsed JSON."""
        if not isinstance(request, list):
            return self._answer_one(request)
        if not 1 <= len(request) <= MOST_REQUESTS:
            return refusal(None, BadRequest(f"a batch has 1 … {MOST_REQUESTS} requests, not {len(request)}"))
        return [answer for each in request if (answer := self._answer_one(each)) is not None] or None

    def call(self, name: str, params: object) -> Any:
        """The result of one method. Raises `RpcError`."""
        if name not in self._methods:
            raise UnknownMethod(f"the method {shown(name)} does not exist")
        method, signature = self._methods[name]
        if not isinstance(params, (list, tuple)):
            raise BadParams(f"params must be a list, not {shown(params)}")
        try:
            signature.bind(*params)
        except TypeError as error:
            raise BadParams(f"{name}: {error}") from None
        return method(*params)

    def _answer_one(self, request: object) -> dict[str, Any] | None:
        id = None
        try:
            checked = check_request(request)
            id = checked.get("id")
            result = self.call(checked["method"], checked.get("params", []))
        except RpcError as error:
            well_formed = isinstance(request, dict) and not isinstance(error, BadRequest)
            is_notice = well_formed and "id" not in request  # type: ignore[operator]
            if is_notice:
                return None
            return refusal(id, error)
        if "id" in checked:
            return {"jsonrpc": "2.0", "id": id, "result": result}
        return None


def parse(body: bytes | str) -> Any:
    """JSON without NaN and of bounded depth. Raises `Unparsable`, `BadRequest`."""
    try:
        if isinstance(body, bytes):
            body = body.decode()
        check_depth(body)
        return json.loads(body, parse_constant=refuse_constant, parse_float=parse_finite)
    except ValueError:
        raise Unparsable("the body is not JSON, or has numbers beyond all bounds") from None


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def parse_finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(f"{text} is beyond all bounds")
    return number


def check_depth(text: str) -> None:
    """Raises `BadRequest` for lists and objects within each other more than `MOST_NESTING` deep: before it is
    parsed, since the parser needs the machine's stack for it."""
    if text.count("[") + text.count("{") <= MOST_NESTING:
        return
    brackets = _NO_BRACKET.sub("", _STRING.sub("", text))
    depths = accumulate(1 if bracket in "[{" else -1 for bracket in brackets)
    if max(depths, default=0) > MOST_NESTING:
        raise BadRequest(f"nested more than {MOST_NESTING} deep")


# Possessive, and content with a string that does not end: else a short body could keep it busy for hours.
_STRING = re.compile(r'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
_NO_BRACKET = re.compile(r"[^\[\]{}]+")


def check_request(request: object) -> dict[str, Any]:
    """Raises `BadRequest` unless this is a request object of JSON-RPC 2.0."""
    if not isinstance(request, dict):
        raise BadRequest(f"a request is an object, not {shown(request)}")
    if request.get("jsonrpc") != "2.0" or not isinstance(request.get("method"), str):
        raise BadRequest('a request has "jsonrpc": "2.0" and a "method"')
    id = request.get("id")
    if isinstance(id, bool) or not isinstance(id, (str, int, float, type(None))):
        raise BadRequest(f"an id is a string, a number or null, not {shown(id)}")
    return request


def refusal(id: object, error: RpcError) -> dict[str, Any]:
    """The answer that carries an error."""
    return {"jsonrpc": "2.0", "id": id, "error": error.as_dict()}
