"""What a deck of slides is made from: rules on tiny texts and notebooks. No browser, no npm."""

import base64
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import slide_rules as rules
from tools import slides
from tools.lessons import Card
from tools.site_lessons import NO_SLIDERS
from tools.slide_deck import Deck, as_html
from tools.slide_notes import matched, shared

PNG = b"\x89PNG\r\n\x1a\n"
BOWL = Card("01", "01_bowl", "A bowl", "Where does it break?", 40, False)
NEXT = Card("02", "02_cliff", "A cliff", "Why there?", 45, False)
LOOP = "for _ in range(3):\n    w = w - learning_rate * gradient"
GUIDE = """# 01 · A bowl

**For:** the factor.

| min | what | how |
|---|---|---|
| 0–6 | by hand | on the board; 01.1 |
| 6–9 | the ravine | |
| 9–10 | quiz | |

**Pause**

- At the end of section 1: "And now?"
- Before the ravine: "How many steps?" Write them down.
- "So which one?" It depends.

**Answers to expect**

- 01.1: a plus sign.
- 01.9: of an exercise that is gone.
"""


def code(source, *outputs, tags=()):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def said(sentence):
    return new_output("display_data", {"text/plain": sentence, "text/html": "<div></div>"})


PICTURE = new_output(
    "display_data",
    {"image/png": base64.b64encode(PNG).decode()},
    metadata={"image/png": {"alt": 'It falls & "rests".'}},
)
QUIZ = said("Quiz 01\n\n1. What does `fit` call: __init__?\n   a) Yes\n   b) No")


@pytest.fixture
def notebook():
    return new_notebook(
        cells=[
            new_markdown_cell(
                "# 01 · A bowl\n\n**What you will do:** walk.\n\n"
                "**What you will be able to do**\n\n- walk;\n- stop.\n\n**Minutes:** 40"
            ),
            code("import os\nimport sys"),
            new_markdown_cell("## 1 · By hand\n\nSome prose. Where will w be after one step?"),
            code(LOOP, new_output("stream", name="stdout", text="step 1: 2\n")),
            new_markdown_cell(
                "**A step takes away a share**, and nothing else. Here is its curve.\n\n"
                "*You will read that small is safe. It is not.*"
            ),
            code("show(plot())", PICTURE, said("✓ It <grows> (5 of 5 seeds)")),
            new_markdown_cell(
                "### Exercise 01.1 · Write it\n\nComplete it.\n\n- **a** so\n- **b** or so"
            ),
            code(
                "def step(w):\n    return ...\n\n\ncheck('01.1', step)".replace("'", '"'), said("…")
            ),
            new_markdown_cell("## 2 · Nothing to see\n\nOnly prose."),
            new_markdown_cell("## 3 · The ravine\n\n**Predict first:** how many steps?"),
            code("bowl_demo()", tags=["demo"]),
            new_markdown_cell("## You have seen\n\n- A factor.\n\n## Check yourself"),
            code('quiz("01")', QUIZ),
            new_markdown_cell("## Next\n\nThe cliff.\n\n**References.** Nobody."),
        ]
    )


