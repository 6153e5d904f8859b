"""Downloads the real wine data: ``python -m course_utils.datasets [--timeout S] [--optional]``."""

import argparse
import errno
import sys

from course_utils.datasets.sources import REAL_WINE, USE_BUNDLED, real_folder, shown
from course_utils.validation import as_number

WINE_URL = "https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/"


def download_wine_quality(*, timeout=30):
    """Download the two real wine files of the UCI archive, unless they are there already.

    A file stands under its name, or replaces another one of that name, only once it is complete
    and its SHA-256 is right. `timeout` is the time in seconds to wait for the server to connect,
    and for each piece of its answer. Returns the paths of the files.

    Raises
    ------
    ConnectionError
        The server could not be reached, or refused.
    OSError
        The folder cannot be written, or the disk is full.
    ValueError
        What came is not the file that was expected; it has not been kept.
    """
    import pooch
    import requests

    timeout = as_number(timeout, "timeout", above=0)
    folder = real_folder()
    archive = pooch.create(folder, WINE_URL, registry=REAL_WINE)
    downloader = pooch.HTTPDownloader(timeout=timeout)
    pooch.get_logger().setLevel("ERROR")
    for name in REAL_WINE:
        try:
            archive.fetch(name, downloader=downloader)
        except requests.RequestException as error:
            raise ConnectionError(
                f"{name} could not be downloaded from {WINE_URL} ({_network_words(error)}). Try "
                f"again with `make data` when there is a network. {USE_BUNDLED}"
            ) from None
        except ValueError:
            raise ValueError(
                f"What came as {name} is not the expected file (its SHA-256 is wrong) and was not "
                "kept; a network that asks for a login may have sent a page instead. Try again "
                f"with `make data`. {USE_BUNDLED}"
            ) from None
        except OSError as error:
            raise type(error)(
                f"{name} could not be written to the folder {shown(folder)!r} "
                f"({_disk_words(error)}) and was not kept. Then try again with `make data`. "
                f"{USE_BUNDLED}"
            ) from None
    return [folder / name for name in REAL_WINE]


def _network_words(error):
    words = str(error).lower()
    if error.response is not None:
        return f"the server answered {error.response.status_code}"
    if "timed out" in words:
        return "no answer in time"
    return "the connection broke off" if "incompleteread" in words else "no connection"


def _disk_words(error):
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: delete something"
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return "it is read-only: set COURSE_DATA_DIR to a folder of yours"
    return f"{error.strerror or error}: set COURSE_DATA_DIR to another folder"


def main(argv=None):
    """Download the real wine data; return the exit status."""
    parser = argparse.ArgumentParser("python -m course_utils.datasets", description=main.__doc__)
    parser.add_argument("--timeout", type=float, default=30, metavar="SECONDS")
    words = "succeed without the files, too, and say in one line why they did not come"
    parser.add_argument("--optional", action="store_true", help=words)
    options = parser.parse_args(argv)
    if not options.timeout > 0:
        parser.error(f"--timeout is {options.timeout:g}; give a number of seconds above 0.")
    try:
        files = download_wine_quality(timeout=options.timeout)
    except (OSError, ValueError) as error:
        if not options.optional:
            print(error, file=sys.stderr)
            return 1
        reason = str(error).partition(". ")[0]
        print(f"Wine quality data: the course uses its simulated data instead. {reason}.")
        return 0
    print(f"Wine quality data: {len(files)} files in {shown(real_folder())}, SHA-256 checked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
