"""Read the lessons' cards, and write the tables of lessons in both READMEs: ``make notebooks``."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

START, END = "<!-- lessons: made from their cards by make notebooks -->", "<!-- end of lessons -->"


@dataclass(frozen=True)
class Card:
    """What ``course_utils/lessons/lesson_NN/card.toml`` says of a lesson."""

    number: str  # two digits, from the name of the folder
    notebook: str  # name of the notebook and of the teacher's page, without their endings
    title: str
    question: str  # that the lesson answers
    minutes: int  # for who reads alone
    tensorflow: bool  # whether the notebook imports TensorFlow
    browser: bool = False  # whether it runs in the browser: no TensorFlow, no processes
    in_class: str = ""  # how long it takes in class, in words, where that is not the same
    needs: tuple = ()  # numbers of the lessons that it builds on
    # What the reader will be able to do, word for word as the lesson opens, with the numbers of the
    # sections that teach it and of the exercises and quiz questions that check it.
    objectives: tuple = ()


def minutes(notebook):
    """Return how long a notebook takes who reads it alone, from what is in it.

    130 words a minute, five seconds for a line of code, a minute for a picture or a demo, three
    for an exercise (or as many as its cell has in a tag, such as ``minutes-12``), and five for the
    quiz.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    words = re.sub(r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)", " x ", text)  # a formula is read as a word
    lines = sum(bool(line.strip()) for cell in code for line in cell.source.splitlines())
    pictures = sum(
        "image/png" in output.get("data", {}) for cell in code for output in cell.outputs
    )
    demos = sum("demo" in cell.metadata.get("tags", []) for cell in code)
    exercises = sum(work(cell) * len(re.findall(r"\bcheck\(", cell.source)) for cell in code)
    reading = len(re.findall(r"[^\W\d_][\w'’-]*", words)) / 130 + lines * 5 / 60
    return reading + pictures + demos + exercises + 5


def work(cell):
    """Return the minutes that an exercise takes: three, or what a tag of its cell says."""
    tags = (re.fullmatch(r"minutes-(\d+)", tag) for tag in cell.metadata.get("tags", []))
    return next((int(tag[1]) for tag in tags if tag), 3)


def cards(root="."):
    """Return the cards of all lessons in the folder of the course, planned ones included."""
    paths = sorted(Path(root, "course_utils", "lessons").glob("lesson_[0-9][0-9]/card.toml"))
    return [
        Card(path.parent.name[-2:], **tomllib.loads(path.read_text(encoding="utf-8")))
        for path in paths
    ]


def lesson_table(root="."):
    """Return the table in the course's README."""
    lines = [
        "| | lesson | the question it answers | minutes | status |",
        "|---|---|---|---|---|",
    ]
    for card in cards(root):
        ready = Path(root, "notebooks", f"{card.notebook}.ipynb").exists()
        title = f"[{card.title}](notebooks/{card.notebook}.ipynb)" if ready else card.title
        cells = [card.number, title, card.question, card.minutes, "ready" if ready else "planned"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def teacher_table(root="."):
    """Return the table in the README of the teacher's guide: of the lessons that have a page."""
    lines = ["| page | lesson | in class |", "|---|---|---|"]
    for card in cards(root):
        page = f"{card.notebook}.md"
        if Path(root, "instructor", page).exists():
            in_class = card.in_class or f"{card.minutes} min"
            lines.append(f"| [{card.number}]({page}) | {card.title} | {in_class} |")
    return "\n".join(lines)


TABLES = {"README.md": lesson_table, "instructor/README.md": teacher_table}


def with_table(text, table):
    """Return a text with the table between its two markers."""
    return re.sub(f"(?s)(?<={START}\n\n).*(?=\n\n{END})", lambda _: table, text)


def main(root="."):
    """Write the tables anew."""
    for name, make in TABLES.items():
        path = Path(root, name)
        text = path.read_text(encoding="utf-8")
        path.write_text(with_table(text, make(root)), encoding="utf-8")


if __name__ == "__main__":
    main()
