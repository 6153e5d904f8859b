"""The demos of a page in Chromium, opened from the disk: no kernel, no server, no network."""

import itertools
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure

from course_utils import bowl_loss, demos, descend
from course_utils.demos.controls import Slider
from course_utils.demos.demo import Demo
from course_utils.plotting.style import alt_text
from tools import page_frames, page_sliders

pytestmark = pytest.mark.browser

LIVE = {
    "story": demos.story_demo,
    "bowl": lambda: demos.bowl_demo(curvature=2.0, start=3.0, steps=30),
    "ravine": demos.ravine_demo,
    "ravine with a memory": lambda: demos.ravine_demo(momentum=0.5),
    "momentum": demos.momentum_demo,
}
HTML = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Demos</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body style="font: 18px/1.5 sans-serif; margin: 1em">{}</body></html>"""
BOWLS = [([1.0], [4.0]), ([0.37], [-2.5]), ([1.0, 25.0], [4.0, 2.0])]
STEPS = 200


@pytest.fixture
def scripts(page, root):
    """Return a page that knows how to compute a descent."""
    for name in ("descent.js", "panels.js"):
        page.add_script_tag(path=root / "site" / name)
    return page


@pytest.mark.parametrize(("curvatures", "start"), BOWLS)
def test_a_page_computes_the_numbers_of_descend(scripts, curvatures, start):
    code = """([curvatures, start, rate, momentum, steps]) => {
        const path = courseDescent.descend(curvatures, start, rate, momentum, steps);
        return [path, path.map(w => courseDescent.bowlLoss(curvatures, w))];
    }"""
    rates = [0.003, 0.0789, 1 / 3, 2.01 / curvatures[-1], 7.0, 1e3]
    for rate, momentum in itertools.product(rates, [0.0, 0.669, 0.99]):
        path, loss = scripts.evaluate(code, [curvatures, start, rate, momentum, STEPS])
        right = descend(curvatures, start, rate, momentum, STEPS)
        np.testing.assert_allclose(np.array(path, float), right, rtol=1e-9)
        np.testing.assert_allclose(np.array(loss, float), bowl_loss(curvatures, right), rtol=1e-9)


def test_a_page_writes_numbers_as_python_does(scripts):
    rng = np.random.default_rng(0)
    numbers = [*10 ** rng.uniform(-300, 300, 100), *10 ** rng.uniform(-6, 6, 500), 0.0, 1e5, 99.95]
    numbers += [-3.25, 0.03125, 0.0625, 2.5, 1.125, 12.5, 999.5, 0.00012345, np.inf]
    for digits in (2, 3, 4):
        code = "([all, digits]) => all.map(each => courseDescent.g(each, digits))"
        written = scripts.evaluate(code, [[float(each) for each in numbers], digits])
        assert written == [f"{each:.{digits}g}" for each in numbers]


def some_values(demo):
    """Return values of all controls: the first ones, the ends, and some between."""
    rng = np.random.default_rng(1)
    first = {name: control.value for name, control in demo.controls.items()}
    shares = [*np.eye(len(first)), np.zeros(len(first)), *rng.uniform(size=(6, len(first)))]
    between = [
        {
            name: control.clip((10.0**at) if control.log else at)
            for (name, control), share in zip(demo.controls.items(), row, strict=True)
            for at in [control.low + share * (control.high - control.low)]
        }
        for row in shares
    ]
    named = [first | place(first) for place in demo.points.values()]
    return [first, *between, *({name: now[name] for name in first} for now in named)]


@pytest.mark.parametrize("name", LIVE)
def test_a_page_says_what_the_demo_says(scripts, name):
    demo = LIVE[name]()
    recipe = demo.live
    for values in some_values(demo):
        figure = Figure((11, 4.1), layout="none")
        sentence = demo.draw(figure, **values)
        shown = scripts.evaluate(
            "([recipe, values]) => courseDescent.compute(recipe, values)", [recipe, values]
        )
        assert (shown["sentence"], shown["alt"]) == (sentence, alt_text(figure))


@pytest.mark.parametrize("name", LIVE)
def test_named_points_of_a_page_are_those_of_the_demo(scripts, name):
    demo = LIVE[name]()
    for values in some_values(demo):
        for point, place in demo.points.items():
            code = "([name, now, recipe]) => courseDescent.POINTS[name](now, recipe)"
            there = scripts.evaluate(code, [point, values, demo.recipe])
            right = place(values)
            assert {key: there[key] for key in right} == pytest.approx(right, rel=1e-12)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return a page with a demo that is computed there, and one of frames; as a file."""
    folder = tmp_path_factory.mktemp("pages")
    few = {("per_axis", "position", "width", "number"): {"per_axis": 1}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_sliders, "FRAMES", folder / "frames")
        patch.setattr(page_frames, "KEPT", few)
        html = [
            page_sliders.fragment(name, folder) for name in ("story_demo", "random_search_demo")
        ]
    path = folder / "page.html"
    path.write_text(HTML.format("".join(html)), encoding="utf-8")
    return path


