// Sorting and searching are added to tables that can be read without them.
(() => {
  "use strict";
  const rows = Array.from(document.querySelectorAll("tr[data-student]"));
  const search = document.querySelector(".search");
  const field = search.querySelector("input");
  const found = search.querySelector("output");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const names = new Map(rows.map((row) => [row, plain(row.dataset.student)]));

  field.addEventListener("input", () => {
    const wanted = plain(field.value.trim());
    for (const row of rows) row.hidden = !names.get(row).includes(wanted);
    const kept = new Set(rows.filter((row) => !row.hidden).map((row) => row.dataset.student));
    found.textContent = wanted ? `${kept.size} ${kept.size === 1 ? "student" : "students"} found` : "";
  });
  search.hidden = false;

  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.sort ?? cell.textContent.trim();
    return value !== "" && !Number.isNaN(Number(value)) ? Number(value) : plain(value);
  };
  const compare = (a, b) =>
    typeof a === typeof b ? (typeof a === "number" ? a - b : a.localeCompare(b)) : typeof a === "number" ? -1 : 1;

  const sort = (heading, column) => {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = heading.closest("table").tBodies[0];
    const keyed = Array.from(body.rows, (row) => [key(row, column), row]);
    keyed.sort(([a], [b]) => (descending ? compare(b, a) : compare(a, b)));
    body.append(...keyed.map(([, row]) => row));
  };

  for (const heading of document.querySelectorAll("th[data-sortable]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sort(heading, heading.cellIndex));
  }
})();
