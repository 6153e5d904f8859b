"""Outputs of lessons are compared by meaning: the rule, and nbval with it on a small notebook."""

import os
import subprocess
import sys

import nbformat
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from meaning import difference
from nbformat.v4 import new_code_cell, new_notebook, new_output

TABLE = "optimizer  loss  steps\nSGD        0.31     93\nAdam       0.29     71"
CLAIM = "✓ At rate 1.99 the loss (of a walk) falls"
HTML = (
    '<div style="x: 1.2em"><b style="color: #1f8a4c">✓</b> At 1.99 it falls <span>({})</span></div>'
)

CLAIM_HTML = '<div style=""><b style="">✓</b> It falls (at 1.99)</div>'


@pytest.mark.parametrize(
    ("stored", "computed"),
    [
        ("loss 0.312", "loss 0.314"),
        ("loss 0.50", "loss 0.42"),
        ("loss 0.004", "loss 0.005"),
        ("loss 0.0", "loss 0.1"),
        ("at 5e-05", "at 6e-05"),
        ("at 9e-06", "at 1e-05"),
        ("0.98 of it", "1 of it"),
        ("accuracy 94%", "accuracy 95%"),
        ("gain -0.0 points", "gain +0.0 points"),
        ("gain −1.0", "gain -1.1"),
        ("left 1e-31", "left 2e-31"),
        ("left 1e-31", "left 0"),
        ("left 3e-9", "left -0.0"),
        ("loss inf, nan", "loss inf, nan"),
        (TABLE, TABLE.replace("  0.31", " 0.3").replace("0.29 ", "0.3100 ")),
        ("a 0.9\n\nb\n", "\na   0.91\nb"),
        ("[0.98 1.   1.02]", "[0.98 0.99 1.02]"),
        ("<obj at 0x7f3a2b1c>", "<obj at 0x55aa99ff01>"),
        ("76 fits, about 0.6 s", "76 fits, about 2 minutes"),
        (f"{CLAIM} (9 of 10 seeds)", f"{CLAIM} (6 of 10 seeds)"),
        (f"{CLAIM} (9 of 10 seeds; to 52 steps)", f"{CLAIM} (10 of 10 seeds; to 49 steps)"),
        (f"{CLAIM} (7 of 8 moved up)", f"{CLAIM} (6 of 8 moved up)"),
        (f"{CLAIM} (a factor of 14)", f"{CLAIM} (a factor of 13)"),
        (f"{CLAIM} (within a factor of 3.7)", f"{CLAIM} (within a factor of 3.5)"),
        ("within a factor of 3.7", "within a factor of 3.5"),
        (HTML.format("5 rates, 0.31"), HTML.format("4 rates, 0.3")),
    ],
)
def test_the_same_is_said(stored, computed):
    assert difference(stored, computed, html=stored.startswith("<div")) is None
    assert difference(computed, stored, html=stored.startswith("<div")) is None


