"""Claims hold, or fail loudly and say what to do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading import ClaimError, claim
from course_utils.grading.display import note


@pytest.mark.parametrize("holds", [True, np.True_, np.array(True)])
def test_one_bool(holds, capsys):
    claim("It is so.", holds, "0.94 against 0.85")
    assert capsys.readouterr() == ("✓ It is so. (0.94 against 0.85)\n", "")


def test_without_evidence_the_sentence_stands_alone(capsys):
    claim("It is so.", True)
    assert capsys.readouterr().out == "✓ It is so.\n"


@pytest.mark.parametrize(
    "holds",
    [
        [True] * 3,
        (True, np.True_, True),
        np.ones(3, bool),
        pd.Series([True] * 3, index=[7, 8, 9]),
        pd.Series([True] * 3, dtype="boolean"),
        (value > 0 for value in [1, 2, 3]),
    ],
)
def test_one_bool_per_seed_counts_the_seeds(holds, capsys):
    claim("It is so.", holds, evidence="median 0.9")
    assert capsys.readouterr().out == "✓ It is so. (3 of 3 seeds; median 0.9)\n"


@given(st.lists(st.booleans(), min_size=1), st.data())
def test_holds_exactly_when_enough_seeds_agree(verdicts, data):
    at_least = data.draw(st.none() | st.integers(1, len(verdicts)))
    enough = sum(verdicts) >= (len(verdicts) if at_least is None else at_least)
    try:
        claim("It is so.", verdicts, at_least=at_least)
    except ClaimError:
        assert not enough
    else:
        assert enough


def test_failure_says_what_and_where_and_what_to_do(capsys):
    holds = pd.Series([True, False, True, False], index=[10, 11, 12, 13])
    with pytest.raises(ClaimError) as caught:
        claim("All seeds agree.", holds, "median 0.4", at_least=3)
    message = str(caught.value)
    for part in (
        "All seeds agree.",
        "2 of 4 seeds",
        "median 0.4",
        "needed 3",
        "11, 13",
        "my result differs",
    ):
        assert part in message
    assert isinstance(caught.value, AssertionError)
    assert capsys.readouterr() == ("", "")


def test_failure_names_the_seeds_of_a_list(monkeypatch):
    monkeypatch.setenv("COURSE_SEED", "2026")
    with pytest.raises(ClaimError, match="fails for 2027, 2028"):
        claim("All seeds agree.", [True, False, False])


def test_what_is_counted_has_a_name(capsys):
    claim("Both are fast.", [True, True], of="optimizers")
    assert capsys.readouterr().out == "✓ Both are fast. (2 of 2 optimizers)\n"
    with pytest.raises(ClaimError, match=r"2 of 3 optimizers; needed 3; fails for Adam\."):
        claim(
            "All are fast.", pd.Series({"SGD": True, "Adam": False, "Nadam": True}), of="optimizers"
        )
    with pytest.raises(
        ClaimError, match=r"1 of 3 splits; needed 3; fails for number 2, number 3\."
    ):
        claim("All agree.", [True, False, False], of="splits")
    with pytest.raises(ValueError, match="between 1 and 2 splits"):
        claim("All agree.", [True, True], at_least=3, of="splits")


def test_one_false_fails():
    with pytest.raises(ClaimError, match="none given"):
        claim("It is so.", False)


@pytest.mark.parametrize(
    "holds",
    [
        None,
        1,
        0.9,
        float("nan"),
        "True",
        {"a": True},
        {True},
        [True, None],
        [True, 1],
        [True, float("nan")],
        np.array([0.9, 0.8]),
        np.ones((2, 2), bool),
        pd.Series([True, pd.NA], dtype="boolean"),
        pd.DataFrame({"a": [True]}),
    ],
)
def test_what_is_no_bool_is_refused(holds):
    with pytest.raises(TypeError, match=r"bool|True or False"):
        claim("It is so.", holds)


@pytest.mark.parametrize("holds", [[], (), np.array([], bool), pd.Series([], dtype=bool)])
def test_no_seeds_are_refused(holds):
    with pytest.raises(ValueError, match="empty"):
        claim("It is so.", holds)


@pytest.mark.parametrize("sentence", ["", "  ", None, True])
def test_a_claim_needs_a_sentence(sentence):
    with pytest.raises(ValueError, match="sentence"):
        claim(sentence, True)


@pytest.mark.parametrize("at_least", [0, 4, -1])
def test_at_least_counts_seeds(at_least):
    with pytest.raises(ValueError, match="between 1 and 3"):
        claim("It is so.", [True] * 3, at_least=at_least)


@pytest.mark.parametrize("at_least", [True, 2.0, "2"])
def test_at_least_is_a_whole_number(at_least):
    with pytest.raises(TypeError, match="whole number"):
        claim("It is so.", [True] * 3, at_least=at_least)


def test_at_least_needs_seeds():
    with pytest.raises(ValueError, match="counts seeds"):
        claim("It is so.", True, at_least=1)


def test_evidence_is_text():
    with pytest.raises(TypeError, match="text"):
        claim("It is so.", True, evidence=0.9)


def test_html_escapes_and_sets_code():
    page = note("✓", "a < b & `eta0`", "1 < 2")._repr_mimebundle_()["text/html"]
    assert "a &lt; b &amp; <code>eta0</code>" in page
    assert "(1 &lt; 2)" in page
