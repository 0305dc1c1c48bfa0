"""What is the user's own, checked in a process of its own: a strategy, a draw rule, a pricing rule.

However it goes wrong, by a loop without end, in C code, by ending its process, the check ends in time and says
where. A kind of one's own that can be checked is a line of `own_kinds.OWN_KINDS`.
"""

from experiments.lab.conformance.own_check.trial import check_own
from experiments.lab.conformance.own_check.verdict import Verdict

__all__ = ["Verdict", "check_own"]