@pytest.fixture
def deck(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr("tools.slide_deck.page_sliders", None)
    return Deck(Path("01_bowl.ipynb"), notebook, BOWL, tmp_path, NEXT)


def kinds(deck):
    return [slide.kind for slide in deck.slides]


def of(deck, kind):
    return [slide.body for slide in deck.slides if slide.kind == kind]


def test_notes_below_another_heading_begin_with_the_first_section_again():
    sections = [("The bowl", "a bowl"), ("The ravine", "a ravine")]
    guide = "**Pause**\n\n- At the ravine: so?\n\n**On the board**\n\n- At the bowl: a line."
    _, places, rest = shared(guide, sections)
    assert places == [["- At the bowl: a line."], ["- At the ravine: so?"]]
    assert rest == []


def test_a_deck_goes_through_the_lesson_in_its_order(deck):
    assert kinds(deck) == [
        *("title", "goals", "section", "question", "code", "claims", "question", "figure"),
        *("claims", "exercise", "section", "question", "demo asked", "end", "quiz", "end"),
    ]


def test_the_title_has_the_question_of_the_lesson(deck):
    assert "<em>Where does it break?</em>" in deck.slides[0].body
    assert deck.slides[1].title == "What you will be able to do"


def test_a_section_without_anything_to_show_is_left_out(deck):
    assert [s.title for s in deck.slides if s.kind == "section"] == [
        "1 · By hand",
        "3 · The ravine",
    ]


def test_what_code_prints_waits_for_the_class(deck):
    (body,) = of(deck, "code")
    assert body.count("<pre") == 2
    assert '<pre class="fragment"' in body
    assert body.index("learning_rate") < body.index("fragment") < body.index("step 1: 2")


def test_a_sentence_that_one_reads_is_a_question_without_its_answer(deck):
    assert "<p>You will read that small is safe.</p>" in of(deck, "question")[1]
    assert "It is not" not in of(deck, "question")[1]


def test_a_figure_stands_alone_with_its_text_and_a_short_caption(deck, tmp_path):
    (body,) = of(deck, "figure")
    image = BeautifulSoup(body, "html.parser").img
    assert (tmp_path / image["src"]).read_bytes() == PNG
    assert image["alt"] == 'It falls & "rests".'
    assert "Figure 01.1" in body


def test_claims_follow_with_their_evidence(deck):
    point, claim = of(deck, "claims")
    assert "<strong>A step takes away a share</strong>, and nothing else." in point
    assert "</b> It &lt;grows&gt;<br><small>5 of 5 seeds</small>" in claim


def test_an_exercise_has_its_options_and_its_code_and_no_answer(deck):
    (body,) = of(deck, "exercise")
    assert body.count("<li>") == 2
    assert "def step(w):" in body
    assert "check(" not in body


def test_a_demo_without_pictures_says_where_it_moves(deck):
    assert of(deck, "demo asked") == [as_html([NO_SLIDERS])]


def test_a_question_of_the_quiz_is_a_slide_with_its_options(deck):
    (body,) = of(deck, "quiz")
    assert "<code>fit</code> call: __init__?" in body
    assert re.findall("<li>(.+)</li>", body) == [
        "<strong>a</strong> Yes",
        "<strong>b</strong> No",
    ]


def test_the_last_slide_leads_to_the_next_deck(deck):
    assert '<a href="02_cliff.html">02 · A cliff</a>' in deck.slides[-1].body
    assert "References" not in deck.slides[-1].body


def test_the_notebook_is_not_changed(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr("tools.slide_deck.page_sliders", None)
    before = nbformat.writes(notebook)
    Deck(Path("01_bowl.ipynb"), notebook, BOWL, tmp_path)
    assert nbformat.writes(notebook) == before


@pytest.mark.parametrize(
    ("paragraph", "question"),
    [
        ("Where will it be?", True),
        ("**What may we conclude?**", True),
        ("Now you. **Goal:** the lowest loss.", True),
        ("**Predict** what it says.", True),
        ("Why? Look at where it starts.", False),
        ("The prediction is the line.", False),
    ],
)
def test_what_asks(paragraph, question):
    assert rules.asks(paragraph) == question


def test_a_point_has_five_words_in_bold():
    told = ["**The steepest direction sets the limit.**", "So (**five words are quite enough**)."]
    assert rules.points(f"It is **short**. {' '.join(told)} End.") == told


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (LOOP, True),
        ("model.fit(X, y)", True),
        ("StandardScaler().fit(X)", False),
        ("x = 1", False),
        ("model.fit(X, y)\nclaim('It holds', True)", False),
        ("model.fit(X, y)\n" * 13, False),
        (f"model.fit({'X' * 91})", False),
    ],
)
def test_short_code_that_trains_is_shown(source, shown):
    assert rules.taught(source) == shown


def test_in_a_closing_section_any_short_code_is_shown():
    assert rules.taught("x = 1\n" * 13, closing=True)
    assert not rules.taught("x = 1\n" * 17, closing=True)
    assert not rules.taught('quiz("01")', closing=True)


def test_a_caption_is_the_short_sentence_that_speaks_of_the_picture():
    assert rules.caption("It is so. Here are three of them. Look.") == "Here are three of them."
    assert rules.caption("It is so.") == ""
    assert rules.caption(f"Here {'and there ' * 20}.") == ""
    assert rules.caption("Here it is. What is it?") == ""