@pytest.mark.parametrize(
    ("stored", "computed", "told"),
    [
        ("the loss falls", "the loss rises", "'falls' is stored, 'rises' computed"),
        ("10 of 10 rows", "9 of 10 rows", "a count is exact"),
        ("50 steps", "51 steps", "a count is exact"),
        ("6,459 rows", "6,460 rows", "a count is exact"),
        ("loss 0.004", "loss 0.006", "0.002 apart, 0.0012 allowed"),
        ("loss 0.40", "loss 0.20", "0.2 apart"),
        ("loss 0.40", "loss 0.80", "0.4 apart"),
        ("accuracy 40%", "accuracy 80%", "40 apart"),
        ("accuracy 94%", "accuracy 94", "'94%'"),
        ("gain -0.25", "gain +0.25", "0.5 apart"),
        ("gain 0.01", "gain -0.01", "apart"),
        ("at 1e-05", "at 1e-04", "apart"),
        ("at 0.001", "at 0.01", "apart"),
        ("at 1e-3", "at 1e-4", "apart"),
        ("left 1e-31", "left 0.1", "apart"),
        ("left 1e-31", "left 2e-05", "apart"),
        ("sd 0e+00", "sd 1e+00", "apart"),
        ("loss 0.4", "loss inf", "'inf'"),
        ("loss inf", "loss nan", "'nan'"),
        ("numpy 2.1.0", "numpy 2.1.1", "'0' is stored, '1' computed"),
        ("picture 640x480", "picture 640x481", "'640x480'"),
        (TABLE, TABLE.replace("93", "94"), "line 2"),
        (TABLE, TABLE.rpartition("\n")[0], "stored, not computed"),
        (TABLE, f"{TABLE}\nNadam 0.3 70", "is new"),
        (TABLE, TABLE.replace("\nSGD", "\nRMS 0.3 5\nSGD"), "line 2"),
        (f"{CLAIM} (5 of 5 seeds)", f"{CLAIM.replace('1.99', '2.01')} (5 of 5 seeds)", "sentence"),
        (CLAIM, CLAIM.replace("1.99", "2.01"), "sentence"),
        (f"{CLAIM} (9 of 10 seeds)", f"{CLAIM} (9 of 12 seeds)", "a count is exact"),
        (f"{CLAIM} (7 of 8 moved up)", f"{CLAIM} (4 of 8 moved up)", "apart"),
        (f"{CLAIM} (to 52 steps)", f"{CLAIM} (to 26 steps)", "apart"),
        (HTML.format("5 rates"), HTML.format("2 rates"), "apart"),
        (HTML.format("5 rates"), HTML.format("5 rates").replace("1.99", "2.01"), "sentence"),
        ("✓ It is f(1.99)", "✓ It is f(2.01)", "sentence"),
        (CLAIM_HTML, CLAIM_HTML.replace("1.99", "2.01"), "sentence"),
        ("<td>SGD</td>", "<td><b>SGD</b></td>", "'<b>'"),
    ],
)
def test_another_thing_is_said(stored, computed, told):
    assert told in str(difference(stored, computed, html=stored[:2] in ("<d", "<t")))
    assert difference(computed, stored, html=stored[:2] in ("<d", "<t")) is not None


def test_the_message_shows_the_place():
    assert str(difference(TABLE, TABLE.replace("0.29", "0.11"))) == (
        "line 3: '0.29' is stored, '0.11' computed: 0.18 apart, 0.058 allowed\n"
        "    stored:   Adam       0.29     71\n"
        "    computed: Adam       0.11     71"
    )


WORDS = st.from_regex(r"[a-zé=:;✓_]{1,8}", fullmatch=True)
FIGURES = st.tuples(
    st.floats(-1e6, 1e6), st.floats(-0.0099, 0.0099), st.sampled_from([".2f", ".2e", ".1%"])
)
TEXTS = st.lists(st.one_of(WORDS, FIGURES, st.integers(-9999, 9999), st.just("\n")), min_size=1)


def printed(parts, jitter=0.0):
    """Return the text of words and figures, each figure moved by its share of `jitter`."""
    return " ".join(
        f"{part[0] * (1 + jitter * part[1]):{part[2]}}" if isinstance(part, tuple) else str(part)
        for part in parts
    )


@given(TEXTS)
def test_any_text_keeps_its_meaning_when_figures_are_rounded_elsewhere(parts):
    assume(not printed(parts).lstrip().startswith("✓"))  # in a claim they are exact
    assert difference(printed(parts), printed(parts, jitter=1.0)) is None


@given(TEXTS, st.data())
def test_any_text_loses_its_meaning_with_one_word(parts, data):
    places = [n for n, part in enumerate(parts) if not isinstance(part, tuple) and part != "\n"]
    assume(places)
    place = data.draw(st.sampled_from(places))
    other = data.draw(
        st.one_of(WORDS, st.integers(-9999, 9999)).filter(lambda x: x != parts[place])
    )
    changed = [*parts[:place], other, *parts[place + 1 :]]
    assert difference(printed(parts), printed(changed)) is not None


