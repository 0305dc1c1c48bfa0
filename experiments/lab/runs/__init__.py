"""A run, its folder, and what is read from it.

- `runs`: `run(...)` and `resume(...)`;
- `folder`, `files`, `kept_folder`: what lies where; the user's own files that go along; folders for a while;
- `checkpoint`: where a run stands, to go on after a crash;
- `results`, `summary`, `summary_text`, `run_text`: what a run gives back, and how it looks on a terminal;
- `captures`, `tallies`, `known_rewards`: parts of the summary; `measured`: every metric of a run;
- `fortune`, `reward_luck`, `estimates`, `run_answer`, `expected_table`: what came, and what was expected;
- `taking_part`, `own_agents`, `violation_kinds`: what became of those who took part;
- `schema`: every key and every column, written out from the code;
- `digest`, `differences`, `replayed_run`: of what tables say; where two part; a run made again and compared.
"""
