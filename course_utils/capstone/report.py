"""A page that can be handed in: what was fitted, what was chosen and why, and what it was worth."""

import base64
import io
import os
import platform
from datetime import datetime
from html import escape
from importlib.metadata import version
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from course_utils.grading.exercises import find, grade
from course_utils.lessons.lesson_12.way import of_sgd
from course_utils.plotting import plot_sweep
from course_utils.plotting.style import INK, alt_text, course_rc
from course_utils.quadratic import stability_limits

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Machine {student}</title>
<style>
body {{ font: 18px/1.5 sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }}
table {{ border-collapse: collapse }} td, th {{ padding: 0.2em 0.8em; text-align: right }}
img {{ max-width: 100% }}
</style>
<h1>Machine {student}: the rate {rate:.4g}</h1>
<p>{name}{date}; {spent} of {budget} fits{flag}; {versions}.</p>
<p><b>Why:</b> {why}</p>
<h2>The way</h2>
<ul>
{way}
</ul>
<img alt="{alt}" src="data:image/png;base64,{picture}">
<h2>The rates</h2>
<p>Errors in kW on the validation rows; <i>behind</i> is the error less that of the rate handed in,
on the seeds that both have, ± its standard error.</p>
{rates}
<h2>On the hidden rows</h2>
<p>Errors in kW, means of ten seeds; <i>above</i> least squares; <i>less yours</i> in pairs, ± its
standard error.</p>
{board}
<h2>Every fit</h2>
{log}
</html>
"""


def draw(lab):
    """Return a figure of all fits on scaled columns, with the baselines and the safe line."""
    log, fits = lab.log, of_sgd(lab.log)
    runs = fits.assign(epoch=1, val_loss=fits["error"]).drop_duplicates(["learning_rate", "seed"])
    baselines = log[log["learning_rate"].isna()].groupby("model")["error"].mean().to_dict()
    with plt.rc_context(course_rc()):
        scaled = (lab.X - lab.X.mean()) / lab.X.std(ddof=0)
        limits = {"2/max(‖x‖² + 1)": stability_limits(scaled).one_sample_max}
        ax = plot_sweep(runs, "val_loss", baselines=baselines, limits=limits)
        ax.set_ylabel("validation error, kW")
        ax.axvline(lab.submitted, color=INK, linestyle=":", linewidth=2)
    return ax.figure


def rates_of(lab):
    """Return a row per rate: how often it was tried, its errors, and its pairs with the choice."""
    errors = of_sgd(lab.log).pivot_table("error", "seed", "learning_rate", dropna=False)
    table = errors.agg(["count", "mean", "max"]).T
    gaps = errors.sub(errors[lab.submitted], axis=0)
    gaps = gaps[np.isfinite(gaps)]
    table = table.assign(pairs=gaps.count(), behind=gaps.mean()).assign(**{"±": gaps.sem()})
    return table.astype({"count": int})


def write(lab, path, name=""):
    """Write the report of a machine whose hidden rows are open, whole or not at all."""
    path = Path(path)
    if path.suffix != ".html":
        raise ValueError(f"path is {str(path)!r}; give the name of a page, such as 'report.html'.")
    figure, picture = draw(lab), io.BytesIO()
    figure.savefig(picture, format="png", dpi=100)
    plt.close(figure)
    packages = ("scikit-learn", "numpy", "pandas")
    versions = [f"Python {platform.python_version()}", *(f"{p} {version(p)}" for p in packages)]
    page = PAGE.format(
        student=lab.student,
        rate=lab.submitted,
        name=f"{escape(name)}, " if name else "",
        date=datetime.now().astimezone().isoformat(" ", "minutes"),
        spent=lab.budget - lab.left,
        budget=lab.budget,
        flag="" if lab.budget == lab.task else f" <b>(the task has {lab.task})</b>",
        versions=", ".join(versions),
        why=escape(lab.why),
        way="\n".join(f"<li>{escape(step)}</li>" for step in way(lab)),
        alt=escape(alt_text(figure)),
        picture=base64.b64encode(picture.getvalue()).decode("ascii"),
        rates=rates_of(lab).to_html(float_format="{:.4g}".format),
        board=lab.board().to_html(float_format="{:.4g}".format, na_rep="–"),
        log=lab.log.to_html(float_format="{:.4g}".format, na_rep="–"),
    )
    beside = path.with_name(path.name + ".part")
    beside.write_text(page, encoding="utf-8")
    os.replace(beside, path)
    return path


def way(lab):
    """Return a sentence for each step of the way that the log can be judged by."""
    for number, answer, context in (
        ("12.2", lab.log, {}),
        ("12.4", lab.submitted, {"log": lab.log}),
    ):
        exercise = find(number)
        state, words = grade(exercise, answer, context)
        yield f"{exercise.title}: {'done' if state == 'right' else 'not yet'}. {words}"
