"""The site as a reader opens it: from a folder and from a server, and nothing from elsewhere."""

import http.server
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from functools import partial
from itertools import product
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from bs4 import BeautifulSoup

from tools import accessibility
from tools import site as built

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 720), "phone": (390, 844)}
THEMES = ("light", "dark")
# What depends on colours is tried in both themes, all else on both screens. On these pages
# all is tried in all four looks, code, formulas and contents too, which are alike everywhere.
WHOLE = ("index.html", "search.html", "cheatsheet.html", "notebooks/01_gradient_descent.html")
COLOURS = ("color-contrast", "link-in-text-block")
ALIKE = ["mjx-container", ".highlight", ".bd-sidebar-primary"]
SECONDS = 300  # on a busy machine
OPEN = """theme => {
    localStorage.setItem("mode", theme); localStorage.setItem("theme", theme);
}"""
AXE = """async ([exclude, colours]) => {
    const named = Object.fromEntries(COLOURS.map(rule => [rule, { enabled: false }]));
    const options = { resultTypes: ["violations"], preload: false };
    if (colours === true) options.runOnly = COLOURS;
    if (colours === false) options.rules = named;
    const { violations } = await axe.run({ exclude }, options);
    return violations.map(({ id, impact, nodes }) => ({
        id, impact, where: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
    }));
}""".replace("COLOURS", json.dumps(COLOURS))
QUIZ = """async () => {
    const options = { runOnly: ["color-contrast"], preload: false };
    const { violations } = await axe.run(".Quiz", options);
    return violations.flatMap(({ nodes }) => nodes.map(({ html }) => html));
}"""
# Letters in each full line of the paragraphs of text.
LINES = """() => Array.from(document.querySelectorAll(".bd-article p")).flatMap(p => {
    const text = p.textContent, style = getComputedStyle(p);
    const lines = Math.round(p.clientHeight / parseFloat(style.lineHeight));
    const plain = !p.querySelector("mjx-container, code, br") && !p.closest("figure, details, li");
    return plain && lines > 2 ? [text.length / (lines - 0.5)] : [];
})"""
STYLES = """() => [document.documentElement.scrollWidth <= innerWidth,
    parseFloat(getComputedStyle(document.body).fontSize)]"""
CUT_ON_PAPER = """() => Array.from(document.querySelectorAll(".bd-article pre, .bd-article img"))
    .filter(each => each.scrollWidth > each.clientWidth + 1
        || each.getBoundingClientRect().right > innerWidth + 1)
    .map(each => each.outerHTML.slice(0, 120))"""


