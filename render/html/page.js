"use strict";
(function () {
  var $ = function (id) { return document.getElementById(id); };
  var all = function (query, root) { return Array.prototype.slice.call((root || document).querySelectorAll(query)); };
  var make = function (name, text) {
    var e = document.createElement(name);
    if (text) e.textContent = text;
    return e;
  };

  // Copying. Old browsers and pages from files may have no clipboard to write to.
  var copy = function (text, done) {
    var old = function () {
      var box = make("textarea");
      box.value = text;
      box.className = "hide";
      document.body.appendChild(box);
      box.select();
      var ok = false;
      try { ok = document.execCommand("copy"); } catch (e) { ok = false; }
      box.remove();
      done(ok);
    };
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(text).then(function () { done(true); }, old);
    } else {
      old();
    }
  };
  all("details.filter").forEach(function (d) {
    var name = "Copy frame filter", b = make("button", name), timer = 0;
    b.type = "button";
    var done = function (ok) {
      b.textContent = ok ? "copied" : "select and copy below";
      clearTimeout(timer);
      timer = setTimeout(function () { b.textContent = name; }, 1600);
    };
    b.addEventListener("click", function () { copy(d.querySelector("code").textContent, done); });
    d.parentNode.insertBefore(b, d);
  });

  // Folding.
  var open = function (e) {
    for (; e && e !== document; e = e.parentNode) {
      if (e.nodeName === "DETAILS") e.open = true;
    }
  };
  var tools = $("tools");
  if (tools) {
    [["Open all", true], ["Close all", false]].forEach(function (t) {
      var b = make("button", t[0]);
      b.type = "button";
      b.addEventListener("click", function () {
        all("main details").forEach(function (d) { if (!d.closest("#rest")) d.open = t[1]; });
      });
      tools.appendChild(b);
    });
  }
  var jump = function () {
    var id = location.hash.slice(1);
    var e = id && $(id);
    if (e) { open(e); e.scrollIntoView(); }
  };
  addEventListener("hashchange", jump);
  if (location.hash) jump();

  // Searching the users. What is searched is read once, when somebody searches: rows, and of users told in detail who
  // they are, their contacts and their findings.
  var box = $("q");
  if (box) {
    $("search").hidden = false;
    var rows = null, status = $("found"), rest = $("rest"), wasOpen = rest && rest.open, timer = 0;
    var read = function (tr) {
      var link = tr.querySelector("a[href]"), told = link && $(link.getAttribute("href").slice(1));
      var parts = [tr].concat(told ? all("dl.facts, table.contacts, ul.findings > li > p", told) : []);
      return { tr: tr, parts: parts, text: parts.map(function (e) { return e.textContent; }).join("\n").toLowerCase() };
    };
    var mark = function (hits, word) {
      if (!window.Highlight || !CSS.highlights) return;
      CSS.highlights.delete("found");
      if (!word) return;
      var ranges = [];
      [].concat.apply([], hits.slice(0, 200).map(function (r) { return r.parts; })).forEach(function (part) {
        var walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), n;
        while ((n = walk.nextNode())) {
          var at = n.data.toLowerCase().indexOf(word);
          if (at >= 0) {
            var r = new Range();
            r.setStart(n, at);
            r.setEnd(n, at + word.length);
            ranges.push(r);
          }
        }
      });
      var h = new Highlight();
      ranges.forEach(function (r) { h.add(r); });
      CSS.highlights.set("found", h);
    };
    var search = function () {
      var word = box.value.trim().toLowerCase();
      if (!rows) {
        rows = all("table.users tbody tr").map(read);
      }
      var hits = [];
      rows.forEach(function (r) {
        var hit = !word || r.text.indexOf(word) >= 0;
        if (r.tr.hidden === hit) r.tr.hidden = !hit;
        if (hit && word) hits.push(r);
      });
      all(".chunk").forEach(function (c) { c.hidden = !!word && !c.querySelector("tbody tr:not([hidden])"); });
      if (rest) rest.open = word ? hits.some(function (r) { return rest.contains(r.tr); }) : wasOpen;
      status.textContent = word ? hits.length + " of " + rows.length + " users" : "";
      mark(hits, word);
    };
    box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(search, 90); });
    box.addEventListener("keydown", function (e) { if (e.key === "Escape") { box.value = ""; search(); } });
    if (rest) rest.addEventListener("toggle", function () { if (!box.value) wasOpen = rest.open; });
  }

  // Frames: whatever speaks of the same frame is picked out together; a click shows its message. The focus goes to the
  // message, so that the keys that scroll scroll it, and back to the link when it is closed.
  var panel = $("panel"), body = $("panel-text"), title = $("panel-title"), last = null, trail = [];
  var pick = function (f, scope) {
    all(".picked").forEach(function (e) { e.classList.remove("picked"); });
    if (f) all('[data-f="' + f + '"]', scope).forEach(function (e) { e.classList.add("picked"); });
  };
  var show = function (link) {
    var target = $(link.getAttribute("href").slice(1));
    var msg = target && target.closest(".msg");
    if (!msg || !panel) return false;
    var copyOf = msg.cloneNode(true);
    copyOf.open = true;
    all("[id]", copyOf).concat([copyOf]).forEach(function (e) { e.removeAttribute("id"); e.removeAttribute("tabindex"); });
    var s = copyOf.querySelector("summary");
    title.textContent = "Frame " + link.getAttribute("data-f");
    s.addEventListener("click", function (e) { e.preventDefault(); });
    s.tabIndex = -1;
    body.replaceChildren(copyOf);
    body.scrollTop = 0;
    last = link;
    panel.hidden = false;
    var svg = link.closest("figure");
    trail = svg ? all("svg a[data-f]", svg) : [];
    trail.at = trail.indexOf(link);
    $("panel-prev").disabled = trail.at <= 0;
    $("panel-next").disabled = trail.at < 0 || trail.at >= trail.length - 1;
    pick(link.getAttribute("data-f"), link.closest(".user"));
    // A button that was pressed keeps the focus while it is of use.
    if (!panel.contains(document.activeElement) || document.activeElement.disabled) body.focus({ preventScroll: true });
    return true;
  };
  var close = function () {
    panel.hidden = true;
    body.replaceChildren();
    pick();
    if (last) last.focus({ preventScroll: true });
    last = null;
  };
  var step = function (by) {
    var next = trail[trail.at + by];
    if (next) { show(next); next.scrollIntoView({ block: "nearest" }); }
  };
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest('a[href^="#"]');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (link.hasAttribute("data-f") && show(link)) {
      e.preventDefault();
    } else {
      open($(link.getAttribute("href").slice(1))); // the address may be the same as before: no hashchange comes then
    }
  });
  if (panel) {
    $("panel-close").addEventListener("click", close);
    $("panel-prev").addEventListener("click", function () { step(-1); });
    $("panel-next").addEventListener("click", function () { step(1); });
    document.addEventListener("keydown", function (e) {
      if (panel.hidden || e.target === box || e.ctrlKey || e.metaKey || e.altKey) return;
      if (e.key === "Escape") close();
      if (e.key === "ArrowRight" || e.key === "j") step(1);
      if (e.key === "ArrowLeft" || e.key === "k") step(-1);
    });
  }
  document.addEventListener("pointerover", function (e) {
    if (panel && !panel.hidden) return;
    var it = e.target.closest && e.target.closest("[data-f]");
    pick(it && it.getAttribute("data-f"), it && it.closest(".user"));
  });
})();
