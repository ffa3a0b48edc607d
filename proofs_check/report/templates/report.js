"use strict";
// Sorting by a column's heading, and filtering by words and by outcome. The page reads the same without it.
const table = document.getElementById("catalogue");
const body = table.tBodies[0];
const words = document.getElementById("words");
const outcome = document.getElementById("outcome");
const found = document.getElementById("found");

function key(row, column) {
  const text = row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : text;
}

function compare(a, b) {
  if (typeof a === typeof b) return typeof a === "number" ? a - b : a.localeCompare(b);
  return typeof a === "number" ? -1 : 1; // numbers before what has none
}

table.querySelectorAll("th button").forEach((button) => {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const up = head.getAttribute("aria-sort") !== "ascending";
    table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...body.rows].sort((a, b) => (up ? 1 : -1) * compare(key(a, head.cellIndex), key(b, head.cellIndex)));
    body.append(...rows);
  });
});

function filter() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of body.rows) {
    const text = row.textContent.toLowerCase();
    const fits = wanted.every((word) => text.includes(word)) && (!outcome.value || row.dataset.outcome === outcome.value);
    row.hidden = !fits;
    shown += fits;
  }
  found.textContent = `${shown} of ${body.rows.length} shown`;
}

words.addEventListener("input", filter);
outcome.addEventListener("change", filter);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());

// A link to a theorem opens it; printing opens all.
function open_target() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", open_target);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
open_target();
filter();
