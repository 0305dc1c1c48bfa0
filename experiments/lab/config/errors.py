"""What a user can set right: clear lines, exit code 2."""

from __future__ import annotations

MOST_FAULTS = 20


class InputError(ValueError):
    """Bad input. Each argument is one line that names a value and the remedy; of very many the first are told."""

    def __init__(self, *lines: str) -> None:
        more = len(lines) - MOST_FAULTS
        super().__init__(*lines[:MOST_FAULTS], *([f"… and {more:,} more faults"] if more > 0 else []))

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: where in the code it was found helps nobody."""
        return [f"{type(self).__name__}: {self}"]
