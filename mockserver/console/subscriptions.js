// Subscriptions, what became of their events, and a form to subscribe.

import { api, control } from "./api.js";
import { attempt, button, byId, complain, el, json } from "./dom.js";

let shown = "";

export function startSubscriptions() {
  byId("subscribe").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { callback: byId("callback").value.trim() };
    const query = byId("event-query").value.trim();
    if (query) body.query = query;
    await attempt(() => api("/hub", { method: "POST", body }), "Subscribed.");
    await refreshSubscriptions();
  });
}

export async function refreshSubscriptions() {
  try {
    const { body } = await control("/subscriptions");
    const state = JSON.stringify(body);
    if (state === shown) return;
    shown = state;
    const open = new Set([...document.querySelectorAll("#subscribers details[open]")].map((node) => node.dataset.key));
    byId("subscribers").replaceChildren(...(body.length ? body.map((one) => subscriber(one, open)) : [el("p", { class: "note" }, "Nobody has subscribed.")]));
  } catch (problem) {
    complain(problem);
  }
}

function subscriber(one, open) {
  const counts = [
    ["delivered", one.delivered],
    ["pending", one.pending],
    ["undeliverable", one.undeliverable.length],
  ];
  return el("article", { class: "subscriber" },
    el("div", { class: "heading" },
      el("h3", {}, el("code", {}, one.callback)),
      button("Unsubscribe", () => unsubscribe(one.id), { "aria-label": `Unsubscribe ${one.callback}` })),
    el("p", { class: "note" }, one.query ? el("code", {}, one.query) : "all events"),
    el("ul", { class: "counts" }, ...counts.map(([name, count]) =>
      el("li", { class: name === "undeliverable" && count ? "bad" : null }, el("strong", {}, String(count)), ` ${name}`))),
    one.deliveries.length ? deliveries(one.deliveries) : null,
    one.undeliverable.length ? undeliverable(one, open) : null);
}

function deliveries(list) {
  const rows = list.toReversed().slice(0, 10).map((delivery) => el("tr", {},
    el("td", { class: "mono" }, delivery.at),
    el("td", {}, delivery.eventType),
    el("td", {}, delivery.status === null ? "no answer" : String(delivery.status)),
    el("td", {}, String(delivery.attempts))));
  return el("table", { class: "deliveries" },
    el("caption", { class: "unseen" }, "Last deliveries"),
    el("thead", {}, el("tr", {}, ...["At", "Event", "Answer", "Attempts"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...rows));
}

function undeliverable(one, open) {
  return el("details", { "data-key": one.id, open: open.has(one.id) },
    el("summary", {}, "Undeliverable events"),
    ...one.undeliverable.toReversed().slice(0, 20).map((lost) => el("div", { class: "lost" },
      el("p", {}, el("strong", {}, String(lost.event.eventType)), ` ${lost.lastError} (attempts: ${lost.attempts})`),
      el("pre", {}, json(lost.event)))));
}

async function unsubscribe(id) {
  await attempt(() => api(`/hub/${encodeURIComponent(id)}`, { method: "DELETE" }), "Unsubscribed.");
  await refreshSubscriptions();
}
