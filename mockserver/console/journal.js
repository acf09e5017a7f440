// The request journal, live by server-sent events. They are read with fetch, which, other than
// EventSource, can send a token.

import { control, controlStream } from "./api.js";
import { attempt, byId, el } from "./dom.js";

const KEPT = 200;
const AGAIN_MS = 2000;

let newest = 0;
let held = [];

export async function startJournal(onExchange, showLive) {
  byId("clear-journal").addEventListener("click", () => attempt(async () => {
    await control("/journal", { method: "DELETE" });
    byId("exchanges").replaceChildren();
    held = [];
    showNone();
  }, "The journal is empty."));
  byId("pause").addEventListener("change", ({ target }) => {
    if (target.checked) return;
    held.forEach(show);
    held = [];
  });
  byId("own").addEventListener("change", () => { filterOwn(); showNone(); });
  filterOwn();
  for (;;) {
    try {
      await follow(onExchange, showLive);
    } catch (problem) {
      if (problem.status === 401) return showLive("signed-out");
    }
    showLive("off");
    await new Promise((settle) => setTimeout(settle, AGAIN_MS));
  }
}

const filterOwn = () => byId("exchanges").classList.toggle("without-own", !byId("own").checked);

async function follow(onExchange, showLive) {
  const response = await controlStream("/journal/stream");
  if (!response.ok) throw Object.assign(new Error(), { status: response.status });
  const { body: past } = await control(`/journal?limit=${KEPT}`);
  if (past.length > 0 && past.at(-1).n < newest) newest = 0;
  past.forEach(take);
  showLive("on");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const data of events.flatMap((event) => event.split("\n")).filter((line) => line.startsWith("data:"))) {
      const exchange = JSON.parse(data.slice(5));
      take(exchange);
      onExchange(exchange);
    }
  }
}

function take(exchange) {
  if (exchange.n <= newest) return;
  newest = exchange.n;
  if (byId("pause").checked) held = [...held, exchange].slice(-KEPT);
  else show(exchange);
}

function show(exchange) {
  const list = byId("exchanges");
  list.prepend(item(exchange));
  while (list.childElementCount > KEPT) list.lastElementChild.remove();
  showNone();
}

function showNone() {
  byId("journal-none").hidden = byId("exchanges").querySelector(byId("own").checked ? "li" : "li:not(.own)") !== null;
}

function item(exchange) {
  const { n, at, method, path, query, status, durationMs, fault } = exchange;
  const own = Object.keys(exchange.requestHeaders).some((name) => name.toLowerCase() === "x-mock-console");
  const summary = el("summary", {},
    el("span", { class: "method" }, method),
    el("span", { class: "line" }, query ? `${path}?${query}` : path),
    fault ? el("span", { class: "badge bad" }, `fault: ${fault}`) : null,
    el("span", { class: `badge ${status === null || status >= 400 ? "bad" : "good"}` }, status === null ? "no answer" : String(status)),
    el("span", { class: "note time" }, `${durationMs.toFixed(1)} ms`));
  const details = el("details", {}, summary);
  details.addEventListener("toggle", () => details.append(
    el("p", { class: "note" }, `No. ${n}, ${at}`),
    ...message("Request", exchange.requestHeaders, exchange.requestBody),
    ...message("Answer", exchange.responseHeaders, exchange.responseBody)), { once: true });
  return el("li", { class: own ? "own" : null }, details);
}

function message(title, headers, body) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [el("h4", {}, title), el("pre", {}, [...lines, "", pretty(body)].join("\n").trimEnd())];
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body ?? "";
  }
}
