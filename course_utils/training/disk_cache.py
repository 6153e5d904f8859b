"""Compiled programs on disk, so that the next kernel need not compile them again.

TensorFlow can keep what XLA compiles in a folder, but it trusts that folder: a damaged file or a
full disk ends the training, and a program made for another processor would be loaded. So each
process gets a folder of its own, filled with hard links to programs that have been verified, and
new programs are copied from it to the user's cache. There the file's name begins with its digest,
and the folder is that of one TensorFlow, one set of XLA flags and one processor.

TensorFlow's key of a program holds the names of its functions; `library_hooks.stable_names` makes
these the same in each process.

``COURSE_PROGRAM_CACHE=off`` switches it off; any other value is the folder to use.
"""

import atexit
import contextlib
import hashlib
import os
import platform
import re
import shutil
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

import platformdirs

VARIABLE = "COURSE_PROGRAM_CACHE"
FLAG = "--tf_xla_persistent_cache_directory="
OWN = "course-programs-"  # begins the name of a process's folder
MOST_BYTES = 64 * 2**20  # a program has 0.3 to 2 MB
LEAST_FREE = 200 * 2**20  # on a disk that is nearly full nothing is kept
SECONDS_UNTIL_STALE = 2 * 24 * 3600

_process_folder = None


def start():
    """Let TensorFlow read and write programs; to be called before it compiles the first one.

    Where no folder can be written, nothing is kept, and nothing is said: it only saves time.
    """
    global _process_folder
    flags = os.environ.get("TF_XLA_FLAGS", "")
    inherited = re.search(rf"{FLAG}\S*{OWN}\S*", flags)
    if inherited:  # of the process that started this one
        flags = flags.replace(inherited[0], "").strip()
        os.environ["TF_XLA_FLAGS"] = flags
    if FLAG in flags or _process_folder is not None:
        return
    with contextlib.suppress(OSError, PackageNotFoundError):
        kept = cache_folder()
        if kept is None:
            return
        kept.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(kept).free < LEAST_FREE:
            return
        _tidy(kept)
        folder = Path(tempfile.mkdtemp(prefix=OWN, dir=kept))
        for program in _verified(kept):
            _link(program, folder / _name(program))
        _process_folder = folder
        os.environ["TF_XLA_FLAGS"] = f"{flags} {FLAG}{folder}".strip()
        atexit.register(_leave, folder, os.getpid())


def keep():
    """Copy programs that were compiled since to the user's cache."""
    if _process_folder is None:
        return
    with contextlib.suppress(OSError):
        kept = _process_folder.parent
        known = {_name(program) for program in _programs(kept)}
        for new in _process_folder.glob("*.pb"):
            if new.name not in known:
                unfinished = kept / f"{OWN}{uuid4().hex}"
                shutil.copyfile(new, unfinished)
                unfinished.replace(kept / f"{_digest(new)}-{new.name}")


def forget():
    """Remove every program from the disk, as when one cannot be loaded."""
    if _process_folder is None:
        return
    for program in [*_process_folder.iterdir(), *_programs(_process_folder.parent)]:
        with contextlib.suppress(OSError):
            program.unlink()


def cache_folder():
    """Return the folder for programs of this TensorFlow, its flags and this processor, or None."""
    wanted = os.environ.get(VARIABLE, "").strip()
    if wanted.lower() == "off":
        return None
    root = Path(wanted) if wanted else platformdirs.user_cache_path("learning-rates") / "programs"
    flags = re.sub(rf"{FLAG}\S*", "", os.environ.get("TF_XLA_FLAGS", ""))
    made_for = [
        version("tensorflow"),
        os.environ.get("XLA_FLAGS", ""),
        flags.strip(),
        *_processor(),
    ]
    digest = hashlib.sha256("\n".join(made_for).encode()).hexdigest()[:16]
    return root.absolute() / f"tensorflow-{made_for[0]}-{digest}"


def _processor():
    """Return what tells processors apart; where its features are unknown, the machine's name."""
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        wanted = ("model name", "flags", "Features", "CPU part")
        found = {line.split(":")[0].strip(): line for line in reversed(lines)}
        if any(name in found for name in ("flags", "Features")):
            return [found[name] for name in wanted if name in found]
    return [platform.machine(), platform.processor(), platform.node()]


def _tidy(kept):
    """Remove the folders of processes that were killed, and the oldest programs of too many."""
    for left in kept.glob(f"{OWN}*"):
        if time.time() - left.stat().st_mtime > SECONDS_UNTIL_STALE:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    newest_first = sorted(_programs(kept), key=lambda program: -program.stat().st_mtime)
    total = 0
    for program in newest_first:
        total += program.stat().st_size
        if total > MOST_BYTES:
            program.unlink(missing_ok=True)


def _programs(kept):
    return kept.glob("*-xla_compile_cache*.pb")


def _verified(kept):
    """Yield the programs whose content is what was written; the others are removed."""
    for program in _programs(kept):
        if program.name.startswith(f"{_digest(program)}-"):
            yield program
        else:
            program.unlink(missing_ok=True)


def _name(program):
    """Return the name that TensorFlow gave to a program."""
    return program.name.partition("-")[2]


def _digest(program):
    return hashlib.blake2b(program.read_bytes(), digest_size=16).hexdigest()


def _link(program, target):
    try:
        os.link(program, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(program, target)


def _leave(folder, process):
    if os.getpid() == process:
        keep()
        shutil.rmtree(folder, ignore_errors=True)
