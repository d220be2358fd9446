// Draws an explorer's charts. The kernel sends each chart that changed, the most important first.
const LIBRARY = Symbol.for("kam.plotly");
const SETTINGS = { displayModeBar: false, displaylogo: false, responsive: false };
// Pixels of a drawing: two beside each other are below the first, one alone in a small window below the second.
const NARROW = 620, MEDIUM = 840;
const BETWEEN = 26;
// Milliseconds after which the kernel's word counts, whatever it is about.
const PATIENCE = 400;
// Milliseconds after which it is seen to be at work.
const MOMENT = 250;

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

async function evaluated(source) {
  // The library expects to be a script; as a module it must not find somebody else's loader.
  const wrapped = new Blob(
    ["const module = { exports: {} }; (function (module, exports, define) {", source, "\n}).call(globalThis, module, module.exports, undefined); export default module.exports;"],
    { type: "text/javascript" }
  );
  const address = URL.createObjectURL(wrapped);
  try {
    return (await import(/* webpackIgnore: true */ address)).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function forWidth(figure, width) {
  const meta = figure.layout.meta || {};
  const less = width < NARROW ? meta.narrow : width < MEDIUM ? meta.medium : null;
  if (!less) return figure;
  const copy = structuredClone(figure);
  (less.data || []).forEach((changes, at) => Object.assign(copy.data[at], changes));
  (less.annotations || []).forEach((changes, at) => Object.assign(copy.layout.annotations[at], changes));
  for (const axis of Object.keys(less.axes || {})) copy.layout[axis] = Object.assign(copy.layout[axis] || {}, less.axes[axis]);
  Object.assign(copy.layout, less.layout);
  return copy;
}

// Room for the names beside an axis. Where the chart library finds too little, it draws everything a second time.
const measure = document.createElement("canvas").getContext("2d");
function leftOf(layout) {
  const ours = layout.template.layout, axes = Object.keys(layout).filter((each) => each.startsWith("yaxis")).map((each) => layout[each]);
  return Math.max(layout.margin?.l ?? ours.margin.l, ...axes.flatMap((axis) => {
    if (axis.visible === false || axis.showticklabels === false || axis.side === "right" || axis.automargin === false) return [];
    measure.font = `${axis.tickfont?.size ?? ours.font.size}px ${ours.font.family}`;
    const beside = (axis.ticklabelstandoff ?? ours.yaxis.ticklabelstandoff) + (axis.title?.text ? 1.8 * (axis.title.font?.size ?? ours.font.size) : 0);
    return (axis.ticktext || axis.tickvals || []).map(String).map((text) => measure.measureText(text.replace(/<[^>]*>/g, "")).width * (/<b>/.test(text) ? 1.1 : 1) + beside + 14);
  }));
}

// The title stands above the drawing as text, where it wraps; only words or an axis (in two lines) on top need room there.
function below(layout, width) {
  const above = (layout.annotations || []).some((each) => each.yanchor === "bottom" && each.y === 1 && /(paper|domain)$/.test(each.yref));
  const across = Object.keys(layout).filter((each) => each.startsWith("xaxis")).map((each) => layout[each]);
  const named = across.some((axis) => axis.title?.text), onTop = across.some((axis) => axis.side === "top");
  const margin = { ...layout.margin, l: Math.ceil(leftOf(layout)), t: onTop ? 44 : above ? 24 : 8, b: named ? 48 : onTop ? 12 : 40 };
  return { ...layout, title: undefined, margin, width: width || undefined };
}

function numbers(table) {
  const head = element("tr", {}, ...table.columns.map((text) => element("th", { scope: "col" }, text)));
  const rows = table.rows.map((row) => element("tr", {}, ...row.map((text) => element("td", {}, text))));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

class Chart {
  constructor(name, otherWidth) {
    this.title = element("figcaption", {});
    this.place = element("div", { class: "kam-drawing", "aria-hidden": "true" });
    this.source = element("p", { class: "kam-source" });
    this.behind = element("details", {}, element("summary", {}, "Show the data"));
    this.behind.addEventListener("toggle", () => this.fill());
    this.root = element("figure", { class: "kam-chart", role: "group", "data-chart": name }, this.title, this.place, this.source, this.behind);
    this.root.hidden = true;
    // The width is known before it is needed: to ask for it then would lay out all of the notebook.
    this.wider = new ResizeObserver(([seen]) => {
      this.width = Math.round(seen.contentRect.width);
      if (this.figure && this.width && this.width !== this.drawnWidth) otherWidth();
    });
    this.wider.observe(this.place);
    // Charts of different heights stand close in two columns: the grid's rows are single pixels.
    this.taller = new ResizeObserver(() => { this.root.style.gridRowEnd = "span " + Math.ceil(this.root.offsetHeight + BETWEEN); });
    this.taller.observe(this.root);
  }
  async draw(figure, Plotly) {
    this.figure = figure;
    this.root.hidden = !figure;
    if (!figure) {
      this.width = 0;
      return Plotly.purge(this.place);
    }
    this.drawnWidth = this.width ||= this.place.clientWidth;
    const shown = forWidth(figure, this.width);
    await Plotly.react(this.place, shown.data, below(shown.layout, this.width), SETTINGS);
    // The words come last: the chart library measures, and would lay out all of the notebook with them first.
    const meta = figure.layout.meta || {};
    this.root.setAttribute("aria-label", meta.alt || meta.title || "Chart");
    this.title.textContent = meta.title || "";
    this.source.textContent = meta.source || "";
    this.fill();
  }
  // One chart that fails takes no other with it, and none of the next.
  fail(error) {
    this.title.textContent = `This chart could not be drawn (${error}); reset, or ask whoever looks after the workbook.`;
    console.error(error);
  }
  end(Plotly) {
    this.wider.disconnect();
    this.taller.disconnect();
    if (Plotly) Plotly.purge(this.place);
  }
  fill() {
    const table = this.behind.open && this.figure && this.figure.layout.meta.table;
    if (table) this.behind.replaceChildren(this.behind.firstChild, numbers(table));
  }
}

function copying(model) {
  const line = element("textarea", { readonly: "", rows: "2", spellcheck: "false", "aria-label": "Command that makes this view a report" });
  const button = element("button", { type: "button", class: "kam-copy" }, "Copy as a report");
  const said = element("span", { class: "kam-said", role: "status" });
  const show = () => { line.value = model.get("command"); said.textContent = ""; };
  line.addEventListener("focus", () => line.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line.value);
      said.textContent = "Copied; run it in a terminal, in this folder.";
    } catch (refused) {
      line.select();
      said.textContent = "Your browser does not let us copy; the line is selected.";
    }
  });
  model.on("change:command", show);
  show();
  return element("div", { class: "kam-report" }, button, said, line);
}

