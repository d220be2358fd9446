// The customers to lose: what is ticked is added up here as `recovery.case_table` does, from the figures beside the tables.
(function () {
  "use strict";
  var STEPS = [[1e12, "tn"], [1e9, "bn"], [1e6, "m"], [1e3, "k"]], MINUS = "\u2212";

  // A number with so many places; what lies exactly between two goes to the even one, as on the rest of the page.
  function fixed(value, places) {
    var scaled = value * Math.pow(10, places), below = Math.floor(scaled);
    var text = scaled - below === 0.5 && below % 2 === 0 ? (below / Math.pow(10, places)).toFixed(places) : value.toFixed(places);
    return text.replace(/^\d+/, function (whole) { return whole.replace(/\B(?=(\d{3})+$)/g, ","); });
  }
  function money(value, unit) {
    if (value === null || !isFinite(value)) return "";
    var size = Math.abs(value), step = STEPS.find(function (each) { return size >= each[0] * 0.9995; }), number;
    if (step) {
      var part = size / step[0];
      number = fixed(part, Math.max(0, 2 - Math.floor(Math.log10(Math.max(part, 1)))));
    } else number = fixed(size, size >= 100 || size === Math.floor(size) ? 0 : 2);
    if (unit && number.indexOf(".") >= 0) number = number.replace(/0+$/, "").replace(/\.$/, "");
    var sign = value < 0 && Number(number.replace(/,/g, "")) ? MINUS : "";
    return sign + (unit ? unit[0] : "") + number + (step ? step[1] : "") + (unit ? unit[1] : "");
  }
  function share(value) {
    var percent = value * 100;
    if (Math.abs(percent) > 0 && Math.abs(percent) < 0.05) return "under 0.1%";
    var text = fixed(Math.abs(percent), 0);
    if (text === "100" && percent < 100) text = "over 99.9";
    return (percent < 0 && text !== "0" ? MINUS : "") + text + "%";
  }
  function filled(words, given) {
    return words.replace(/\{(\w+)\}/g, function (whole, name) { return name in given ? given[name] : whole; });
  }
  function element(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) made.textContent = text;
    return made;
  }

  function begin(block) {
    var given = JSON.parse(block.dataset.figures), words = given.words, tables = block.querySelectorAll("table");
    var rows = Array.from(tables[0].tBodies[0].rows), parts = Array.from(tables[1].tBodies[0].rows);
    var shares = parts.some(function (row) { return row.cells.length > 4; });
    var caption = tables[1].caption.querySelector("span"), said = block.querySelector("[aria-live] p");
    var box = tables[1].closest(".kam-table"), command = element("code", {});
    // Where both tables stand below each other, the result stays in sight; to be heard, it stands in the sentence below.
    var line = element("p", { class: "tick-line", "aria-hidden": "true" });
    block.firstElementChild.append(line);

    var ticks = rows.map(function (row, at) {
      var head = row.cells[0], label = element("label", {}), tick = element("input", { type: "checkbox" });
      tick.checked = given.start[at];
      label.append(tick, head.textContent);
      head.replaceChildren(label);
      tick.addEventListener("change", follow);
      return tick;
    });
    tables[0].caption.querySelector("span").textContent = words.tick;

    function who(names) {
      if (!names.length) return "";
      if (names.length > 3) return filled(words.several, { number: names.length });
      return names.length > 1 ? names.slice(0, -1).join(", ") + " " + words.and + " " + names[names.length - 1] : names[0];
    }
    function follow() {
      var chosen = ticks.map(function (tick, at) { return tick.checked ? at : -1; }).filter(function (at) { return at >= 0; });
      var lost = given.today.map(function (_, part) { return chosen.reduce(function (sum, at) { return sum + given.lost[at][part]; }, 0); });
      parts.forEach(function (row, part) {
        var whole = given.whole[part], left = given.today[part] - lost[part];
        [given.today[part], lost[part], left].forEach(function (value, at) {
          row.cells[at + 1].textContent = money(value);
          row.cells[at + 1].dataset.v = value;
        });
        if (shares) {
          row.cells[4].textContent = whole ? share(1 - lost[part] / whole) : "";
          if (whole) row.cells[4].dataset.v = 1 - lost[part] / whole;
        }
      });
      var names = chosen.map(function (at) { return given.names[at]; });
      caption.textContent = chosen.length ? filled(words.without, { who: who(names) }) : words.nobody;
      box.setAttribute("aria-label", caption.textContent);
      if (said && given.fixed) said.textContent = beside(lost[0], lost[1]);
      line.textContent = short(lost[0], lost[1]);
      if (given.line) command.textContent = given.line.before + chosen.map(function (at) { return given.line.each[at]; }).join(", ") + given.line.after;
    }
    function short(sales, margin) {
      var about = { sales: money(given.today[0] - sales, given.money) };
      if (!given.fixed) return filled(words.line, about);
      var result = given.today[1] - margin - given.fixed[0];
      about.result = money(result, given.money);
      return filled(result < 0 ? words.line_below : words.line_above, about);
    }
    // The result against break-even: sales and margin are the first two parts.
    function beside(sales, margin) {
      var left = given.today[1] - margin, sold = given.today[0] - sales, results = given.fixed.map(function (each) { return left - each; });
      var ends = [Math.min.apply(null, results), Math.max.apply(null, results)];
      var about = { result: money(results[0], given.money), low: money(ends[0], given.money), high: money(ends[1], given.money) };
      if (left <= 0 || sold <= 0) return filled(words.no_break_even, about);
      about.even = money(given.fixed[0] * sold / left, given.money);
      about.sales = money(sold, given.money);
      return filled(results[0] < 0 ? words.below : words.above, about);
    }

    function button(text, act) {
      var made = element("button", { type: "button", class: "quiet" }, text);
      made.addEventListener("click", act);
      return made;
    }
    var first = element("div", { class: "tick-tools" }), last = element("div", { class: "tick-tools" });
    var copied = element("span", { "aria-live": "polite" });
    if (rows.length > 8) {
      block.classList.add("few");
      first.append(button(filled(words.all, { number: rows.length }), function () { block.classList.remove("few"); this.remove(); }));
    }
    first.append(button(words.clear, function () { ticks.forEach(function (tick) { tick.checked = false; }); follow(); }));
    last.append(button(words.print, function () {
      document.documentElement.classList.add("one-case");
      window.print();
    }));
    addEventListener("afterprint", function () { document.documentElement.classList.remove("one-case"); });
    var tools = tables[0].closest(".kam-table").nextElementSibling;
    if (tools && tools.classList.contains("tools")) tools.prepend(first); else tables[0].closest(".kam-table").after(first);
    block.lastElementChild.append(last);
    if (given.line) {
      last.append(button(words.copy, function () { copy(command, function () { copied.textContent = words.copied; }); }), copied);
      block.lastElementChild.append(element("p", { class: "kam-command" }));
      block.lastElementChild.lastElementChild.append(command);
    }
    block.classList.add("live");
    follow();
  }
  function copy(from, then) {
    function selected() {
      var range = document.createRange();
      range.selectNodeContents(from);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (document.execCommand("copy")) then();
    }
    if (navigator.clipboard) navigator.clipboard.writeText(from.textContent).then(then, selected); else selected();
  }

  document.querySelectorAll(".kam-ticked[data-figures]").forEach(begin);
})();
