"""Make a sheet of paper for each lesson into ``build/handouts``: ``make handouts``.

On it are the objectives, the exercises with room to write, and the quiz, all without answers: for
who has no machine today, and for a class that predicts on paper first.
"""

import json
import re
import shutil
import sys
from html import escape
from pathlib import Path

from nbconvert.filters import markdown2html

from tools.guide import ready

OUT = Path("build/handouts")
MATHJAX = Path("site/node_modules/mathjax/es5/tex-svg.js")
EXERCISE = re.compile(r"(?ms)^### (Exercise \d\d\.\d+ · .+?)$\n(.*?)(?=^#|\Z)")
LINES = {"code": 9, "words": 2}  # to write on
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 16mm 18mm }}
body {{ font: 11.5pt/1.45 "Source Sans 3", Arial, sans-serif; max-width: 174mm; margin: 0 auto }}
h1 {{ font-size: 19pt; margin: 0 0 2mm }}
h2 {{ font-size: 13pt; margin: 6mm 0 1mm; break-after: avoid }}
section {{ break-inside: avoid }}
ul, p {{ margin: 1mm 0 }}
.quiz ul {{ list-style: none }}
img {{ max-width: 100% }}
pre {{ font-size: 9.5pt; background: #f2f2f2; padding: 2mm; white-space: pre-wrap }}
.line {{ border-bottom: 0.3mm solid #999; height: 8mm }}
</style>
<script>MathJax = {{tex: {{inlineMath: [["$", "$"]]}}, options: {{enableMenu: false}}}}</script>
{script}
<h1>{title}</h1>
<p><em>{question}</em> &emsp; Name: ______________________</p>
{body}
"""


def exercises(cells):
    """Yield of each exercise its heading, text, pictures, and the code to complete."""
    for index, cell in enumerate(cells):
        found = (
            EXERCISE.search("".join(cell["source"])) if cell["cell_type"] == "markdown" else None
        )
        if not found:
            continue
        pictures = []
        for after in cells[index + 1 :]:
            outputs = [output.get("data", {}) for output in after.get("outputs", [])]
            pictures += [data["image/png"] for data in outputs if "image/png" in data]
            source = "".join(after["source"])
            if re.search(r"\bcheck\(", source):
                yield (*found.groups(), pictures, re.sub(r"(?m)^check\(.*\n?", "", source).strip())
                break


def sheet(card, script="", root="."):
    """Return the sheet of a lesson as HTML."""
    path = Path(root, "notebooks", f"{card.notebook}.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    goals = "\n".join(f"- {goal['can']}" for goal in card.objectives)
    parts = [f"<section><h2>You will be able to</h2>{markdown2html(goals)}</section>"]
    for heading, text, pictures, code in exercises(cells):
        body = markdown2html(text) + "".join(
            f'<img alt="" src="data:image/png;base64,{"".join(picture.split())}">'
            for picture in pictures
        )
        lone = re.fullmatch(r"\w+ = \.\.\.(?: +# (.+))?", code)
        if lone:
            body += f"<p>Your answer: {escape(lone[1] or '')}</p>"
        else:
            body += f"<pre>{escape(code)}</pre>"
        body += '<div class="line"></div>' * LINES["code" if "def " in code else "words"]
        title = re.sub("</?p>", "", markdown2html(heading)).strip()
        parts.append(f"<section><h2>{title}</h2>{body}</section>")
    quiz = Path(root, "course_utils", "lessons", f"lesson_{card.number}", "quiz.json")
    for number, question in enumerate(json.loads(quiz.read_text(encoding="utf-8")), start=1):
        options = "\n".join(f"- ☐ {answer['answer']}" for answer in question["answers"])
        text = markdown2html(f"{question['question']}\n\n{options}")
        parts.append(f'<section class="quiz"><h2>Question {number}</h2>{text}</section>')
    title = f"{card.number} · {card.title}"
    return PAGE.format(
        title=escape(title.replace("`", "")),
        question=escape(card.question),
        script=script,
        body="\n".join(parts),
    )


def main(out=OUT):
    """Write the sheets; the old ones stand until the new ones are done."""
    fresh = out.with_name(f"{out.name}-new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    script = ""
    if MATHJAX.exists():
        shutil.copy(MATHJAX, fresh)
        script = f'<script src="{MATHJAX.name}"></script>'
    else:
        print("MathJax is missing (npm fetches it): formulas stand as they are typed, in TeX.")
    cards = ready()
    for card in cards:
        (fresh / f"{card.notebook}.html").write_text(sheet(card, script), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    print(f"{len(cards)} handouts in {out}; print them from a browser.")


if __name__ == "__main__":
    sys.exit(main())
