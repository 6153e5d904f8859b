"""What the browser tests of the demos wait for, and how they tell pictures apart."""

import time

import pytest

# The bytes of a picture: its address changes whenever it is sent, also when it looks the same.
BYTES = """async image => {
    if (!image.complete || !image.naturalWidth) return null;
    const bytes = new Uint8Array(await (await fetch(image.src)).arrayBuffer());
    return Array.from(bytes).join();
}"""


def wait_for(page, look, seconds, what):
    """Return the first true value that `look` gives."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := look():
            return value
        page.wait_for_timeout(50)
    pytest.fail(f"waited {seconds} s for {what}")
