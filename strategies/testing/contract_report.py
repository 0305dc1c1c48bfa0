"""What a check of a strategy's contract says: a line for each promise, and under it a line for each fault."""

from __future__ import annotations

from typing import Any, NamedTuple


class Check(NamedTuple):
    """One promise. `faults` are shown a line each; a warning does not fail."""

    name: str
    passed: bool
    detail: str
    faults: tuple[str, ...] = ()
    is_warning: bool = False

    @property
    def mark(self) -> str:
        """The first word of its line."""
        if not self.passed:
            return "FAIL"
        return "warn" if self.is_warning else "ok"

    def __str__(self) -> str:
        first = f"{self.mark:<4} {self.name}: {self.detail}"
        return "\n".join([first, *(f"     {fault}" for fault in self.faults)])


class ContractReport(NamedTuple):
    """What a check found of a strategy, by the name that it was given. Falsy where something failed; warnings
    leave it true."""

    strategy: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(check.passed for check in self.checks)

    @property
    def warnings(self) -> tuple[Check, ...]:
        """What does not break the contract and is hardly meant."""
        return tuple(check for check in self.checks if check.is_warning)

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return "\n".join([self.strategy, *map(str, self.checks)])

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        checks = [check._asdict() | {"faults": list(check.faults)} for check in self.checks]
        return {"strategy": self.strategy, "passed": self.passed, "checks": checks}
