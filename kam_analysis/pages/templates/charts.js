(function () {
  "use strict";
  var settings = { displayModeBar: false, displaylogo: false };
  var NARROW = 560, MEDIUM = 840, PAPER = 660;  // pixels of a drawing: a phone's, a tablet's; A4's and Letter's
  var charts = [];

  // What a figure asks to have changed where there is less room.
  function fitted(text, width) {
    var figure = JSON.parse(text), meta = figure.layout.meta || {};
    var less = (width < NARROW ? meta.narrow : width < MEDIUM ? meta.medium : null) || {};
    // Whoever changed the figure may have taken out some of what it had.
    (less.data || []).forEach(function (changes, at) { if (figure.data[at]) Object.assign(figure.data[at], changes); });
    var words = figure.layout.annotations || [];
    (less.annotations || []).forEach(function (changes, at) { if (words[at]) Object.assign(words[at], changes); });
    Object.keys(less.axes || {}).forEach(function (axis) { Object.assign(figure.layout[axis], less.axes[axis]); });
    Object.assign(figure.layout, less.layout, { width: width, autosize: false });
    return figure;
  }

  function draw(chart, width) {
    if (!width || width === chart.width) return;
    var figure = fitted(chart.text, width);
    chart.width = width;
    if (figure.layout.height) chart.place.style.minHeight = figure.layout.height + "px";
    Plotly.react(chart.place, figure.data, figure.layout, settings);
  }

  function drawAll(width) {
    charts.forEach(function (chart) { draw(chart, width || chart.place.clientWidth); });
  }

  document.querySelectorAll("script[data-chart]").forEach(function (source) {
    charts.push({ text: source.textContent, place: document.getElementById(source.getAttribute("data-chart")) });
  });
  drawAll();
  var soon;
  window.addEventListener("resize", function () { clearTimeout(soon); soon = setTimeout(drawAll, 100); });
  // Paper is narrower than the screen. Browsers that lay the page out for it say so by the medium's change;
  // the others print what was drawn before.
  window.addEventListener("beforeprint", function () { drawAll(PAPER); });
  window.addEventListener("afterprint", function () { drawAll(); });
  window.matchMedia("print").addEventListener("change", function () { drawAll(); });
})();
