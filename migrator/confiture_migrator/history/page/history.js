
// The history: rows are in the page already; here they are filtered, put in order, and drawn over time.
const table = $("history"), rows = [...table.tBodies[0].rows];
const off = new Set();
for (const row of rows) row.text = row.textContent.toLowerCase();
function filter() {
  const wanted = words($("search").value);
  let left = 0;
  for (const row of rows) {
    const shown = !off.has(row.dataset.status) && wanted.every((word) => row.text.includes(word));
    row.hidden = !shown;
    left += shown;
  }
  $("count").textContent = `${left.toLocaleString("en")} of ${count(rows.length, "event")}`;
  draw();
}
sortable(table);
for (const chip of $("statuses").children) chip.addEventListener("click", () => {
  const on = chip.getAttribute("aria-pressed") !== "true";
  chip.setAttribute("aria-pressed", String(on));
  if (on) off.delete(chip.dataset.status); else off.add(chip.dataset.status);
  filter();
});
$("search").addEventListener("input", filter);

// The timeline: time to the right, seconds upwards, by their logarithm. Each mark leads to its row.
const MARKS = {
  applied: (x, y) => svg("circle", { class: "mark", cx: x, cy: y, r: 4 }),
  failed: (x, y) => svg("path", { class: "mark", d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8` }),
  reverted: (x, y) => svg("path", { class: "mark", d: `M${x} ${y - 5}l5 5l-5 5l-5 -5z` }),
  running: (x, y) => svg("circle", { class: "mark", cx: x, cy: y, r: 4 }),
};
const seconds = (row) => Number(row.cells[4].dataset.value || 0);
const when = (row) => Date.parse(row.cells[3].dataset.value);
function show(row) {
  for (const other of rows) other.classList.toggle("aim", other === row);
  const more = row.querySelector("details");
  if (more) more.open = true;
  row.scrollIntoView({ block: "center" });
  (row.querySelector("summary") || row).focus({ preventScroll: true });
}
function draw() {
  const known = rows.filter((row) => !row.hidden && !Number.isNaN(when(row)));
  $("timeline").hidden = !rows.some((row) => !Number.isNaN(when(row)));
  const W = Math.max(280, $("drawing").clientWidth || 800), H = 150, LEFT = 52, RIGHT = 16, TOP = 14, BOTTOM = 24;
  const times = known.map(when), from = Math.min(...times), to = Math.max(...times), span = to - from || 1;
  const top = Math.max(1, ...known.map(seconds));
  const x = (t) => LEFT + (known.length > 1 ? (t - from) / span : .5) * (W - LEFT - RIGHT);
  const y = (s) => H - BOTTOM - (Math.log10(1 + 1000 * s) / Math.log10(1 + 1000 * top)) * (H - TOP - BOTTOM);
  const ticks = [.001, .01, .1, 1, 10, 60, 600, 3600].filter((s) => s <= top);
  const said = (s) => (s < 60 ? `${s} s` : `${s / 60} min`);
  const days = known.length ? unique([from, from + span / 2, to]) : [];
  const stamp = (t) => new Date(t).toISOString().slice(0, span > 2 * 86400e3 ? 10 : 16).replace("T", " ");
  $("drawing").replaceChildren(svg("svg", { viewBox: `0 0 ${W} ${H}`, height: H, role: "group", "aria-label": "Timeline: each mark is a migration" },
    ticks.map((s) => [svg("line", { x1: LEFT, x2: W - RIGHT, y1: y(s), y2: y(s) }), svg("text", { x: LEFT - 6, y: y(s) + 4, "text-anchor": "end" }, said(s))]),
    days.map((t, at) => svg("text", { x: x(t), y: H - 6, "text-anchor": days.length === 1 ? "middle" : ["start", "middle", "end"][at] }, stamp(t))),
    known.map((row) => {
      const cx = x(when(row)), cy = y(seconds(row)), name = `${row.cells[0].textContent} ${row.cells[1].dataset.value}, ${row.dataset.status}, ${row.cells[3].textContent}, ${seconds(row)} s`;
      return svg("a", { class: row.dataset.status, href: `#${row.id}`, "aria-label": name, onclick: (event) => { event.preventDefault(); show(row); } },
        svg("title", {}, name), svg("circle", { class: "ring", cx, cy, r: 9 }), (MARKS[row.dataset.status] || MARKS.applied)(cx, cy));
    })));
}
new ResizeObserver(draw).observe($("drawing"));
filter();
