"""The class report and a student's page in a headless Chromium."""

import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from autograder.report.html import page_names, write
from autograder.result import Result, Status

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER TEST WAS RUN: install chromium and chromium-driver"),
]

# The contrast of every text that is seen with what is behind it, as WCAG 2 defines it; returns those below 4.5.
FAINT = """
const parse = (colour) => {
  const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
  return {rgb: [r, g, b], a};
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((part) => part / 255).map((p) => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const faint = [];
const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (words.nextNode()) {
  const element = words.currentNode.parentElement;
  if (!words.currentNode.data.trim() || !element.checkVisibility() || element.closest("script")) continue;
  let behind = element;
  while (behind && parse(getComputedStyle(behind).backgroundColor).a < 1) behind = behind.parentElement;
  const style = getComputedStyle(element);
  const ink = light(parse(element instanceof SVGElement ? style.fill : style.color).rgb);
  const ground = light(behind ? parse(getComputedStyle(behind).backgroundColor).rgb : [255, 255, 255]);
  const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  if (contrast < 4.5) faint.push([words.currentNode.data.trim(), contrast]);
}
return faint;
"""


class Reader:
    """Somebody who reads a report in a browser."""

    def __init__(self, browser: webdriver.Chrome, folder: Path, names: dict[str, str]) -> None:
        self.browser = browser
        self.folder = folder
        self.names = names

    def open(self, student: str = "") -> None:
        """Open the page of the class, or of a student."""
        page = f"students/{self.names[student]}.html" if student else "index.html"
        self.browser.get((self.folder / page).as_uri())

    def find(self, selector: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def run(self, script: str, *arguments: object) -> Any:
        return self.browser.execute_script(script, *arguments)  # type: ignore[no-untyped-call]

    def tell(self, command: str, **arguments: object) -> Any:
        """Give the browser a command of the Chrome DevTools Protocol."""
        return self.browser.execute_cdp_cmd(command, arguments)  # type: ignore[no-untyped-call]

    def choose(self, slug: str, what: str, value: str) -> None:
        """Choose from one of the filters of an exercise."""
        Select(self.find(f"#{slug}-{what}")).select_by_value(value)

    def students(self, slug: str, table: str = "students") -> list[str]:
        """Return whose rows are seen in a table, in their order."""
        rows = "[...document.querySelectorAll(arguments[0])].filter(row => row.checkVisibility())"
        return list(self.run(f"return {rows}.map(row => row.dataset.student)", f"#{slug} .{table} tbody tr"))

    def press(self, *keys: str) -> None:
        ActionChains(self.browser).send_keys(*keys).perform()

    def heard(self) -> list[tuple[str, str]]:
        """Return role and name of everything that a screen reader is told of."""
        nodes = self.tell("Accessibility.getFullAXTree")["nodes"]
        told = [node for node in nodes if not node["ignored"]]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,1000"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture
def reader(
    browser: webdriver.Chrome,
    large_class: list[Result],
    misconceptions: dict[str, dict[str, str]],
    tmp_path: Path,
) -> Iterator[Reader]:
    """Somebody who has opened the report of the large class."""
    write(large_class, tmp_path, misconceptions)
    reader = Reader(browser, tmp_path, page_names({result.submission.student for result in large_class}))
    for log in ("browser", "performance"):
        browser.get_log(log)
    reader.open()
    yield reader
    reader.tell("Emulation.clearDeviceMetricsOverride")
    reader.tell("Emulation.setEmulatedMedia", media="", features=[])
    reader.tell("Emulation.setScriptExecutionDisabled", value=False)


@pytest.fixture
def phone(reader: Reader) -> Reader:
    reader.tell("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    return reader


def of(results: list[Result], slug: str, wanted: Callable[[Result], bool]) -> list[str]:
    return sorted(result.submission.student for result in results if result.slug == slug and wanted(result))


def test_the_search_finds_a_student_whatever_the_accents(reader: Reader) -> None:
    reader.find("#search").send_keys("angstrom")
    for slug in ("norms", "metrics"):
        for table in ("students", "heat"):
            assert reader.students(slug, table) == ["Zoë Ångström"]
    assert reader.find(".search output").text == "1 student found"
    reader.find("#search").send_keys(Keys.BACKSPACE * 8)
    assert len(reader.students("norms")) == 61


def test_who_did_not_pass_a_test_is_shown_by_one_click(reader: Reader, large_class: list[Result]) -> None:
    ends = [(test.id, test.status) for result in large_class if result.slug == "norms" for test in result.tests]
    owed = next(id for id, status in ends if status is Status.UNGRADED)
    number = int(owed.removeprefix("test_"))

    def missed(result: Result) -> bool:
        return any(test.id == owed and test.status not in (Status.PASSED, Status.UNGRADED) for test in result.tests)

    button = reader.find(f"#norms [data-show-test='{number}']")
    code = reader.find(f"#norms .counts tbody tr:nth-child({number + 1}) td").text
    expected = of(large_class, "norms", missed)
    assert button.text.split("\n") == [f"Show the {len(expected)} others", f"that did not pass {code}"]
    button.click()
    for table in ("students", "heat"):
        assert sorted(reader.students("norms", table)) == expected
    assert len(reader.students("metrics")) == 61
    told = reader.browser.switch_to.active_element
    assert told.text == f"{len(expected)} of 61 submissions shown."
    assert told.rect["y"] >= reader.run("return scrollY")


def test_who_has_a_misconception_is_shown_by_one_click(reader: Reader, large_class: list[Result]) -> None:
    reader.find("#norms [data-show-mistake='1']").click()
    row = reader.find("#norms .mistakes tbody tr:nth-child(2)")
    name = row.find_element(By.CSS_SELECTOR, "th p").text
    expected = of(large_class, "norms", lambda result: any(test.mistake == name for test in result.tests))
    assert sorted(reader.students("norms")) == expected
    assert f"{len(set(expected))} students" in row.text


@pytest.mark.parametrize("status", [Status.RAISED, Status.WAITING, Status.UNGRADED])
def test_submissions_are_filtered_by_how_a_test_of_theirs_ended(
    reader: Reader, large_class: list[Result], status: Status
) -> None:
    reader.choose("metrics", "ended", status)
    ended = of(large_class, "metrics", lambda result: any(test.status is status for test in result.tests))
    assert ended
    assert sorted(reader.students("metrics")) == ended


def test_filters_and_the_search_narrow_each_other(reader: Reader, large_class: list[Result]) -> None:
    reader.choose("norms", "test", "0")
    assert Select(reader.find("#norms-ended")).first_selected_option.text == "did not pass"
    reader.choose("norms", "ended", "passed")
    reader.find("#search").send_keys("student0")
    expected = of(
        large_class,
        "norms",
        lambda result: (
            "student0" in result.submission.student
            and any(test.id == "test_0" and test.status is Status.PASSED for test in result.tests)
        ),
    )
    assert sorted(reader.students("norms")) == expected


def test_those_not_loaded_can_be_found_and_did_not_miss_any_one_test(reader: Reader, large_class: list[Result]) -> None:
    reader.choose("norms", "ended", "not-loaded")
    unread = of(large_class, "norms", lambda result: bool(result.error))
    assert sorted(reader.students("norms")) == unread
    reader.choose("norms", "ended", "missed")
    assert set(unread) <= set(reader.students("norms"))
    reader.choose("norms", "test", "2")
    assert not set(unread) & set(reader.students("norms"))


def test_where_nothing_is_left_it_says_how_to_get_everything_back(reader: Reader) -> None:
    reader.find("#search").send_keys("nobody is called that")
    assert "0 of 61 submissions shown. “Show all”" in reader.find("#norms .filter output").text
    reader.find("#norms [type=reset]").click()
    assert len(reader.students("norms")) == len(reader.students("norms", "heat")) == 61
    assert reader.find("#search").get_attribute("value") == ""


def test_a_table_is_sorted_by_the_keyboard_and_what_has_no_value_comes_last(reader: Reader) -> None:
    heading = "#norms .students th:nth-child(2)"
    points = "return [...document.querySelectorAll('#norms .students td:nth-child(2)')].map(cell => cell.dataset.sort)"
    reader.run("arguments[0].focus()", reader.find(f"{heading} button"))
    for direction, descending in (("ascending", False), ("descending", True)):
        reader.press(Keys.ENTER)
        assert reader.find(heading).get_attribute("aria-sort") == direction
        assert len(reader.browser.find_elements(By.CSS_SELECTOR, "#norms .students [aria-sort]")) == 1
        written = reader.run(points)
        there = [float(value) for value in written if value]
        assert there == sorted(there, reverse=descending) and len(set(there)) > 3
        assert written[len(there) :] == [""] * (61 - len(there)) != []
        assert reader.students("norms") == reader.students("norms", "heat")


def test_tests_are_sorted_by_how_many_passed(reader: Reader) -> None:
    reader.find("#norms .counts th:nth-child(3) button").click()
    shares = reader.run(
        "return [...document.querySelectorAll('#norms .counts td:nth-child(3)')].map(cell => cell.innerText)"
    )
    found = [int(passed) / int(of) for passed, of in re.findall(r"(\d+) of (\d+)", "\n".join(shares))]
    assert len(found) == 8 and found == sorted(found)


def test_the_first_key_leads_past_the_head_of_the_page(reader: Reader) -> None:
    reader.press(Keys.TAB)
    skip = reader.browser.switch_to.active_element
    assert skip.text == "Skip to the results" and skip.rect["x"] >= 0
    reader.press(Keys.ENTER, Keys.TAB)
    assert reader.run("return document.activeElement.closest('main') !== null")


def test_everything_that_can_be_used_is_reached_in_order_and_seen_to_be(reader: Reader) -> None:
    reader.find("#search").send_keys("zoë")
    usable = (
        "const all = [...document.querySelectorAll('*')]; return all.filter(one => one.checkVisibility() && "
        "one.matches('a, button, input, select, summary, [tabindex=\"0\"]')).map(one => all.indexOf(one))"
    )
    now = (
        "const now = document.activeElement; const place = [...document.querySelectorAll('*')].indexOf(now);"
        "return [place, now === document.body ? 'end' : getComputedStyle(now).outlineStyle]"
    )
    reader.run("document.querySelector('.skip').focus()")
    reached = reader.run(now)[:1]
    while True:
        reader.press(Keys.TAB)
        place, outline = reader.run(now)
        if outline == "end":
            break
        assert outline == "solid"
        reached.append(place)
    assert reached == reader.run(usable)
    assert len(reached) > 100


def test_whatever_can_be_used_has_a_name_for_those_who_hear_the_page(reader: Reader) -> None:
    named = {"button", "link", "combobox", "searchbox", "image", "table", "region", "navigation", "search"}
    for student in ("", "ada", "Zoë Ångström"):
        reader.open(student)
        heard = reader.heard()
        assert [role for role, name in heard if role in named and not name.strip()] == []
        assert [role for role, _ in heard].count("main") == 1
        assert [role for role, _ in heard].count("banner") == 1
        headings = reader.run("return [...document.querySelectorAll('h1, h2, h3, h4')].map(one => +one.tagName[1])")
        assert headings[0] == 1 and headings.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(headings))


def test_tables_are_tables_on_a_phone_too_for_those_who_hear_them(reader: Reader) -> None:
    def tables() -> dict[str, int]:
        roles = [role for role, _ in reader.heard()]
        return {role: roles.count(role) for role in ("table", "row", "columnheader", "rowheader", "cell", "caption")}

    wide = tables()
    reader.tell("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    assert wide["table"] > 10 and wide["columnheader"] > 50
    assert tables() == wide


@pytest.mark.parametrize("student", ["", "ada", "x" * 90, "Wolfe"])
def test_no_page_scrolls_sideways_on_a_phone(phone: Reader, student: str) -> None:
    phone.open(next((name for name in phone.names if student and name.startswith(student)), ""))
    phone.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert phone.run("return [innerWidth, document.documentElement.scrollWidth]") == [360, 360]


def test_two_panels_of_a_figure_stand_side_by_side_or_below_each_other(
    reader: Reader, large_class: list[Result]
) -> None:
    (result,) = (one for one in large_class if one.slug == "figures")
    tops = "return [...document.querySelectorAll('.panels svg')].map(one => one.getBoundingClientRect().top)"
    lines = (
        "return [...document.querySelectorAll('.panels > div')].map(one => one.querySelectorAll('path.curve').length)"
    )
    reader.open(result.submission.student)
    figure = reader.run(lines).index(2)
    assert reader.run(lines)[figure : figure + 2] == [2, 2]
    assert reader.run(tops)[figure] == reader.run(tops)[figure + 1]
    reader.tell("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    assert reader.run(tops)[figure] < reader.run(tops)[figure + 1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_that_is_seen_has_contrast_enough(reader: Reader, scheme: str) -> None:
    reader.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    for student in ("", next(name for name in reader.names if name.startswith("Wolfe"))):
        reader.open(student)
        reader.run(
            "for (const one of document.querySelectorAll('details')) one.open = true; location.hash = 'norms-1.1'"
        )
        ground = reader.run("return getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground))) < 382) == (scheme == "dark")
        assert reader.run(FAINT) == []


def test_nothing_is_asked_of_anybody_and_nothing_goes_wrong(reader: Reader) -> None:
    reader.open("ada")
    reader.open()
    reader.find("#search").send_keys("a")
    entries = [json.loads(entry["message"])["message"] for entry in reader.browser.get_log("performance")]
    asked = {one["params"]["request"]["url"] for one in entries if one["method"] == "Network.requestWillBeSent"}
    assert asked == {(reader.folder / page).as_uri() for page in ("index.html", f"students/{reader.names['ada']}.html")}
    assert reader.browser.get_log("browser") == []


def test_nothing_on_a_page_moves(reader: Reader) -> None:
    moves = (
        "return [...document.querySelectorAll('*')].map(one => getComputedStyle(one)).filter(style => "
        "style.transitionDuration !== '0s' || style.animationName !== 'none' || style.scrollBehavior !== 'auto').length"
    )
    assert reader.run(moves) == 0


def test_what_is_printed_is_whole_and_holds_nothing_to_click(reader: Reader) -> None:
    reader.tell("Emulation.setEmulatedMedia", media="print")
    hidden = "return [...document.querySelectorAll(arguments[0])].every(one => !one.checkVisibility())"
    assert reader.run(hidden, ".search, .filter, td button, .skip")
    assert reader.run("return getComputedStyle(document.querySelector('.scroll')).maxHeight") == "none"


def test_without_a_script_every_row_is_there(reader: Reader) -> None:
    reader.tell("Emulation.setScriptExecutionDisabled", value=True)
    reader.open()
    assert reader.find(".search").is_displayed() is False
    assert reader.find("#norms .filter").is_displayed() is False
    assert len(reader.browser.find_elements(By.CSS_SELECTOR, "#norms .students tbody tr")) == 61
    assert "students" in reader.find("#norms .mistakes summary").text
