"""A draw rule of one's own: tickets propose in the order in which they were minted."""

from chain.state import State


def draw(state: State, block: int) -> int | None:  # noqa: ARG001
    """The undrawn ticket with the lowest serial that has an owner other than the protocol."""
    return next((serial for serial in state.urn if state.titles.live[serial].owner), None)
