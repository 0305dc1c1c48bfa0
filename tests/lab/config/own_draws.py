"""Draw rules of a user's own that say what they are."""

from __future__ import annotations

from chain.rules.claim import claim_rule
from chain.rules.epoch import epoch_rule
from chain.rules.maturity import maturity_rule
from chain.rules.randea import randea_rule

late = claim_rule("empty")
dated = maturity_rule()
epochs = epoch_rule(4)
dealt = randea_rule(4)