CODE = """\
print("trained on 400 rows")
print("loss", 0.3 + 0.001)
import pandas as pd
pd.DataFrame({"loss": [0.12, 0.3], "steps": [93, 1000]}, index=["SGD", "Adam"])"""
PLAIN = "      loss  steps\nSGD   0.12     93\nAdam  0.30   1000"


CROSSED = """\
import matplotlib.pyplot as plt
figure, ax = plt.subplots()
ax.plot([0, 1], [0, 1])
ax.text(0.5, 0.5, "peak")
ax.set(title="The loss", xlabel="step", ylabel="height")
display(figure)
plt.close(figure)"""


def compare_one(root, folder, printed, table):
    """Run nbval on a notebook with these outputs stored."""
    cell = new_code_cell(CODE, id="one", execution_count=1)
    frame = pd.DataFrame({"loss": [0.12, 0.3], "steps": [93, 1000]}, index=["SGD", "Adam"])
    cell.outputs = [
        new_output("stream", name="stdout", text=printed),
        new_output(
            "execute_result",
            {"text/plain": table, "text/html": frame._repr_html_()},
            execution_count=1,
        ),
    ]
    return run_nbval(root, folder, cell)


def run_nbval(root, folder, cell, how="--nbval"):
    """Run nbval, as `make test` does, on a notebook of one cell."""
    kernel = {"display_name": "Python 3", "name": "python3"}
    nbformat.write(
        new_notebook(cells=[cell], metadata={"kernelspec": kernel}), folder / "small.ipynb"
    )
    flags = [how, "--nbval-current-env", "-p", "nbval_by_meaning", "-p", "no:cacheprovider"]
    path = os.pathsep.join([str(root / "tests" / "helpers"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "small.ipynb", "--rootdir=.", "--color=no", *flags],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_nbval_passes_what_is_rounded_elsewhere(root, tmp_path):
    # If this fails, nbval no longer asks `compare_outputs`: see tests/helpers/nbval_by_meaning.py.
    rounded = PLAIN.replace("0.12", "0.121").replace("Adam  ", "Adam   ")
    done = compare_one(root, tmp_path, "trained on 400 rows\nloss 0.302\n", rounded)
    assert done.returncode == 0, done.stdout


def test_nbval_fails_and_names_cell_and_difference(root, tmp_path):
    done = compare_one(root, tmp_path, "trained on 401 rows\nloss 0.6\n", PLAIN)
    assert done.returncode == 1
    assert "small.ipynb, code cell 1" in done.stdout
    assert "stdout, line 1: '401' is stored, '400' computed: a count is exact" in done.stdout


def test_nbval_fails_at_a_missing_line_and_at_a_changed_table(root, tmp_path):
    done = compare_one(root, tmp_path, "trained on 400 rows\n", PLAIN.replace("93", "94"))
    assert done.returncode == 1
    assert "stdout, line 1: 'a line' is new" in done.stdout
    assert "text/plain, line 2: '94' is stored, '93' computed" in done.stdout


@pytest.mark.parametrize(("how", "failed"), [("--nbval", 1), ("--nbval-lax", 0)])
def test_nbval_fails_where_a_picture_cannot_be_read(root, tmp_path, how, failed):
    cell = new_code_cell(CROSSED, id="one", metadata={"tags": ["nbval-ignore-output"]})
    done = run_nbval(root, tmp_path, cell, how)
    assert done.returncode == failed, done.stdout
    words = "'peak' on a line. In the figure: The loss (height against step)."
    assert (words in done.stdout) == bool(failed)


def test_notebooks_of_the_course_are_compared_so(request):
    assert request.config.pluginmanager.hasplugin("nbval_by_meaning")
