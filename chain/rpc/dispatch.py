"""JSON-RPC 2.0: from the bytes of a request to those of its answer."""

from __future__ import annotations

import inspect
import json
import re
import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import accumulate
from math import isinf
from typing import Any, NoReturn, TypeVar

from chain.rpc.error_codes import (
    BadParams,
    BadRequest,
    InternalError,
    LongAnswer,
    NotAllowed,
    RpcError,
    UnknownMethod,
    Unparsable,
)
from chain.rpc.values import shown

MOST_REQUESTS = 100  # in a batch
MOST_ANSWER_BYTES = 25_000_000  # of a batch
MOST_NESTING = 32

T = TypeVar("T")
Steps = Generator[None, None, T]
Method = Callable[..., Any]
"""A method of JSON-RPC. One that is a generator takes its time: it yields where others may have a turn."""


class Dispatcher:
    """Answers requests by the methods that it has been given."""

    def __init__(self, methods: Mapping[str, Method]) -> None:
        self._methods = {name: (method, inspect.signature(method)) for name, method in methods.items()}
        self._refused: dict[str, str] = {}

    def extended(self, methods: Mapping[str, Method]) -> Dispatcher:
        """A dispatcher with these methods as well."""
        wider = Dispatcher(methods)
        wider._methods = self._methods | wider._methods
        wider._refused = self._refused
        return wider

    def without(self, prefixes: tuple[str, ...], why: str) -> Dispatcher:
        """A dispatcher that refuses the methods with these beginnings, and says why."""
        narrower = Dispatcher({})
        narrower._methods = {name: each for name, each in self._methods.items() if not name.startswith(prefixes)}
        narrower._refused = {name: why for name in self._methods if name.startswith(prefixes)}
        return narrower

    def answer_bytes(self, body: bytes | str) -> bytes | None:
        """The answer to a request or a batch in JSON; None where there is none, to notifications.

        Whatever a method raises that it should not is told on standard error, and to the client as -32603.
        """
        return at_once(self.answering(body))

    def answering(self, body: bytes | str) -> Steps[bytes | None]:
        """The same step by step: whoever drives it may give others a turn between two of them."""
        try:
            answer = yield from self._answering(parse(body))
        except RpcError as error:
            answer = refusal(None, error)
        except Exception as error:
            traceback.print_exc()
            answer = refusal(None, InternalError(f"the testbed failed: {type(error).__name__}"))
        if answer is None:
            return None
        return encoded(answer)

    def answer(self, request: object) -> Any:
        """The same for parsed JSON."""
        return at_once(self._answering(request))

    def _answering(self, request: object) -> Steps[Any]:
        if not isinstance(request, list):
            return (yield from self._answer_one(request))
        if not 1 <= len(request) <= MOST_REQUESTS:
            return refusal(None, BadRequest(f"a batch has 1 … {MOST_REQUESTS} requests, not {len(request)}"))
        answers = yield from self._answer_each(request)
        return answers or None

    def _answer_each(self, batch: list[object]) -> Steps[list[dict[str, Any]]]:
        """The answers of a batch; those beyond `MOST_ANSWER_BYTES` are refused and not carried out."""
        answers: list[dict[str, Any]] = []
        size = 0
        for request in batch:
            if size > MOST_ANSWER_BYTES:
                answer = refuse_long(request)
            else:
                answer = yield from self._answer_one(request)
            if answer is not None:
                answers.append(answer)
                size += len(encoded(answer))
            yield
        return answers

    def call(self, name: str, params: object) -> Steps[Any]:
        """The result of one method. Raises `RpcError`."""
        if name in self._refused:
            raise NotAllowed(f"{name}: {self._refused[name]}")
        if name not in self._methods:
            raise UnknownMethod(f"the method {shown(name)} does not exist")
        method, signature = self._methods[name]
        if not isinstance(params, (list, tuple)):
            raise BadParams(f"params must be a list, not {shown(params)}")
        try:
            signature.bind(*params)
        except TypeError as error:
            raise BadParams(f"{name}: {error}") from None
        result = method(*with_defaults(signature, params))
        if inspect.isgenerator(result):
            result = yield from result
        return result

    def _answer_one(self, request: object) -> Steps[dict[str, Any] | None]:
        id = None
        try:
            checked = check_request(request)
            id = checked.get("id")
            params = checked.get("params")  # null is what some send that have none
            result = yield from self.call(checked["method"], [] if params is None else params)
        except RpcError as error:
            if is_notice(request) and not isinstance(error, BadRequest):
                return None
            return refusal(id, error)
        if "id" in checked:
            return {"jsonrpc": "2.0", "id": id, "result": result}
        return None


def with_defaults(signature: inspect.Signature, params: Sequence[Any]) -> list[Any]:
    """Parameters of which those that may be left out may be null as well."""
    known = zip(params, signature.parameters.values(), strict=False)
    return [each.default if value is None and each.default is not each.empty else value for value, each in known]


def at_once(steps: Steps[T]) -> T:
    """The result of steps between which nobody else has a turn."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def encoded(answer: object) -> bytes:
    """An answer in JSON."""
    return json.dumps(answer, separators=(",", ":")).encode()


def is_notice(request: object) -> bool:
    """Whether nobody waits for an answer to this."""
    return isinstance(request, dict) and "id" not in request


def refuse_long(request: object) -> dict[str, Any] | None:
    """The answer to what a batch has no more room for."""
    try:
        id = check_request(request).get("id")
    except BadRequest as error:
        return refusal(None, error)
    if is_notice(request):
        return None
    return refusal(id, LongAnswer(f"the answers of a batch have at most {MOST_ANSWER_BYTES} bytes; ask for less"))


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
