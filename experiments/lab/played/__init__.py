"""A run, played, and what it gives back.

- `runs`: `run(...)` and `resume(...)`;
- `structures_at_once`: its structures one after the other, or side by side;
- `finishing`: the end of one, digests and summary;
- `results`: a `Result`, a `Comparison` of several, and `load(...)`;
- `measured`: every metric of a run;
- `replayed_run`: a run made again and compared.
"""
