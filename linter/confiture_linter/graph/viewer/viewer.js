
// The schema graph: a list of all objects, and of one what needs it, what it needs, and what breaks.
const G = DATA;
const nodes = G.nodes.map((n, i) => ({ i, id: n[0], kind: n[1], schema: n[2], name: n[3], owner: n[4], file: G.files[n[5]], line: n[6],
  layer: n[7], level: n[8], out: [], in: [], parts: [], label: n[0].slice(n[0].indexOf(":") + 1) }));
const byId = new Map(nodes.map((n) => [n.id, n]));
for (const n of nodes) if (n.owner >= 0) nodes[n.owner].parts.push(n);
const whole = (n) => (n.owner >= 0 ? nodes[n.owner] : n);
const edges = G.edges.map((e) => ({ source: nodes[e[0]], target: nodes[e[1]], kind: e[2], file: G.files[e[3]], line: e[4], columns: e[5],
  exact: e[6], through: e[7], late: e[8], tracked: e[9] }));
for (const e of edges) {
  if (e.kind === "part-of") { e.source.own = e.columns; continue; }
  if (e.kind === "schema") continue;
  const s = whole(e.source), t = whole(e.target);
  if (s !== t) { s.out.push(e); t.in.push(e); }
}
for (const n of nodes) { n.users = new Set(n.in.map((e) => whole(e.source))).size; n.needs = new Set(n.out.map((e) => whole(e.target))).size; }
const cyclic = new Set(G.cycles.flat());
const objects = nodes.filter((n) => n.owner < 0);
const layered = objects.some((n) => n.layer);
const groupOf = (n) => (layered ? n.layer || "no layer" : n.schema || "no schema");
const SHORT = { table: "table", view: "view", materialized_view: "matview", function: "func", procedure: "proc", aggregate: "agg", type: "type",
  sequence: "seq", schema: "schema", extension: "ext", trigger: "trig", index: "index", constraint: "constr", policy: "policy", rule: "rule", column: "col" };
const COLORED = new Set(["table", "view", "materialized_view", "function", "procedure", "aggregate", "type"]);
const state = { tab: "object", at: null, depth: 1, only: false };

const badge = (kind) => el("span", { class: `k k-${COLORED.has(kind) ? kind : "other"}`, title: kind.replace("_", " ") }, SHORT[kind] || kind.slice(0, 6));
const link = (n) => el("button", { class: "link", onclick: () => go(n) }, n.label);
const mark = (n) => cyclic.has(n.i) && el("span", { class: "cyc", title: "in a cycle" }, " ⟳ cycle");
const byLabel = (a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);

