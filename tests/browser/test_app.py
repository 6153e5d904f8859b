"""The instructor's demos as an app: a menu, a prediction first, then all of it on one screen."""

import re
import statistics
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from watching import wait_for

from tools.demos import NOTEBOOK

pytestmark = pytest.mark.browser

SECONDS = 300  # until every demo has trained once, on a busy machine
AXE = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"], preload: false });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).flatMap(
        ({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 200)]));
}"""
STOPWATCH = """shown => {
    window.seen = [];
    let pressed = 0;
    const stop = () => { if (pressed) seen.push(performance.now() - pressed); pressed = 0; };
    document.addEventListener("keydown", () => { pressed = performance.now(); }, true);
    const page = document.querySelector(shown), drawn = page.querySelector(".demo-panels");
    const changes = new MutationObserver(() => requestAnimationFrame(stop));
    if (drawn) changes.observe(drawn, { childList: true });
    else page.querySelector("img").addEventListener("load", stop);
}"""
SHOWN = "section:not([hidden])"


@pytest.fixture(scope="module")
def address(root, tmp_path_factory):
    """Serve the app; return its address with the token."""
    log = tmp_path_factory.mktemp("app") / "log"
    command = [sys.executable, "-m", "tools.demos", "--no-browser"]
    with log.open("w") as stream:
        app = subprocess.Popen(command, cwd=root, stdout=stream, stderr=stream)
    try:
        deadline = time.monotonic() + 60
        while "http://" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield log.read_text().split("The demos: ")[1].split()[0]
    finally:
        app.terminate()
        app.wait(timeout=30)


@pytest.fixture(scope="module")
def app(browser, address):
    """Return the page of the app, once all of its demos are there; with what went wrong."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("request", lambda request: page.wrong.append(request.url))
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            page.goto(address, timeout=SECONDS * 1000)
            break
        except Exception:  # the server is not up yet
            time.sleep(0.5)
    page.locator(".menu a").first.wait_for(timeout=SECONDS * 1000)
    yield page
    page.close()


def titles():
    """Return the titles of the demos in the notebook."""
    sources = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells]
    return [text.splitlines()[0][3:].replace("`", "") for text in sources if text.startswith("## ")]


def predict(app, words):
    app.locator(".prediction input:visible").fill(words)
    app.keyboard.press("Enter")


def opened(app, title):
    """Open a demo by the list, and predict something if nothing is predicted yet."""
    app.get_by_label("demo", exact=True).select_option(title)
    if not app.locator(f"{SHOWN}.guessed").count():
        predict(app, "12 say left, 9 say right")
    picture(app).wait_for()


def picture(app):
    """Return the picture of the demo that is shown: the kernel's, or one that the page draws."""
    return app.locator(f"{SHOWN} img:visible, {SHOWN} .demo-panels:visible")


def test_nobody_enters_without_the_token(app, address):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for place in ("", "api/kernels"):
        answer = opener.open(address.partition("?")[0] + place, timeout=10)
        assert "/login" in answer.url


def test_the_menu_has_all_demos_and_what_to_ask(app):
    cards = app.locator(".menu a").all_inner_texts()
    assert [card.splitlines()[0] for card in cards] == titles()
    assert all("Ask:" in card for card in cards)


def test_a_prediction_comes_first_and_stays_in_sight(app):
    title = titles()[1]
    app.get_by_role("link", name=title).click()
    wait_for(app, lambda: app.title() == title, 10, "its title")
    slider = app.locator(f"{SHOWN} .widget-hslider").first
    slider.wait_for(state="attached", timeout=SECONDS * 1000)  # the menu is there before it
    assert not slider.is_visible()
    predict(app, "   ")
    assert not slider.is_visible()
    predict(app, "12 say 0.3, 9 say 1")
    slider.wait_for()
    assert app.locator("#bar .prediction input").input_value() == "12 say 0.3, 9 say 1"


@pytest.mark.parametrize("title", titles())
def test_a_demo_fills_one_screen_and_its_text_is_large(app, title, screens):
    opened(app, title)
    app.wait_for_timeout(200)
    app.screenshot(path=screens / f"app-{titles().index(title):02d}.png")
    box = picture(app).bounding_box()
    assert box["width"] >= 1150, "text of the picture is smaller than 20 pixels"
    assert box["y"] + box["height"] <= 720
    assert app.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("place", [1, 9], ids=["drawn by the page", "drawn by the kernel"])