@pytest.fixture(params=[(1280, 720), (390, 844)], ids=["desktop", "phone"])
def opened(browser, site, request):
    """Return the page as opened from the disk; no request leaves it and no script fails."""
    wide, tall = request.param
    page = browser.new_page(viewport={"width": wide, "height": tall})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on(
        "request", lambda each: each.url.startswith(site.parent.as_uri()) or wrong.append(each.url)
    )
    page.goto(site.as_uri())
    yield page
    page.close()
    assert wrong == []


def demo_of(page, number):
    """Return a demo, and its slider once the prediction is made."""
    demo = page.locator("course-demo").nth(number)
    assert not demo.locator(".demo-controls").is_visible()
    demo.get_by_label("Your prediction").fill("It breaks <b>somewhere</b>")
    page.keyboard.press("Enter")
    assert demo.locator(".demo-predicted").inner_text().endswith("It breaks <b>somewhere</b>")
    return demo, demo.locator("input[type=range]").first


def picture(demo):
    """Return what is seen, and what is said of it."""
    if demo.locator(".demo-panels").count():
        panels = demo.locator(".demo-panels")
        return panels.inner_html(), panels.get_attribute("aria-label")
    image = demo.locator("img")
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 1000
    return image.get_attribute("src"), image.get_attribute("alt")


@pytest.mark.parametrize("number", [0, 1], ids=["computed", "frames"])
def test_a_key_moves_picture_and_words(opened, screens, number):
    demo, slider = demo_of(opened, number)
    assert slider.evaluate("slider => slider === document.activeElement")
    seen = [(picture(demo), slider.get_attribute("aria-valuetext"))]
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowLeft"):
        opened.keyboard.press(key)
        seen.append((picture(demo), slider.get_attribute("aria-valuetext")))
        words = demo.locator(".demo-sentence").inner_text()
        assert re.fullmatch(rf"[\d.e-]+\. {re.escape(words)}", seen[-1][1])
    (pictures, texts) = zip(*seen, strict=True)
    assert len({each for each, _ in pictures}) == len({alt for _, alt in pictures}) == len(seen)
    assert len(set(texts)) == len(seen)
    demo.screenshot(path=screens / f"page_{number}_{opened.viewport_size['width']}.png")
    demo.get_by_role("button", name="reset").click()
    assert picture(demo)[1] == pictures[0][1]


def test_a_box_takes_numbers_and_refuses_in_words(opened):
    demo, slider = demo_of(opened, 0)
    box = demo.get_by_label("learning rate: type a number")
    before = slider.get_attribute("aria-valuetext")
    for typed, says in [
        ("0,1", "a point and no comma"),
        ("99", "from 0.003162 to 3.162"),
        ("", "from"),
    ]:
        box.fill(typed)
        box.press("Enter")
        assert says in demo.get_by_role("alert").inner_text()
        assert slider.get_attribute("aria-valuetext") == before
    box.fill("1.99")
    box.press("Enter")
    assert slider.get_attribute("aria-valuetext").startswith("1.99. The loss went from 8 to 5.35")
    assert demo.get_by_role("alert").inner_text() == ""


