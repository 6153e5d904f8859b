"""What the site is made from: lessons, claims, links and packages. No page is built here."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

import course_utils
from tools import accessibility, site, site_pages, site_pictures
from tools.site_lessons import CDN, Lesson, claim_id, claims_of, only_imports


def png(*panels, width=960, height=320):
    """Return a picture with a dark panel between each two columns."""
    image, buffer = Image.new("RGB", (width, height), "white"), BytesIO()
    for left, right in panels:
        image.paste("black", (left, 10, right, height - 10))
    image.save(buffer, "PNG")
    return buffer.getvalue()


PNG = png((50, 900))
SENTENCE = "The walk shrinks by 1/(1 + κ)"


def shown(data, **metadata):
    return new_code_cell("show()", outputs=[new_output("display_data", data, metadata=metadata)])


@pytest.fixture
def notebook():
    claim = f"✓ {SENTENCE} (5 of 5 seeds)"
    return new_notebook(
        cells=[
            new_markdown_cell("# 01 · A bowl\n\n**What you will do:** walk."),
            new_code_cell("import os\nimport sys\n\nuse_course_style()"),
            shown(
                {"image/png": base64.b64encode(PNG).decode()},
                **{"image/png": {"alt": 'It falls & "rests".'}},
            ),
            shown({"text/plain": claim, "text/html": f"<div style='x'>{claim}</div>"}),
            shown({"text/html": f"<script src='{CDN}'></script>"}),
            new_code_cell("bowl_demo()", metadata={"tags": ["demo"]}),
        ]
    )


@pytest.fixture
def prepared(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr("tools.site_lessons.page_sliders", None)
    return Lesson(Path("01_bowl.ipynb"), notebook, tmp_path).prepare("<ul>links</ul>")


@pytest.fixture(scope="module")
def claims(root):
    found = {}
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        seen = claims_of(nbformat.read(path, as_version=4))
        found |= {sentence: (path.stem, evidence) for sentence, evidence in seen.items()}
    return found


def test_links_stand_below_the_title(prepared):
    lines = prepared.cells[0].source.split("\n\n")
    assert lines == ["# 01 · A bowl", "<ul>links</ul>", "**What you will do:** walk."]


def test_imports_are_folded_and_nothing_else(prepared):
    tags = [cell.metadata.get("tags", []) for cell in prepared.cells[1:4]]
    assert tags == [["hide-input"], [], []]
    assert not only_imports("import os\nimport sys\nx = 1")
    assert not only_imports("import os")


def test_a_picture_is_a_file_with_its_text_and_a_caption(prepared, tmp_path):
    html = prepared.cells[2].outputs[0].data["text/html"]
    assert (tmp_path / "figures" / "01_bowl_1.png").read_bytes() == PNG
    assert 'src="../figures/01_bowl_1.png"' in html
    assert 'alt="It falls &amp; &quot;rests&quot;."' in html
    assert 'width="960" height="320"' in html
    assert 'class="shown wide"' in html
    assert "<b>Figure 01.1</b> It falls &amp;" in html


@pytest.mark.parametrize(
    ("panels", "n"),
    [
        ([(50, 900)], 1),
        ([(50, 470), (490, 940)], 2),
        ([(50, 310), (330, 630), (650, 940)], 3),
        ([(50, 230), (250, 470), (490, 700), (730, 940)], 4),
        ([(50, 200), (220, 940)], 1),  # a colour bar at its left, say
        ([(50, 478), (479, 940)], 1),  # two letters
    ],
)
def test_panels_side_by_side_stand_in_a_column_on_a_phone(panels, n, tmp_path):
    html = site_pictures.figure(png(*panels), {"alt": "All."}, "01.1", tmp_path, "some")
    assert ('srcset="../figures/some_column.png 1x"' in html) == (n > 1)
    if n > 1:
        with Image.open(tmp_path / "some_column.png") as column:
            assert column.height == 320 * n
            rows = column.convert("L").crop((0, 160, column.width, 161))
            assert 960 / n - 40 < column.width < 960 / n + 40
            assert rows.getextrema() == (0, 255)


def test_a_sharp_picture_is_no_larger(tmp_path):
    metadata = {"alt": "All.", "width": 480, "height": 160}
    html = site_pictures.figure(PNG, metadata, "01.1", tmp_path, "some")
    assert 'srcset="../figures/some.png 2x"' in html
    assert 'width="480" height="160"' in html


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Two notebooks and a package, in the folder where the test runs."""
    for name in ("notebooks", "course_utils"):
        (tmp_path / name).mkdir()
    for name in ("00_start", "01_bowl"):
        nbformat.write(told("committed"), tmp_path / "notebooks" / f"{name}.ipynb")
    (tmp_path / "course_utils" / "some.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(site, "page_sliders", None)
    monkeypatch.setattr(
        site, "run_each", lambda paths, **env: [(path, told("run")) for path in paths]
    )
    return tmp_path


def told(words):
    return new_notebook(cells=[new_markdown_cell(words)])


def shown_of(run=()):
    return [notebook.cells[0].source for _, notebook in site.executed(run)]


def test_only_the_named_lessons_are_run_anew(course):
    assert shown_of(["notebooks/01_bowl.ipynb"]) == ["committed", "run"]


def test_the_last_run_is_shown_until_something_changes(course):
    shown_of(site.lessons())
    assert shown_of() == ["run", "run"]
    for path in ("course_utils/some.py", "notebooks/00_start.ipynb"):
        os.utime(course / path, (2**31, 2**31))
        assert shown_of()[0] == "committed"
        os.utime(course / path, (1, 1))
    assert shown_of() == ["run", "run"]


def test_a_claim_is_a_sentence_and_its_evidence(notebook):
    assert claims_of(notebook) == {SENTENCE: "5 of 5 seeds"}


def test_a_claim_has_an_address(prepared):
    assert f'<div id="{claim_id(SENTENCE)}"' in prepared.cells[3].outputs[0].data["text/html"]


def test_quizzes_load_nothing_from_elsewhere(prepared):
    assert "://" not in prepared.cells[4].outputs[0].data["text/html"]


def test_a_demo_without_sliders_says_where_it_moves(prepared):
    assert "make lab" in prepared.cells[5].outputs[0].data["text/markdown"]


def test_the_address_of_quizzes_is_still_the_one_replaced(root):
    path = root / "notebooks" / "01_gradient_descent.ipynb"
    assert CDN in path.read_text(encoding="utf-8")


def test_a_rule_links_to_its_claim():
    found = {"It <grows>": ("01_bowl", "5 of 5 seeds")}
    assert site_pages.with_claims("[[It\n<grows>]]", found) == (
        '<span class="proof">✓ lesson 01: <a href="notebooks/01_bowl.html#claim-it-grows">'
        "It &lt;grows&gt; (5 of 5 seeds)</a></span>"
    )


def test_a_rule_without_a_proof_is_an_error():
    with pytest.raises(site_pages.ClaimError, match="No lesson claims 'It rests'"):
        site_pages.with_claims("[[It rests]]", {"It grows": ("01_bowl", "")})


def test_every_rule_of_thumb_is_claimed_by_a_lesson(root, claims):
    text = (root / "site" / "cheatsheet.md").read_text(encoding="utf-8")
    rules = re.findall(r"(?m)^\*\*.+(?:\n.+)*", text)
    assert len(rules) > 15
    assert [rule for rule in rules if "[[" not in rule] == []
    linked = site_pages.with_claims(text, claims)
    for notebook, address in re.findall(r"notebooks/(\w+)\.html#([\w-]+)", linked):
        path = root / "notebooks" / f"{notebook}.ipynb"
        sentences = claims_of(nbformat.read(path, as_version=4))
        assert address in {claim_id(sentence) for sentence in sentences}


def test_every_lesson_in_the_glossary_is_there(root):
    folder = root / "site"
    text = (folder / "glossary.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((.+?)\)", text)
    assert links
    assert [link for link in links if not (root / link).exists()] == []
    terms = re.findall(r"(?m)^(\S.+)\n  \S", text.partition("{glossary}\n")[2])
    assert [term.lower() for term in terms] == sorted(term.lower() for term in terms)


def test_reference_holds_every_public_name(root, monkeypatch):
    monkeypatch.chdir(root)
    names = [name for names in site_pages.subjects().values() for name in names]
    assert sorted(names) == course_utils.__all__


def test_the_bar_of_a_lesson_names_its_minutes_and_downloads(root, monkeypatch):
    monkeypatch.chdir(root)
    bar = site_pages.bar("01_gradient_descent", {"binder": "https://example.org/lab"})
    card = next(c for c in site_pages.cards() if c.notebook == "01_gradient_descent")
    assert f"{card.minutes} minutes" in bar
    assert re.findall(r'href="(.+?)"', bar) == [
        "01_gradient_descent.ipynb",
        "../learning-rates.zip",
        "https://example.org/lab",
    ]


def test_a_page_of_the_guide_links_to_its_lesson_and_its_slides(tmp_path):
    page = tmp_path / "instructor" / "01_bowl.md"
    slides = tmp_path / "extra" / "slides" / "01_bowl.html"
    for path in (page, slides):
        path.parent.mkdir(parents=True)
    page.write_text("# A bowl\n\n**For:** it.\n", encoding="utf-8")
    site_pages.lesson_links("01_bowl", tmp_path)
    lesson = '<ul class="bar"><li><a href="../notebooks/01_bowl.html">The lesson</a></li>'
    assert page.read_text(encoding="utf-8") == f"# A bowl\n\n{lesson}</ul>\n\n**For:** it.\n"
    slides.touch()
    page.write_text("# A bowl\n\n**For:** it.\n", encoding="utf-8")
    site_pages.lesson_links("01_bowl", tmp_path)
    assert '<li><a href="../slides/01_bowl.html">Its slides</a></li>' in page.read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_said_before_any_lesson_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "build").write_text("a file stands where the folder should", encoding="utf-8")
    with pytest.raises(site.SiteError, match="cannot be written to build: "):
        site.prepare()


