"""What is read in a browser."""

import base64
import hashlib
import itertools
import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.report import html
from autograder.report.html import page_names, pages, write
from autograder.report.text import MARKS
from autograder.result import Curve, Status

HOSTILE = (
    "</pre></title><script>alert(1)</script><img src=x onerror=alert(1)> \" ' onload='x' {{ 7*7 }} {% raw %} &lt;b"
)
VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Elements with their attributes' names, and the words of a page; refuses elements that are not closed in order."""

    def __init__(self, page):
        super().__init__()
        self.elements = Counter()
        self.attributes = []
        self.words = ""
        self.open = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements[tag, *sorted(name for name, _ in attrs)] += 1
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements[tag, *sorted(name for name, _ in attrs)] += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.fixture
def of_everything(result, hidden_test):
    """Make a small class in which every string that a submission controls is the one given."""

    def make(text):
        curve = Curve(name=text, student=(1.0, None, 0.5), reference=(1.0, 0.1), test="test_0")
        line = Curve(name=text, student=(1.0, None, 0.5), reference=(1.0, 0.1), figure=text, test="test_0")
        said = dict.fromkeys(("explanation", "cause", "output", "hint", "detail", "mistake"), text)
        tests = tuple(hidden_test(status, id=f"test_{place}", **said) for place, status in enumerate(Status))
        return [
            result(text, tests=tests, curves=(curve, line), notes=(text,)),
            result(text, tests=tests, slug="other", valid=False, attempt=2),
            result("anna", error=text),
        ]

    return make


def student_pages(made):
    return {path: page for path, page in made.items() if path != "index.html"}


def test_a_student_page_says_why_and_names_no_mistake(result, hidden_test):
    test = hidden_test(Status.FAILED, cause="Its sign is <wrong>.", mistake="uphill", hint="Which way is down?")
    page = html.student_page("anna", [result("anna", tests=(test,))])
    assert page.index("Its sign is &lt;wrong&gt;.") < page.index("Which way is down?")
    assert "uphill" not in page


def test_a_hidden_value_never_reaches_a_student_page(result, hidden_test):
    tests = tuple(hidden_test(status, id=f"test_{status}", detail="expected 0.1234") for status in Status)
    made = pages([result("anna", tests=tests)])
    assert "0.1234" in made["index.html"]
    assert "0.1234" not in made["students/anna.html"]


def test_what_is_for_staff_alone_never_reaches_a_student_page(result, hidden_test):
    staff_only = {"mistake": "off_by_one", "detail": "expected 7", "output": "printed this"}
    record = result("anna", tests=(hidden_test(Status.FAILED, cause="One too many.", **staff_only),))
    made = pages([record], {"toy": {"off_by_one": "Counting begins at one."}})
    for text in ("off_by_one", "Counting begins at one.", "expected 7", "printed this"):
        assert text in made["index.html"]
        assert text not in made["students/anna.html"]
    assert "One too many." in made["students/anna.html"] and "One too many." in made["index.html"]


def test_a_misconception_is_told_with_how_many_have_it_and_who(result, hidden_test):
    def mistaken(student):
        return result(student, tests=(hidden_test(Status.FAILED, mistake="off_by_one"),))

    made = pages(
        [mistaken("anna"), mistaken("ben"), result("chloé", Status.PASSED)], {"toy": {"off_by_one": "Begin at 1."}}
    )
    (table,) = re.findall(r'<table class="cards mistakes".*?</table>', made["index.html"], re.DOTALL)
    words = " ".join(Page(table).words.split())
    assert "Begin at 1. off_by_one 2 students anna ben" in words and words.endswith("Seen in 1.1")
    assert 'href="students/anna.html"' in table and "chloé" not in words


def test_without_a_known_mistake_there_is_no_table_of_them(result):
    assert "Misconception" not in Page(pages([result("anna", Status.FAILED)])["index.html"]).words


def test_a_student_page_holds_nothing_of_another_student(result, hidden_test):
    theirs = result("anna", tests=(hidden_test(Status.FAILED, explanation="only for anna"),))
    page = pages([theirs, result("ben", Status.PASSED)])["students/ben.html"]
    assert "anna" not in page


def test_hostile_text_adds_no_element_and_no_attribute(of_everything):
    harmless, hostile = pages(of_everything("x")), pages(of_everything(HOSTILE))
    assert len(harmless) == len(hostile) == 3
    plain, attacked = (sum((Page(page).elements for page in made.values()), Counter()) for made in (harmless, hostile))
    assert plain == attacked


def test_hostile_text_is_shown_as_it_is(of_everything):
    for page in student_pages(pages(of_everything(HOSTILE))).values():
        assert HOSTILE in Page(page).words


