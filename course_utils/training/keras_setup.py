"""TensorFlow and Keras, imported in one place, quietly, by those modules only that train networks.

``from course_utils.training.keras_setup import keras, tf``. The import takes seconds and hundreds
of megabytes, so nothing that works without TensorFlow may import this module.
"""

import contextlib
import ctypes
import gc
import logging
import os
import time
import warnings

from course_utils.training import disk_cache

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # its rounding differs between machines
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
disk_cache.start()

M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3  # as in malloc.h
_last_collection = 0.0


@contextlib.contextmanager
def _stderr_discarded():
    """Send what compiled code writes to file descriptor 2 to nowhere."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextlib.contextmanager
def tensorflow_notes_hidden():
    """Hide TensorFlow's advice on speed (retracing, converted loops) while the block runs."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def give_memory_back(collect=False):
    """Hand to the system what compiling has freed; on Linux the C library would keep it.

    With `collect` the old models that wait for Python's collector go first. That takes a third of
    a second, so it is done once in five.
    """
    global _last_collection
    if collect and time.monotonic() - _last_collection > 5:
        gc.collect()
        _last_collection = time.monotonic()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


# TensorFlow's threads share two heaps, and large arrays go back when they are freed: by default
# the C library of Linux gives eight heaps to each core, and keeps what falls free.
with contextlib.suppress(OSError, AttributeError):
    _library = ctypes.CDLL("libc.so.6")
    _library.mallopt(M_ARENA_MAX, 2)
    _library.mallopt(M_MMAP_THRESHOLD, 2**18)

with _stderr_discarded(), warnings.catch_warnings():
    warnings.simplefilter("ignore")  # deprecations inside TensorFlow's own imports
    import tensorflow as tf

    tf.zeros(1)  # the devices introduce themselves at the first operation
    import keras

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        f"Keras runs on {keras.backend.backend()!r} here, and the course needs TensorFlow; "
        "set the environment variable KERAS_BACKEND=tensorflow and restart."
    )

__all__ = ["give_memory_back", "keras", "tensorflow_notes_hidden", "tf"]
