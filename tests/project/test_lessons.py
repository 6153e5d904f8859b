"""A lesson's folder holds all that is said of it elsewhere: the tables, and what a wheel needs."""

import pytest

from tools import lessons


@pytest.mark.parametrize("name", lessons.TABLES)
def test_tables_are_those_of_the_cards(root, name):
    text = (root / name).read_text(encoding="utf-8")
    assert text.count(lessons.START) == text.count(lessons.END) == 1
    table = lessons.TABLES[name](root)
    assert lessons.with_table(text, table) == text, "run `make notebooks` to write the tables"
    assert text.count(table) == 1


def test_a_new_card_is_a_new_row(root, tmp_path):
    card = tmp_path / "course_utils" / "lessons" / "lesson_42" / "card.toml"
    card.parent.mkdir(parents=True)
    card.write_text(
        'notebook = "42_late"\ntitle = "Late"\nquestion = "Why \\\\1?"\nminutes = 5\n'
        "tensorflow = true\n",
        encoding="utf-8",
    )
    for name in lessons.TABLES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((root / name).read_bytes())
    lessons.main(tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "\n|---|---|---|---|---|\n| 42 | Late | Why \\1? | 5 | planned |\n\n<!--" in readme
    for path in (tmp_path / "notebooks" / "42_late.ipynb", tmp_path / "instructor" / "42_late.md"):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    lessons.main(tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| 42 | [Late](notebooks/42_late.ipynb) | Why \\1? | 5 | ready |" in readme
    guide = (tmp_path / "instructor" / "README.md").read_text(encoding="utf-8")
    assert "|---|---|---|\n| [42](42_late.md) | Late | 5 min |\n\n<!--" in guide


def test_every_lesson_that_is_written_is_whole(root):
    for card in lessons.cards(root):
        if not (root / "notebooks" / f"{card.notebook}.ipynb").exists():
            continue
        folder = root / "course_utils" / "lessons" / f"lesson_{card.number}"
        assert card.notebook.startswith(f"{card.number}_")
        assert {"exercises.py", "quiz.json"} <= {path.name for path in folder.iterdir()}
        assert (root / "instructor" / f"{card.notebook}.md").exists()