def test_little_text_is_large_and_much_text_goes_on_several_slides():
    assert rules.fitted(["A word."]) == [(rules.SIZES[0], ["A word."])]
    sentence = f"{'Words ' * 40}end."
    ((size, _),) = rules.fitted([sentence] * 3)
    assert size < rules.SIZES[0]
    several = rules.fitted([sentence] * 30)
    assert len(several) > 1
    assert [each for _, found in several for each in found] == [sentence] * 30
    assert all(sum(rules.tall(b, size) for b in found) <= rules.TALL for size, found in several)


def test_a_paragraph_longer_than_a_slide_is_shared_by_sentences():
    sentences = [f"Sentence {i} {'with words ' * 10}ends." for i in range(20)]
    several = rules.fitted([" ".join(sentences)])
    assert len(several) > 1
    assert [each for _, found in several for each in found] == sentences


def test_a_table_that_is_too_large_is_left_out():
    row = "| a | b |"
    table = ["| x | y |", "|---|---|"]
    assert rules.fitted(["\n".join([*table, row])])
    assert rules.fitted(["\n".join(table + [row] * 40)]) == []


def test_a_long_title_leaves_less_room():
    several = [["Some words, and some more. "] * count for count in range(1, 20)]
    plain = [rules.fitted(found)[0][0] for found in several]
    below = [rules.fitted(found, "x" * 60)[0][0] for found in several]
    assert sum(below) < sum(plain)


def test_notes_go_to_the_section_that_shares_their_words():
    sections = [("A bowl", ""), ("By hand", "a step with 01.1"), ("The ravine", "steep walls")]
    notes = ["a ravine", "of all", "the walls; 01.1"]
    assert matched(notes[:1], sections) == [2]
    assert matched(notes[1:2], sections) == [-1]
    assert matched(notes[2:], sections) == [1]  # the number of an exercise is sure
    assert matched(["the hand", "the ravine"], sections) == [1, 2]


def test_the_guide_is_shared_and_nothing_of_it_is_lost():
    sections = [
        ("A bowl", ""),
        ("section 1 · By hand", 'check("01.1")'),
        ("section 2 · The ravine", ""),
    ]
    exercises, places, rest = shared(GUIDE, sections)
    assert list(exercises) == ["01.1", "01.9"]
    assert places[1] == [
        "**0–6** by hand: on the board; 01.1",
        '- At the end of section 1: "And now?"',
    ]
    assert places[2][0] == "**6–9** the ravine"
    assert '- Before the ravine: "How many steps?" Write them down.' in places[2]
    assert rest == ["**For:** the factor.", "**9–10** quiz", '- "So which one?" It depends.']


def test_notes_stand_where_they_are_spoken(deck):
    slides.with_notes(deck, GUIDE)
    (exercise,) = (slide for slide in deck.slides if slide.kind == "exercise")
    assert exercise.notes[0] == "- 01.1: a plus sign."
    assert "**0–6** by hand: on the board; 01.1" in exercise.notes
    told = " ".join(note for slide in deck.slides for note in slide.notes)
    for words in ("the factor.", "quiz", "How many steps?", "01.9", "It depends."):
        assert words in told
    assert "- 01.9: of an exercise that is gone." in deck.slides[0].notes


def test_without_npm_no_slides_are_made_and_it_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(slides, "PARTS", [tmp_path / "reveal.js"])
    assert slides.write([], tmp_path / "slides") == []
    assert "reveal.js" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_without_a_card_has_no_slides_and_old_slides_go(monkeypatch, tmp_path, root, deck):
    monkeypatch.chdir(root)
    part = tmp_path / "part.js"
    part.write_text("", encoding="utf-8")
    monkeypatch.setattr(slides, "PARTS", [part])
    monkeypatch.setattr(slides, "cards", lambda: [BOWL])
    out = tmp_path / "slides"
    out.mkdir()
    (out / "old.html").write_text("", encoding="utf-8")
    given = [(Path(f"{name}.ipynb"), deck.notebook) for name in ("01_bowl", "sliders")]
    assert [each.card for each in slides.write(given, out)] == [BOWL]
    assert sorted(path.name for path in out.iterdir()) == ["01_bowl.html", "figures", "parts"]
    page = BeautifulSoup((out / "01_bowl.html").read_text(encoding="utf-8"), "html.parser")
    assert page.title.text == "01 · A bowl"
    assert len(page.select(".slides > section > section")) == len(deck.slides)