def skip(reason):
    if os.environ.get("COURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def axe(root):
    path = root / "site/node_modules/axe-core/axe.min.js"
    if not path.exists() or not (root / built.OWN / built.MATHJAX).exists():
        skip("the parts from npm are missing: `make browser` fetches them, where npm is installed")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def site(root, axe):
    """Build the site as `make site` does; Sphinx warns of nothing."""
    if not all(map(importlib.util.find_spec, ("sphinx", "myst_nb", "sphinx_book_theme"))):
        skip("the packages of the extra `site` are missing: run `make setup`")
    command = [sys.executable, "-m", "tools.site"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=1800)
    assert (done.returncode, done.stderr) == (0, "")
    return root / built.SITE


@pytest.fixture(scope="session")
def pages(site):
    names = [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]
    ours = [name for name in names if not name.startswith(("_static/", "lite/", "slides/"))]
    assert len(ours) > 30
    return sorted(ours, key="accessibility.html".__eq__)  # last: it is made from the others


@pytest.fixture(scope="session")
def server(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    handler = partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


class Reader:
    """A page that refuses every request that leaves the site, and writes down what went wrong."""

    def __init__(self, browser, home, **options):
        self.home, self.wrong = home, []
        self.page = browser.new_page(**options)
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.route("**/*", self.pass_on)
        self.page.on("pageerror", lambda error: self.note(error))
        self.page.on("console", lambda message: message.type == "error" and self.note(message.text))

    def note(self, what):
        self.wrong.append(f"{self.page.url.removeprefix(self.home)}: {what}")

    def pass_on(self, route):
        address = route.request.url
        if address.startswith((self.home, "data:", "blob:")):
            route.continue_()
        else:
            self.note(f"asks for {address}")
            route.abort()

    def open(self, name):
        self.page.goto(self.home + name)
        self.page.wait_for_function(
            "() => !window.MathJax || (MathJax.startup && MathJax.startup.promise)"
        )
        self.page.evaluate("() => window.MathJax && MathJax.startup.promise")

    def look(self, theme, size):
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        # Colours that fade from one theme to the other would be measured half way.
        self.page.evaluate(
            "() => Promise.all(document.getAnimations().map(each => each.finished.catch(() => 0)))"
        )


@pytest.fixture
def reader(browser, site, request):
    made = []

    def make(home=None, **options):
        made.append(Reader(browser, home or f"{site.as_uri()}/", **options))
        return made[-1]

    yield make
    for each in made:
        each.page.close()


@pytest.fixture(scope="session")
def audit(browser, site, pages, axe):
    """Open every page from its folder, once; return what was seen, and write the statement."""
    reader = Reader(browser, f"{site.as_uri()}/")
    seen = {"found": [], "grave": [], "formulas": [], "wide": [], "letters": [], "font": []}
    for name in pages:
        if name == "accessibility.html":
            looks = [f"{theme}, {SIZES[size][0]} × {SIZES[size][1]}" for theme, size in LOOKS]
            text = accessibility.statement(
                reader.page.evaluate("axe.version"), len(pages), looks, seen["found"]
            )
            accessibility.write(site, text)
        reader.open(name)
        reader.page.evaluate(axe)
        see(reader, name, seen)
    seen["wrong"] = reader.wrong
    reader.page.close()
    return seen


LOOKS = list(product(THEMES, SIZES))


def see(reader, name, seen):
    """Look at one page in every look."""
    typed = reader.page.locator(".math").count()
    drawn = reader.page.locator(".math mjx-container svg").count()
    seen["formulas"].append((name, typed, drawn))
    for theme, size in LOOKS:
        reader.look(theme, size)
        if theme == "light":
            fits, font = reader.page.evaluate(STYLES)
            seen["wide"] += [] if fits else [f"{name} on a {size}"]
            seen["font"].append((name, font))
            if size == "desktop" and name.startswith("notebooks/"):
                seen["letters"] += reader.page.evaluate(LINES)
        if name in WHOLE:
            run = [[], None]
        elif (theme, size) == ("light", "desktop"):
            run = [ALIKE, None]
        elif (theme, size) == ("dark", "desktop"):
            run = [ALIKE, True]
        elif theme == "light":
            run = [ALIKE, False]
        else:
            continue
        for each in reader.page.evaluate(AXE, run):
            seen["found"].append((each["impact"], each["id"]))
            if each["impact"] in ("serious", "critical"):
                seen["grave"].append((name, theme, size, each["id"], each["where"][:3]))


def test_axe_finds_nothing_serious(audit):
    assert audit["grave"] == []


def test_nothing_is_asked_for_elsewhere_and_no_script_fails(audit):
    assert audit["wrong"] == []


def test_every_formula_is_drawn(audit):
    assert sum(typed for _, typed, _ in audit["formulas"]) > 100
    assert [each for each in audit["formulas"] if each[1] != each[2]] == []


def test_no_page_is_wider_than_its_screen(audit):
    assert audit["wide"] == []


def test_text_is_large_and_its_lines_are_short(audit):
    assert {font for _, font in audit["font"]} == {18}
    letters = sorted(audit["letters"])
    assert 65 <= letters[len(letters) // 2] <= 75


def test_the_statement_tells_of_this_run(audit, site, pages):
    page = BeautifulSoup((site / "accessibility.html").read_text(encoding="utf-8"), "html.parser")
    assert f"opened all {len(pages)} pages in 4 looks" in page.text
    assert "not been tested yet" not in page.text


def test_a_server_gives_the_same_pages(reader, server, pages):
    guest = reader(server)
    for name in pages:
        guest.open(name)
    assert guest.wrong == []


def test_every_link_within_the_site_leads_somewhere(site, pages):
    parsed = {
        name: BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        for name in pages
    }
    anchors = {name: {tag["id"] for tag in page(id=True)} for name, page in parsed.items()}
    lost = []
    for name, page in parsed.items():
        for tag, key in [("a", "href"), ("img", "src"), ("script", "src"), ("link", "href")]:
            for each in page(tag, {key: True}):
                address, anchor = urldefrag(urljoin(f"http://site/{name}", each[key]))
                where = urlparse(address)
                if where.netloc != "site":
                    continue
                goal = unquote(where.path).strip("/") or "index.html"
                if not (site / goal).is_file():
                    lost.append(f"{name}: {each[key]}")
                elif goal in anchors and anchor and unquote(anchor) not in anchors[goal]:
                    lost.append(f"{name}: no place {each[key]}")
    assert lost == []


def test_every_picture_has_a_text(site, pages):
    for name in pages:
        page = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        assert [str(image)[:100] for image in page("img") if not image.get("alt", "").strip()] == []


@pytest.mark.parametrize("from_folder", [True, False], ids=["folder", "server"])
def test_search_finds_with_excerpts(reader, server, from_folder):
    guest = reader(None if from_folder else server)
    guest.open("search.html?q=sharpness")
    found = guest.page.locator("#search-results li")
    found.locator("p.context").filter(has_text=re.compile("sharpness", re.I)).first.wait_for()
    assert "03" in " ".join(found.locator("a").all_inner_texts())
    assert guest.wrong == []


def test_a_rule_of_thumb_leads_to_its_claim(reader, site):
    guest = reader()
    guest.open("cheatsheet.html")
    proof = guest.page.locator(".proof a").first
    words = proof.inner_text()
    proof.click()
    guest.page.wait_for_url("**/notebooks/*#claim-*")
    claim = guest.page.locator(":target")
    assert words in claim.inner_text()
    assert claim.is_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_a_quiz_answers_in_colours_that_are_read(reader, axe, theme):
    guest = reader()
    guest.open("notebooks/01_gradient_descent.html")
    option = guest.page.locator(".Quiz .MCButton").first
    option.click()
    feedback = guest.page.locator(".Quiz .Feedback").first
    guest.page.wait_for_function(
        "element => element.textContent.trim().length > 10", arg=feedback.element_handle()
    )
    guest.look(theme, "desktop")
    guest.page.evaluate(axe)
    assert guest.page.evaluate(QUIZ) == []
    assert guest.wrong == []


@pytest.mark.parametrize("name", ["index.html", "notebooks/01_gradient_descent.html"])
def test_a_slider_moves(reader, name):
    guest = reader()
    guest.open(name)
    demo = guest.page.locator("course-demo").first
    demo.get_by_label("Your prediction").fill("It breaks")
    guest.page.keyboard.press("Enter")
    slider = demo.locator("input[type=range]").first
    before = slider.get_attribute("aria-valuetext")
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") != before
    assert guest.wrong == []


def test_a_lesson_leads_to_its_slides(reader):
    guest = reader()
    guest.open("notebooks/01_gradient_descent.html")
    guest.page.get_by_role("link", name="As slides").click()
    guest.page.wait_for_selector("html[data-ready]")
    assert guest.page.locator("section.present h1").inner_text().startswith("01")
    assert guest.wrong == []


def test_imports_are_folded(reader):
    guest = reader()
    guest.open("notebooks/02_sgd_regressor_eta0.html")
    code = guest.page.get_by_text("use_course_style()").first
    assert not code.is_visible()
    guest.page.get_by_text("Show the imports").first.click()
    assert code.is_visible()


def test_panels_stand_in_a_column_on_a_phone_and_other_pictures_scroll(reader):
    guest = reader()
    guest.open("notebooks/01_gradient_descent.html")
    guest.look("light", "phone")
    image = guest.page.locator("figure.panels img").first
    image.scroll_into_view_if_needed()
    guest.page.wait_for_function(
        "image => image.complete && image.naturalHeight > image.naturalWidth",
        arg=image.element_handle(),
    )
    assert image.evaluate(
        "image => { const box = image.closest('.scroll');"
        " return box.scrollWidth <= box.clientWidth + 1; }"
    )
    box = guest.page.locator("figure.shown:not(.panels) .scroll").first
    guest.page.wait_for_function("box => box.tabIndex === 0", arg=box.element_handle())
    assert box.evaluate("box => box.scrollWidth > 1.5 * box.clientWidth")


def test_without_scripts_text_and_pictures_stand(reader):
    guest = reader(java_script_enabled=False)
    guest.page.goto(f"{guest.home}notebooks/01_gradient_descent.html")
    assert guest.page.locator(".bd-article h1").inner_text().startswith("01")
    assert guest.page.locator("figure.shown img").first.is_visible()
    assert guest.page.locator(".QuizText").is_visible()


def test_nothing_is_cut_on_paper(reader, pages):
    guest = reader(viewport={"width": 794, "height": 1123})  # A4 at 96 dots an inch
    guest.page.emulate_media(media="print")
    for name in pages:
        if name.startswith("notebooks/"):
            guest.open(name)
            assert guest.page.evaluate(CUT_ON_PAPER) == []
