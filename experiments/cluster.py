"""The Dask cluster that the environment names, for what is too large for one machine."""

import os
from contextlib import contextmanager

import joblib

VARIABLES = ("COURSE_DASK_SCHEDULER", "DASK_SCHEDULER_ADDRESS")  # the course's, and Dask's own


def scheduler_address():
    """Return the address of the scheduler, such as ``tcp://10.0.0.1:8786``, or None."""
    return next(filter(None, map(os.environ.get, VARIABLES)), None)


@contextmanager
def workers_of(address):
    """Share the runs of the block among a cluster's workers; with None, train here.

    Raises
    ------
    ConnectionError
        If no scheduler answers there.
    """
    if address is None:
        yield None
        return
    from distributed import Client  # here, for it takes a second

    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise ConnectionError(
            f"No Dask scheduler answers at {address!r}, which {' or '.join(VARIABLES)} names. "
            "Start one there (`dask scheduler`), give another address, or unset the variable."
        ) from error
    with client, joblib.parallel_config("dask"):
        yield client
