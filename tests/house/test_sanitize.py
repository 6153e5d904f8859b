"""What nbval overlooks when it compares the figures of a lesson: no more than what is marked."""

import re

import pytest
from nbval.plugin import get_sanitize_patterns


@pytest.fixture
def sanitize(root):
    patterns = get_sanitize_patterns((root / "tests" / "sanitize.cfg").read_text(encoding="utf-8"))

    def apply(text):
        for regex, replace in patterns:
            text = re.sub(regex, replace, text)
        return text

    return apply


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("accuracy ≈ 0.91 against 0.85", "accuracy ≈ 0.9 against 0.86"),
        ("Adam ≈0.45   ≈1.10\nSGD  ≈0.50   ≈1.20", "Adam   ≈9.5 ≈12.10\nSGD   ≈inf  ≈1.21"),
        ("It falls. (≈ 0.3, 0.2) Enough.", "It falls. (≈ 0.4) Enough."),
        ("It falls. (≈ 0.3; median)", "It falls. (≈ 0.4; median)"),
        ("<td>≈0.3</td><td>SGD</td>", "<td>≈0.4</td><td>SGD</td>"),
        ("It falls. (9 of 10 seeds)", "It falls. (10 of 10 seeds)"),
    ],
)
def test_what_is_marked_may_differ(sanitize, here, there):
    assert sanitize(here) == sanitize(there)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("0.91 against ≈ 0.85", "0.9 against ≈ 0.85"),
        ("accuracy ≈ 0.91", "accuracy 0.91"),
        ("accuracy ≈ 0.91", "loss ≈ 0.91"),
        ("≈ 0.91\nbest 0.1", "≈ 0.91\nbest 0.2"),
        ("(≈ 0.3) best 0.1", "(≈ 0.3) best 0.2"),
        ("(≈ 0.3; best 0.1)", "(≈ 0.3; best 0.2)"),
        ("<td>≈0.3</td><td>0.1</td>", "<td>≈0.3</td><td>0.2</td>"),
        ("(9 of 10 seeds)", "(9 of 12 seeds)"),
        ("9 of 10 rows", "10 of 10 rows"),
    ],
)
def test_what_is_not_marked_may_not(sanitize, here, there):
    assert sanitize(here) != sanitize(there)


def test_a_marked_figure_reads_as_such(sanitize):
    assert sanitize("(5 of 5 seeds; best  ≈ 0.91)") == "(SOME of 5 seeds; best≈ ABOUT)"
