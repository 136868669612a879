"use strict";
const DATA = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

// Everything on a page is made here: what comes from outside is only ever text or the value of an attribute.
function made(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "top") node.style.top = value;
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child != null && child !== false) node.append(child);
  return node;
}
const el = (tag, attributes, ...children) => made(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => made(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const plural = (noun) => (noun.endsWith("y") && !/[aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`);
const count = (number, noun) => `${number.toLocaleString("en")} ${number === 1 ? noun : plural(noun)}`;
const unique = (list) => [...new Set(list)];
const place = (file, line) => el("span", { class: "place" }, `${file}:${line}`);
const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

// A list of which only the first are made at once; the rest waits for a button.
const FIRST = 200;
function listed(items, item, start = 0) {
  const list = el("ul", {}, items.slice(start, start + FIRST).map(item));
  const left = items.length - start - FIRST;
  if (left <= 0) return list;
  const more = el("button", { type: "button", class: "chip", onclick: () => more.replaceWith(...[listed(items, item, start + FIRST)].flat()) }, `${left.toLocaleString("en")} more`);
  return [list, more];
}

// Makes the heads of a table sort it. `by(column, descending)` is called when one is asked for; without it the rows that
// are there are put in order, by `data-value` of their cells, else by their text; numbers as numbers.
function sortable(table, by) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (head.dataset.sort === "no") return;
    const button = el("button", { type: "button" }, ...head.childNodes);
    head.replaceChildren(button);
    if (!head.hasAttribute("aria-sort")) head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const descending = was === "ascending" || (was === "none" && head.classList.contains("number"));
      for (const other of heads) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      if (by) return by(column, descending);
      const number = head.classList.contains("number");
      const value = (row) => {
        const cell = row.cells[column], text = cell.dataset.value ?? cell.textContent.trim();
        return number ? (text === "" ? NaN : Number(text)) : text;
      };
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row, at) => ({ row, at, value: value(row) }));
      // What is not known stays at the end, whichever way it is sorted.
      const last = (v) => v === "" || Number.isNaN(v);
      rows.sort((a, b) => last(a.value) - last(b.value) || (descending ? -1 : 1) * compare(a.value, b.value) || a.at - b.at);
      body.append(...rows.map((item) => item.row));
    });
  });
}

// `/` goes to the search field, as on most pages that have one.
document.addEventListener("keydown", (event) => {
  const search = $("search");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !search || /INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  search.focus();
  search.select();
});
