"""Show the learner's record, or those that were handed in, one line for each: ``make progress``."""

import argparse
import sys
from pathlib import Path

from course_utils.grading.progress import by_lesson, my_progress
from course_utils.grading.record import parse


def class_table(paths):
    """Return a line for each file: of each lesson, how many exercises are right."""
    rows = [["", *(number for number, _, _ in by_lesson({}))]]
    for path in paths:
        states, damaged = parse(path)
        right = [sum(state == "right" for _, state in done) for _, _, done in by_lesson(states)]
        rows.append([path.stem + (f" ({damaged} unreadable)" if damaged else ""), *right])
    rows.append(["exercises", *(len(done) for _, _, done in by_lesson({}))])
    width = max(len(row[0]) for row in rows)
    return "\n".join(
        row[0].ljust(width) + "".join(f"{cell:>4}" for cell in row[1:]) for row in rows
    )


def main(arguments):
    """Show the record of this machine, or those in the files."""
    parser = argparse.ArgumentParser(prog="make progress ARGS=…", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="records that were handed in")
    parser.add_argument("--hand-in", metavar="FILE", help="write the record into a file")
    parser.add_argument("--reset", action="store_true", help="forget the record")
    given = parser.parse_args(arguments)
    if given.files and (given.hand_in or given.reset):
        parser.error("give files to read, or --hand-in and --reset for the record of this machine")
    if given.files:
        print(class_table(given.files))
    else:
        my_progress(hand_in=given.hand_in, reset=given.reset)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, ValueError) as error:
        sys.exit(str(error))
