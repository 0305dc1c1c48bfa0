"""The machinery behind the experiments, a room a purpose. What a user needs of it is shown by `experiments`.

Each room may use those below it and none above; `pyproject.toml` has the layers, which the tests hold.

- `cli`, `bench`: a command a file; the project's figures for speed and memory;
- `tournament`: entrants in the same seats on the same draws, and what beats a strategy;
- `study`: what an experiment is made of;
- `sweep`, `verify`, `ethereum`: a grid and many seeds; the audit; a run behind JSON-RPC;
- `played`, `models`: a run and its result, resume, replay; the model of when to sell, solved and played;
- `report`: figures and pages, drawn from what lies in a folder;
- `runs`: the folder of a run, checkpoint, summary, what came and what was expected;
- `rl`, `conformance`: learning; the rules held against something else;
- `assembly`: from a config to a chain, a market and agents that have not moved yet;
- `metrics`, `terminal`: what a run says about money, prices, concentration; what all commands share;
- `config`, `statistics`, `processes`: the keys of a config by section, and how a file becomes one; how sure a
  figure is; work in several processes.
"""
