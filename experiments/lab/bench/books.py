"""Our order book against the bare one, on the same stream, without the stream's own loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from experiments.lab.bench.bare_book import BareBook
from experiments.lab.bench.measure import Line, a_second, beside
from experiments.lab.bench.stream import OPERATIONS, BookOperation, Take, play, stream
from market.book import Book

Outcome = tuple[bool, bool]
"""What came of an order: whether it was filled, whether it rests."""


def bench_book() -> Iterator[Line]:
    """The book, and the stream with its outcomes alone, which is no work of a book."""
    operations = stream()
    outcomes = outcomes_of(operations)
    yield beside(
        "an order in the book: a bare book",
        lambda: play_ours(operations),
        lambda: play_bare(operations),
        1 / 0.75,
        a_second(OPERATIONS),
        loop=lambda: play(operations, lambda id, operation: outcomes[id], lambda id: None),  # noqa: ARG005
    )


def outcomes_of(operations: list[BookOperation]) -> dict[int, Outcome]:
    """What comes of each order, by its id."""
    take, cancel = bare_hands()
    outcomes: dict[int, Outcome] = {}

    def noted(id: int, operation: BookOperation) -> Outcome:
        outcomes[id] = take(id, operation)
        return outcomes[id]

    play(operations, noted, cancel)
    return outcomes


def play_ours(operations: list[BookOperation]) -> int:
    """The stream through `market.book.Book`."""
    book = Book()

    def take(id: int, operation: BookOperation) -> Outcome:
        _, side, account, price, _ = operation
        maker, _ = book.take(account, side, price)
        if maker is None and price is not None:
            book.rest(id, account, side, price)
            return False, True
        return maker is not None, False

    def cancel(id: int) -> None:
        if id in book:
            book.remove(id)

    return play(operations, take, cancel)


def play_bare(operations: list[BookOperation]) -> int:
    """The stream through the bare book."""
    return play(operations, *bare_hands())


def bare_hands() -> tuple[Take, Callable[[int], None]]:
    """What carries orders and cancellations out in a bare book of its own."""
    book = BareBook()

    def take(id: int, operation: BookOperation) -> Outcome:
        _, side, _, price, _ = operation
        if price is None:
            return book.market(side) is not None, False
        maker = book.limit(id, side, price)
        return maker is not None, maker is None

    def cancel(id: int) -> None:
        if id in book.where:
            book.cancel(id)

    return take, cancel
