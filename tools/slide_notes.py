"""Share the teacher's page of a lesson among its slides, as speaker notes."""

import re
from collections import Counter

from tools.slide_rules import EXERCISE, blocks

SURE = 4  # a number of an exercise, that both name
ENOUGH = 1  # such as one word that no other section uses: then a note is about the section


def words(text):
    """Return the words that tell what a text is about, without their endings."""
    found = re.findall(r"\d\d\.\d+|section \d+|(?<![^\W\d_])[^\W\d_]{4,6}", text.lower())
    return set(found)


def matched(notes, sections):
    """Find the section that each note is about, in the order of both.

    A note and a section have in common the words that both use; the fewer sections use a word, the
    more it counts, and words of a heading count three times.

    Parameters
    ----------
    notes : list of str
    sections : list of (str, str)
        Heading and text of each.

    Returns
    -------
    list of int
        For each note the index of its section, or -1 where no section has its words.
    """
    known = [(words(heading), words(text)) for heading, text in sections]
    named, used = (Counter(word for each in known for word in each[i]) for i in (0, 1))
    best = [(0, [])] * len(sections)  # up to each section: the largest sum, and where notes went
    for note in notes:
        said, ahead = words(note), []
        for i, (heading, text) in enumerate(known):
            score = sum(2 / named[word] for word in said & heading)
            score += sum(1 / used[word] ** 2 for word in said & text)
            score += sum(SURE for word in said & text if EXERCISE.fullmatch(word))
            total, where = max(best[: i + 1], key=lambda each: each[0])
            ahead.append((total + score, [*where, i if score >= ENOUGH else -1]))
        best = ahead
    return max(best, key=lambda each: each[0])[1]


def shared(guide, sections):
    """Share the teacher's page of a lesson among its exercises and sections.

    Parameters
    ----------
    guide : str
        In Markdown.
    sections : list of (str, str)
        Heading and text of each.

    Returns
    -------
    (dict, list of list of str, list of str)
        Notes by exercise, notes of each section, and the rest.
    """
    exercises, places, rest, rows, lists = {}, [[] for _ in sections], [], [], [[]]
    for block in blocks(guide):
        if block.startswith("|"):
            cells = [re.split(r" *\| *", line.strip("| ")) for line in block.splitlines()[2:]]
            rows += [f"**{first}** {': '.join(filter(None, more))}" for first, *more in cells]
        elif block.startswith("- ") and (about := re.match(r"- (\d\d\.\d+)", block)):
            exercises.setdefault(about[1], []).append(block)
        elif block.startswith("- "):
            lists[-1].append(block)
        elif re.fullmatch(r"# .*|\*\*[^*]+\*\*", block):
            lists.append([])  # below each heading the notes begin with the first section again
        else:
            rest.append(block)
    # A note begins with its place: "At the noise floor:", and what to ask.
    leads = [[item.partition('"')[0] for item in items] for items in lists]
    for notes, about in zip([rows, *lists], [rows, *leads], strict=True):
        for note, place in zip(notes, matched(about, sections), strict=True):
            (places[place] if place >= 0 else rest).append(note)
    return exercises, places, rest
