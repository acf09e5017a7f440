"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- Elements are only ever made from text, so that nothing a target sent can become markup.

  const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
  const visible = (text) =>
    String(text).replace(CONTROL, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)));

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children.map((c) => (c instanceof Node ? c : visible(c))));
    return made;
  }

  // ---- Filters, kept in the fragment so that a view can be sent to a colleague.

  const form = byId("filters");
  const search = byId("search");
  const section = byId("section");
  const chips = all(".chip", form);
  const checks = all(".check").map((node) => ({
    node,
    outcome: node.dataset.outcome,
    level: node.dataset.level,
    section: node.dataset.section,
    text: node.textContent.toLowerCase(),
  }));

  const chosen = (kind) =>
    chips.filter((c) => c.dataset.kind === kind && c.ariaPressed === "true").map((c) => c.value);

  function view() {
    return {
      outcome: chosen("outcome"),
      level: chosen("level"),
      section: section.value ? [section.value] : [],
      words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
    };
  }

  const fits = (wanted, check, kind) => !wanted[kind].length || wanted[kind].includes(check[kind]);
  const says = (wanted, check) => wanted.words.every((word) => check.text.includes(word));

  function apply() {
    const wanted = view();
    let shown = 0;
    for (const check of checks) {
      const match =
        says(wanted, check) && ["outcome", "level", "section"].every((k) => fits(wanted, check, k));
      check.node.hidden = !match;
      shown += match;
    }
    for (const chapter of all(".chapter")) {
      chapter.hidden = all(".check", chapter).every((node) => node.hidden);
    }
    count(wanted);
    byId("shown").textContent =
      shown === checks.length ? `${shown} checks` : `${shown} of ${checks.length} checks`;
    byId("none").hidden = shown > 0;
    byId("clear").hidden = shown === checks.length && !fragment();
  }

  // A chip counts what it would show beside the filters of the other kinds.
  function count(wanted) {
    for (const chip of chips) {
      const kind = chip.dataset.kind;
      const others = ["outcome", "level", "section"].filter((k) => k !== kind);
      chip.querySelector(".count").textContent = checks.filter(
        (check) =>
          check[kind] === chip.value &&
          says(wanted, check) &&
          others.every((k) => fits(wanted, check, k)),
      ).length;
    }
  }

  function fragment() {
    const wanted = view();
    const parts = ["outcome", "level", "section"]
      .filter((kind) => wanted[kind].length)
      .map((kind) => `${kind}=${wanted[kind].map(encodeURIComponent).join(",")}`);
    if (search.value.trim()) parts.push(`q=${encodeURIComponent(search.value.trim())}`);
    return parts.join("&");
  }

  function remember() {
    const kept = fragment();
    history.replaceState(null, "", kept ? `#${kept}` : location.pathname + location.search);
    apply();
  }

  function restore() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) {
      apply();
      reveal(decodeURIComponent(hash));
      return;
    }
    const kept = new URLSearchParams(hash);
    const listed = (kind) => (kept.get(kind) ?? "").split(",");
    for (const chip of chips) {
      chip.ariaPressed = String(listed(chip.dataset.kind).includes(chip.value));
    }
    section.value = kept.get("section") ?? "";
    if (section.selectedIndex < 0) section.value = "";
    search.value = kept.get("q") ?? "";
    apply();
  }

  function clear() {
    for (const chip of chips) chip.ariaPressed = "false";
    section.value = "";
    search.value = "";
  }

  // A link to a check opens it, whatever is filtered.
  function reveal(id) {
    const target = byId(id);
    if (!target) return;
    if (target.closest("[hidden]")) {
      clear();
      apply();
    }
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (!chip) return;
    chip.ariaPressed = String(chip.ariaPressed !== "true");
    remember();
  });
  search.addEventListener("input", remember);
  section.addEventListener("change", remember);
  byId("clear").addEventListener("click", () => {
    clear();
    remember();
    search.focus();
  });
  const setAll = (open) => {
    for (const check of checks) if (!check.node.hidden) check.node.open = open;
  };
  byId("unfold").addEventListener("click", () => setAll(true));
  byId("fold").addEventListener("click", () => setAll(false));
  window.addEventListener("hashchange", restore);

  // ---- The wire log: parsed when first asked for, drawn where it is opened.

  const AT_ONCE = 100;
  let log;

  function exchange(number) {
    log ??= new Map(JSON.parse(byId("log").textContent).map((e) => [e.n, e]));
    return log.get(number);
  }

  function duration(ms) {
    return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  }

  // Lays out JSON without parsing it, so that numbers, order and double members stay as they came
  // and a body that was cut is laid out too.
  function layOut(text) {
    if (!/^\s*[[{]/.test(text)) return text;
    let out = "";
    let depth = 0;
    const line = () => `\n${"  ".repeat(Math.min(depth, 40))}`;
    const tokens = text.match(/"(?:[^"\\]|\\[^])*"?|[[\]{},:]|[^\s"[\]{},:]+/g) ?? [];
    tokens.forEach((token, i) => {
      if (token === "{" || token === "[") {
        depth += 1;
        out += /^[\]}]$/.test(tokens[i + 1] ?? "") ? token : token + line();
      } else if (token === "}" || token === "]") {
        depth = Math.max(0, depth - 1);
        out += /^[[{]$/.test(tokens[i - 1] ?? "") ? token : line() + token;
      } else if (token === ",") {
        out += `,${line()}`;
      } else {
        out += token === ":" ? ": " : token;
      }
    });
    return out;
  }

  function headers(lines) {
    const list = element("dl");
    for (const [name, value] of lines) list.append(element("dt", "", name), element("dd", "", value));
    const count = `${lines.length} ${lines.length === 1 ? "header" : "headers"}`;
    return element("details", "headers", element("summary", "", count), list);
  }

  function block(text, label) {
    const pre = element("pre", "", text);
    pre.tabIndex = 0;
    pre.setAttribute("role", "group");
    pre.setAttribute("aria-label", label);
    return pre;
  }

  function message(title, line, part, number, label) {
    const heading = element("p", "part", element("strong", "", title), " ", element("code", "", line));
    const made = element("div", "", heading, headers(part.headers));
    if (part.body) made.append(block(layOut(part.body), label));
    if (part.body !== null && part.body.length < part.length) {
      const n = (value) => value.toLocaleString("en");
      made.append(
        element(
          "p",
          "note",
          `The first ${n(part.body.length)} of ${n(part.length)} characters. ` +
            `The whole body is in results.json, exchange ${number}.`,
        ),
      );
    }
    return made;
  }

  function command(curl, number) {
    if (curl === null) {
      return element("p", "note", `The curl line is long: see results.json, exchange ${number}.`);
    }
    const line = block(curl, "curl command");
    const button = element("button", "", "Copy curl");
    button.type = "button";
    button.addEventListener("click", () => copy(curl, line, button));
    return element("div", "curl", element("p", "part", element("strong", "", "Repeat it")), line, button);
  }

  async function copy(text, line, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(line);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    byId("announcement").textContent = "The curl line is in the clipboard.";
    setTimeout(() => {
      button.textContent = "Copy curl";
      byId("announcement").textContent = "";
    }, 2000);
  }

  function wire(e) {
    const made = element("div", "wire");
    if (e.left_out) {
      const why = "Left out of this page, which carries as much of a long run as opens quickly.";
      made.append(element("p", "note", `${why} It is whole in results.json, exchange ${e.n}.`));
      return made;
    }
    const [start, status] = [`${e.method} ${e.url}`, `${e.status} ${e.reason}`.trim()];
    made.append(message("Request", start, e.request, e.n, "Request body"));
    if (e.response) made.append(message("Response", status, e.response, e.n, "Response body"));
    if (e.truncated) made.append(element("p", "note", "The body was longer than the suite keeps."));
    if (e.error) made.append(element("p", "", `No answer: ${e.error}`));
    made.append(command(e.curl, e.n));
    return made;
  }

  function folded(e) {
    const answer = e.status === null ? "no answer" : `${e.status} ${e.reason}`.trim();
    const root = document.body.dataset.root;
    const place = e.url.startsWith(`${root}/`) ? e.url.slice(root.length) : e.url;
    const line = `${e.direction === "received" ? "event received: " : ""}${e.method} ${place}`;
    const summary = element(
      "summary",
      "",
      element("span", "quiet", `#${e.n}`),
      element("code", "line", line),
      element("span", "", answer),
      element("span", "time", duration(e.ms)),
    );
    const made = element("details", "exchange", summary);
    made.dataset.number = e.n;
    return made;
  }

  function list(container) {
    const numbers = container.dataset.numbers.split(" ").map(Number);
    const more = element("button", "", "");
    more.type = "button";
    more.addEventListener("click", draw);
    let drawn = 0;
    function draw() {
      more.remove();
      const found = numbers.slice(drawn, drawn + AT_ONCE).map(exchange);
      container.append(...found.filter(Boolean).map(folded));
      drawn += found.length;
      if (drawn < numbers.length) {
        more.textContent = `Show more (${numbers.length - drawn})`;
        container.append(more);
      }
    }
    draw();
  }

  function fill(details) {
    if (!details.open || details.dataset.filled) return;
    if (details.matches(".exchanges")) list(details);
    else if (details.matches(".exchange")) details.append(wire(exchange(Number(details.dataset.number))));
    else return;
    details.dataset.filled = "true";
  }

  document.addEventListener("toggle", (event) => fill(event.target), true);

  // ---- On paper, what did not pass is open, with the requests it rests on.

  let opened = [];
  window.addEventListener("beforeprint", () => {
    const matter = ".failed, .error, .warned, .known-deviation";
    const bodies = all("details.check").filter((node) => node.matches(matter));
    const logs = all("details.check.failed .exchanges");
    opened = [...bodies, ...logs, ...all("details.more")].filter((node) => !node.open);
    for (const details of opened) {
      details.open = true;
      fill(details);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });

  restore();
})();
