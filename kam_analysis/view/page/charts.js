(function () {
  "use strict";
  var settings = { responsive: true, displayModeBar: false, displaylogo: false };
  var drawn = [];
  document.querySelectorAll("script[data-chart]").forEach(function (source) {
    var figure = JSON.parse(source.textContent);
    var place = document.getElementById(source.getAttribute("data-chart"));
    var narrow = figure.layout.meta && figure.layout.meta.narrow;
    if (narrow && place.clientWidth < 560) {
      (narrow.data || []).forEach(function (changes, at) { Object.assign(figure.data[at], changes); });
      (narrow.annotations || []).forEach(function (changes, at) { Object.assign(figure.layout.annotations[at], changes); });
      Object.keys(narrow.axes || {}).forEach(function (axis) { Object.assign(figure.layout[axis], narrow.axes[axis]); });
      Object.assign(figure.layout, narrow.layout);
      place.style.minHeight = figure.layout.height + "px";
    }
    Plotly.newPlot(place, figure.data, figure.layout, settings);
    drawn.push(place);
  });
  // Paper is narrower than the screen: draw again for its width, and back.
  ["beforeprint", "afterprint"].forEach(function (moment) {
    window.addEventListener(moment, function () {
      drawn.forEach(function (place) { Plotly.Plots.resize(place); });
    });
  });
})();
