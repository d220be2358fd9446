// Draws a page's charts with the library that lies in it compressed; the first one first.
(function () {
  "use strict";
  var settings = { displayModeBar: false, displaylogo: false };
  var NARROW = 560, MEDIUM = 840, PAPER = 776;  // pixels of a drawing: a phone's, a tablet's; A4's and Letter's, where it is drawn smaller
  // A chart's colours are those of the light page (tokens.css); in the dark their names stand for others.
  var COLOURS = { "#14213d": "ink", "#52606d": "muted", "#ffffff": "paper", "#f6f8fa": "wash", "#dde3ea": "line", "#1f5fbf": "accent", "#8296ab": "rest", "#1a7f5a": "good", "#9a6700": "warn", "#b42318": "bad" };
  var charts = [], dark = window.matchMedia("screen and (prefers-color-scheme: dark)"), printing = false, ready = false;

  function coloured(text) {
    if (!dark.matches || printing) return text;
    var style = getComputedStyle(document.documentElement);
    return text.replace(/#[0-9a-f]{6}\b/gi, function (colour) {
      var name = COLOURS[colour.toLowerCase()];
      return name ? style.getPropertyValue("--kam-" + name).trim() : colour;
    });
  }

  // What a figure asks to have changed where there is less room.
  function fitted(text, width) {
    var figure = JSON.parse(coloured(text)), meta = figure.layout.meta || {};
    var less = (width < NARROW ? meta.narrow : width < MEDIUM ? meta.medium : null) || {};
    // Whoever changed the figure may have taken out some of what it had.
    (less.data || []).forEach(function (changes, at) { if (figure.data[at]) Object.assign(figure.data[at], changes); });
    var words = figure.layout.annotations || [];
    (less.annotations || []).forEach(function (changes, at) { if (words[at]) Object.assign(words[at], changes); });
    Object.keys(less.axes || {}).forEach(function (axis) { figure.layout[axis] = Object.assign(figure.layout[axis] || {}, less.axes[axis]); });
    Object.assign(figure.layout, less.layout, { width: width, autosize: false });
    return figure;
  }

  function draw(chart, width) {
    if (!width || (width === chart.width && dark.matches === chart.dark && printing === chart.printed)) return;
    var figure = fitted(chart.text, width);
    chart.width = width;
    chart.dark = dark.matches;
    chart.printed = printing;
    if (figure.layout.height) chart.place.style.minHeight = figure.layout.height + "px";
    Plotly.react(chart.place, figure.data, figure.layout, settings);
  }

  // A chart in a folded part has no width: it is drawn when the part opens.
  function drawAll(width) {
    if (ready) charts.forEach(function (chart) { if (chart.place.clientWidth) draw(chart, width || chart.place.clientWidth); });
  }

  function button(text, label, made) {
    var one = document.createElement("button");
    one.type = "button";
    one.className = "quiet";
    one.textContent = text;
    one.setAttribute("aria-label", text + " of the chart: " + label);
    one.addEventListener("click", made);
    return one;
  }

  function picture(chart, name, kind) {
    Plotly.toImage(chart.place, { format: "svg", width: chart.width, height: chart.place.clientHeight }).then(function (address) {
      if (kind === "svg") return window.kamSave(window.kamName(name, ".svg"), address);
      var image = new Image();
      image.onload = function () {
        var canvas = document.createElement("canvas");
        canvas.width = 2 * chart.width;
        canvas.height = 2 * chart.place.clientHeight;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        window.kamSave(window.kamName(name, ".png"), canvas.toDataURL("image/png"));
      };
      image.src = address;
    });
  }

  function takenAway(chart) {
    var figure = chart.place.closest("figure"), table = figure.querySelector("details table");
    var caption = figure.querySelector("figcaption"), name = caption ? caption.textContent : figure.getAttribute("aria-label") || "chart";
    var files = document.createElement("div");
    files.className = "files";
    files.append(button("PNG", name, function () { picture(chart, name, "png"); }), button("SVG", name, function () { picture(chart, name, "svg"); }));
    if (table) files.append(button("CSV", name, function () { window.kamCsv(table, name); }));
    figure.querySelector(".take").append(files);
  }

  document.querySelectorAll("script[data-chart]").forEach(function (source) {
    charts.push({ text: source.textContent, place: document.getElementById(source.getAttribute("data-chart")) });
  });
  var soon;
  window.addEventListener("resize", function () { clearTimeout(soon); soon = setTimeout(drawAll, 100); });
  dark.addEventListener("change", function () { drawAll(); });
  document.addEventListener("toggle", function (event) { if (event.target.matches("details.fold")) drawAll(); }, true);
  // Paper is narrower than the screen, and white. Browsers that lay the page out for it say so by the medium's change;
  // the others print what was drawn before.
  window.addEventListener("beforeprint", function () { printing = true; drawAll(PAPER); });
  window.addEventListener("afterprint", function () { printing = false; drawAll(); });
  window.matchMedia("print").addEventListener("change", function (event) { printing = event.matches; drawAll(); });

  function unpacked(base64) {
    var bytes = Uint8Array.from(atob(base64), function (sign) { return sign.charCodeAt(0); });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  function begin(source) {
    var script = document.createElement("script");
    script.textContent = source;  // the page's policy knows it by its hash
    document.head.append(script);
    ready = true;
    charts.forEach(takenAway);
    var seen = charts.filter(function (chart) { return chart.place.clientWidth; });
    // A browser paints between one chart and the next: the first is seen before the last is drawn.
    (function next(at) {
      if (at >= seen.length) return;
      draw(seen[at], seen[at].place.clientWidth);
      setTimeout(next, 0, at + 1);
    })(0);
  }

  unpacked(document.getElementById("library").textContent).then(begin).catch(function (error) {
    console.error(error);
    document.querySelectorAll(".take > details").forEach(function (each) { each.open = true; });
  });
})();
