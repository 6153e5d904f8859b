"""The browser edition, as far as a machine without a network can try it: ``make lite`` builds it.

Its Python starts, and loads every wheel that the site brings along, the course among them. The
compiled wheels (NumPy and the like) are on a CDN, so nothing that needs them can run here.
"""

import json
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

START = 420_000  # milliseconds; 20 seconds on a quiet machine
LESSON = "00_start_here.ipynb"
PROBE = """
import importlib.util
import sys
from pathlib import Path

import course_utils
import ipywidgets
import jupyterquiz
from course_utils.lessons import lesson_files

data = Path(course_utils.__file__).parents[1] / "data" / "bmi.csv"
found = [
    sys.platform,
    "plot_sweep" in dir(course_utils),
    len(list(lesson_files("quiz.json"))) > 9,
    data.read_text().count("\\n"),
    importlib.util.find_spec("tensorflow"),
]
print("found", found)
"""
CELL = {"cell_type": "code", "id": "probe", "source": PROBE, "metadata": {}, "outputs": []}
NOTEBOOK = {
    "cells": [CELL | {"execution_count": None}],
    "metadata": {"kernelspec": {"name": "python", "display_name": "Python (Pyodide)"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class Server(SimpleHTTPRequestHandler):
    """The site as it was built, but for its first lesson, which is the probe."""

    def do_GET(self):
        if self.path.startswith(f"/files/{LESSON}"):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(NOTEBOOK).encode())
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def site(root):
    built = root / "build" / "lite" / "site"
    if not built.is_dir():
        pytest.skip("there is no browser edition yet: make lite")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=built))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_python_starts_in_the_browser_and_finds_the_course(site, page):
    failed = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(f"{site}/lab/index.html?path={LESSON}")
    page.get_by_text("Python (Pyodide) | Idle").wait_for(timeout=START)
    assert failed == []  # the kernel itself needs nothing from outside
    page.locator(".jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    output = page.locator(".jp-CodeCell .jp-OutputArea-output").filter(has_text="found")
    output.first.wait_for(timeout=START)
    assert "found ['emscripten', True, True, 401, None]" in output.first.inner_text()
    assert failed
    assert [url for url in failed if not re.search(r"/numpy-|emscripten_\w+\.whl", url)] == []
