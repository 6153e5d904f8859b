"""Downloads the real wine data, for `make data`."""

import errno
import logging

from course_utils.datasets.sources import REAL_WINE, USE_BUNDLED, real_folder, shown
from course_utils.validation import as_number

WINE_URL = "https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/"


def download_wine_quality(*, timeout=30):
    """Download the two real wine files of the UCI archive, unless they are there already.

    Each file is written under its name only once it is complete and its SHA-256 is right; a file
    of that name with other content is replaced then, and not before.

    Parameters
    ----------
    timeout : float, default=30
        Seconds to wait for the server to connect, and for each piece of its answer.

    Returns
    -------
    list of pathlib.Path
        The files, in the folder COURSE_DATA_DIR (by default ``data/downloads``).

    Raises
    ------
    ConnectionError
        The server could not be reached, or refused.
    OSError
        The folder cannot be written, or the disk is full.
    ValueError
        What came is not the file that was expected; it has not been kept.
    """
    timeout = as_number(timeout, "timeout", above=0)
    return [_download(name, timeout) for name in REAL_WINE]


def _download(name, timeout):
    import pooch
    import requests

    folder = real_folder()
    log = pooch.get_logger()
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        pooch.retrieve(
            WINE_URL + name,
            known_hash=REAL_WINE[name],
            fname=name,
            path=folder,
            downloader=pooch.HTTPDownloader(timeout=timeout),
        )
    except requests.RequestException as error:
        raise ConnectionError(
            f"{name} could not be downloaded from {WINE_URL} ({_reason(error)}). Try again with "
            f"`make data` when there is a network. {USE_BUNDLED}"
        ) from None
    except ValueError:
        raise ValueError(
            f"What came as {name} is not the expected file (its SHA-256 is wrong) and was not "
            "kept; a network that asks for a login may have sent a page instead. Try again with "
            f"`make data`. {USE_BUNDLED}"
        ) from None
    except OSError as error:
        raise type(error)(
            f"{name} could not be written to the folder {shown(folder)!r} "
            f"({_disk_words(error)}) and was not kept. Then try again with `make data`. "
            f"{USE_BUNDLED}"
        ) from None
    finally:
        log.setLevel(level)
    return folder / name


def _reason(error):
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