def test_no_control_character_reaches_a_page_and_every_page_can_be_encoded(of_everything):
    for page in pages(of_everything("\x00\x1b[2J\u202e\ud800\x85")).values():
        assert page.encode("utf-8")
        assert all(character.isprintable() or character in "\n\t" for character in page)
        assert "\\x1b[2J\\u202e\\ud800" in page


def test_a_page_asks_for_nothing_from_outside(of_everything):
    for page in pages(of_everything("x")).values():
        links = [value for name, value in Page(page).attributes if name in {"href", "src", "srcset", "action"}]
        assert all(re.match(r"#|students/[\w-]+\.html$", link) for link in links)
        assert "url(" not in page and "@import" not in page and "://" not in page


def test_only_the_script_of_the_class_page_may_run(of_everything):
    made = pages(of_everything(HOSTILE))
    (script,) = re.findall(r"<script>(.*?)</script>", made["index.html"], re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    for path, page in made.items():
        contents = [value for name, value in Page(page).attributes if name == "content"]
        (policy,) = (content for content in contents if content.startswith("default-src 'none';"))
        allowed = re.findall(r"script-src ([^;]*)", policy)
        assert allowed == ([f"'sha256-{digest}'"] if path == "index.html" else [])


def test_the_same_results_give_the_same_bytes_in_whatever_order(of_everything):
    results = of_everything("x")
    made = pages(results)
    for shuffled in itertools.permutations(results):
        assert pages(shuffled) == made


def test_an_ungraded_test_is_not_shown_as_zero(result):
    made = pages([result("anna", Status.UNGRADED)])
    for page in made.values():
        assert "not graded yet" in page
        assert "0 / 1" not in page
    assert "the grader&#39;s fault, not yours" in made["students/anna.html"]
    assert "1 test ungraded." in Page(made["index.html"]).words


def test_practice_marks_are_flagged_on_every_page(result):
    for page in pages([result("anna", Status.PASSED, valid=False)]).values():
        assert "not valid" in Page(page).words


def test_a_status_is_readable_without_colour(result):
    made = pages([result("anna", *Status)])
    (heat_map,) = re.findall(r'<table class="heat">.*?</table>', made["index.html"], re.DOTALL)
    for status, mark in MARKS.items():
        for drawn in (heat_map, made["students/anna.html"]):
            assert re.search(f'aria-label="{mark.one}"[^>]*>{re.escape(mark.letter)}<', drawn)
        if status is not Status.PASSED:
            assert status.meaning[1:] in Page(made["students/anna.html"]).words


def test_what_was_printed_is_for_staff(result, hidden_test):
    made = pages([result(tests=(hidden_test(Status.FAILED, output="epoch 1\n"),))])
    assert "epoch 1" not in made["students/anna.html"]
    assert re.search(r"<p class=\"small\">It printed:</p>\s*<pre dir=\"auto\">epoch 1</pre>", made["index.html"])


def test_a_curve_is_drawn_beneath_its_test_and_told_in_words(result, hidden_test):
    loss = Curve(name="loss", student=(1.0, 0.5), reference=(1.0, 0.1), test="test_a")
    norm = Curve(name="norm", student=(3.0, 2.0))
    page = pages([result(tests=(hidden_test(),), curves=(norm, loss))])["students/anna.html"]
    assert page.index('aria-label="loss') < page.index("</ul>") < page.index('aria-label="norm')
    assert page.count("ends at 0.5") == 2  # on the page, and in the label of the drawing


def test_the_axes_of_a_curve_are_labelled(result, hidden_test):
    loss = Curve(name="loss", student=(9000.0, 0.5), x=(0.0, 1000.0), test="test_a")
    page = pages([result(tests=(hidden_test(),), curves=(loss,))])["students/anna.html"]
    labels = re.findall(r"<text[^>]*>(.*?)</text>", page)
    assert {"1", "1000", "0", "800", "step"} <= set(labels)
    assert "loss (log scale)" in page


def test_a_submission_that_was_not_loaded_says_why(result):
    made = pages([result("anna", error="toy.py: invalid syntax"), result("ben", Status.PASSED)])
    for path in ("index.html", "students/anna.html"):
        assert "toy.py: invalid syntax" in made[path]


def test_two_assignments_with_unlike_tests_stand_side_by_side(result):
    results = [result("anna", Status.PASSED), result("anna", Status.FAILED, Status.PASSED, slug="other", title="Other")]
    made = pages(results)
    assert sorted(made) == ["index.html", "students/anna.html"]
    for page in made.values():
        assert Page(page).elements["h2", "id"] == 2


def test_every_table_has_a_caption_and_every_heading_a_scope(of_everything):
    page = Page(pages(of_everything("x"))["index.html"])
    tables = sum(count for (tag, *_), count in page.elements.items() if tag == "table")
    captions = sum(count for (tag, *_), count in page.elements.items() if tag == "caption")
    assert tables == captions == 9
    assert all("scope" in attributes for (tag, *attributes) in page.elements if tag == "th")


def test_a_table_whose_rows_become_cards_says_what_its_parts_are(of_everything):
    # A browser may take what is no longer laid out as a table for something else.
    page = pages(of_everything("x"))["index.html"]
    cards = re.findall(r'<table class="cards [^>]*>.*?</table>', page, re.DOTALL)
    assert len(cards) == 7
    for table in cards:
        parts = re.findall(r"<(?:table|thead|tbody|tr|th|td)\b[^>]*>", table)
        assert len(parts) > 10
        assert [part for part in parts if ' role="' not in part] == []


def test_no_id_occurs_twice(of_everything):
    for page in pages(of_everything("x")).values():
        ids = [value for name, value in Page(page).attributes if name == "id"]
        assert len(ids) == len(set(ids))


def test_every_link_within_the_report_leads_somewhere(of_everything):
    made = pages(of_everything("x y"))
    for page in made.values():
        read = Page(page)
        ids = {f"#{value}" for name, value in read.attributes if name == "id"}
        assert {value for name, value in read.attributes if name == "href"} <= ids | set(made)


def test_a_class_without_results_is_a_page_all_the_same():
    assert "No results yet" in Page(pages([])["index.html"]).words


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_aa_asks_for(scheme):
    style = (Path(html.__file__).parent / "templates" / "style.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", style.split(":root {")[scheme + 1].split("}")[0]))
    tones = [name.removesuffix("-ink") for name in colours if name.endswith("-ink")]
    pairs = [(f"{tone}-ink", f"{tone}-fill") for tone in tones]
    pairs += itertools.product(("ink", "muted", "accent"), ("page", "surface"))
    pairs += [("ink", "idle-fill"), ("warn-ink", "surface"), ("muted", "warn-fill"), ("accent", "warn-fill")]
    assert {mark.tone for mark in MARKS.values()} < set(tones)
    for text, ground in pairs:
        dark, light = sorted((luminance(colours[text]), luminance(colours[ground])))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


