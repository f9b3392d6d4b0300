"""The geometry of a line chart."""

import re

from hypothesis import given
from hypothesis import strategies as st

from autograder.report.charts import ALONE, BOTTOM, HALF, HEIGHT, TOP, charts
from autograder.result import Curve

values = st.lists(st.none() | st.floats() | st.sampled_from([0.0, 5e-324, 1.7e308, -1.7e308]), max_size=12).map(tuple)


def chart(**fields):
    (made,) = charts([Curve(**{"name": "loss", **fields})])
    return made


def paths(made):
    """The student's line and the reference's."""
    return [line.path for panel in made.panels for line in panel.lines]


def points(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML](\S+?) (\S+?)(?=[MLh]|$)", path)]


@given(student=values, reference=values, x=values, reference_x=values, figure=st.sampled_from(["", "losses"]))
def test_whatever_was_recorded_stays_inside_the_plot(student, reference, x, reference_x, figure):
    made = chart(student=student, reference=reference, x=x, reference_x=reference_x, figure=figure)
    frame = made.frame
    for x_drawn, y_drawn in [point for path in paths(made) for point in points(path)]:
        assert frame.left - 0.1 <= x_drawn <= frame.right + 0.1 <= frame.width
        assert TOP - 0.1 <= y_drawn <= BOTTOM + 0.1 <= HEIGHT
    assert all(TOP - 0.1 <= tick.at <= BOTTOM + 0.1 for tick in made.y_ticks)
    assert all(frame.left - 0.1 <= tick.at <= frame.right + 0.1 for tick in made.x_ticks)
    assert len(made.y_ticks) <= 10 and len(made.x_ticks) <= 10


def test_higher_values_are_drawn_higher():
    (_, first), (_, second) = points(paths(chart(student=(1.0, 0.5)))[0])
    assert first < second


def test_both_curves_share_one_scale():
    student, reference = map(points, paths(chart(student=(1.0, 0.5), reference=(1.0, 0.0))))
    assert student[0] == reference[0]
    assert student[1] != reference[1]


def test_a_value_that_is_not_finite_leaves_a_gap_and_is_told():
    made = chart(student=(1.0, 0.5, None, 0.2))
    assert paths(made)[0].count("M") == 2
    assert "1 of your 4 points are NaN or infinite" in made.summary


def test_a_curve_that_ends_in_nan_is_told_from_where_on():
    made = chart(student=(1.0, 0.5, None, None), x=(0.0, 10.0, 20.0, 30.0))
    assert "From 20 on, yours is NaN or infinite" in made.summary


def test_a_lone_value_between_two_gaps_is_a_dot():
    assert paths(chart(student=(None, 0.5, None)))[0].endswith("h0")


def test_a_curve_without_a_finite_value_says_so():
    made = chart(student=(None, None), reference=(1.0, 0.5))
    assert paths(made)[0] == ""
    assert "Yours has no finite value." in made.summary


def test_a_wide_range_of_positive_values_is_drawn_on_a_log_scale():
    made = chart(student=(1.0, 0.01, 0.0001))
    (_, first), (_, middle), (_, last) = points(paths(made)[0])
    assert made.log
    assert abs((first + last) / 2 - middle) < 0.1
    assert [tick.label for tick in made.y_ticks] == ["0.0001", "0.001", "0.01", "0.1", "1"]


def test_a_range_with_zero_in_it_is_never_on_a_log_scale():
    assert not chart(student=(1.0, 0.0)).log


def test_the_ticks_are_round_numbers():
    made = chart(student=(1.2, 0.01), x=(0.0, 999.0))
    assert [tick.label for tick in made.y_ticks] == ["0.25", "0.5", "0.75", "1"]
    assert [tick.label for tick in made.x_ticks] == ["0", "200", "400", "600", "800"]


def test_steps_are_numbered_with_whole_numbers():
    assert [tick.label for tick in chart(student=(3.0, 2.0, 1.0), x=(0.0, 1.0, 2.0)).x_ticks] == ["0", "1", "2"]


def test_neighbouring_ticks_have_labels_of_their_own():
    labels = [tick.label for tick in chart(student=(1.000001, 1.000002)).y_ticks]
    assert len(labels) == len(set(labels)) > 1


def test_a_shorter_run_ends_where_its_last_step_is():
    made = chart(student=(2.0, 1.0), reference=(2.0, 1.0, 0.5), x=(0.0, 1.0), reference_x=(0.0, 1.0, 2.0))
    student, reference = map(points, paths(made))
    assert student == reference[:2]


def test_a_curve_without_places_has_no_numbers_below_it():
    made = chart(student=(2.0, 1.0), reference=(2.0, 1.0, 0.5))
    student, reference = map(points, paths(made))
    assert made.x_ticks == ()
    assert student[-1][0] == reference[-1][0]


def test_the_lines_of_a_figure_are_drawn_beside_the_references_on_the_same_axes():
    places = {"x": (1.0, 2.0), "reference_x": (1.0, 3.0), "figure": "Losses"}
    train = Curve(name="training", student=(2.0, 1.0), reference=(2.0, 1.0), **places)
    valid = Curve(name="validation", student=(3.0, 2.0), reference=(3.0, 2.0), **places)
    alone = Curve(name="norm", student=(1.0,))
    made, other = charts([train, alone, valid])
    assert (made.name, other.name) == ("Losses", "norm")
    assert (made.frame, other.frame) == (HALF, ALONE)
    assert [panel.title for panel in made.panels] == ["Yours", "The reference"]
    assert made.legend == (("training", "line0"), ("validation", "line1"))
    (yours, _), (reference, _) = ([points(line.path) for line in panel.lines] for panel in made.panels)
    assert yours[0] == reference[0] and yours[1] != reference[1]
    assert made.summary.startswith("training: yours begins at 2 and ends at 1. The reference begins")


def test_a_figure_without_a_reference_is_one_panel():
    made = chart(student=(1.0,), figure="Losses")
    assert [panel.title for panel in made.panels] == ["Yours"]


def test_the_summary_says_where_the_curves_begin_and_end():
    made = chart(student=(1.25, 0.5), reference=(1.2, 0.01))
    assert made.summary == "Yours begins at 1.25 and ends at 0.5. The reference begins at 1.2 and ends at 0.01."
