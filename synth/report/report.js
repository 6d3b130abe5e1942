"use strict";
// Examples of a run: a list that draws what is in view, and one pair in full. Texts only ever become text nodes.
(async () => {
  const ROW = 64, AROUND = 8;
  const at = (id) => document.getElementById(id);
  const [list, spacer, detail, status] = ["list", "spacer", "detail", "status"].map(at);
  const controls = Object.fromEntries(["q", "fate", "scenario", "verdict", "human"].map((id) => [id, at(id)]));

  function make(tag, given, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given ?? {})) {
      if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== ""));
    return element;
  }

  // Colours: as the system has them, light, dark.
  const THEMES = ["auto", "light", "dark"];
  const stored = { read() { try { return localStorage.getItem("judgemill-theme"); } catch { return null; } },
    write(value) { try { localStorage.setItem("judgemill-theme", value); } catch { /* a page from disk may have none */ } } };
  function paint(theme) {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    at("theme").lastElementChild.textContent = theme;
    at("theme").setAttribute("aria-label", `Colours: ${theme === "auto" ? "as the system has them" : theme}`);
  }
  let theme = THEMES.includes(stored.read()) ? stored.read() : "auto";
  paint(theme);
  at("theme").addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    stored.write(theme);
    paint(theme);
  });

  // Unpacking: base64, deflate, JSON.
  async function unpack(id) {
    const bytes = Uint8Array.fromBase64?.(at(id).textContent) ?? Uint8Array.from(atob(at(id).textContent), (one) => one.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  }
  if (!("DecompressionStream" in window)) {
    status.textContent = "This browser cannot unpack the examples; it takes Chrome 80, Firefox 113 or Safari 16.4.";
    return;
  }
  const index = await unpack("index");
  const total = index.id.length;
  const fateName = index.fates.map(([filter, reason]) => (filter ? `${filter}: ${reason}` : "kept"));
  const isKept = index.fates.map(([filter]) => !filter);
  const chunkOf = (row) => {
    let low = 0, high = index.starts.length - 1;
    while (low < high) { const middle = (low + high + 1) >> 1; if (index.starts[middle] <= row) low = middle; else high = middle - 1; }
    return low;
  };
  const recent = new Map(); // the last few chunks that were unpacked
  async function chunk(number) {
    if (!recent.has(number)) {
      recent.set(number, unpack(`chunk-${number}`));
      if (recent.size > 4) recent.delete(recent.keys().next().value);
    }
    return recent.get(number);
  }

  // Search: every text of a row, in lower case, read when somebody first searches.
  const plain = (said) => (typeof said === "object" && said !== null ? said.text : said ?? "");
  function everything(row, pair) {
    const said = [index.id[row], ...(pair.prompt ?? []).map((turn) => plain(turn[1])), plain(pair.a), plain(pair.b),
      plain(pair.reference), pair.source, pair.why, plain(pair.raw), ...(pair.models ?? [])];
    for (const one of Object.values(pair.orders)) said.push(plain(one.comparison), plain(one.a), plain(one.b));
    for (const one of Object.values(pair.alone)) said.push(plain(one.critique), ...one.criteria.map((each) => plain(each[2])));
    for (const one of pair.failures) said.push(one[1], one[2], plain(one[3]));
    return said.filter(Boolean).join("\n").toLowerCase();
  }
  const words = new Array(total);
  let read = 0, reading = null;
  function readAll() {
    reading ??= (async () => {
      let drawn = performance.now();
      for (let number = 0; number < index.starts.length; number++) {
        const pairs = await unpack(`chunk-${number}`);
        pairs.forEach((pair, place) => { words[index.starts[number] + place] = everything(index.starts[number] + place, pair); });
        read = index.starts[number] + pairs.length;
        if (performance.now() - drawn > 200) {
          more();
          await new Promise((done) => setTimeout(done));
          drawn = performance.now();
        }
      }
      more();
    })();
  }
  const terms = (query) => [...query.toLowerCase().matchAll(/"([^"]+)"|[^\s"]+/g)].map((one) => one[1] ?? one[0]);

  // What is chosen stands in the address: #fate=...&scenario=...&q=...&row=ID
  const chosen = { q: "", fate: "", scenario: "", verdict: "", human: "", row: "" };
  let rows = [], selected = -1;
  function readAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const ours = Object.keys(chosen).some((key) => given.has(key));
    if (!ours) return false;
    for (const key of Object.keys(chosen)) chosen[key] = given.get(key) ?? "";
    for (const [key, control] of Object.entries(controls)) {
      control.value = chosen[key];
      if (control.value !== chosen[key]) chosen[key] = control.value = ""; // an address of another run
    }
    return true;
  }
  function writeAddress() {
    const given = Object.entries(chosen).filter(([, value]) => value);
    history.replaceState(null, "", given.length ? `#${new URLSearchParams(given)}` : "#examples");
  }

  function options(control, any, groups) {
    control.replaceChildren(make("option", { value: "" }, any));
    for (const [title, entries] of groups) {
      const made = entries.map(([value, text, count]) => make("option", { value }, `${text} (${count.toLocaleString("en")})`));
      control.append(...(title ? [make("optgroup", { label: title }, made)] : made));
    }
  }
  function tally(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }
  const byCount = (counts) => [...counts].filter(([name]) => name !== "").sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  const differ = (orders) => { const [ab, ba] = orders.split("/"); return Boolean(ab && ba && ab !== ba); };
  const people = (row) => (!index.human[row] ? "" : !index.verdict[row] ? "unsettled" : index.human[row] === index.verdict[row] ? "agree" : "differ");
  function fillControls() {
    const fates = tally(index.fate);
    const kept = [...fates].reduce((sum, [fate, count]) => sum + (isKept[fate] ? count : 0), 0);
    const reasons = byCount(new Map([...fates].filter(([fate]) => !isKept[fate]).map(([fate, count]) => [fateName[fate], count])));
    options(controls.fate, "all", [["", [["kept", "kept", kept], ["dropped", "dropped", total - kept]]],
      ["dropped, for", reasons.map(([name, count]) => [name, name, count])]]);
    options(controls.scenario, "all", [["", [...tally(index.scenario)].filter(([name]) => name).sort().map(([name, count]) => [name, name, count])]]);
    const flips = index.orders.filter(differ).length;
    options(controls.verdict, "any", [["of the pair", [...byCount(tally(index.verdict)).map(([name, count]) => [name, name, count]),
      ["none", "none", index.verdict.filter((one) => !one).length]]],
      ["by order, ab / ba", [...(flips ? [["o:differ", "any that differ", flips]] : []), ...byCount(tally(index.orders)).map(([name, count]) => [`o:${name}`, name.replace("/", " / ").replace(/^ | $/, "–"), count])]]]);
    const labels = tally(index.human.map((_, row) => people(row)));
    const said = { agree: "agree with the verdict", differ: "say otherwise", unsettled: "labelled, no verdict" };
    at("human-label").hidden = !index.human.some(Boolean);
    options(controls.human, "all", [["", Object.entries(said).filter(([key]) => labels.has(key)).map(([key, text]) => [key, text, labels.get(key)])]]);
  }

  function passes(row) {
    if (chosen.fate && chosen.fate !== (isKept[index.fate[row]] ? "kept" : "dropped") && chosen.fate !== fateName[index.fate[row]]) return false;
    if (chosen.scenario && chosen.scenario !== index.scenario[row]) return false;
    if (chosen.human && chosen.human !== people(row)) return false;
    if (chosen.verdict === "o:differ") return differ(index.orders[row]);
    if (chosen.verdict.startsWith("o:")) return chosen.verdict.slice(2) === index.orders[row];
    return !chosen.verdict || chosen.verdict === (index.verdict[row] || "none");
  }
  let looked = 0; // rows that were looked at with what is chosen now; searching stops at what is not read yet
  function apply() {
    rows = [];
    looked = 0;
    list.scrollTop = 0;
    more();
  }
  function more() {
    const wanted = terms(chosen.q);
    const end = wanted.length ? read : total;
    for (; looked < end; looked++) {
      if (passes(looked) && wanted.every((term) => words[looked].includes(term))) rows.push(looked);
    }
    const busy = wanted.length && read < total ? ` · searching, ${Math.floor((100 * read) / total)}% read` : "";
    status.textContent = `${rows.length.toLocaleString("en")} of ${total.toLocaleString("en")} rows${busy}`;
    spacer.style.height = `${rows.length * ROW}px`;
    draw();
  }
  function draw() {
    const from = Math.max(0, Math.floor(list.scrollTop / ROW) - AROUND);
    const to = Math.min(rows.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + AROUND);
    spacer.replaceChildren(...rows.slice(from, to).map((row, place) => line(row, from + place)));
    const shown = selected >= 0 && document.getElementById(`row-${selected}`);
    if (shown) list.setAttribute("aria-activedescendant", shown.id);
    else list.removeAttribute("aria-activedescendant");
  }
  function line(row, place) {
    const kept = isKept[index.fate[row]];
    const made = make("div", { class: "row", role: "option", id: `row-${row}`, "aria-selected": String(row === selected),
      "aria-posinset": place + 1, "aria-setsize": rows.length, title: fateName[index.fate[row]] },
    make("div", { class: "head" }, make("span", { class: kept ? "dot kept" : "dot" }, kept ? index.verdict[row] || "✓" : "✕"),
      make("span", { class: "id" }, index.id[row] || "no id"), make("span", { class: "scene" }, kept ? index.scenario[row] : index.fates[index.fate[row]][1])),
    make("div", { class: "text" }, index.text[row]));
    made.style.top = `${place * ROW}px`;
    made.addEventListener("click", () => {
      select(row);
      if (matchMedia("(max-width: 900px)").matches) detail.scrollIntoView({ block: "start" });
    });
    return made;
  }
  function select(row, reveal = false) {
    selected = row;
    chosen.row = index.id[row] || `row ${row}`;
    writeAddress();
    const place = rows.indexOf(row);
    if (place >= 0) {
      if (reveal) list.scrollTop = place * ROW - list.clientHeight / 3;
      else if (place * ROW < list.scrollTop) list.scrollTop = place * ROW;
      else if ((place + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (place + 1) * ROW - list.clientHeight;
    }
    draw();
    show(row);
  }

  // One pair in full.
  const QUOTES = { response: "found in the response; choose to see it there", context: "found in the prompt or the reference",
    other: "found in the other response only", nowhere: "found nowhere" };
  function say(said, cls = "said") {
    const text = plain(said), parts = [];
    let end = 0;
    for (const [start, stop, where] of (said && said.quotes) ?? []) {
      if (start >= text.length) break; // in what was cut off
      const quote = make("q", { class: where, title: QUOTES[where] }, text.slice(start, stop));
      if (where === "response") quote.addEventListener("click", () => point(quote.textContent));
      parts.push(text.slice(end, start), quote);
      end = stop;
    }
    const more = said && said.more ? make("small", {}, ` … ${said.more.toLocaleString("en")} more characters in the run folder`) : null;
    return make("p", { class: cls }, parts, text.slice(end), more);
  }
  function tag(verdict) { return make("span", { class: `tag ${verdict}` }, verdict || "none"); }
  const score = (value) => (value === null || value === undefined ? "–" : String(Math.round(value * 100) / 100));
  function response(side, pair, verdict) {
    return make("section", { class: `side ${side}` },
      make("header", {}, make("b", {}, `Response ${side}`), verdict === side ? make("span", { class: `tag ${side}` }, "better") : null,
        make("span", {}, pair.models[side === "a" ? 0 : 1]), make("span", {}, `${pair.lengths[side === "a" ? 0 : 1].toLocaleString("en")} characters`)),
      make("div", { class: "response", id: `response-${side}`, tabindex: 0, role: "region", "aria-label": `Response ${side}` }, say(pair[side])));
  }
  function comparison(order, one) {
    const texts = [["Comparison", one.comparison], ["On response a", one.a], ["On response b", one.b], ["Its own reference", one.reference]];
    return make("section", { class: "side" },
      make("header", {}, make("b", {}, order === "ab" ? "a shown first" : "b shown first"), tag(one.verdict),
        one.scores.some((each) => each !== null) ? make("span", {}, `a ${score(one.scores[0])}, b ${score(one.scores[1])}`) : null,
        make("span", {}, order === "ab" ? "slot 1 is a, slot 2 is b" : "slot 1 is b, slot 2 is a")),
      texts.filter(([, text]) => plain(text)).map(([title, text]) => [make("h5", {}, title), say(text)]));
  }
  function grade(side, one) {
    const criteria = one.criteria.flatMap(([name, value, comment]) => [make("span", { class: "name" }, name.replaceAll("_", " ")), make("b", {}, score(value)), say(comment)]);
    return make("section", { class: `side ${side}` }, make("header", {}, make("b", {}, `${side} alone`), make("span", {}, `score ${score(one.score)}`)),
      plain(one.critique) ? say(one.critique) : null, criteria.length ? make("div", { class: "grade" }, criteria) : null,
      plain(one.reference) ? [make("h5", {}, "Its own reference"), say(one.reference)] : null);
  }
  function human(row, pair) {
    const label = index.human[row], votes = (pair.labels ?? []).length ? ` (${pair.labels.join(", ")})` : "";
    if (!label && !votes) return null;
    return make("span", { class: `chip ${{ agree: "right", differ: "wrong" }[people(row)] ?? ""}` }, `people: ${label || "no majority"}${votes}`);
  }
  async function show(row) {
    const number = chunkOf(row);
    const pair = (await chunk(number))[row - index.starts[number]];
    if (row !== selected) return;
    const fate = index.fate[row], verdict = index.verdict[row];
    const orders = Object.entries(pair.orders), alone = Object.entries(pair.alone);
    const quoted = JSON.stringify(pair).includes('"quotes":');
    const parts = [make("h3", {}, index.id[row] || "no id"),
      make("div", { class: "chips" },
        make("span", { class: `chip ${isKept[fate] ? "kept" : "dropped"}` }, isKept[fate] ? `kept: ${verdict || "no verdict"}` : fateName[fate]),
        !isKept[fate] && verdict ? make("span", { class: "chip" }, `verdict: ${verdict}`) : null, human(row, pair),
        index.scenario[row] ? make("span", { class: "chip" }, index.scenario[row]) : null,
        pair.source ? make("span", { class: "chip" }, `source: ${pair.source}`) : null,
        (pair.made ?? []).map((said) => make("span", { class: "chip" }, said))),
      pair.why ? make("p", { class: "why" }, pair.why) : null];
    if (pair.prompt) {
      parts.push(make("h4", {}, "Prompt"), pair.prompt.map(([role, text]) => make("div", { class: "turn" }, make("div", { class: "role" }, role), say(text))),
        plain(pair.reference) ? [make("h4", {}, `Reference (${pair.referenceSource})`), say(pair.reference)] : null,
        make("h4", {}, "Responses"), make("div", { class: "two" }, response("a", pair, verdict), response("b", pair, verdict)));
    }
    if (orders.length) parts.push(make("h4", {}, orders.length > 1 ? "Compared in both orders" : "Compared in one order"), make("div", { class: "two" }, orders.map(([order, one]) => comparison(order, one))));
    if (alone.length) parts.push(make("h4", {}, "Graded alone"), make("div", { class: "two" }, alone.map(([side, one]) => grade(side, one))));
    if (pair.failures.length) parts.push(make("h4", {}, "Asks without a judgment"), pair.failures.map(([ask, reason, why, raw]) => [make("h5", {}, `${ask}: ${reason}`), make("p", { class: "why" }, why), plain(raw) ? say(raw, "raw") : null]));
    if (plain(pair.raw)) parts.push(make("h4", {}, "The row as it came"), say(pair.raw, "raw"));
    if (quoted) parts.push(make("p", { class: "keys" }, "Quotations: ", make("q", { class: "response" }, "in the response"), " ", make("q", { class: "context" }, "in prompt or reference"), " ", make("q", { class: "other" }, "not where it should be")));
    detail.replaceChildren(...parts.flat(Infinity).filter(Boolean));
    detail.scrollTop = 0;
    mark("found", terms(chosen.q).map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")), detail);
  }

  // Highlights are drawn over the text, which stays as it is; a browser without them shows none.
  function mark(name, patterns, ...places) {
    if (!("highlights" in CSS)) return [];
    const ranges = [];
    const pattern = patterns.length ? new RegExp(patterns.join("|"), "giu") : null;
    for (const place of pattern ? places : []) {
      const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (const match of node.data.matchAll(pattern)) {
          if (!match[0]) continue;
          const range = new Range();
          range.setStart(node, match.index);
          range.setEnd(node, match.index + match[0].length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set(name, new Highlight(...ranges));
    return ranges;
  }
  function point(quote) {
    const parts = quote.split(/\.{3,}|…|\[[^\]\n]*\]/).map((part) => part.match(/[\p{L}\p{N}_]+/gu) ?? []).filter((part) => part.length);
    const found = mark("quoted", parts.map((part) => part.join("[^\\p{L}\\p{N}_]+")), at("response-a"), at("response-b"));
    found[0]?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
    if (found.length) {
      const box = found[0].startContainer.parentElement.closest(".response");
      box.scrollTop += found[0].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
      box.focus({ preventScroll: true });
    }
  }

  function changed() {
    for (const [key, control] of Object.entries(controls)) chosen[key] = control.value;
    if (chosen.q) readAll();
    apply();
    writeAddress();
    if (selected >= 0) mark("found", terms(chosen.q).map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")), detail);
  }
  let waiting = 0;
  controls.q.addEventListener("focus", readAll);
  controls.q.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changed, 60); });
  for (const [key, control] of Object.entries(controls)) if (key !== "q") control.addEventListener("change", changed);
  at("clear").addEventListener("click", () => { for (const control of Object.values(controls)) control.value = ""; changed(); });
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("scroll", () => requestAnimationFrame(draw));
  addEventListener("resize", draw);
  const STEPS = { ArrowDown: () => 1, ArrowUp: () => -1, PageDown: () => Math.floor(list.clientHeight / ROW), PageUp: () => -Math.floor(list.clientHeight / ROW), Home: () => -Infinity, End: () => Infinity };
  list.addEventListener("keydown", (event) => {
    if (event.key === "Enter") return void detail.focus();
    if (!(event.key in STEPS) || event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    event.preventDefault();
    const place = rows.indexOf(selected);
    const next = place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + STEPS[event.key]()));
    select(rows[next]);
  });
  controls.q.addEventListener("keydown", (event) => { if (event.key === "ArrowDown") { event.preventDefault(); list.focus(); if (rows.length && selected < 0) select(rows[0]); } });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); controls.q.focus(); }
  });

  function open() {
    const ours = readAddress();
    if (chosen.q) readAll();
    apply();
    if (!ours) return;
    at("examples").scrollIntoView();
    if (!chosen.row) return;
    const row = index.id[0] === undefined ? -1 : chosen.row.startsWith("row ") && !index.id.includes(chosen.row) ? Number(chosen.row.slice(4)) : index.id.indexOf(chosen.row);
    if (row >= 0 && row < total) select(row, true);
    else status.textContent += ` · ${chosen.row} is not among them`;
  }
  fillControls();
  addEventListener("hashchange", open);
  open();
})();
