"""Faults planted in the contracts, one at a time: which of them do the contract's tests and its twin notice?

- `typed_source`: a source with the types of its expressions;
- `expression_operators`, `name_operators`, `statement_operators`: what is changed, by the name of the change;
- `mutant`: a source with one change, and all that there are;
- `contract_tests`: what is held against a mutant;
- `trial_of_mutant`, `trials`: what becomes of it, and of all;
- `equivalents`: those that do nothing else than the contract, and why;
- `score`: how many were noticed.
"""
