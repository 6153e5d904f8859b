"""Command line of `make data`: ``python -m course_utils.datasets [--timeout S] [--optional]``."""

import argparse
import sys

from course_utils.datasets.download import download_wine_quality
from course_utils.datasets.sources import real_folder, shown


def main(argv=None):
    """Download the real wine data; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.datasets", description="Download the real wine data."
    )
    parser.add_argument("--timeout", type=float, default=30, metavar="SECONDS")
    parser.add_argument(
        "--optional", action="store_true", help="succeed without a network, too, and say so"
    )
    options = parser.parse_args(argv)
    if not options.timeout > 0:
        parser.error(f"--timeout is {options.timeout:g}; give a number of seconds above 0.")
    try:
        files = download_wine_quality(timeout=options.timeout)
    except (OSError, ValueError) as error:
        if options.optional:
            print("Wine quality data: not downloaded; the course uses its simulated data instead.")
            return 0
        print(error, file=sys.stderr)
        return 1
    print(f"Wine quality data: {len(files)} files in {shown(real_folder())}, SHA-256 checked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
