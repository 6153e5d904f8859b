"""The course's engine against other ways to do the same work, each in a fresh process.

``python -m experiments.peers`` prints the table. JAX and SciKeras are no part of the course: they
are measured where ``COURSE_PEERS_PYTHON`` names an interpreter that has them, with Keras and, for
SciKeras, TensorFlow beside them; by default it is this one.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from experiments.store import processor

ROOT = Path(__file__).parents[1]
INTERPRETER = "COURSE_PEERS_PYTHON"
E2, E7B = "E2 with ten seeds", "a third of E7b"
PEERS = (  # what it is, the experiment, its function in peer_work, and the course's
    ("a compiled train_step loop in Keras, run by run", E2, "compiled_loop", "stacked_sweep"),
    ("jax.vmap over Keras on JAX", E2, "vmapped", "stacked_sweep"),
    ("SciKeras and GridSearchCV(n_jobs=2)", E7B, "scikeras_grid", "stacked_grid"),
    ("Optuna, as many candidates", E7B, "optuna_study", "stacked_random"),
)


def measure(short=False):
    """Return how long each peer takes, and the course for the same work.

    Imports do not count; compiling does, and no program is taken from the disk.

    Parameters
    ----------
    short : bool
        A tenth of the work: it must run, and its figures say little.

    Returns
    -------
    list of dict
        ``peer``, ``experiment``, ``seconds_peer``, ``seconds_ours``, ``ratio`` of the two, and
        ``note``: both by processor time, their best accuracy, the processor; or, with None for the
        figures, why the peer was not measured. After an interrupt: what is finished.
    """
    python = os.environ.get(INTERPRETER) or sys.executable
    if shutil.which(python) is None:
        raise ValueError(
            f"{INTERPRETER} is {python!r}, which is no program; give the path of a Python that has "
            "JAX or SciKeras, or unset it."
        )
    rows, ours = [], {}
    try:
        for peer, experiment, function, of_course in PEERS:
            experiment += ", shortened" * short
            theirs = _in_a_process(python, function, short)
            if "missing" not in theirs and of_course not in ours:
                ours[of_course] = _in_a_process(sys.executable, of_course, short)
            rows.append(
                {"peer": peer, "experiment": experiment, **_compared(theirs, ours.get(of_course))}
            )
    except KeyboardInterrupt:
        print(f"Interrupted: {len(rows)} of {len(PEERS)} peers are measured and returned.")
    return rows


def _compared(theirs, ours):
    if "missing" in theirs:
        note = f"not measured: {theirs['missing']} is not there; see {INTERPRETER}"
        return {"seconds_peer": None, "seconds_ours": None, "ratio": None, "note": note}
    by_processor = theirs["processor"] / ours["processor"]
    return {
        "seconds_peer": theirs["seconds"],
        "seconds_ours": ours["seconds"],
        "ratio": theirs["seconds"] / ours["seconds"],
        "note": f"by processor time {by_processor:.3g}; best accuracy {theirs['score']:.3f}, ours "
        f"{ours['score']:.3f}; {processor()}",
    }


def _in_a_process(python, function, short):
    """Return what a function of this module measured in a process of its own."""
    backend = "jax" if function == "vmapped" else "tensorflow"
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", "COURSE_PROGRESS": "off"}
    cold = {"COURSE_PROGRAM_CACHE": "off", "KERAS_BACKEND": backend}
    command = [python, "-m", "experiments.peer_work", function, *(["--short"] if short else [])]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | quiet | cold, capture_output=True, text=True
    )
    if done.returncode:
        last = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise RuntimeError(f"{function} ended with an error in {python}: {last}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    for row in measure("--short" in sys.argv[1:]):
        shown = [f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values()]
        print(" · ".join(shown))
