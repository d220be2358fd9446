// Charts that were drawn when the page was published. The library, where there is one, wakes when a reader points at a
// chart, or where what was drawn does not serve: a chart is missing, or the reader's letters are wider.
(function () {
  "use strict";
  var NARROW = 520, MEDIUM = 840, PATIENCE = 120;  // pixels of a place, as drawn.css has them; milliseconds: whoever only scrolls past wakes nothing
  var FONT = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  var places = Array.from(document.querySelectorAll(".drawing")), waking = document.getElementById("waking"), soon;

  // A chart as it is drawn for its place, on white paper, by itself.
  window.kamDrawing = function (place) {
    var width = place.clientWidth, drawn = place.querySelector(width < NARROW ? ".narrow" : width < MEDIUM ? ".medium" : ".wide");
    if (!drawn) return null;
    var copy = drawn.cloneNode(true), box = drawn.viewBox.baseVal;
    copy.removeAttribute("class");
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.setAttribute("font-family", FONT);
    copy.setAttributeNS("http://www.w3.org/XML/1998/namespace", "xml:space", "preserve");
    var svg = new XMLSerializer().serializeToString(copy).replace(/var\(--kam-\w+,(#[0-9a-f]{6})\)/g, "$1");
    return { svg: svg, width: box.width, height: box.height };
  };

  function picture(place, name, kind) {
    var made = window.kamDrawing(place), address = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(made.svg);
    if (kind === "SVG") return window.kamSave(window.kamName(name, ".svg"), address);
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = 2 * made.width;
      canvas.height = 2 * made.height;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      window.kamSave(window.kamName(name, ".png"), canvas.toDataURL("image/png"));
    };
    image.src = address;
  }

  function takenAway(place) {
    var figure = place.closest("figure"), table = figure.querySelector("details table"), files = document.createElement("div");
    var caption = figure.querySelector("figcaption"), name = caption ? caption.textContent : figure.getAttribute("aria-label") || "chart";
    var makes = { PNG: picture.bind(null, place, name, "PNG"), SVG: picture.bind(null, place, name, "SVG") };
    if (table) makes.CSV = function () { window.kamCsv(table, name); };
    Object.keys(makes).forEach(function (kind) {
      var one = document.createElement("button");
      one.type = "button";
      one.className = "quiet";
      one.textContent = kind;
      one.setAttribute("aria-label", kind + " of the chart: " + name);
      one.addEventListener("click", makes[kind]);
      files.append(one);
    });
    files.className = "files";
    figure.querySelector(".take").append(files);
  }

  // charts.js, once: from then on it draws. The chart that is pointed at comes first.
  function wake(place) {
    var sources = document.querySelectorAll("script[data-chart]"), script = document.createElement("script");
    if (!waking) return;
    sources.forEach(function (each) { if (place && each.getAttribute("data-chart") === place.id) sources[0].before(each); });
    script.textContent = waking.textContent;  // the page's policy knows it by its hash
    waking = null;
    document.head.append(script);
  }

  function drawn(place) { return place.querySelector(".drawn"); }

  places.filter(drawn).forEach(function (place) {
    takenAway(place);
    place.addEventListener("click", function () { wake(place); });
    // A finger that scrolls crosses charts, too.
    place.addEventListener("pointerenter", function (event) {
      if (event.pointerType !== "touch") soon = setTimeout(wake, PATIENCE, place);
    });
    place.addEventListener("pointerleave", function () { clearTimeout(soon); });
  });

  function widerHere() {
    var brush = document.createElement("canvas").getContext("2d");
    brush.font = "13px " + FONT;
    return brush.measureText(waking.getAttribute("data-sample")).width > 1.06 * waking.getAttribute("data-width");
  }

  if (waking && (!places.every(drawn) || widerHere())) wake();
})();