@pytest.mark.parametrize(
    "students",
    [
        ["anna", "Anna", "ANNA"],
        ["../../etc/passwd", "etc/passwd", "etc\\passwd", "C:\\etc"],
        ["con", "NUL", "com1", "LPT9", "aux.txt"],
        ["", ".", "..", "...", " ", "-", "李雷", "韩梅梅", "\ud800", "\ud801", "\x00"],
        ["a" * 300, "a" * 301, "A" * 300],
        ["José", "Jose", "Jose\u0301", "jose-.", "jose "],
    ],
    ids=lambda names: ascii(names[0])[:12],
)
def test_every_student_gets_a_file_of_their_own_on_every_file_system(students):
    names = page_names(students)
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name)
        assert not re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", name, re.IGNORECASE)


def test_an_ordinary_name_can_be_recognised_in_its_file():
    assert page_names(["anna.berg", "Zoë Okafor"]) == {"anna.berg": "anna-berg", "Zoë Okafor": "Zoe-Okafor"}


def test_nobody_can_choose_a_name_that_takes_the_file_of_another():
    victims = page_names(["李雷", "Anna", "anna"])
    names = page_names(["李雷", "Anna", "anna", *victims.values()])
    assert len({name.casefold() for name in names.values()}) == 6
    assert {student: names[student] for student in victims} == victims


def test_a_report_is_written_with_its_index_last_and_nothing_beside_it(result, tmp_path):
    results = [result("anna", Status.PASSED), result("Ben B", Status.FAILED)]
    assert write(results, tmp_path / "new" / "report") == tmp_path / "new" / "report" / "index.html"
    found = {path.relative_to(tmp_path / "new" / "report").as_posix() for path in tmp_path.rglob("*.*")}
    assert found == {"index.html", "students/anna.html", "students/Ben-B.html"}
    assert list(pages(results))[-1] == "index.html"
    for path, page in pages(results).items():
        assert (tmp_path / "new" / "report" / path).read_bytes() == page.encode()


def test_a_page_is_replaced_whole_or_not_at_all(result, tmp_path, monkeypatch):
    index = write([result("anna", Status.PASSED)], tmp_path)
    before = index.read_bytes()

    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(GraderError, match="No space left on device"):
        write([result("anna", Status.FAILED)], tmp_path)
    assert index.read_bytes() == before
    assert not list(tmp_path.rglob(".*"))


def test_a_report_that_cannot_be_written_says_what_why_and_what_to_do(result, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(GraderError) as raised:
        write([result("anna", Status.PASSED)], tmp_path / "taken")
    message = str(raised.value)
    assert "was not written" in message and "taken" in message
    assert "Choose another folder" in message