function saying(model, name, attributes) {
  const place = element("p", attributes);
  const show = () => { place.textContent = model.get(name); place.hidden = !place.textContent; };
  model.on("change:" + name, show);
  show();
  return place;
}

// JupyterLab would take arrows and letters for its own shortcuts (a "d" typed twice deletes the cell). What is
// pressed with Ctrl, Alt or Cmd stays its own.
function ownKeys(el) {
  const keep = (event) => {
    const root = el.closest(".kam-explorer");
    // On the element itself: what stands above it is asked too late.
    if (root && root.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
  };
  window.addEventListener("keydown", keep, true);
  return () => window.removeEventListener("keydown", keep, true);
}

// ipywidgets leaves its sliders and groups of boxes without a name, and speaks of a step's number where a page says 10 %.
function nameControls(root) {
  for (const boxes of root ? root.querySelectorAll(".kam-ticks:not([role])") : []) {
    boxes.setAttribute("role", "group");
    boxes.setAttribute("aria-label", boxes.closest(".kam-control").querySelector(".widget-label").textContent);
  }
  for (const handle of root ? root.querySelectorAll('.kam-control [role="slider"]:not([aria-label])') : []) {
    const box = handle.closest(".widget-inline-hbox");
    const label = box.querySelector(".widget-label"), readout = box.querySelector(".widget-readout");
    handle.setAttribute("aria-label", label ? label.textContent : "");
    // The slider writes its own text with every move, so ours comes after it.
    const say = () => { if (handle.getAttribute("aria-valuetext") !== readout.textContent) handle.setAttribute("aria-valuetext", readout.textContent); };
    if (readout) { new MutationObserver(say).observe(box, { childList: true, characterData: true, subtree: true, attributeFilter: ["aria-valuetext"] }); say(); }
  }
}

// The first chart by what the controls say, and by which of them was moved (others follow some only in the kernel).
// A move is drawn from here before the kernel has heard of it; what the kernel then sends is the same.
function foreseen(model, draw, moved) {
  const known = new Map(), listening = [];
  let now = () => [], ended = false;
  const rounded = (_, value) => (typeof value === "number" ? Math.round(1e6 * value) / 1e6 : value);
  const key = (moved, state) => JSON.stringify([moved, state], rounded);
  const controls = model.get("seen").map(async ([id, trait]) => [await model.widget_manager.get_model(id), trait]);
  // Where a front end does not give them, every move waits for the kernel.
  Promise.all(controls).catch(() => []).then((seen) => {
    if (ended) return;
    now = () => seen.map(([control, trait]) => control.get(trait));
    seen.forEach(([control, trait], at) => {
      const look = (_, value, options) => {
        // What a hand did not move, the kernel did: one control at a time, and whole at the end only.
        if (!options?.updated_view) return;
        moved();
        const figure = known.get(key(at, now())) ?? known.get(key(null, now()));
        if (figure !== undefined) draw(figure);
      };
      control.on("change:" + trait, look);
      listening.push(() => control.off("change:" + trait, look));
    });
  });
  return {
    add: (moved, state, figure) => known.set(key(moved, state), figure),
    isNow: (state) => key(null, state) === key(null, now()),
    forget: () => known.clear(),
    end() {
      ended = true;
      for (const each of listening) each();
    },
  };
}

function afterPaint() {
  // A page in the background paints nothing, and must not wait for it.
  return new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 100); });
}

