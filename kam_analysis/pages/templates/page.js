// What a page gains where scripts run: its contents follow, its tables sort, can be searched and taken away.
(function () {
  "use strict";
  var LONG = 15;  // rows from which a table can be searched

  function element(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) made.textContent = text;
    return made;
  }

  // A cell as a file has it: the value behind what is written; a text never begins a formula.
  function cell(each) {
    var value = each.dataset.v, text = value === undefined ? each.textContent.trim() : value;
    if (value === undefined && /^[=+@\t\r-]/.test(text)) text = "'" + text;
    return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  window.kamSave = function (name, address) {
    var link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  };
  window.kamName = function (text, ending) {
    return (text.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 80) || "table") + ending;
  };
  window.kamCsv = function (table, name) {
    var lines = Array.from(table.rows, function (row) { return Array.from(row.cells, cell).join(","); });
    var address = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    window.kamSave(window.kamName(name, ".csv"), address);
    setTimeout(function () { URL.revokeObjectURL(address); }, 1000);
  };

  // By what a cell is sorted; nothing where a column of numbers says in words that it is not known.
  function key(row, at) {
    var each = row.cells[at], value = each && each.dataset.v;
    if (!each) return "";
    if (value !== undefined) return isNaN(value) || value === "" ? value : Number(value);
    if (each.classList.contains("text")) return each.textContent.trim();
    var number = each.textContent.replace(/[,%\s]/g, "").replace("\u2212", "-");
    return number === "" || isNaN(number) ? "" : Number(number);
  }

  function sorted(table, head, at) {
    var body = table.tBodies[0], falls = head.getAttribute("aria-sort") === (head.classList.contains("text") ? "ascending" : "descending");
    var up = head.classList.contains("text") !== falls;
    Array.from(table.tHead.querySelectorAll("th")).forEach(function (each) { each.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    var rows = Array.from(body.rows).map(function (row, place) { return { row: row, key: key(row, at), place: place }; });
    rows.sort(function (one, other) {
      // What is not known comes last, whichever way.
      if ((one.key === "") !== (other.key === "")) return one.key === "" ? 1 : -1;
      var order = typeof one.key === "number" && typeof other.key === "number" ? one.key - other.key : String(one.key).localeCompare(String(other.key), "en", { numeric: true });
      return (up ? order : -order) || one.place - other.place;
    });
    rows.forEach(function (each) { body.append(each.row); });
  }

  function scrolls(box) {
    var more = box.scrollWidth > box.clientWidth + 1;
    if (more) box.setAttribute("tabindex", "0"); else box.removeAttribute("tabindex");
    box.classList.toggle("more", more && box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
  }

  function tools(box, table, name) {
    var bar = element("div", { class: "tools" }), csv = element("button", { type: "button", class: "quiet" }, "CSV");
    var found = element("span", { class: "found", "aria-live": "polite" }), rows = Array.from(table.tBodies[0].rows);
    csv.setAttribute("aria-label", "CSV of the table: " + name);
    csv.addEventListener("click", function () { window.kamCsv(table, name); });
    bar.append(found);
    if (rows.length >= LONG) {
      var search = element("input", { type: "search", placeholder: "Find in this table", "aria-label": "Find in the table: " + name });
      search.addEventListener("input", function () {
        var wanted = search.value.trim().toLocaleLowerCase();
        var shown = rows.filter(function (row) { row.hidden = row.textContent.toLocaleLowerCase().indexOf(wanted) < 0; return !row.hidden; });
        found.textContent = wanted ? shown.length + " of " + rows.length + " rows" : "";
      });
      bar.append(search);
    }
    bar.append(csv);
    box.after(bar);
    // The tools stand below the table, and end where it does.
    new ResizeObserver(function () { bar.style.width = table.offsetWidth + "px"; }).observe(table);
  }

  document.querySelectorAll(".kam-table, .table-scroll").forEach(function (box) {
    var table = box.querySelector("table"), ours = box.matches("main > .shown .kam-table, details.fold .shown .kam-table");
    if (!table) return;
    if (ours && table.tHead && table.tBodies.length === 1 && table.tBodies[0].rows.length > 1) {
      Array.from(table.tHead.rows[0].cells).forEach(function (head, at) {
        if (!head.textContent.trim()) return;
        var button = element("button", { type: "button", class: "sort" }, head.textContent);
        button.addEventListener("click", function () { sorted(table, head, at); });
        head.replaceChildren(button);
      });
      tools(box, table, box.getAttribute("aria-label") || "table");
    }
    scrolls(box);
    box.addEventListener("scroll", function () { scrolls(box); }, { passive: true });
    new ResizeObserver(function () { scrolls(box); }).observe(box);
  });

  // Where the reader is; a folded part opens where its name is followed.
  var links = Array.from(document.querySelectorAll(".contents a"));
  var heads = links.map(function (link) { return document.getElementById(decodeURIComponent(link.hash.slice(1))); });
  function follow() {
    var at = -1;
    heads.forEach(function (head, number) { if (head && head.getBoundingClientRect().top < 120) at = number; });
    if (innerHeight + scrollY >= document.documentElement.scrollHeight - 2 && scrollY > 0) at = heads.length - 1;
    links.forEach(function (link, number) { if (number === at) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
  }
  function unfold() {
    var fold = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    fold = fold && fold.closest("details.fold");
    if (fold) { fold.open = true; fold.scrollIntoView(); }
  }
  addEventListener("hashchange", unfold);
  document.addEventListener("click", function (event) { if (event.target.closest(".contents a, .contents-folded a")) setTimeout(unfold); });
  addEventListener("scroll", follow, { passive: true });
  unfold();
  follow();
  // On a phone the bar holds three of the reports: the one that is read is among them.
  var here = document.querySelector(".tabs [aria-current]");
  if (here) here.parentNode.scrollLeft = here.offsetLeft - here.parentNode.offsetLeft - (here.parentNode.clientWidth - here.offsetWidth) / 2;
})();
