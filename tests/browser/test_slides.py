"""The slides of every lesson at 1280 × 720, from the disk: nothing is cut off or from elsewhere."""

import os
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from tools import slides

pytestmark = pytest.mark.browser

MAKE = """import sys; from pathlib import Path; from tools import site, slides
slides.write(site.executed(()), Path(sys.argv[1]))"""
SCREEN = {"width": 1280, "height": 720}
DECK = "01_gradient_descent.html"
PREDICT = """() => {
    const form = Reveal.getCurrentSlide().querySelector("course-demo form");
    if (form) { form.querySelector("input").value = "It breaks"; form.requestSubmit(); }
    return Boolean(form);
}"""
# Of each slide its kind, whether it holds a demo, and what on it is cut off or small. Text in
# pictures is as it was drawn.
MEASURE = """async () => {
    const found = [], predict = PREDICT;
    Reveal.configure({ fragments: false });
    for (let i = Reveal.getTotalSlides(); i; i -= 1) {
        const slide = Reveal.getCurrentSlide(), demo = predict(), wrong = [];
        for (const image of slide.querySelectorAll("img:not([hidden])"))
            await image.decode().catch(() => wrong.push(`no picture: ${image.src}`));
        for (const each of slide.querySelectorAll("*")) {
            if (each.closest("aside.notes, noscript, mjx-assistive-mml, svg")) continue;
            const { left, top, right, bottom, width, height } = each.getBoundingClientRect();
            if (width <= 1 || height <= 1) continue;
            const { fontSize, overflowX, overflowY } = getComputedStyle(each);
            const cut = (overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1)
                || (overflowY !== "visible" && each.scrollHeight > each.clientHeight + 1);
            const outside = left < -1 || top < -1 || right > innerWidth || bottom > innerHeight - 5;
            const text = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            const small = text && parseFloat(fontSize) < 20;
            for (const [what, so] of Object.entries({ cut, outside, small }))
                if (so) wrong.push(`${what}: ${each.outerHTML.slice(0, 100)}`);
        }
        const { h, v } = Reveal.getIndices();
        found.push({ kind: slide.classList[0], demo, wrong, place: [h, v] });
        Reveal.next();
    }
    return found;
}""".replace("PREDICT", PREDICT)
AXE = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"], preload: false });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 100))]);
}"""


def skip(reason):
    if os.environ.get("COURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def decks(root, tmp_path_factory):
    """Make the slides as `make slides` does, in a folder of their own."""
    if not all((root / part).exists() for part in slides.PARTS):
        skip("parts from npm are missing: `make browser` fetches them, where npm is installed")
    out = tmp_path_factory.mktemp("slides") / "decks"
    command = [sys.executable, "-c", MAKE, out]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=1800)
    assert (done.returncode, done.stderr) == (0, "")
    names = [path.name for path in sorted(out.glob("*.html"))]
    assert len(names) > 10
    return out, names


@pytest.fixture(scope="session")
def speaker(browser, decks):
    """Return a function that opens a deck, with a list of what went wrong."""
    opened, wrong = [], []

    def pass_on(route):
        if route.request.url.startswith(("data:", "blob:", decks[0].as_uri())):
            route.continue_()
        else:
            wrong.append(f"asks for {route.request.url}")
            route.abort()

    def hear(page):
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))

    def make(name, **options):
        context = browser.new_context(viewport=SCREEN, **options)
        opened.append(context)
        context.route("**/*", pass_on)
        context.on("page", hear)
        page = context.new_page()
        page.goto((decks[0] / name).as_uri())
        page.wait_for_selector("html[data-ready]")
        return page

    yield make, wrong
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def audit(decks, speaker, root):
    """Look at every slide of every deck; hold one of each kind against axe, light and dark."""
    axe = (root / "site/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    seen = {"unfit": [], "grave": [], "kinds": set(), "formulas": 0, "demos": 0}
    for name in decks[1]:
        page = speaker[0](name)
        page.evaluate(axe)
        for number, slide in enumerate(page.evaluate(MEASURE), start=1):
            seen["unfit"] += [(name, number, each) for each in slide["wrong"]]
            seen["demos"] += slide["demo"]
            if slide["kind"] not in seen["kinds"]:
                seen["kinds"].add(slide["kind"])
                page.evaluate("place => Reveal.slide(...place)", slide["place"])
                for theme in ("light", "dark"):
                    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                    seen["grave"] += [(name, number, each) for each in page.evaluate(AXE)]
        seen["formulas"] += page.locator(".slides mjx-container svg").count()
        page.close()
    return seen


def test_nothing_is_cut_off_or_small(audit):
    assert audit["unfit"] == []
    assert audit["demos"] > 3
    assert audit["kinds"] >= {"title", "question", "exercise", "figure", "claims", "demo", "quiz"}


def test_axe_finds_nothing_serious_on_a_slide_of_each_kind(audit):
    assert audit["grave"] == []


def test_formulas_are_drawn(audit):
    assert audit["formulas"] > 30


def test_nothing_is_asked_for_elsewhere_and_no_script_fails(audit, speaker):
    assert speaker[1] == []


def test_every_picture_has_a_text_and_every_link_leads_somewhere(decks):
    folder, names = decks
    for name in names:
        page = BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html.parser")
        assert [str(image)[:100] for image in page("img") if not image.get("alt", "").strip()] == []
        links = [each[key] for key in ("href", "src") for each in page(**{key: True})]
        ours = [link for link in links if "://" not in link]
        assert [link for link in ours if not (folder / link.partition("#")[0]).exists()] == []


def test_the_keyboard_leads_through_a_deck(speaker):
    page = speaker[0](DECK, color_scheme="dark")
    shown = page.locator(".reveal section.present section.present")
    assert shown.locator("h1").inner_text().startswith("01")
    page.keyboard.press("Space")
    assert shown.get_attribute("class").startswith("goals")
    page.keyboard.press("ArrowLeft")
    assert shown.get_attribute("class").startswith("title")
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.keyboard.press("d")
    assert page.evaluate(theme) == "light"
    while "code" not in shown.get_attribute("class"):
        page.keyboard.press("ArrowRight")
    waiting = shown.locator("pre").nth(1)
    assert not waiting.is_visible()  # what the code prints is asked first
    page.keyboard.press("ArrowRight")
    waiting.wait_for()


def test_a_key_on_a_slider_moves_it_and_not_the_slide(speaker):
    page = speaker[0](DECK)
    while not page.evaluate(PREDICT):
        page.keyboard.press("ArrowRight")
    number = page.locator(".slide-number").inner_text()
    slider = page.locator("section.present section.present input[type=range]").first
    before = slider.get_attribute("aria-valuetext")
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") != before
    assert page.locator(".slide-number").inner_text() == number


def test_the_speaker_sees_the_notes_of_the_teachers_page(speaker, root):
    page = speaker[0](DECK)
    guide = (root / "instructor" / DECK).with_suffix(".md").read_text(encoding="utf-8")
    purpose = re.search(r"\*\*For:\*\* (\w+ \w+)", guide)[1]
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text(purpose).wait_for()
    answer = re.search(r"- (01\.\d+): (\w+)", guide)
    page.bring_to_front()
    while not page.locator("section.present section.present h2", has_text=answer[1]).count():
        page.keyboard.press("ArrowRight")
    notes.get_by_text(f"{answer[1]}: {answer[2]}").wait_for()
    assert speaker[1] == []
