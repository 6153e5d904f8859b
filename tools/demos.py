"""Serve the instructor's demos as an app, by Voila on this machine alone: ``make demos``."""

import os
import secrets
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "instructor_demos.ipynb"
TEMPLATES = ROOT / "app"


def free_port(first=8866):
    """Return the first free port from one on, or any, if a hundred are taken."""
    for port in [*range(first, first + 100), 0]:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("No port of 127.0.0.1 is free for the demos.")


def serve(arguments=()):
    """Become Voila, until it is interrupted or ended. The arguments are passed on to it."""
    port, token = free_port(), secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "voila", str(NOTEBOOK), f"--port={port}", f"--token={token}"),
        *("--Voila.ip=127.0.0.1", "--template=demos", "--Voila.log_level=ERROR"),
        *("--preheat_kernel=True", "--pool_size=1", *arguments),
    ]
    print(f"The demos: http://127.0.0.1:{port}/?token={token}", flush=True)
    print(
        "The first page waits until all of them have trained once. Ctrl-C ends the app.", flush=True
    )
    # ROOT, since the template includes scripts of site/.
    found = [str(TEMPLATES), str(ROOT), os.environ.get("JUPYTER_PATH")]
    paths = os.pathsep.join(filter(None, found))
    os.execve(sys.executable, command, os.environ | {"JUPYTER_PATH": paths})


if __name__ == "__main__":
    serve(sys.argv[1:])
