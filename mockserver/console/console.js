// The console: which section is shown, and what happens when the mock has answered someone.

import { apiRoot, control, describe, signedOut, signIn, tenant } from "./api.js";
import { showBehaviour } from "./behaviour.js";
import { button, byId, complain, el } from "./dom.js";
import { startJournal } from "./journal.js";
import { openPromotion, refreshPromotions, startPromotions } from "./promotions.js";
import { refreshSubscriptions, startSubscriptions } from "./subscriptions.js";

const SECTIONS = ["promotions", "subscriptions", "journal", "behaviour"];
const SETTLE_MS = 150;
const POLL_MS = 1500;

let shown = "";

function route() {
  const [, first = "promotions", id] = /^#([a-z]*)(?:\/(.*))?$/.exec(location.hash) ?? [];
  const section = SECTIONS.includes(first) ? first : "promotions";
  if (first === "main") return;
  for (const name of SECTIONS) byId(`${name}-section`).hidden = name !== section;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${section}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  shown = section;
  if (section === "promotions") openPromotion(first === "new" ? "new" : id === undefined ? null : decodeURIComponent(id));
  if (section === "subscriptions") refreshSubscriptions();
  if (section === "behaviour") showBehaviour();
}

function fact(name, ...value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, ...value));
}

function tenantChoice(names) {
  const choice = el("select", { "aria-label": "Tenant" }, el("option", { value: "" }, "(none)"));
  for (const name of new Set(tenant ? [...names, tenant] : names)) choice.append(el("option", { value: name }, name));
  choice.value = tenant;
  choice.addEventListener("change", () => {
    location.href = choice.value ? `/?tenant=${encodeURIComponent(choice.value)}${location.hash}` : `/${location.hash}`;
  });
  return choice;
}

let facts = "";

async function refreshState() {
  const { body: state } = await control("/state");
  const now = JSON.stringify({ ...state, clock: state.clock.frozen && state.clock.now });
  if (now === facts) return;
  facts = now;
  const deviates = [...state.defects, ...state.variants, ...Object.keys(state.faults)];
  byId("facts").replaceChildren(
    fact("API root", el("code", {}, apiRoot())),
    fact("Version", state.apiVersion),
    fact("Promotions", String(state.promotions)),
    fact("Subscriptions", String(state.subscriptions)),
    fact("Deviates by", deviates.length ? deviates.join(", ") : "nothing"),
    ...(state.clock.frozen ? [fact("Clock stands at", state.clock.now)] : []),
    ...(tenant || state.tenants.length ? [fact("Tenant", tenantChoice(state.tenants))] : []),
  );
}

function showLive(state) {
  const live = byId("live");
  live.className = `live ${state}`;
  live.textContent = { on: "live", off: "not connected, trying again …" }[state] ?? "";
  if (state === "signed-out") live.append("no access ", button("Enter the token", () => { signIn(); location.reload(); }));
}

let timer = 0;
let listToo = false;

// Several requests in a row cause one refresh.
function refreshSoon(withList) {
  listToo ||= withList;
  timer ||= setTimeout(async () => {
    const list = listToo;
    timer = 0;
    listToo = false;
    await refreshState().catch(complain);
    if (list && shown === "promotions") refreshPromotions();
  }, SETTLE_MS);
}

function onExchange({ method, path }) {
  if (!["GET", "HEAD", "OPTIONS"].includes(method)) refreshSoon(!path.includes("/hub"));
}

async function start() {
  const description = await describe();
  startPromotions(description);
  startSubscriptions();
  addEventListener("hashchange", route);
  try {
    await refreshState();
    startJournal(onExchange, showLive);
    addEventListener("mock-changed", () => refreshSoon(true));
    setInterval(() => { if (!document.hidden) refreshSoon(false); }, 2 * POLL_MS);
  } catch (problem) {
    if (signedOut()) showLive("signed-out");
    else byId("live").textContent = problem.message;
    setInterval(() => { if (shown === "promotions") refreshPromotions(); }, 2 * POLL_MS);
  }
  route();
  setInterval(() => { if (shown === "subscriptions" && !document.hidden) refreshSubscriptions(); }, POLL_MS);
}

start().catch(complain);