def test_a_key_moves_the_picture_and_a_slider_says_its_rate(app, place):
    opened(app, titles()[place])
    handle = app.locator(f"{SHOWN} .noUi-handle").first
    typed = app.locator(f"{SHOWN} .widget-text input").first
    first = float(typed.input_value())
    app.evaluate(STOPWATCH, SHOWN)
    for count in range(1, 8):
        handle.press("ArrowRight")
        wait_for(app, lambda count=count: app.evaluate("seen.length") >= count, 30, "a picture")
        app.wait_for_timeout(300)
    seconds = app.evaluate("seen")
    print(f"app: {statistics.median(seconds):.0f} ms from key to picture, median of {len(seconds)}")
    wait_for(
        app, lambda: handle.get_attribute("aria-valuetext") == typed.input_value(), 10, "the rate"
    )
    assert float(typed.input_value()) > first


def test_a_named_point_stays_where_it_is(app):
    opened(app, titles()[1])
    typed = app.locator(f"{SHOWN} .widget-text input").first
    app.get_by_role("button", name="just beyond").locator("visible=true").click()
    wait_for(app, lambda: typed.input_value() == "2.05", 10, "the rate of the point")
    app.wait_for_timeout(1000)  # the browser answers with its nearest step, 1.995
    assert typed.input_value() == "2.05"
    app.get_by_role("button", name="reset").locator("visible=true").click()
    wait_for(app, lambda: typed.input_value() == "0.1", 10, "the reset")


def test_a_demo_has_an_address_of_its_own(app):
    name = app.locator(".menu a").nth(2).get_attribute("href")
    app.evaluate("name => { location.hash = name; }", name)
    wait_for(app, lambda: app.title() == titles()[2], 10, "its title")
    app.get_by_role("link", name="all demos").click()
    app.locator(".menu").wait_for()


def test_the_address_keeps_where_the_controls_stand(app):
    opened(app, titles()[1])
    typed = app.locator(f"{SHOWN} .widget-text input").first
    first = typed.input_value()
    app.locator(f"{SHOWN} .noUi-handle").first.press("ArrowLeft")
    wait_for(app, lambda: typed.input_value() != first, 10, "the slider")
    kept = wait_for(
        app,
        lambda: f"learning+rate={typed.input_value()}&" in app.url and app.url,
        10,
        "the rate in the address",
    )
    value = typed.input_value()
    app.get_by_role("button", name="reset").locator("visible=true").click()
    wait_for(app, lambda: app.url != kept and typed.input_value() != value, 10, "the reset")
    app.evaluate("address => { location.hash = new URL(address).hash; }", kept)
    wait_for(app, lambda: typed.input_value() == value, 10, "the rate of the address")


def test_a_file_dropped_on_a_demo_is_taken_and_one_that_does_not_fit_is_refused(app):
    opened(app, titles()[3])
    drop = """([name, text]) => {
        const files = new DataTransfer();
        files.items.add(new File([text], name, { type: "text/csv" }));
        const page = document.querySelector("section:not([hidden]) img");
        page.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
    }"""
    section = app.locator(SHOWN)
    app.evaluate(drop, ["bad.csv", "a,b\n1,2\n"])
    section.get_by_text("Not these data").wait_for()
    rows = "".join(f"{n % 7},{n},{n + n % 3}\n" for n in range(60))
    app.evaluate(drop, ["mine.csv", f"ones,tens,sum\n{rows}"])
    section.get_by_text("mine.csv: 60 rows, 2 columns to predict 'sum' from").wait_for()


def test_a_race_plays(app):
    place = [title.startswith("A race") for title in titles()].index(True)
    opened(app, titles()[place])
    section = app.locator(SHOWN)
    section.locator(".jupyter-widget-play button, .widget-play button").first.click()
    later = re.compile(r"Epoch (9|\d\d),")  # a picture or two may be left out
    section.get_by_text(later).wait_for(timeout=30_000)


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_axe_finds_nothing_serious(app, root, shade):
    app.evaluate((root / "site/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    if app.evaluate("document.body.classList.contains('dark')") != (shade == "dark"):
        app.get_by_role("button", name="light or dark").click()
    app.get_by_role("link", name="all demos").click()
    assert app.evaluate(AXE) == []
    for title in (titles()[1], titles()[5], titles()[-3]):
        opened(app, title)
        assert app.evaluate(AXE) == [], title


def test_nothing_went_wrong_and_nothing_came_from_elsewhere(app):
    near = ("http://127.0.0.1:", "data:", "blob:")
    assert [each for each in app.wrong if not each.startswith(near)] == []
