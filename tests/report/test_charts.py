"""The geometry of a line chart."""

import re

from hypothesis import given
from hypothesis import strategies as st

from autograder.report.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, line_chart
from autograder.result import Curve

values = st.lists(st.none() | st.floats() | st.sampled_from([0.0, 5e-324, 1.7e308, -1.7e308]), max_size=12).map(tuple)


def points(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML](\S+?) (\S+?)(?=[MLh]|$)", path)]


@given(student=values, reference=values)
def test_whatever_was_recorded_stays_inside_the_plot(student, reference):
    chart = line_chart(Curve(name="loss", student=student, reference=reference))
    for x, y in points(chart.student) + points(chart.reference):
        assert LEFT - 0.1 <= x <= RIGHT + 0.1 <= WIDTH
        assert TOP - 0.1 <= y <= BOTTOM + 0.1 <= HEIGHT
    assert all(TOP - 0.1 <= tick.y <= BOTTOM + 0.1 for tick in chart.ticks)
    assert len(chart.ticks) <= 10


def test_higher_values_are_drawn_higher():
    (_, first), (_, second) = points(line_chart(Curve(name="loss", student=(1.0, 0.5))).student)
    assert first < second


def test_both_curves_share_one_scale():
    chart = line_chart(Curve(name="loss", student=(1.0, 0.5), reference=(1.0, 0.0)))
    assert points(chart.student)[0] == points(chart.reference)[0]
    assert points(chart.student)[1] != points(chart.reference)[1]


def test_a_value_that_is_not_finite_leaves_a_gap_and_is_told():
    chart = line_chart(Curve(name="loss", student=(1.0, 0.5, None, 0.2)))
    assert chart.student.count("M") == 2
    assert "1 of your 4 points are NaN or infinite" in chart.summary


def test_a_lone_value_between_two_gaps_is_a_dot():
    assert line_chart(Curve(name="loss", student=(None, 0.5, None))).student.endswith("h0")


def test_a_curve_without_a_finite_value_says_so():
    chart = line_chart(Curve(name="loss", student=(None, None), reference=(1.0, 0.5)))
    assert chart.student == ""
    assert "Yours has no finite value." in chart.summary


def test_a_wide_range_of_positive_values_is_drawn_on_a_log_scale():
    chart = line_chart(Curve(name="norm", student=(1.0, 0.01, 0.0001)))
    (_, first), (_, middle), (_, last) = points(chart.student)
    assert chart.log
    assert abs((first + last) / 2 - middle) < 0.1
    assert [tick.label for tick in chart.ticks] == ["0.0001", "0.001", "0.01", "0.1", "1"]


def test_a_range_with_zero_in_it_is_never_on_a_log_scale():
    assert not line_chart(Curve(name="norm", student=(1.0, 0.0))).log


def test_the_ticks_are_round_numbers():
    chart = line_chart(Curve(name="loss", student=(1.2, 0.01)))
    assert [tick.label for tick in chart.ticks] == ["0.25", "0.5", "0.75", "1"]


def test_the_summary_says_where_the_curves_begin_and_end():
    chart = line_chart(Curve(name="loss", student=(1.25, 0.5), reference=(1.2, 0.01)))
    assert chart.summary == "Yours begins at 1.25 and ends at 0.5. The reference begins at 1.2 and ends at 0.01."
