
// Findings: counted by rule, object or file in the table; those of the chosen row, or all, beside it.
const BATCH = 100;
const SEVERITIES = ["error", "warning", "info"];
const state = { by: "rule", column: 4, descending: true, chosen: null, severities: new Set(SEVERITIES), limit: BATCH, rows: BATCH };
const all = DATA.findings;
for (const f of all) f.text = `${f.rule} ${f.family} ${f.object} ${f.file} ${f.message} ${f.help || ""}`.toLowerCase();
const keyOf = (f) => f[state.by] || "(no object)";
const HEADS = { rule: "Rule", object: "Object", file: "File" };
let shown = [];

function filter() {
  const wanted = words($("search").value), family = $("family").value, hidden = !$("suppressed").checked;
  shown = all.filter((f) => state.severities.has(f.severity) && (!family || f.family === family) && !(hidden && f.suppressed) && wanted.every((word) => f.text.includes(word)));
  $("count").textContent = `${count(shown.length, "finding")} of ${all.length.toLocaleString("en")}`;
  state.limit = state.rows = BATCH;
  groups();
  items();
}
function groups() {
  const found = new Map();
  for (const f of shown) {
    const key = keyOf(f);
    if (!found.has(key)) found.set(key, [key, 0, 0, 0, 0]);
    const row = found.get(key);
    row[1 + SEVERITIES.indexOf(f.severity)]++;
    row[4]++;
  }
  if (state.chosen !== null && !found.has(state.chosen)) state.chosen = null;
  const rows = [...found.values()].sort((a, b) => (state.descending ? -1 : 1) * compare(a[state.column], b[state.column]) || compare(a[0], b[0]));
  $("groups").tBodies[0].replaceChildren(...rows.slice(0, state.rows).map((row) => el("tr", { "aria-current": row[0] === state.chosen ? "true" : null },
    el("td", {}, el("button", { type: "button", class: "link", onclick: () => choose(row[0]) }, row[0])), row.slice(1).map((n) => el("td", { class: "number" }, n ? n.toLocaleString("en") : "")))));
  $("more-groups").replaceChildren(...(rows.length > state.rows ? [el("button", { type: "button", class: "chip", onclick: () => { state.rows += 5 * BATCH; groups(); } }, `${(rows.length - state.rows).toLocaleString("en")} more`)] : []));
}
function choose(key) {
  state.chosen = state.chosen === key ? null : key;
  state.limit = BATCH;
  groups();
  items();
  $("chosen-head").focus({ preventScroll: true });
  $("chosen-head").scrollIntoView({ block: "nearest" });
}
function items() {
  const mine = state.chosen === null ? shown : shown.filter((f) => keyOf(f) === state.chosen);
  const about = state.by === "rule" && state.chosen !== null ? DATA.rules[state.chosen] : null;
  $("chosen-head").replaceChildren(state.chosen === null ? "All findings" : state.chosen);
  $("about").replaceChildren(...(about ? [el("p", {}, about[0], about[1] ? el("a", { href: about[1], rel: "noreferrer" }, " Documentation") : ""),
    about[2] ? el("details", {}, el("summary", {}, "Why, and what to do instead"), paragraphs(about[2])) : ""] : []));
  $("items").replaceChildren(...mine.slice(0, state.limit).map(item));
  const left = mine.length - state.limit;
  $("more").replaceChildren(...(left > 0 ? [el("button", { type: "button", class: "chip", onclick: () => { state.limit += 5 * BATCH; items(); } }, `${left.toLocaleString("en")} more`)] : []));
  if (!mine.length) $("items").append(el("li", {}, "Nothing matches."));
}
// What a rule says of itself is Markdown of our own kind: paragraphs, now and then a list or code, which stay as they are.
function paragraphs(text) {
  return text.split(/\n{2,}/).map((part) => el("p", { class: "why" }, /^(\s|[-*] |```|\|)/m.test(part) ? part : part.replace(/\n/g, " ").replace(/\*+([^*]+)\*+/g, "$1")));
}
function item(f) {
  return el("li", { class: f.severity },
    el("p", { class: "meta" }, el("span", { class: `tag tag-${f.severity}` }, f.severity), el("span", {}, f.rule), el("span", { class: "place" }, `${f.file}:${f.line}:${f.column}`),
      f.object && el("span", { class: "soft" }, f.object), f.suppressed && el("span", { class: "tag tag-info" }, `suppressed by ${f.suppressed[0]}`)),
    el("p", { class: "message" }, f.message),
    source(f),
    f.suppressed && f.suppressed[1] && el("p", { class: "soft" }, `Reason: ${f.suppressed[1]}`),
    f.help && el("p", { class: "help" }, f.help),
    f.fix && el("p", {}, el("strong", {}, "Fix: "), f.fix[0], el("span", { class: "soft" }, f.fix[1] ? "  --fix" : "  --unsafe-fixes")),
    f.related && el("ul", {}, f.related.map(([file, line, message]) => el("li", {}, place(file, line), ` ${message}`))));
}
function source(f) {
  const [first, lines, more] = f.source;
  if (!lines.length) return null;
  const width = String(first + lines.length - 1).length;
  return el("pre", { tabindex: "0", role: "group", "aria-label": `Source, ${f.file} line ${first}` }, lines.map(([before, inside, after], at) =>
    [el("span", { class: "nr" }, `${String(first + at).padStart(width)}  `), before, inside ? el("mark", {}, inside) : "", after, at < lines.length - 1 ? "\n" : ""]),
    more > 0 && el("span", { class: "nr" }, `\n${" ".repeat(width)}  … ${count(more, "more line")}`));
}

sortable($("groups"), (column, descending) => { state.column = column; state.descending = descending; groups(); });
const number = (severity) => all.filter((f) => f.severity === severity && !f.suppressed).length;
$("severities").replaceChildren(...SEVERITIES.map((severity) => el("button", { type: "button", class: "chip", "aria-pressed": "true", onclick: (event) => {
  const on = !state.severities.has(severity);
  if (on) state.severities.add(severity); else state.severities.delete(severity);
  event.currentTarget.setAttribute("aria-pressed", String(on));
  filter();
} }, count(number(severity), severity))));
for (const button of $("groupings").children) button.addEventListener("click", () => {
  state.by = button.dataset.by;
  state.chosen = null;
  for (const other of $("groupings").children) other.setAttribute("aria-pressed", String(other === button));
  const head = $("group-head");
  (head.querySelector("button") || head).textContent = HEADS[state.by];
  state.rows = state.limit = BATCH;
  groups();
  items();
});
$("family").replaceChildren(el("option", { value: "" }, "all families"), ...unique(all.map((f) => f.family)).sort().map((name) => el("option", { value: name }, name)));
for (const id of ["search", "family", "suppressed"]) $(id).addEventListener("input", filter);
$("totals").textContent = DATA.summary;
if (!all.some((f) => f.suppressed)) $("suppressed").parentElement.hidden = true;
if (DATA.unanalysed.length) $("main").append(el("details", { class: "card" }, el("summary", {}, `${count(DATA.unanalysed.length, "place")} could not be analysed`),
  el("ul", {}, DATA.unanalysed.map(([file, line, reason]) => el("li", {}, place(file, line), ` ${reason}`)))));
filter();
