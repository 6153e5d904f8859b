"""One experiment: as told, with ten seeds, judged and drawn; and what is kept of it."""

import contextlib
import io
import logging
import os
import signal
import sys
import warnings
from importlib import import_module

import matplotlib.pyplot as plt

from course_utils.plotting.style import alt_text, course_rc
from course_utils.runs import seeds
from course_utils.training.workers import n_workers
from experiments import store
from experiments.catalog import EXPERIMENTS
from experiments.timing import timed
from experiments.told import as_told
from experiments.with_seeds.lengths import n_seeds

DPI = 80  # 13 inches are 1040 px: 14 points stay readable on a page


class Interrupts:
    """Notices an interrupt that the engine has answered by returning what was finished.

    Half an experiment is no result, so `check` raises it again.
    """

    def __enter__(self):
        self._noticed, self._before = False, signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGINT, self._before)

    def _note(self, *_):
        self._noticed = True
        raise KeyboardInterrupt

    def check(self):
        if self._noticed:
            raise KeyboardInterrupt


def run_experiment(name, source, short=False, fresh=False):
    """Run an experiment on one data set, keep its results, and return them.

    Parameters
    ----------
    name : str
        One of `catalog.EXPERIMENTS`.
    source : str
        ``"bundled"`` or ``"real"``; ``"made"`` where scikit-learn makes the data.
    short : bool
        A tenth of the length.
    fresh : bool
        Run the experiment as told again, even where its results are kept.
    """
    experiment = EXPERIMENTS[name]
    with warnings.catch_warnings(), Interrupts() as interrupts:
        warnings.simplefilter("ignore")  # of libraries, about what the page tells in words
        logging.getLogger("tensorflow").setLevel(logging.ERROR)  # its advice on speed
        # First, for it loads TensorFlow without its greetings, where it is needed.
        module = import_module(f"experiments.with_seeds.{experiment.module}")
        told = as_told(experiment.module, name, experiment.data, source, short, fresh)
        interrupts.check()
        start_cold()
        data = module.load(source)
        trained, ours = timed(module.train, data, short)
        interrupts.check()
        more, control = timed(module.control, data, short, trained)
        interrupts.check()
        table, verdicts = module.judge(data, told["table"], trained, more)
        with plt.rc_context(course_rc()):
            figure = module.draw(data, told["table"], trained, more)
    return keep(
        name,
        source,
        short,
        figure,
        {
            "title": module.TITLE,
            "told": module.TOLD,
            "data": getattr(data, "source", "made by scikit-learn, `make_classification`"),
            "table": store.table_to_json(table),
            "verdicts": [verdict.to_json() for verdict in verdicts],
            "seconds": {
                "told": told["seconds"],
                "ours": ours.to_json(),
                "control": control.to_json(),
            },
            "n_seeds": n_seeds(short),
            "workers": n_workers(),
            "told_at": told["at"],
            "told_on": told["processor"],
            "told_kept": told["kept"],
        },
    )


def start_cold():
    """Forget compiled programs, so that every experiment pays for its own."""
    if "tensorflow" in sys.modules:
        from course_utils.training import cache

        cache.clear()


def keep(name, source, short, figure, record):
    """Write the picture and the record of an experiment; return the record."""
    path = store.path_of("results", name, source, short)
    if figure is not None:
        picture = io.BytesIO()
        figure.savefig(picture, dpi=DPI, metadata={"Software": None})
        plt.close(figure)
        store.save(path.with_suffix(".png"), picture.getvalue())
        record = {**record, "alt": alt_text(figure)}
    store.save_record(path, {"name": name, "source": source, "seed": seeds(1)[0], **record})
    return store.load_record(path)


@contextlib.contextmanager
def quiet_bars():
    """Silence the progress bars, which have no place beside a list of what is done."""
    before = os.environ.get("COURSE_PROGRESS")
    os.environ["COURSE_PROGRESS"] = "off"
    try:
        yield
    finally:
        if before is None:
            del os.environ["COURSE_PROGRESS"]
        else:
            os.environ["COURSE_PROGRESS"] = before
