"""What became of each agent's tickets is told, and adds up."""

from __future__ import annotations

from experiments.lab.runs.agents_tickets import tickets_of, tickets_sheet
from experiments.lab.runs.taking_part import Participation
from experiments.lab.runs.tallies import Tally

SALES = {
    ("primary", "protocol", "ann"): Tally(5),
    ("secondary", "ann", "bob"): Tally(3),
    ("secondary", "bob", "cleo"): Tally(1),
    ("block", "cleo", "ann"): Tally(7),
}
ENDS = {
    ("proposed", "bob"): Tally(1),
    ("missed", "bob"): Tally(1),
    ("expired", "ann"): Tally(1),
    ("live", "ann"): Tally(1),
    ("unsold", "protocol"): Tally(9),
    ("live", "cleo"): Tally(3),
}


def test_an_agents_tickets_are_bought_sold_used_or_gone():
    assert tickets_of(["ann"], SALES, ENDS) == (0, 5, 0, 3, 0, 0, 1, 1)
    assert tickets_of(["bob"], SALES, ENDS) == (0, 0, 3, 1, 0, 2, 0, 0)
    assert tickets_of(["cleo"], SALES, ENDS) == (2, 0, 1, 0, 0, 0, 0, 3)
    assert tickets_of(["ann", "bob"], SALES, ENDS) == (0, 5, 3, 4, 0, 2, 1, 1)


def test_ones_own_come_first_and_what_nobody_had_has_no_column():
    played = Participation("et", {"ann": 0.0, "bob": 0.0}, {"bob": "my.py:Mine"}, {}, [])
    sheet = tickets_sheet(played, SALES, ENDS)
    assert [column.name for column in sheet.columns][1:4] == ["from_protocol", "from_others", "sold"]
    assert [row[0] for row in sheet.rows] == ["bob", "ann"]
    handed_out = tickets_sheet(played._replace(profit_eth={"cleo": 0.0}, own={}), SALES, ENDS)
    assert handed_out.columns[1].name == "at_genesis"
