// Searching, filtering and sorting are added to tables that can be read without them.
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const search = document.querySelector(".search");
  const field = search.querySelector("input");
  const found = search.querySelector("output");
  const rows = Array.from(document.querySelectorAll("tr[data-student]"), (row) => ({
    row,
    name: plain(row.dataset.student),
    // Statuses in the order of the tests; or one word, where none was run.
    ended: row.dataset.ended.split(" "),
    mistakes: row.dataset.mistakes.split(" "),
    section: row.closest("section"),
  }));

  const missed = (status) => !["passed", "ungraded", "none"].includes(status);
  const matches = (one, test, ended, mistake) => {
    if (mistake !== "" && !one.mistakes.includes(mistake)) return false;
    let statuses = one.ended;
    if (test !== "") statuses = one.ended[0] === "not-loaded" ? ["none"] : [one.ended[Number(test)]];
    if (ended === "") return test === "" || statuses[0] !== "none";
    if (ended === "passed") return statuses.every((status) => status === "passed");
    return ended === "missed" ? statuses.some(missed) : statuses.includes(ended);
  };

  const wanted = (form, name) => form.elements[name]?.value ?? "";
  const filter = (form) => {
    const name = plain(field.value.trim());
    const asked = ["test", "ended", "mistake"].map((one) => wanted(form, one));
    const theirs = rows.filter((one) => one.section === form.closest("section"));
    for (const one of theirs) one.row.hidden = !(one.name.includes(name) && matches(one, ...asked));
    const listed = theirs.filter((one) => one.row.closest(".students"));
    const kept = listed.filter((one) => !one.row.hidden).length;
    const all = `${listed.length} ${listed.length === 1 ? "submission" : "submissions"}`;
    const none = kept === 0 ? " “Show all” shows them again." : "";
    form.querySelector("output").textContent = kept === listed.length ? `${all}.` : `${kept} of ${all} shown.${none}`;
  };

  const forms = Array.from(document.querySelectorAll(".filter"));
  for (const form of forms) {
    form.hidden = false;
    filter(form);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      // Who chooses a test first wants to know who did not pass it.
      const { test, ended } = form.elements;
      if (event.target === test && test.value !== "" && ended.value === "") ended.value = "missed";
      filter(form);
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const choice of form.querySelectorAll("select")) choice.value = "";
      field.value = "";
      look();
    });
  }

  const look = () => {
    forms.forEach(filter);
    const name = plain(field.value.trim());
    const students = new Set(rows.filter((one) => one.name.includes(name)).map((one) => one.row.dataset.student));
    found.textContent = name ? `${students.size} ${students.size === 1 ? "student" : "students"} found` : "";
  };
  search.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", look);
  search.hidden = false;

  const show = (button, choices) => {
    const form = button.closest("section").querySelector(".filter");
    for (const choice of form.querySelectorAll("select")) choice.value = choices[choice.name] ?? "";
    field.value = "";
    look();
    form.scrollIntoView();
    form.querySelector("output").focus({ preventScroll: true });
  };
  for (const button of document.querySelectorAll("[data-show-test], [data-show-mistake]")) {
    const { showTest, showMistake } = button.dataset;
    const choices = showTest === undefined ? { mistake: showMistake } : { test: showTest, ended: "missed" };
    button.addEventListener("click", () => show(button, choices));
    button.hidden = false;
  }

  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.sort ?? cell.textContent.trim();
    return value !== "" && !Number.isNaN(Number(value)) ? Number(value) : plain(value);
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b));

  const sort = (heading) => {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = heading.closest("table").tBodies[0];
    const keyed = Array.from(body.rows, (row) => [key(row, heading.cellIndex), row]);
    // What has no value comes last, whichever way the others are sorted.
    const empty = keyed.filter(([value]) => value === "");
    const others = keyed.filter(([value]) => value !== "");
    others.sort(([a], [b]) => (descending ? compare(b, a) : compare(a, b)));
    body.append(...[...others, ...empty].map(([, row]) => row));
    follow(body);
  };
  // The map of students and tests keeps the order of the table of students.
  const follow = (body) => {
    const map = body.closest(".students") && body.closest("section").querySelector(".heat tbody");
    if (!map) return;
    const places = new Map(Array.from(body.rows, (row, place) => [row.dataset.place, place]));
    const ordered = Array.from(map.rows).sort((a, b) => places.get(a.dataset.place) - places.get(b.dataset.place));
    map.append(...ordered);
  };

  for (const heading of document.querySelectorAll("th[data-sortable]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    if (heading.dataset.sortable) heading.setAttribute("aria-sort", heading.dataset.sortable);
    button.addEventListener("click", () => sort(heading));
  }
})();
