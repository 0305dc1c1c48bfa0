"""The machinery behind the experiments, a room a purpose. What a user needs of it is shown by `experiments`.

Each room may use those below it and none above; `pyproject.toml` has the layers, which the tests hold.

- `cli`, `bench`: a command a file; the project's figures for speed and memory;
- `tournament`: entrants in the same seats on the same draws, and what beats a strategy;
- `study`: what an experiment is made of;
- `report`, `verify`, `sweep`, `ethereum`: a page; the audit; a grid and many seeds; a run behind JSON-RPC;
- `runs`: a run, its folder, checkpoint, resume, results, summary, replay;
- `models`, `rl`, `conformance`: the model of when to sell; learning; the rules held against something else;
- `assembly`: from a config to a chain, a market and agents that have not moved yet;
- `metrics`, `terminal`: what a run says about money, prices, concentration; what all commands share;
- `config`, `statistics`: the keys of a config by section, and how a file becomes one; how sure a figure is.
"""
