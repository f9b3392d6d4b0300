"""Pages of the real formgrader in a headless Chromium, over submissions that were graded in the sandbox."""

import contextlib
import json
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import presence_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

SLUG = "parameter_norm"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER TEST WAS RUN: install chromium and chromium-driver"),
]


@dataclass(frozen=True)
class Formgrader:
    """A browser that is logged in where formgrader runs."""

    browser: webdriver.Chrome
    url: str
    course: Any

    def open(self, path: str, element: str) -> str:
        """Open a page of formgrader, wait for an element (a CSS selector), and return the text that is seen."""
        self.browser.get(f"{self.url}formgrader/{path}")
        WebDriverWait(self.browser, 60).until(presence_of_element_located((By.CSS_SELECTOR, element)))
        return str(self.browser.find_element(By.TAG_NAME, "body").text)


@contextlib.contextmanager
def serving(course: Any) -> Iterator[tuple[str, str]]:
    """Run a Jupyter server on loopback in the folder of a course; yield its address and its token."""
    token = secrets.token_hex(16)
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={token}"]
    runtime = Path(course.environment()["JUPYTER_RUNTIME_DIR"])
    with (course.home / "server.log").open("wb") as log:
        command = [sys.executable, "-m", "jupyter", "server", *options]
        process = subprocess.Popen(command, cwd=course.folder, env=course.environment(), stdout=log, stderr=log)
        try:
            yield _address(process, runtime, course.home / "server.log"), token
        finally:
            process.terminate()
            process.wait(30)


def _address(process: "subprocess.Popen[bytes]", runtime: Path, log: Path) -> str:
    for _ in range(600):
        with contextlib.suppress(OSError, ValueError, KeyError):
            return str(json.loads((runtime / f"jpserver-{process.pid}.json").read_text())["url"])
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"The Jupyter server did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def formgrader(new_course: Callable[[], Any], class_folder: Path) -> Iterator[Formgrader]:
    course = new_course()
    for student in ("ada", "bo"):
        source = (class_folder / student / f"{SLUG}.py").read_text(encoding="utf-8")
        course.hand_in(student, course.answered(source))
    done = course.grade_py("nbgrader", "grade", SLUG, "--dir", course.folder)
    assert done.returncode == 0, done.stderr
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,1600"):
        options.add_argument(option)
    with serving(course) as (url, token):
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            browser.get(f"{url}tree?token={token}")
            yield Formgrader(browser, url, course)
        finally:
            browser.quit()


def test_the_list_of_submissions_shows_the_points_of_each_student(formgrader: Formgrader) -> None:
    formgrader.open("manage_submissions/" + SLUG, "tbody tr td")
    WebDriverWait(formgrader.browser, 60).until(
        lambda browser: len(browser.find_elements(By.CSS_SELECTOR, "tbody tr")) == 2
    )
    rows = [row.text for row in formgrader.browser.find_elements(By.CSS_SELECTOR, "tbody tr")]
    assert any("ada" in row and "10 / 10" in row for row in rows)
    assert any("bo" in row and "6.5 / 10" in row for row in rows)


def test_a_test_cell_shows_its_points_and_the_explanation(formgrader: Formgrader) -> None:
    with Gradebook(formgrader.course.database) as gradebook:
        notebook = gradebook.find_submission_notebook(SLUG, SLUG, "bo")
        number = notebook.id
        points = sorted(grade.auto_score for grade in notebook.grades)
    text = formgrader.open(f"submissions/{number}", "input.score")
    WebDriverWait(formgrader.browser, 60).until(
        lambda browser: all(
            one.get_attribute("placeholder") for one in browser.find_elements(By.CSS_SELECTOR, ".score")
        )
    )
    shown = [
        float(one.get_attribute("placeholder")) for one in formgrader.browser.find_elements(By.CSS_SELECTOR, ".score")
    ]
    assert sorted(shown) == points
    assert "Hint: " in text
