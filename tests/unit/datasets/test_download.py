"""The download of the real wine data, from a web server of this machine."""

import errno
import functools
import http.server
import os
import socket
import threading

import pytest

from course_utils import load_wine_quality
from course_utils.datasets import __main__ as command_line
from course_utils.datasets.__main__ import download_wine_quality

RED, WHITE = "winequality-red.csv", "winequality-white.csv"


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A web server of this machine in the place of the archive; yields the folder it serves."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    site = tmp_path / "site"
    site.mkdir()
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(command_line, "WINE_URL", f"http://127.0.0.1:{httpd.server_port}/")
        yield site
        httpd.shutdown()


@pytest.fixture
def no_network(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(command_line, "WINE_URL", "http://127.0.0.1:1/")


def test_download(server, folder, put_wine, capfd):
    put_wine(server)
    assert download_wine_quality(timeout=5) == [folder / RED, folder / WHITE]
    assert capfd.readouterr() == ("", "")
    assert {path.name for path in folder.iterdir()} == {RED, WHITE}
    assert len(load_wine_quality("real", verbose=False)[0]) == 2


def test_download_leaves_good_files_alone(folder, put_wine, no_network):
    put_wine(folder)
    assert len(download_wine_quality()) == 2


def test_download_replaces_a_damaged_file(server, folder, put_wine):
    put_wine(server)
    (folder / RED).write_text("cut off")
    download_wine_quality(timeout=5)
    assert (folder / RED).read_bytes() == (server / RED).read_bytes()


def test_wrong_content_is_not_kept(server, folder):
    (server / RED).write_text("please log in")
    with pytest.raises(ValueError, match=rf"came as {RED} .*was not kept.*COURSE_DATA=bundled"):
        download_wine_quality(timeout=5)
    assert list(folder.iterdir()) == []
    (folder / RED).write_text("there before")
    with pytest.raises(ValueError, match="not kept"):
        download_wine_quality(timeout=5)
    assert [path.read_text() for path in folder.iterdir()] == ["there before"]


def test_file_that_the_server_lacks(server, folder):
    with pytest.raises(ConnectionError, match=r"\(the server answered 404\).*`make data`"):
        download_wine_quality(timeout=5)
    assert list(folder.iterdir()) == []


def test_no_network(no_network, folder):
    with pytest.raises(ConnectionError, match=r"\(no connection\).* bundled data need no file"):
        download_wine_quality(timeout=5)
    assert list(folder.iterdir()) == []


def test_server_that_never_answers(monkeypatch, folder):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(
            command_line, "WINE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/"
        )
        with pytest.raises(ConnectionError, match="no answer in time"):
            download_wine_quality(timeout=0.2)
    assert list(folder.iterdir()) == []


def test_a_download_that_is_cut_off(folder, monkeypatch):
    class CutOff(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "84199")
            self.end_headers()
            self.wfile.write(b"fixed acidity;volatile")

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), CutOff) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr(command_line, "WINE_URL", f"http://127.0.0.1:{httpd.server_port}/")
        with pytest.raises(ConnectionError, match=r"\(the connection broke off\).*`make data`"):
            download_wine_quality(timeout=5)
        httpd.shutdown()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full: delete something"),
        (errno.EROFS, "it is read-only: set COURSE_DATA_DIR"),
        (errno.EACCES, "it is read-only: set COURSE_DATA_DIR"),
        (errno.EIO, "Input/output error: set COURSE_DATA_DIR to another folder"),
    ],
)
@pytest.mark.parametrize("at", ["write", "move"])
def test_a_disk_that_fails(server, folder, put_wine, monkeypatch, capfd, code, words, at):
    def fail(*_, **__):
        raise OSError(code, os.strerror(code))

    put_wine(server)
    if at == "move":
        monkeypatch.setattr("shutil.move", fail)
    else:
        monkeypatch.setattr("requests.models.Response.iter_content", fail)
    assert command_line.main(["--timeout", "5"]) == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert f"{RED} could not be written to the folder 'real' ({words}" in err
    assert "was not kept. Then try again with `make data`. The bundled data need no file" in err
    assert list(folder.iterdir()) == []
    assert command_line.main(["--timeout", "5", "--optional"]) == 0
    out = capfd.readouterr().out
    assert out.count("\n") == 1
    assert f"uses its simulated data instead. {RED} could not be written" in out
    assert words in out


def test_a_folder_that_cannot_be_made(server, folder, put_wine, monkeypatch, capfd):
    def fail(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder / "new"))

    put_wine(server)
    monkeypatch.setenv("COURSE_DATA_DIR", str(folder / "new"))
    monkeypatch.setattr("os.makedirs", fail)
    assert command_line.main([]) == 1
    assert "it is read-only: set COURSE_DATA_DIR to a folder of yours" in capfd.readouterr().err


def test_wrong_content_at_the_command_line(server, folder, capfd):
    (server / RED).write_text("please log in")
    assert command_line.main([]) == 1
    assert "SHA-256 is wrong" in capfd.readouterr().err
    assert command_line.main(["--optional"]) == 0
    out = capfd.readouterr().out
    assert out.count("\n") == 1
    assert "uses its simulated data instead. What came as" in out
    assert "SHA-256 is wrong" in out
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_timeout_must_be_positive(timeout):
    with pytest.raises(ValueError, match=r"timeout is .*; .*above 0"):
        download_wine_quality(timeout=timeout)
    with pytest.raises(SystemExit):
        command_line.main(["--timeout", str(timeout), "--optional"])


def test_command_line(server, put_wine, capfd):
    put_wine(server)
    assert command_line.main(["--timeout", "5"]) == 0
    assert capfd.readouterr() == ("Wine quality data: 2 files in real, SHA-256 checked.\n", "")


def test_command_line_without_a_network(no_network, capfd):
    assert command_line.main([]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "could not be downloaded" in err
    assert command_line.main(["--optional"]) == 0
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    assert f"uses its simulated data instead. {RED} could not be downloaded" in out
    assert out.endswith("(no connection).\n")
    assert err == ""
