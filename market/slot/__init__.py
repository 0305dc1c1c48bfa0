"""How a slot runs: read `driver` first.

- `driver`: the phases of a slot, in their order;
- `run_terms`: what is fixed for all slots of a run;
- `roll_call`: who is asked in a phase, and when what they want arrives;
- `block_sale`: the open auction of a block, taken to those who bid in it;
- `blocks`: what is written down of each slot.
"""
