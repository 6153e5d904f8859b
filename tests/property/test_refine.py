"""What must hold for the next grid, whatever the last one was."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.model_selection.refinement import refine

starts = st.floats(1e-5, 1e-1)
factors = st.floats(3.1, 30)
sizes = st.integers(2, 6)
odd = st.sampled_from([3, 5, 7])


def axis_of(start, factor, size):
    return [float(f"{start * factor**k:.6g}") for k in range(size)]


def next_axis(values, place, **options):
    scores = np.zeros(len(values))
    scores[place] = 1
    results = {"params": [{"a": v} for v in values], "mean_test_score": scores}
    return refine(results, **options)["a"]


@given(starts, factors, sizes, st.data(), odd)
def test_the_winner_stays_in_the_middle(start, factor, size, data, points):
    values = axis_of(start, factor, size)
    place = data.draw(st.integers(0, size - 1))
    new = next_axis(values, place, points=points)
    assert new == sorted(set(new))
    assert len(new) == points
    assert new[points // 2] == values[place]


@given(starts, factors, st.integers(3, 6), st.data(), odd)
def test_inside_it_zooms_in_between_the_neighbours(start, factor, size, data, points):
    values = axis_of(start, factor, size)
    place = data.draw(st.integers(1, size - 2))
    new = next_axis(values, place, points=points)
    assert values[place - 1] < new[0] < new[-1] < values[place + 1]
    gaps = np.diff(np.log(new))
    np.testing.assert_allclose(gaps, np.log(factor) / (points // 2 + 1), rtol=1e-2)


@given(starts, factors, sizes, st.booleans(), odd)
def test_on_an_edge_it_goes_beyond_with_the_same_spacing(start, factor, size, upper, points):
    values = axis_of(start, factor, size)
    new = next_axis(values, size - 1 if upper else 0, points=points)
    assert new[-1] > values[-1] if upper else new[0] < values[0]
    np.testing.assert_allclose(np.diff(np.log(new)), np.log(factor), rtol=1e-2)


@given(starts, factors, sizes, st.data(), st.floats(1e-3, 1e3))
def test_units_do_not_matter_on_a_logarithmic_axis(start, factor, size, data, unit):
    values = axis_of(start, factor, size)
    place = data.draw(st.integers(0, size - 1))
    here = next_axis(values, place, scales={"a": "log"})
    there = next_axis([unit * value for value in values], place, scales={"a": "log"})
    np.testing.assert_allclose(there, np.multiply(unit, here), rtol=1e-4)


@given(st.lists(st.integers(1, 500), min_size=2, max_size=6, unique=True), st.data())
def test_whole_numbers_stay_whole_and_within_bounds(values, data):
    values = sorted(values)
    place = data.draw(st.integers(0, len(values) - 1))
    bounds = {"a": (values[0], values[-1])}
    new = next_axis(values, place, bounds=bounds)
    assert all(type(value) is int and values[0] <= value <= values[-1] for value in new)
    assert values[place] in new


@settings(max_examples=30)
@given(st.floats(-6, 4), starts, factors, st.integers(3, 5))
def test_rounds_arrive_at_the_top_of_a_hill_wherever_it_lies(top, start, factor, size):
    values = axis_of(start, factor, size)
    for _ in range(40):
        scores = [-abs(np.log10(value) - top) for value in values]
        best = values[int(np.argmax(scores))]
        values = next_axis(values, int(np.argmax(scores)))
    assert abs(np.log10(best) - top) < 0.01
