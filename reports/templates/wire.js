// ---- The wire log: parsed when first asked for, drawn where it is opened.

const AT_ONCE = 100;
let log;

function exchange(number) {
  log ??= new Map(JSON.parse(byId("log").textContent).map((e) => [e.n, e]));
  return log.get(number);
}

function duration(ms) {
  if (ms < 1) return "<1 ms";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function headers(lines) {
  const list = element("dl");
  for (const [name, value] of lines) list.append(element("dt", "", name), element("dd", "", value));
  const summary = element("summary", "", say("headers", { n: lines.length }));
  return element("details", "headers", summary, list);
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
  else made.append(element("p", "note", say("no-body")));
  if (part.body !== null && part.body.length < part.length) {
    const cut = { shown: part.body.length, length: part.length, exchange: String(number) };
    made.append(element("p", "note", say("body-cut", cut)));
  }
  return made;
}

function command(curl, number) {
  if (curl === null) {
    return element("p", "note", say("curl-long", { exchange: String(number) }));
  }
  const heading = element("p", "part", element("strong", "", say("repeat")));
  const line = block(curl, say("curl"));
  const button = element("button", "", say("copy"));
  button.type = "button";
  button.addEventListener("click", () => copy(curl, line, button));
  return element("div", "curl", heading, line, button);
}

async function copy(text, line, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(line);
    document.execCommand("copy");
  }
  button.textContent = say("copied");
  byId("announcement").textContent = say("copied-announcement");
  setTimeout(() => {
    button.textContent = say("copy");
    byId("announcement").textContent = "";
  }, 2000);
}

function wire(e) {
  const made = element("div", "wire");
  if (e.left_out) {
    made.append(element("p", "note", say("left-out", { exchange: String(e.n) })));
    return made;
  }
  made.append(element("time", "quiet", e.at));
  const [start, status] = [`${e.method} ${e.url}`, `${e.status} ${e.reason}`.trim()];
  made.append(message(say("request"), start, e.request, e.n, say("request-body")));
  if (e.response) {
    made.append(message(say("response"), status, e.response, e.n, say("response-body")));
  }
  if (e.truncated) made.append(element("p", "note", say("body-bounded")));
  if (e.error) made.append(element("p", "", say("no-answer-because"), " ", quoted(e.error)));
  made.append(command(e.curl, e.n));
  return made;
}

function folded(e) {
  const answer = e.status === null ? say("no-answer") : `${e.status} ${e.reason}`.trim();
  const root = document.body.dataset.root;
  const place = e.url.startsWith(`${root}/`) ? e.url.slice(root.length) : e.url;
  const summary = element(
    "summary",
    "",
    element("span", "quiet", `#${e.n}`),
    ...(e.direction === "received" ? [element("span", "", say("event-received"))] : []),
    element("code", "line", `${e.method} ${place}`),
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
      more.textContent = say("more", { n: String(numbers.length - drawn) });
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