def test_nothing_is_wider_than_the_screen(opened):
    for number in (0, 1):
        demo_of(opened, number)
    wide = opened.evaluate("document.documentElement.scrollWidth")
    assert wide <= opened.viewport_size["width"]


def test_buttons_jump_to_named_points(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(HTML.format(page_sliders.fragment("bowl_demo", tmp_path)), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    demo, slider = demo_of(page, 0)
    demo.get_by_role("button", name="critical").click()
    assert slider.get_attribute("aria-valuetext").startswith("2. Each step multiplies w by")
    assert "−1" in (told := demo.locator(".demo-sentence").inner_text()) or "-1" in told
    curvature = demo.locator("input[type=range]").nth(1)
    curvature.focus()
    page.keyboard.press("Home")
    demo.get_by_role("button", name="just beyond").click()
    assert slider.get_attribute("aria-valuetext").startswith("10. ")  # as far as the slider goes
    page.close()


def test_without_scripts_the_still_picture_stands(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.as_uri())
    for image in page.locator("course-demo img").all():
        image.scroll_into_view_if_needed()
        assert image.bounding_box()["width"] > 600
        assert len(image.get_attribute("alt")) > 40
    assert page.locator("course-demo noscript").count() == 2
    assert page.locator(".demo-controls, .demo-predict").count() == 0
    context.close()


def test_a_slider_plays_until_its_end(browser, tmp_path, monkeypatch):
    def draw(figure, _, epoch):
        figure.add_subplot().plot([0, epoch])
        return f"Epoch {epoch}."

    epoch = Slider("epoch", 1, 4, 1, step=1, log=False, plays=True)
    monkeypatch.setitem(page_frames.KEPT, ("epoch",), {"epoch": 1})
    clock = Demo("Clock", "when?", "Goal: none.", {"epoch": epoch}, draw)
    page_frames.save(clock, tmp_path / "a-1")
    path = tmp_path / "page.html"
    path.write_text(HTML.format(page_sliders.put(tmp_path / "a-1", tmp_path)), encoding="utf-8")
    page = browser.new_page()
    page.clock.install()
    page.goto(path.as_uri())
    demo, _ = demo_of(page, 0)
    told = demo.locator(".demo-sentence")
    for _ in range(2):  # the second time from the start
        demo.get_by_role("button", name="play").click()
        page.clock.run_for(450)
        assert told.inner_text() == "Epoch 2."
        demo.get_by_role("button", name="pause").click()
        page.clock.run_for(3000)
        assert told.inner_text() == "Epoch 2."
        demo.get_by_role("button", name="play").click()
        page.clock.run_for(3000)
        assert told.inner_text() == "Epoch 4."
    assert demo.get_by_role("button", name="play").is_visible()
    page.close()


def test_what_nbconvert_makes_of_a_lesson_moves_and_is_one_file(browser, root, tmp_path):
    path = root / "notebooks" / "01_gradient_descent.ipynb"
    for place in page_sliders.places(path, nbformat.read(path, as_version=4)).values():
        place.frames()
    export = ["jupyter", "nbconvert", "--to=html", f"--output-dir={tmp_path}", str(path)]
    subprocess.run([sys.executable, "-m", *export], cwd=root, check=True, capture_output=True)
    (written,) = tmp_path.iterdir()
    page = browser.new_page()
    page.goto(written.as_uri(), wait_until="domcontentloaded")
    for number in range(page.locator("course-demo").count()):
        demo, _ = demo_of(page, number)
        before = picture(demo)
        page.keyboard.press("ArrowLeft")
        assert picture(demo) != before
    assert number == 1
    page.close()
