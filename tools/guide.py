"""Write two pages of the teacher's guide from cards, notebooks and plans: ``make notebooks``.

``objectives.md`` says by which section, exercise and question each objective is taught and checked,
and of each of those which objectives it serves; a lesson's card holds the objectives.
``plans.md`` holds the plans of ``plans.toml``, whose minutes are those of the lessons' parts.
"""

import json
import re
import tomllib
from pathlib import Path

from tools.lessons import cards, with_table

LETTERS = "abcdefghijkl"
LONGEST = 95  # minutes without a break


class GuideError(Exception):
    """A page cannot be written; the message says why, and what to do."""


def words_of(card, root="."):
    """Return all that a lesson says in Markdown, as one text."""
    path = Path(root, "notebooks", f"{card.notebook}.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def ready(root="."):
    """Return the cards of the lessons that are written."""
    return [c for c in cards(root) if Path(root, "notebooks", f"{c.notebook}.ipynb").exists()]


def contents(card, root="."):
    """Return number and title of each section, exercise and question of a lesson."""
    text = words_of(card, root)
    quiz = Path(root, "course_utils", "lessons", f"lesson_{card.number}", "quiz.json")
    questions = json.loads(quiz.read_text(encoding="utf-8"))
    return {
        "sections": {int(n): title for n, title in re.findall(r"(?m)^## (\d+) · (.+)$", text)},
        "exercises": dict(re.findall(r"(?m)^### Exercise (\d\d\.\d+) · (.+)$", text)),
        "quiz": {n: question["question"] for n, question in enumerate(questions, start=1)},
    }


def parts_in_class(card, root="."):
    """Return the minutes in class of each part of a lesson, from its opening."""
    listed = re.search(r" alone, \d+ in class \((.+)\)", words_of(card, root))[1]
    parts = (part.rpartition(" ") for part in listed.split(" · "))
    return {name: int(minutes) for name, _, minutes in parts}


def objectives(root="."):
    """Return the tables of objectives, both ways, of every lesson."""
    lines = []
    for card in ready(root):
        has = contents(card, root)
        lines += [f"## {card.number} · {card.title}", ""]
        lines.append("| | you will be able to | section | exercise | question |")
        lines.append("|---|---|---|---|---|")
        goals = list(zip(LETTERS, card.objectives, strict=False))
        for letter, goal in goals:
            cells = (", ".join(map(str, goal[kind])) or "–" for kind in has)
            lines.append(f"| {letter} | {goal['can']} | {' | '.join(cells)} |")
        lines += ["", "| what is there | serves |", "|---|---|"]
        names = {"sections": "Section", "exercises": "Exercise", "quiz": "Question"}
        for kind, found in has.items():
            for key, title in found.items():
                serves = [letter for letter, goal in goals if key in goal[kind]]
                lines.append(f"| {names[kind]} {key} · {title} | {', '.join(serves) or '–'} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def read_plans(root="."):
    """Return the plans, as they are written down."""
    path = Path(root, "instructor", "plans.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))["plans"]


def rows(plan, root="."):
    """Return minutes and words of each item of a plan; the last takes what is left.

    Raises
    ------
    GuideError
        If the plan names what is not there, or takes longer than it may.
    """
    known, found = {card.number: card for card in ready(root)}, []
    for item in plan["items"]:
        if "lesson" not in item:
            found.append((item["minutes"], item["text"]))
            continue
        if item["lesson"] not in known:
            raise GuideError(
                f"instructor/plans.toml, {plan['title']!r}: there is no lesson {item['lesson']}. "
                f"Name one of {', '.join(known)}."
            )
        card = known[item["lesson"]]
        parts = parts_in_class(card, root)
        named = item.get("only", []) + item.get("without", [])
        if strange := [name for name in named if name not in parts]:
            raise GuideError(
                f"instructor/plans.toml, {plan['title']!r}: lesson {card.number} has no part "
                f"{strange[0]!r} in class. Name some of: {', '.join(parts)}."
            )
        chosen = item.get("only") or [name for name in parts if name not in named]
        words = f"[{card.number} · {card.title}]({card.notebook}.md)"
        words += f": {' · '.join(chosen)}" if len(chosen) < len(parts) else ""
        found.append((sum(parts[name] for name in chosen), words))
    left = plan["minutes"] - sum(minutes for minutes, _ in found)
    if left < 0:
        raise GuideError(
            f"instructor/plans.toml, {plan['title']!r} takes {-left} minutes more than its "
            f"{plan['minutes']}. Cut a part (`without`), or give it more minutes."
        )
    return [*found, (left, plan["rest"])]


def plans(root="."):
    """Return the plans as tables, with their minutes counted on."""
    lines, alone = [], {card.number: card for card in ready(root)}
    for plan in read_plans(root):
        lines += [f"## {plan['title']}", "", plan["words"], "", "| min | what |", "|---|---|"]
        now = 0
        for minutes, words in rows(plan, root):
            if minutes:
                lines.append(f"| {now}–{now + minutes} | {words} |")
            now += minutes
        if home := [alone[number] for number in plan.get("home", [])]:
            total = sum(card.minutes for card in home)
            named = ", ".join(f"{card.number} ({card.minutes} min)" for card in home)
            in_all = f"; {total} minutes in all" if len(home) > 1 else ""
            lines += ["", f"At home, alone: {named}{in_all}."]
        lines.append("")
    return "\n".join(lines).rstrip()


PAGES = {"instructor/objectives.md": objectives, "instructor/plans.md": plans}


def main(root="."):
    """Write the pages anew."""
    for name, make in PAGES.items():
        path = Path(root, name)
        path.write_text(with_table(path.read_text(encoding="utf-8"), make(root)), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except GuideError as error:
        raise SystemExit(str(error)) from None
