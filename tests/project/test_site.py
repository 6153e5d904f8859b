"""What the site is made from: lessons, claims, links and packages. No page is built here."""

import base64
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import course_utils
from tools import accessibility, site, site_pages
from tools.site_lessons import CDN, Lesson, claim_id, claims_of, only_imports

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (960).to_bytes(4) + (320).to_bytes(4)
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


def test_a_folder_that_cannot_be_written_is_said_before_any_lesson_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    (tmp_path / "build").write_text("a file stands where the folder should", encoding="utf-8")
    with pytest.raises(site.SiteError, match="cannot be written to build: "):
        site.prepare()


def test_only_the_named_lessons_are_run_anew(root, monkeypatch):
    monkeypatch.chdir(root)
    monkeypatch.setattr(site, "run_each", lambda paths, **env: [(path, None) for path in paths])
    named = site.lessons()[1]
    assert [path for path, notebook in site.executed([str(named)]) if notebook is None] == [named]


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
