"""The pages: ``build/experiments.html``, and ``EXPERIMENTS.md`` of a whole run."""

import base64
import re
from pathlib import Path

from nbconvert.filters import markdown2html

from course_utils.runs import seeds
from experiments import store
from experiments.catalog import EXPERIMENTS

HTML = Path("build/experiments.html")
MARKDOWN = Path("EXPERIMENTS.md")
PICTURES = Path("docs/experiments")
SOURCES = ("bundled", "real", "made")
AIMS = {"E2": (60, 200), "E7b": (20, None)}  # times faster a run: one seed, ten seeds
HEAD = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Every experiment, told against measured</title>
<style>
body { font: 18px/1.5 sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: 1em 0; font-size: 16px; }
td, th { border-bottom: 1px solid #ccc; padding: 0.3em 0.7em; text-align: left;
  vertical-align: top; }
img { max-width: 100%; }
h2 { margin-top: 2.5em; border-top: 1px solid #ccc; padding-top: 1em; }
</style>
"""
INTRODUCTION = """# Every experiment, told against measured

You will read many things about learning rates. Here is each experiment that this course grew out
of, as it is told: its own rows, split, layers, epochs, batch size, grid and folds, in plain
scikit-learn and Keras (`experiments/as_told/`), run once with one seed. Beside it the same through
`course_utils` with ten seeds (`experiments/with_seeds/`), and what has to be known to judge it.
`make experiments` writes this page; no number on it is typed.

Sentences are **told** by the tutorials, or **asked** here to understand what they say; both are
judged alike. A sentence **holds** if it does for each of the ten seeds; where two things are
compared, in pairs of the same seed, if their mean difference is above two standard errors.
"""


def records(short):
    """Return what is kept of each experiment: {name: {source: record}}."""
    found = {}
    for name in EXPERIMENTS:
        for source in SOURCES:
            path = store.path_of("results", name, source, short)
            if record := store.load_record(path):
                found.setdefault(name, {})[source] = {**record, "picture": picture_of(path)}
    return found


def extra(name, short):
    """Return what is kept of the speed or the peers, or None."""
    path = store.path_of("results", name, "made", short)
    record = store.load_record(path)
    return record and {**record, "picture": picture_of(path)}


def picture_of(path):
    return path.with_suffix(".png") if path.with_suffix(".png").exists() else None


def cells(row):
    """Return a row of a table in Markdown."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


def markdown_table(head, rows):
    return "\n".join(map(cells, [head, ["---"] * len(head), *rows]))


def verdict_table(verdicts):
    """Return the verdicts, on what is told before what is asked."""
    rows = [
        ["told" if each["told"] else "asked", each["sentence"], f"**{each['word']}**",
         each["evidence"]]
        for each in sorted(verdicts, key=lambda each: not each["told"])
    ]  # fmt: skip
    return markdown_table(["", "sentence", "verdict", "evidence"], rows)


def seconds(spent):
    """Return clock and processor seconds as ``27 s (31 s)``."""
    return " (".join(f"{spent[name]:.3g} s" for name in ("clock", "processor")) + ")"


def trained_here(record):
    """Return whether this processor's seconds are all: a cluster's workers count their own."""
    return not record.get("workers", 0)


def faster(told, ours, n_runs):
    """Return how many times faster a run is, by processor seconds."""
    return f"{n_runs * told['processor'] / ours['processor']:.0f} ×"


def section(name, of_sources, link):
    """Return the part of the page on one experiment."""
    first = next(iter(of_sources.values()))
    parts = [f"## {name}: {first['title']}", f"*Told:* {first['told']}"]
    for source, record in of_sources.items():
        if source != "made":
            parts.append(f"### {name} on {record['data']}")
        else:
            parts.append(f"Data: {record['data']}.")
        if picture := link(record, name, source):
            parts.append(f"![{record['alt']}]({picture})")
        table = record["table"]
        parts += [
            verdict_table(record["verdicts"]),
            markdown_table(table["columns"], table["data"]),
            timing(record),
        ]
    return "\n\n".join(parts)


def timing(record):
    """Return the sentence on how long it took."""
    spent, workers = record["seconds"], record.get("workers", 0)
    helped = (
        f" They trained on {workers} workers, whose processors are not counted." if workers else ""
    )
    return (
        f"By the clock (of the processor): as told, one seed, {seconds(spent['told'])}; ten seeds "
        f"{seconds(spent['ours'])}; what was measured besides {seconds(spent['control'])}.{helped}"
    )


def summary(found):
    """Return the table of all experiments: verdicts and seconds, on the first data set of each."""
    rows, total = [], {"told": 0.0, "ours": 0.0}
    for name, of_sources in found.items():
        record = next(iter(of_sources.values()))
        told = [each for one in of_sources.values() for each in one["verdicts"] if each["told"]]
        held = sum(each["word"] == "holds" for each in told)
        spent = record["seconds"]
        for which in total:
            total[which] += trained_here(record) * spent[which]["processor"]
        # In E7c the ten seeds search the grid that the class should have had.
        same = trained_here(record) and name != "E7c"
        rows.append(
            [
                f"**{name}** {record['title']}",
                f"{held} of {len(told)}",
                seconds(spent["told"]),
                seconds(spent["ours"]),
                faster(spent["told"], spent["ours"], record["n_seeds"]) if same else "–",
            ]
        )
    rows.append(
        [
            "**in total**, of the processor",
            "",
            f"{total['told']:.0f} s",
            f"{total['ours']:.0f} s",
            "",
        ]
    )
    head = ["experiment", "told and holds", "as told, one seed", "ten seeds", "a run is faster"]
    words = ""
    if total["told"]:
        words = (
            f"All ten seeds together take {total['ours'] / total['told']:.0%} of the processor's "
            "seconds that the code as told takes with one. "
        )
    words += (
        "Seconds are by the clock, in brackets of the processor, all threads "
        "added up; compiling is included, loading TensorFlow is not."
    )
    return markdown_table(head, rows) + "\n\n" + words


def speed_section(speed, found, link):
    """Return the part of the page on how time grows."""
    parts = ["## The record of speed"]
    rows = []
    for name, (aim, aim_of_ten) in AIMS.items():
        if name not in found:
            continue
        record = next(iter(found[name].values()))
        spent, told = record["seconds"], record["seconds"]["told"]
        rows.append([f"{name}, one seed, compiling included", faster(told, speed["cold"][name], 1),
                     f"{aim} ×"])  # fmt: skip
        if aim_of_ten and trained_here(record):
            ten = faster(told, spent["ours"], record["n_seeds"])
            rows.append([f"{name}, ten seeds, compiling included", ten, f"{aim_of_ten} ×"])
    if rows:
        parts.append(markdown_table(["a run is faster", "measured", "aim"], rows))
    if picture := link(speed, "speed", "made"):
        parts.append(f"![{speed['alt']}]({picture})")
    parts.append(verdict_table(speed["verdicts"]))
    parts.append(markdown_table(["figure", "measured"], speed["figures"].items()))
    return "\n\n".join(parts)


def peers_section(peers):
    """Return the part of the page on other ways to train many networks."""
    rows = []
    for each in peers["rows"]:
        ratio = each.get("ratio")
        rows.append(
            [
                each["peer"],
                each["experiment"],
                "–" if ratio is None else f"{ratio:.1f} ×",
                each.get("note", ""),
            ]
        )
    head = ["peer", "experiment", "its seconds over ours", ""]
    return "## Against other ways\n\n" + markdown_table(head, rows)


def footer(all_records):
    """Return where and when this was measured."""
    told_at = sorted(record["told_at"] for record in all_records if "told_at" in record)
    newest = max(all_records, key=lambda record: record["at"])
    versions = ", ".join(f"{name} {number}" for name, number in newest["versions"].items())
    words = [
        "## How this was measured",
        f"On {newest['processor']}, {newest['cores']} cores; {versions}. "
        f"Seeds from {seeds(1)[0]} on (`COURSE_SEED`).",
    ]
    if told_at:
        told_on = sorted({record["told_on"] for record in all_records if "told_on" in record})
        words.append(
            f"The code as told was run on {' and '.join(told_on)}, from {told_at[0][:16]} to "
            f"{told_at[-1][:16]}; ten seeds until {newest['at'][:16]}. "
            "`make experiments ARGS=--fresh` runs it again."
        )
    return "\n\n".join(words)


def compose(found, speed, peers, link, short=False):
    """Return the page in Markdown; `link` gives the address of a record's picture."""
    everything = [record for of in found.values() for record in of.values()]
    everything += [record for record in (speed, peers) if record]
    parts = [INTRODUCTION]
    if short:
        parts.append("**A short run, of three seeds: it shows that all runs, and nothing else.**")
    if found:
        parts.append(summary(found))
    parts += [section(name, of, link) for name, of in found.items()]
    if speed:
        parts.append(speed_section(speed, found, link))
    if peers:
        parts.append(peers_section(peers))
    return "\n\n".join([*parts, footer(everything)]) + "\n"


def embedded(record, *_):
    """Return a picture as the address that holds it."""
    if record["picture"] is None:
        return None
    return "data:image/png;base64," + base64.b64encode(record["picture"].read_bytes()).decode()


def beside(record, name, source):
    """Copy a picture of the bundled data to the folder that is committed; the others have none."""
    if record["picture"] is None or source == "real":
        return None
    path = PICTURES / (name.replace("'", "_prime") + ".png")
    store.save(path, record["picture"].read_bytes())
    return path.as_posix()


def write(short=False):
    """Write the pages from what is kept; return the paths of those that were written."""
    found, speed, peers = records(short), extra("speed", short), extra("peers", short)
    if not (found or speed or peers):
        return []
    page = markdown2html(compose(found, speed, peers, embedded, short))
    page = re.sub(r'\s*<a class="anchor-link".*?</a>', "", page)
    html = HTML.with_stem("experiments-short") if short else HTML
    store.save(html, HEAD + page)
    whole = set(found) == set(EXPERIMENTS) and speed and not short and seeds(1) == [0]
    if not whole:
        return [html]
    store.save(MARKDOWN, compose(found, speed, peers, beside))
    return [html, MARKDOWN]