def test_the_zip_holds_what_the_course_needs(root, monkeypatch, tmp_path):
    monkeypatch.chdir(root)
    for name in ("one.zip", "two.zip"):
        site.write_zip(tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    names = zipfile.ZipFile(tmp_path / "one.zip").namelist()
    needed = ("Makefile", "requirements.lock", "pyproject.toml", "course_utils/__init__.py")
    for name in (*needed, "notebooks/00_start_here.ipynb", "data/bmi.csv"):
        assert f"learning-rates/{name}" in names
    assert not any("__pycache__" in name or "node_modules" in name for name in names)


def test_a_page_keeps_links_within_the_site_and_words_of_others(root, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "instructor").mkdir()
    (tmp_path / "instructor" / "01_bowl.md").write_text("A page", encoding="utf-8")
    (tmp_path / "CONTRIBUTING.md").write_text(
        "[guide](instructor/01_bowl.md), [code](course_utils/runs), [web](https://example.org)",
        encoding="utf-8",
    )
    site_pages.copy_page("CONTRIBUTING.md", tmp_path / "source")
    assert (tmp_path / "source" / "CONTRIBUTING.md").read_text(encoding="utf-8") == (
        "[guide](instructor/01_bowl.md), code, [web](https://example.org)"
    )


def test_packages_of_npm_are_pinned_with_hashes_and_name_no_address(root):
    package = json.loads((root / "site" / "package.json").read_text())
    lock = json.loads((root / "site" / "package-lock.json").read_text())["packages"]
    wanted = package["dependencies"] | package["devDependencies"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    for name, entry in lock.items():
        assert "resolved" not in entry
        assert not name or entry["integrity"].startswith("sha512-")


def test_without_mathjax_formulas_stand_as_typed(root, tmp_path):
    pytest.importorskip("myst_nb", reason="needs the extra `site`")
    source = tmp_path / "source"
    (source / "extra").mkdir(parents=True)
    for name in ("conf.py", "excerpts.py", "accessibility.md", "_templates", "_static"):
        copy = shutil.copytree if (root / "site" / name).is_dir() else shutil.copy
        copy(root / "site" / name, source / name)
    page = "# Bowl\n\nThe rate $\\eta < 2/\\lambda$.\n\n```{toctree}\naccessibility\n```\n"
    (source / "index.md").write_text(page, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", source, tmp_path / "site"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    html = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert r'<code class="tex">\eta &lt; 2/\lambda</code>' in html
    assert "MathJax was missing" in html
    assert "tex-svg.js" not in html
    texts = (tmp_path / "site" / "_static" / "excerpts.js").read_text(encoding="utf-8")
    assert '"accessibility": "<div role' in texts.replace("\\", "")
    assert r"<section id=\"bowl\">" in texts


def test_the_statement_counts_what_was_found(tmp_path):
    found = [("minor", "region"), ("serious", "contrast"), ("minor", "region")]
    text = accessibility.statement("4.1", 3, ["light", "dark"], found)
    assert "all 3 pages in 2 looks (light; dark)" in text
    assert "found 1 findings that it calls serious or critical" in text
    assert "<li>region (minor): 2 times</li>" in text
    page = tmp_path / "accessibility.html"
    page.write_text("a<!-- audit -->old<!-- end of the audit -->b", encoding="utf-8")
    accessibility.write(tmp_path, text)
    assert page.read_text(encoding="utf-8") == (
        f"a<!-- audit -->\n{text}\n<!-- end of the audit -->b"
    )


def test_a_page_without_a_place_for_the_statement_is_an_error(tmp_path):
    (tmp_path / "accessibility.html").write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="make site"):
        accessibility.write(tmp_path, "x")
