"""Names of TensorFlow's functions that are the same in each process."""

import contextlib
import hashlib
import itertools
import threading
from importlib import import_module

_one_at_a_time = threading.Lock()
_traced = {}  # how many programs of each key were traced here; no two functions may share a name


@contextlib.contextmanager
def stable_names(key):
    """Give the functions traced in the block names that tell what they do, not when.

    TensorFlow counts all its tensors and functions together and writes the number into a
    function's name, and the name into the key of a compiled program, so that a program would be
    found on disk only by luck.

    Parameters
    ----------
    key : str
        What tells one program from another.
    """
    ops = import_module("tensorflow.python.framework.ops")
    with _one_at_a_time:
        number = _traced[key] = _traced.get(key, -1) + 1
        digest = hashlib.sha256(f"{number} {key}".encode()).digest()
        count = itertools.count(2**62 + (int.from_bytes(digest[:5], "big") << 20))
        counted = ops.uid
        ops.uid = lambda: next(count)
        try:
            yield
        finally:
            ops.uid = counted
