"""A page that can be handed in: what was fitted, what was chosen and why, and what it was worth."""

import base64
import io
import os
import platform
from html import escape
from importlib.metadata import version
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from course_utils.lessons.lesson_12.exercises import EXERCISES
from course_utils.plotting.style import GREY, INK, course_rc

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Machine {student}</title>
<style>
body {{ font: 18px/1.5 sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em }}
table {{ border-collapse: collapse }} td, th {{ padding: 0.2em 0.8em; text-align: right }}
img {{ max-width: 100% }}
</style>
<h1>Machine {student}: the rate {rate:g}</h1>
<p><b>Why:</b> {why}</p>
<p>{spent} of {budget} fits; {versions}.</p>
<h2>The way</h2>
<ul>
{way}
</ul>
<img alt="{alt}" src="data:image/png;base64,{picture}">
<h2>On the hidden rows</h2>
<p>Error in kW; in pairs, what lies above least squares, ± its standard error (ten seeds).</p>
{board}
<h2>Every fit</h2>
{log}
</html>
"""


def draw(log):
    """Return a figure of every fit: its error over its rate; the lines are the baselines."""
    with plt.rc_context(course_rc()):
        figure, ax = plt.subplots(figsize=(9.6, 4.6))
        fits = log[log["scaled"] & log["learning_rate"].notna()]
        finite = fits[np.isfinite(fits["error"])]
        ax.plot(finite["learning_rate"], finite["error"], "o", color=INK, alpha=0.5)
        ax.plot(finite.groupby("learning_rate")["error"].mean(), color=INK)
        baselines = log[log["learning_rate"].isna()].groupby("model")["error"].mean()
        for name, error in baselines.items():
            ax.axhline(error, color=GREY, linestyle="--")
            ax.annotate(name, (0.01, error), (0, 4), xycoords=ax.get_yaxis_transform(),
                        textcoords="offset points", color=GREY)  # fmt: skip
        ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="validation error, kW")
        return figure


def write(lab, path):
    """Write the report of a machine whose hidden rows are open, whole or not at all."""
    path = Path(path)
    if path.suffix != ".html":
        raise ValueError(f"path is {str(path)!r}; give the name of a page, such as 'report.html'.")
    figure, picture = draw(lab.log), io.BytesIO()
    figure.savefig(picture, format="png")
    plt.close(figure)
    packages = ("scikit-learn", "numpy", "pandas")
    page = PAGE.format(
        student=lab.student,
        rate=lab.submitted,
        why=escape(lab.why),
        spent=lab.budget - lab.left,
        budget=lab.budget,
        versions=", ".join(
            [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in packages)]
        ),
        way="\n".join(f"<li>{escape(step)}</li>" for step in way(lab)),
        alt="Validation error over learning rate, a dot for each fit",
        picture=base64.b64encode(picture.getvalue()).decode("ascii"),
        board=lab.board().round(4).to_html(),
        log=lab.log.round(4).to_html(),
    )
    beside = path.with_name(path.name + ".part")
    beside.write_text(page, encoding="utf-8")
    os.replace(beside, path)
    return path


def way(lab):
    """Return a sentence for each step of the way that the log can be judged by."""
    valley, choice = (exercise for exercise in EXERCISES if exercise.id in ("12.2", "12.4"))
    for exercise, verdict in (
        (valley, valley.grader.grade(lab.log)),
        (choice, choice.grader.grade(lab.submitted, log=lab.log)),
    ):
        done = "done" if verdict.state == "right" else "not yet"
        yield f"{exercise.title}: {done}. {verdict.message or exercise.why}"
