"""Figures as plotly's own: nothing of one covers another, and all that a page draws is drawn."""

from __future__ import annotations

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.metrics.old_names import WHERE_PROFITS_ARE
from experiments.lab.report.figure import Figure, Panel, stacked, titled
from experiments.lab.report.plotly_figure import CAPTION_LINE, LEGEND_LINE, as_plotly, legend_lines
from experiments.lab.report.plotted import Plotted


def drawing(id: str, names: tuple[str, ...] = ("one",), caption: str = "How to read it.") -> Figure:
    layout = stacked([Panel("ETH", {"rangemode": "tozero"})], 200, titled("block"))
    traces = [{"type": "scatter", "name": name, "x": [0, 1], "y": [1, 2]} for name in names]
    return Figure(id, id.title(), caption, traces, layout)


class Two(Plotted):
    def drawings(self):
        return [drawing("prices"), drawing("profits")]


class Nothing(Plotted):
    def drawings(self):
        return []


def test_the_first_is_the_main_one_and_all_have_names():
    assert Two().figures == {"prices": "Prices", "profits": "Profits"}
    assert Two().plot().layout.title.text == "Prices"
    assert Two().plot("profits").layout.title.text == "Profits"


@pytest.mark.parametrize(
    ("result", "name", "said"),
    [
        (Two(), "profit", "there is no figure 'profit'; did you mean 'profits'?"),
        (Two(), "zebra", "there is no figure 'zebra'; there are prices, profits"),
        (
            Two(),
            "what_profit_of_agents",
            f"there is no figure 'what_profit_of_agents'; {WHERE_PROFITS_ARE}",
        ),
        (Nothing(), None, "there is nothing to plot: no figure has anything to show"),
        (Nothing(), "prices", "there is nothing to plot: no figure has anything to show"),
    ],
)
def test_what_is_not_there_is_said(result, name, said):
    with pytest.raises(InputError) as refused:
        result.plot(name)
    assert str(refused.value) == said


def test_each_has_room_of_its_own_below_the_plot():
    short = as_plotly(drawing("prices")).layout
    long = as_plotly(drawing("prices", caption="word " * 60)).layout
    many = as_plotly(drawing("prices", names=tuple(f"a holder of {number}" for number in range(9)))).layout
    lines = long.annotations[-1].text.count("<br>")
    assert lines > 2
    assert long.height - short.height == long.margin.b - short.margin.b == lines * CAPTION_LINE
    assert many.height - short.height == many.margin.b - short.margin.b == 2 * LEGEND_LINE
    assert many.annotations[-1].yshift - short.annotations[-1].yshift == -2 * LEGEND_LINE


def test_a_hidden_entry_takes_no_line_of_the_legend():
    shown = drawing("prices", names=("x" * 60, "y" * 60))
    assert legend_lines(shown) == 2
    hidden = [shown.traces[0], {**shown.traces[1], "showlegend": False}]
    assert legend_lines(shown._replace(traces=hidden)) == 1
    assert legend_lines(shown._replace(layout={**shown.layout, "showlegend": False})) == 0