// The list: only the rows in view are in the document, so that thousands of objects cost nothing.
const ROW = 30;
let shown = [];
function filter() {
  const wanted = words($("search").value);
  const kind = $("kind").value, group = $("group").value, which = $("file").value;
  shown = objects.filter((n) => {
    if (kind && n.kind !== kind) return false;
    if (group && groupOf(n) !== group) return false;
    if (which === "cycle" && !cyclic.has(n.i)) return false;
    if (which === "unused" && n.in.length) return false;
    if (which === "root" && n.out.length) return false;
    const text = `${n.id} ${n.file}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const sort = $("sort").value;
  const number = { in: (n) => -n.users, out: (n) => -n.needs, level: (n) => n.level, name: () => 0 }[sort];
  shown.sort((a, b) => number(a) - number(b) || byLabel(a, b));
  $("count").textContent = `${count(shown.length, "object")} of ${objects.length.toLocaleString("en")}`;
  $("list").scrollTop = 0;
  paint();
  if (state.tab === "lanes") render();
}
function paint() {
  const box = $("list"), inner = box.firstElementChild;
  inner.style.height = `${shown.length * ROW}px`;
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 8);
  const rows = shown.slice(first, first + Math.ceil(box.clientHeight / ROW) + 16);
  inner.replaceChildren(...rows.map((n, k) => el("div", { class: "row", role: "option", id: `o${n.i}`, style: `top:${(first + k) * ROW}px`,
    "aria-selected": String(n === state.at), "aria-setsize": shown.length, "aria-posinset": first + k + 1, title: `${n.id}\n${n.file}:${n.line}`,
    onclick: () => go(n) }, badge(n.kind), el("span", { class: "name" }, n.schema === "public" ? n.label.replace(/^public\./, "") : n.label),
    cyclic.has(n.i) && el("span", { class: "cyc" }, "⟳"), el("span", { class: "n", title: "needed by / needs" }, `${n.users} / ${n.needs}`))));
  if (state.at && shown.includes(state.at)) box.setAttribute("aria-activedescendant", `o${state.at.i}`);
  else box.removeAttribute("aria-activedescendant");
}
function reveal() {
  const box = $("list"), at = shown.indexOf(state.at);
  if (at >= 0 && (at * ROW < box.scrollTop || (at + 1) * ROW > box.scrollTop + box.clientHeight)) box.scrollTop = at * ROW - box.clientHeight / 3;
  paint();
}
$("list").addEventListener("keydown", (event) => {
  const at = shown.indexOf(state.at), page = Math.floor($("list").clientHeight / ROW);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 }[event.key];
  if (to === undefined || !shown.length) return;
  event.preventDefault();
  go(shown[Math.max(0, Math.min(shown.length - 1, to))]);
});

// Object
const USE_IN = { reads: "reads it", writes: "writes it", calls: "calls it", references: "references it", type: "has its type", inherits: "inherits from it",
  partition: "is a partition of it", copies: "is made LIKE it", trigger: "runs it by trigger", "owned-by": "is owned by it", uses: "uses it" };
const USE_OUT = { reads: "reads", writes: "writes", calls: "calls", references: "references", type: "has type", inherits: "inherits from",
  partition: "is a partition of", copies: "is made LIKE", trigger: "runs by trigger", "owned-by": "is owned by", uses: "uses" };
function related(list, other, words) {
  const kinds = unique(list.map((e) => e.kind)).sort();
  if (!list.length) return el("p", { class: "soft" }, "nothing");
  return kinds.map((kind) => el("div", {}, el("p", { class: "level" }, `${words[kind] || kind} · ${list.filter((e) => e.kind === kind).length}`),
    listed(list.filter((e) => e.kind === kind).sort((a, b) => byLabel(whole(a[other]), whole(b[other]))), (e) => {
      const n = whole(e[other]);
      return el("li", {}, badge(n.kind), link(n), mark(n), " ", el("small", {}, e.late ? "when it runs " : "",
        e.columns.length ? `(${e.columns.join(", ")}${e.exact ? "" : ", …"}) ` : "", e.through.length ? `by ${e.through.map((t) => t.split(".").pop()).join(", ")} ` : "",
        el("br"), place(e.file, e.line)));
    })));
}
function showObject() {
  const n = state.at;
  if (!n) return [el("p", { class: "soft" }, "Choose an object on the left, or press / to search.")];
  const depth = (number) => el("button", { class: "chip", "aria-pressed": String(state.depth === number), onclick: () => { state.depth = number; render(); } }, count(number, "step"));
  return [
    el("h2", {}, badge(n.kind), " ", n.label, mark(n)),
    el("p", {}, place(n.file, n.line), el("span", { class: "soft" }, `  ·  ${layered && n.layer ? `layer ${n.layer}  ·  ` : ""}level ${n.level}  ·  file ${G.files.indexOf(n.file) + 1} of ${G.ordered}`)),
    el("div", { class: "bar2" }, el("span", { class: "soft" }, "Neighbourhood"), depth(1), depth(2), el("button", { class: "chip", onclick: () => tab("impact") }, "What breaks if it goes?")),
    el("div", { class: "drawing" }, drawing(n, state.depth)),
    el("div", { class: "columns" },
      el("section", { class: "card" }, el("h3", {}, `Needed by ${unique(n.in.map((e) => whole(e.source))).length}`), related(n.in, "source", USE_IN)),
      el("section", { class: "card" }, el("h3", {}, `Needs ${unique(n.out.map((e) => whole(e.target))).length}`), related(n.out, "target", USE_OUT)),
      n.parts.length > 0 && el("section", { class: "card" }, el("h3", {}, `Parts ${n.parts.length}`), el("ul", {}, n.parts.map((p) =>
        el("li", {}, badge(p.kind), p.name, " ", el("small", {}, p.own && p.own.length ? `(${p.own.join(", ")}) ` : "", el("br"), place(p.file, p.line))))))),
  ];
}

// The drawing: what needs it to the left, what it needs to the right, one column a step.
const LIMIT = 40;
function rings(n, depth, side) {
  const found = [[n]], seen = new Set([n]);
  for (let step = 1; step <= depth; step++) {
    const ring = [];
    for (const from of found[step - 1]) for (const e of side === "in" ? from.in : from.out) {
      const to = whole(side === "in" ? e.source : e.target);
      if (!seen.has(to)) { seen.add(to); ring.push(to); }
    }
    found.push(ring.sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : byLabel(a, b))));
  }
  return found.slice(1);
}
function drawing(n, depth) {
  const left = rings(n, depth, "in"), right = rings(n, depth, "out");
  const columns = [...left.slice().reverse(), [n], ...right];
  const W = 200, GAP = 64, H = 26, STEP = 34, TOP = 34;
  const cut = columns.map((c) => c.slice(0, LIMIT));
  const tall = Math.max(...cut.map((c, i) => c.length + (columns[i].length > c.length ? 1 : 0)), 1);
  const height = TOP + tall * STEP + 10, width = columns.length * (W + GAP) - GAP + 20;
  const at = new Map(), boxes = [], lines = [];
  cut.forEach((column, c) => {
    const x = 10 + c * (W + GAP), extra = columns[c].length - column.length;
    const y0 = TOP + ((tall - column.length - (extra ? 1 : 0)) * STEP) / 2;
    const step = c - left.length;
    boxes.push(svg("text", { x, y: 18, class: "head" }, step === 0 ? "" : columns[c].length ? `${step < 0 ? "needs it" : "it needs"}${Math.abs(step) > 1 ? ", 2 steps" : ""} · ${columns[c].length}` : ""));
    column.forEach((m, r) => {
      const y = y0 + r * STEP, key = `${m.i}:${Math.sign(step)}`;
      at.set(key, { x, y: y + H / 2 });
      const short = m.name.length > 27 ? `${m.name.slice(0, 26)}…` : m.name;
      boxes.push(svg("g", { class: `box s-${m.kind}${m === n ? " centre" : ""}${cyclic.has(m.i) ? " bad" : ""}`, tabindex: m === n ? "-1" : "0", role: "button", "aria-label": m.id, "data-key": key,
        onclick: () => go(m), onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(m); } } },
        svg("title", {}, `${m.id}\n${m.file}:${m.line}`), svg("rect", { x, y, width: W, height: H, rx: /func|proc|agg/.test(m.kind) ? 13 : /view/.test(m.kind) ? 8 : 3 }), svg("text", { x: x + 9, y: y + 17 }, short)));
    });
    if (extra) boxes.push(svg("text", { x: x + 9, y: y0 + column.length * STEP + 17, class: "head" }, `and ${extra} more, see the list below`));
  });
  const draw = (ring, previous, side) => {
    for (const m of previous) for (const e of side < 0 ? m.in : m.out) {
      const other = whole(side < 0 ? e.source : e.target);
      if (!ring.has(other)) continue;
      const a = at.get(`${other.i}:${side}`), b = at.get(`${m.i}:${m === n ? 0 : side}`);
      if (!a || !b) continue;
      const [from, to] = side < 0 ? [a, b] : [b, a];
      const x1 = from.x + W, x2 = to.x - 6, mid = (x1 + x2) / 2;
      lines.push(svg("path", { d: `M${x1} ${from.y}C${mid} ${from.y} ${mid} ${to.y} ${x2} ${to.y}`, "marker-end": "url(#arrow)", ...(e.late ? { class: "late" } : {}) }, svg("title", {}, `${whole(e.source).label} ${USE_OUT[e.kind] || e.kind} ${whole(e.target).label}`)));
    }
  };
  for (const [side, list] of [[-1, left], [1, right]]) list.forEach((ring, k) => draw(new Set(ring), k ? list[k - 1] : [n], side));
  const arrow = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: "6", refY: "4", markerWidth: "7", markerHeight: "7", orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z", style: "fill:var(--soft);stroke:none" }));
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `Neighbourhood of ${n.label}: dependents left, dependencies right; dashed: only when it runs` }, svg("defs", {}, arrow), ...lines, ...boxes);
}

// Impact
function impactOf(start) {
  const found = new Map(), queue = [start];
  const reach = new Map([[start, []]]), hard = new Map([[start, 1]]);
  while (queue.length) {
    const n = queue.shift();
    for (const e of n.in) {
      if (e.kind === "owned-by") continue;
      const s = whole(e.source), refused = hard.get(n) && e.tracked, parts = e.through.filter((t) => !t.startsWith("column:"));
      const path = [...reach.get(n), n];
      if (parts.length) {
        for (const part of parts) if (!found.has(part)) found.set(part, { node: byId.get(part) || s, owner: s, e, path, refused });
      } else if (!reach.has(s)) {
        reach.set(s, path);
        hard.set(s, refused);
        found.set(s.id, { node: s, owner: s, e, path, refused });
        const local = e.through.length > 0 && e.kind !== "type";
        if (!local) queue.push(s);
      }
    }
  }
  return [...found.values()];
}
function showImpact() {
  const n = state.at;
  if (!n) return showObject();
  const all = impactOf(n);
  const groups = [["Refused by DROP: these have to go first", all.filter((d) => d.refused)], ["Fails when it runs", all.filter((d) => !d.refused)]];
  return [
    el("h2", {}, "If ", n.label, " goes"),
    el("p", { class: "soft" }, all.length ? `${count(all.length, "dependent")}, ${all.filter((d) => d.path.length === 1).length} of them direct. Columns: confiture-lint impact ${n.name}.COLUMN` : "Nothing in the tree depends on it."),
    el("div", { class: "columns" }, groups.filter((g) => g[1].length).map(([title, list]) => el("section", { class: "card" }, el("h3", {}, `${title} · ${list.length}`),
      unique(list.map((d) => d.node.kind)).sort().map((kind) => el("div", {}, el("p", { class: "level" }, `${kind.replace("_", " ")} · ${list.filter((d) => d.node.kind === kind).length}`),
        listed(list.filter((d) => d.node.kind === kind), (d) => el("li", {}, badge(kind), d.node.owner >= 0 ? [d.node.name, " on ", link(d.owner)] : link(d.node), " ",
          el("small", {}, d.path.length > 1 ? `through ${d.path.slice(1).map((p) => p.name).join(" → ")}` : "", el("br"), place(d.e.file, d.e.line))))))))),
  ];
}

// Lanes: one of each layer, or schema, the lowest first; the one object that is chosen, what breaks without it, what it needs.
let chips = new Map();
function lanes() {
  const groups = new Map();
  for (const n of objects) {
    const name = groupOf(n);
    if (!groups.has(name)) groups.set(name, { name, all: [], level: 0 });
    groups.get(name).all.push(n);
  }
  for (const g of groups.values()) g.level = g.all.reduce((sum, n) => sum + n.level, 0) / g.all.length;
  return [...groups.values()].sort((a, b) => a.level - b.level || compare(a.name, b.name));
}
const LANES = lanes();
function between(lane) {
  const found = new Map();
  for (const n of lane.all) for (const e of n.out) {
    const other = groupOf(whole(e.target));
    if (other !== lane.name) found.set(other, (found.get(other) || 0) + 1);
  }
  return [...found].sort((a, b) => b[1] - a[1]);
}
function showLanes() {
  const visible = new Set(shown);
  chips = new Map();
  return [
    el("h2", {}, layered ? "Layers" : "Schemas"),
    el("p", { id: "fallout", role: "status" }),
    el("p", { class: "legend" }, el("span", {}, "Choose an object: what breaks without it is filled, what it needs is dashed."), el("span", {}, "⟳ is in a cycle."), el("span", {}, "Search and filters on the left narrow the lanes, too.")),
    LANES.map((lane) => {
      const mine = lane.all.filter((n) => visible.has(n)).sort((a, b) => a.level - b.level || byLabel(a, b));
      if (!mine.length) return null;
      const needs = between(lane);
      return el("section", { class: "lane", "aria-label": lane.name }, el("h3", {}, lane.name, el("span", {}, count(mine.length, "object")),
        needs.length > 0 && el("span", {}, `needs ${needs.slice(0, 6).map(([name, number]) => `${name} (${number.toLocaleString("en")})`).join(", ")}`)),
        el("ul", {}, mine.map((n) => {
          const chip = el("button", { type: "button", class: `s-${n.kind}${cyclic.has(n.i) ? " bad" : ""}`, title: `${n.id}\n${n.file}:${n.line}`,
            "aria-label": `${n.kind.replace("_", " ")} ${n.label}${cyclic.has(n.i) ? ", in a cycle" : ""}`, onclick: () => go(n) }, n.name);
          chips.set(n, chip);
          return el("li", {}, chip);
        })));
    }),
  ];
}
function markLanes() {
  const n = state.at;
  const hits = n ? new Set(impactOf(n).map((d) => d.owner)) : new Set();
  const needs = n ? new Set(n.out.map((e) => whole(e.target))) : new Set();
  $("main").classList.toggle("chosen", Boolean(n));
  for (const [m, chip] of chips) {
    chip.classList.toggle("hit", hits.has(m) && m !== n);
    chip.classList.toggle("need", needs.has(m) && m !== n && !hits.has(m));
    chip.classList.toggle("centre", m === n);
    chip.setAttribute("aria-pressed", String(m === n));
  }
  if (!n) return;
  const all = impactOf(n), touched = unique(all.map((d) => groupOf(d.owner)));
  $("fallout").replaceChildren("If ", link(n), " goes: ", all.length ? `${count(all.length, "dependent")} in ${count(touched.length, layered ? "layer" : "schema")}, ${all.filter((d) => d.refused).length} of them refused by DROP. ` : "nothing breaks. ",
    all.length > 0 && el("button", { type: "button", class: "link", onclick: () => tab("impact") }, "List them"), " ",
    el("button", { type: "button", class: "chip", id: "only", "aria-pressed": String(state.only), onclick: () => { state.only = !state.only; markLanes(); $("only").focus(); } }, "Only what it touches"));
  for (const [m, chip] of chips) chip.parentElement.hidden = state.only && m !== n && !hits.has(m) && !needs.has(m);
  for (const lane of document.querySelectorAll(".lane")) lane.hidden = !lane.querySelector("li:not([hidden])");
}

// Build order, cycles, unresolved
function showOrder() {
  const defined = new Map();
  for (const n of objects) { if (!defined.has(n.file)) defined.set(n.file, []); defined.get(n.file).push(n); }
  return [el("h2", {}, `Build order of ${count(G.ordered, "file")}`), el("ol", { class: "order" }, G.files.slice(0, G.ordered).map((file, k) =>
    el("li", {}, el("span", { class: "nr" }, String(k + 1)), el("span", {}, el("code", {}, file), " ", (defined.get(file) || []).slice(0, 6).map((n) => [" ", el("small", {}, link(n)), mark(n)]),
      (defined.get(file) || []).length > 6 && el("small", { class: "soft" }, ` and ${defined.get(file).length - 6} more`)))))];
}
function showCycles() {
  if (!G.cycles.length) return [el("h2", {}, "No cycles"), el("p", { class: "soft" }, "Every object can be built after what it needs. What functions need only when they run is not counted.")];
  return [el("h2", {}, count(G.cycles.length, "cycle")), G.cycles.map((cycle) => {
    const members = new Set(cycle.map((i) => nodes[i]));
    const inside = edges.filter((e) => !e.late && e.kind !== "part-of" && whole(e.source) !== whole(e.target) && members.has(whole(e.source)) && members.has(whole(e.target)));
    return el("div", { class: "warn" }, el("p", {}, [...members].map((n, k) => [k ? ", " : "", link(n)])), el("ul", {}, inside.map((e) =>
      el("li", {}, whole(e.source).label, ` ${USE_OUT[e.kind] || e.kind} `, whole(e.target).label, " ", place(e.file, e.line)))));
  })];
}
function showOutside() {
  if (!G.unresolved.length) return [el("h2", {}, "Every name is resolved")];
  return [el("h2", {}, `${count(G.unresolved.length, "name")} that the tree does not define`), el("table", {}, el("thead", {}, el("tr", {}, ["Name", "Kind", "Why", "Where"].map((t) => el("th", { scope: "col" }, t)))),
    el("tbody", {}, G.unresolved.map((u) => el("tr", {}, el("td", {}, u[0]), el("td", {}, u[1]), el("td", {}, u[4] + (u[5] ? `: ${u[5]}` : "")), el("td", {}, place(u[2], u[3]))))))];
}

const TABS = { object: showObject, lanes: showLanes, impact: showImpact, order: showOrder, cycles: showCycles, outside: showOutside };
function render() {
  for (const name of Object.keys(TABS)) {
    const on = name === state.tab;
    $(`tab-${name}`).setAttribute("aria-selected", String(on));
    $(`tab-${name}`).tabIndex = on ? 0 : -1;
  }
  $("main").setAttribute("aria-labelledby", `tab-${state.tab}`);
  $("main").replaceChildren(...TABS[state.tab]().flat(Infinity).filter(Boolean));
  $("main").classList.remove("chosen");
  if (state.tab === "lanes") markLanes();
  const box = document.querySelector(".drawing"), centre = box && box.querySelector(".centre rect");
  if (centre) {
    box.scrollLeft = +centre.getAttribute("x") - box.clientWidth / 2 + 100;
    box.scrollTop = +centre.getAttribute("y") - box.clientHeight / 2 + 13;
  }
}
function tab(name) { state.tab = name; render(); }
function go(n, keep) {
  state.at = whole(n);
  if (!["object", "impact", "lanes"].includes(state.tab)) state.tab = "object";
  if (state.tab === "lanes" && chips.has(state.at) && $("fallout")) markLanes();
  else render();
  reveal();
  if (!keep) { if (state.tab !== "lanes") $("main").scrollTop = 0; history.replaceState(null, "", `#${encodeURIComponent(state.at.id)}`); }
}
for (const name of Object.keys(TABS)) $(`tab-${name}`).addEventListener("click", () => tab(name));
document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const names = Object.keys(TABS), at = names.indexOf(state.tab);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + names.length, Home: 0, End: names.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  tab(names[to % names.length]);
  $(`tab-${state.tab}`).focus();
});
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && shown.length) go(shown[0]);
  if (event.key === "ArrowDown") { event.preventDefault(); $("list").focus(); if (shown.length) go(shown[0]); }
});
function fill(id, all, values) {
  $(id).replaceChildren(el("option", { value: "" }, all), ...[...values].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([v, k]) => el("option", { value: v }, `${v.replace("_", " ")} (${k})`)));
}
const tally = (key) => objects.reduce((map, n) => map.set(key(n), (map.get(key(n)) || 0) + 1), new Map());
fill("kind", "all kinds", tally((n) => n.kind));
fill("group", layered ? "all layers" : "all schemas", tally(groupOf));
for (const id of ["search", "kind", "group", "sort", "file"]) $(id).addEventListener("input", filter);
$("list").addEventListener("scroll", paint, { passive: true });
addEventListener("resize", paint);
$("totals").textContent = `${count(objects.length, "object")} · ${count(edges.filter((e) => e.kind !== "part-of" && e.kind !== "schema").length, "dependency")} · ${count(G.ordered, "file")}`;
if (G.cycles.length) { $("tab-cycles").append(` ${G.cycles.length}`); $("tab-cycles").classList.add("cyc"); }
if (G.unresolved.length) $("tab-outside").append(` ${G.unresolved.length}`);
function start() {
  const [asked, query] = decodeURIComponent(location.hash.slice(1)).split("?");
  const first = byId.get(asked) || objects.slice().sort((a, b) => b.in.length + b.out.length - a.in.length - a.out.length)[0];
  if (TABS[query]) state.tab = query;
  filter();
  if (first && TABS[state.tab]) { const kept = state.tab; go(first, true); if (kept !== state.tab) tab(kept); } else render();
}
addEventListener("hashchange", () => { const n = byId.get(decodeURIComponent(location.hash.slice(1))); if (n) go(n, true); });
start();