function render({ model, el }) {
  const names = model.get("names");
  const waiting = new Map();
  const charts = new Map(names.map((name) => [name, new Chart(name, () => {
    if (!waiting.has(name)) waiting.set(name, charts.get(name).figure);
    drawAll();
  })]));
  const asked = new Map();
  let Plotly = globalThis[LIBRARY], drawing = false;

  function ask(name, text) {
    if (asked.get(name) === text) return;
    asked.set(name, text);
    waiting.set(name, text ? JSON.parse(text) : null);
    drawAll();
  }
  let early = false, later;
  const ahead = foreseen(model, (text) => {
    early = true;
    // The control's own message to the kernel goes first.
    queueMicrotask(() => ask(names[0], text));
  }, () => atWork(true));
  // A move that is answered at once is seen in the charts alone.
  let moment;
  function atWork(on) {
    clearTimeout(moment);
    if (on) moment = setTimeout(() => el.setAttribute("aria-busy", "true"), MOMENT);
    else el.removeAttribute("aria-busy");
  }
  // The kernel has the last word. While a hand goes on, its word is about a move before, and would be a step back.
  function told(text, state) {
    clearTimeout(later);
    if (state) ahead.add(null, state, text);
    if (early && state && !ahead.isNow(state)) {
      later = setTimeout(() => told(text), PATIENCE);
    } else {
      early = false;
      ask(names[0], text);
    }
  }

  async function drawAll() {
    if (drawing || !Plotly) return;
    drawing = true;
    nameControls(el.closest(".kam-explorer"));
    while (waiting.size) {
      // What came in meanwhile replaces what waits; the first name is the one that is looked at.
      const name = names.find((each) => waiting.has(each));
      const figure = waiting.get(name);
      waiting.delete(name);
      try {
        await charts.get(name).draw(figure, Plotly);
      } catch (error) {
        charts.get(name).fail(error);
      }
      // It is seen before the others are drawn, which come meanwhile.
      if (name === names[0]) await afterPaint();
    }
    drawing = false;
  }
  async function hear(said, buffers) {
    if (said.kind === "library" && !Plotly) {
      Plotly = globalThis[LIBRARY] ??= await evaluated(new Uint8Array(buffers[0].buffer, buffers[0].byteOffset, buffers[0].byteLength));
      model.send({ want: "charts" });
    } else if (said.kind === "chart" && charts.has(said.name)) {
      const text = new TextDecoder().decode(buffers[0]);
      if (said.name === names[0]) told(text, said.state);
      else ask(said.name, text);
    } else if (said.kind === "foreseen") {
      ahead.add(said.moved, said.state, new TextDecoder().decode(buffers[0]));
    } else if (said.kind === "forget") {
      ahead.forget();
    } else if (said.kind === "done") {
      atWork(false);
    }
  }
  el.classList.add("kam-charts");
  el.append(
    saying(model, "message", { class: "kam-trouble", role: "alert" }),
    saying(model, "answer", { class: "kam-finding", role: "status" }),
    element("div", { class: "kam-grid" }, ...Array.from(charts.values(), (each) => each.root)),
    copying(model)
  );
  const otherKeys = ownKeys(el);
  model.on("msg:custom", hear);
  model.send({ want: Plotly ? "charts" : "library" });
  return () => {
    otherKeys();
    ahead.end();
    clearTimeout(later);
    clearTimeout(moment);
    for (const chart of charts.values()) chart.end(Plotly);
  };
}

export default { render };
