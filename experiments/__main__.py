"""Run the tutorials' experiments, whole, and write the page: ``python -m experiments E5``."""

import argparse
import os
import sys

from course_utils.datasets.sources import find_bmi, find_wine
from course_utils.runs import seeds
from experiments import store
from experiments.catalog import EXPERIMENTS, EXTRAS, find
from experiments.cluster import scheduler_address, workers_of

NOT_HERE = "not in this copy"


def sources_of(name, asked):
    """Return the data sets of an experiment: what was asked for, else all that are there."""
    kind = EXPERIMENTS[name].data if name in EXPERIMENTS else "made"
    if kind == "made":
        return ["made"]
    if asked:
        return [asked]
    try:
        origin = {"bmi": find_bmi, "wine": find_wine}[kind]("real")[1]
    except FileNotFoundError:
        return ["bundled"]
    return ["bundled", "real"] if origin.startswith("real") else ["bundled"]


def check_data(names, asked):
    """Raise a FileNotFoundError or ValueError before any run if a data file is missing or wrong."""
    kinds = {EXPERIMENTS[name].data for name in names if name in EXPERIMENTS}
    for kind, find_files in (("bmi", find_bmi), ("wine", find_wine)):
        if kind in kinds:
            find_files(asked or "bundled")


def run_one(name, source, short, fresh):
    """Run an experiment, or one of the extras; return its record, None if it is not there."""
    if name in EXPERIMENTS:
        from experiments.run import run_experiment

        return run_experiment(name, source, short, fresh)
    from experiments.run import keep, start_cold

    start_cold()
    if name == "speed":
        from experiments.speed import measure

        record, figure = measure(short)
        return keep(name, source, short, figure, record)
    try:
        from experiments.peers import measure
    except ModuleNotFoundError:
        return None
    return keep(name, source, short, None, {"rows": measure(short)})


def kept_words(record):
    """Return how old what is told is, and where it was run, if it was not run now."""
    if not record.get("told_kept"):
        return ""
    return f" (as told: kept, run {store.age(record['told_at'])} on {record['told_on']})"


def arguments(words):
    """Return the options of the command."""
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"{' '.join((*EXPERIMENTS, *EXTRAS))}; or all")
    parser.add_argument("--short", action="store_true", help="a tenth of the length, for a test")
    parser.add_argument("--data", choices=["bundled", "real"], help="only these data")
    parser.add_argument("--fresh", action="store_true", help="run what is told anew, too")
    options = parser.parse_args(words)
    try:
        options.names = find(options.names)
        seeds(10)
        check_data(options.names, options.data)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if options.short and not options.data:
        options.data = "bundled"
    return options


def main(words=None):
    """Run what is asked for, one after the other, and write the pages."""
    options = arguments(words)
    from experiments.page import write
    from experiments.run import quiet_bars
    from experiments.timing import timed

    done = []
    try:
        with quiet_bars(), workers_of(scheduler_address()):
            for name in options.names:
                for source in sources_of(name, options.data):
                    what = name if source == "made" else f"{name}, {source} data"
                    print(f"{what} …", end=" ", flush=True)
                    record, spent = timed(run_one, name, source, options.short, options.fresh)
                    print(f"{spent.clock:.1f} s{kept_words(record)}" if record else NOT_HERE)
                    done.append(what)
    except ConnectionError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print(f"interrupted.\nFinished and kept: {'; '.join(done) or 'nothing'}.")
    for path in write(options.short):
        print(f"Page: {path}")
    finished = sum(len(sources_of(name, options.data)) for name in options.names)
    return 0 if len(done) == finished else 130


if __name__ == "__main__":
    os.chdir(store.ROOT)
    # Before anything loads TensorFlow: all programs are compiled here, as in a first run.
    os.environ["COURSE_PROGRAM_CACHE"] = "off"
    sys.exit(main())
