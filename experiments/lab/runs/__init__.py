"""The folder of a run, and what is read from it.

- `folder`, `files`, `kept_folder`: what lies where; the user's own files that go along; folders for a while;
- `checkpoint`, `way_on`: where a run stands, to go on after a crash, and what must be as it was;
- `summary`, `summary_text`, `run_text`: what a run says, and how it looks on a terminal;
- `captures`, `tallies`, `known_rewards`: parts of the summary; `run_metrics`: all metrics;
- `fortune`, `reward_luck`, `estimates`, `run_answer`, `expected_table`: what came, and what was expected;
- `taking_part`, `own_agents`, `violation_kinds`: what became of those who took part;
- `schema`: every key and every column, written out from the code;
- `digest`, `written_tables`, `differences`: of what tables say, in files and as they are written; where two part.
"""
