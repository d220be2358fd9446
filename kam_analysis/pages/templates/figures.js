// The first charts of an open page, at most so many, as pictures that can stand alone, as SVG and as PNG: title and period
// above the drawing, whose and from what below, so many pixels around. A PNG has the first of the finenesses (its pixels
// for one of the screen) in which it does not have more bytes.
(async function (most, finenesses, bytes, edge) {
  "use strict";
  var TITLE = [18, 24], SOURCE = [13, 18], SMALL = [11, 15], INK = "#14213d", MUTED = "#52606d";
  var FONT = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  var from = document.querySelector(".page-footer > p"), FOOT = document.title + (from ? ". " + from.textContent : "");  // a plan's title says whose
  var brush = document.createElement("canvas").getContext("2d");

  function lines(text, font, width) {
    brush.font = font;
    return text.split(/\s+/).reduce(function (found, word) {
      var longer = found.length ? found[found.length - 1] + " " + word : word;
      if (found.length && brush.measureText(longer).width <= width) found[found.length - 1] = longer; else found.push(word);
      return found;
    }, []);
  }

  function written(text) {
    return text.replace(/[&<>"]/g, function (sign) { return "&#" + sign.charCodeAt(0) + ";"; });
  }

  function block(text, size, weight, colour, width, top) {
    var each = text ? lines(text, weight + " " + size[0] + "px " + FONT, width) : [];
    var words = each.map(function (line, at) { return '<tspan x="' + edge + '" y="' + (top + at * size[1] + size[0]) + '">' + written(line) + "</tspan>"; });
    var said = words.length ? "<text font-family='" + FONT + "' font-size='" + size[0] + "' font-weight='" + weight + "' fill='" + colour + "'>" + words.join("") + "</text>" : "";
    return { said: said, end: top + each.length * size[1] };
  }

  async function svg(figure, place) {
    var width = place.clientWidth, height = place.clientHeight;
    var drawn = window.kamDrawing && window.kamDrawing(place), drawing;  // as it was published, where it was drawn then
    if (drawn) drawing = drawn.svg, width = drawn.width, height = drawn.height;
    else {
      var address = await Plotly.toImage(place, { format: "svg", width: width, height: height });
      drawing = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    }
    var title = figure.querySelector("figcaption"), source = figure.querySelector(".source");
    var first = block(title ? title.textContent : "", TITLE, 650, INK, width, edge);
    var second = block(source ? source.textContent : "", SOURCE, 400, MUTED, width, first.end + 2);
    var foot = block(FOOT, SMALL, 400, MUTED, width, second.end + 8 + height + 8);
    var tall = foot.end + edge, wide = width + 2 * edge;
    var whole = '<svg xmlns="http://www.w3.org/2000/svg" width="' + wide + '" height="' + tall + '" viewBox="0 0 ' + wide + " " + tall + '" role="img">' +
      "<title>" + written(figure.getAttribute("aria-label") || "") + "</title>" +
      '<rect width="100%" height="100%" fill="#ffffff"/>' + first.said + second.said + foot.said +
      '<svg x="' + edge + '" y="' + (second.end + 8) + '"' + drawing.slice(drawing.indexOf("<svg") + 4) + "</svg>";
    return { svg: whole, width: wide, height: tall };
  }

  function png(made, fine) {
    return new Promise(function (done, failed) {
      var image = new Image(), canvas = document.createElement("canvas");
      canvas.width = fine * made.width;
      canvas.height = fine * made.height;
      image.onload = function () {
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        done(canvas.toDataURL("image/png").split(",")[1]);
      };
      image.onerror = function () { failed(new Error("a chart could not be drawn as a picture")); };
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(made.svg);
    });
  }

  var found = [], heading = "";
  for (var each of document.querySelectorAll("main h2, figure.chart")) {
    if (each.matches("h2")) heading = each.textContent;
    var place = each.querySelector(".drawing :is(.main-svg, .drawn)") && each.querySelector(".drawing");
    if (!place || found.length >= most) continue;
    var made = await svg(each, place);
    for (var fine of finenesses) {
      var drawn = await png(made, fine);
      if (drawn.length * 3 / 4 <= bytes) break;
    }
    found.push({ heading: heading, label: each.getAttribute("aria-label"), svg: made.svg, png: drawn });
  }
  return found;
})
