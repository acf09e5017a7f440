// The table of promotions, one promotion in detail with its history, and its form.

import { api, apiRoot, control } from "./api.js";
import { attempt, button, byId, complain, el, json, say, shortened } from "./dom.js";
import { buildForm, mergePatch } from "./form.js";

const PAGE = 25;
const COLUMNS = [
  ["lifecycleStatus", (promotion) => promotion.lifecycleStatus],
  ["promotionType", (promotion) => promotion.promotionType, "wide"],
  ["validUntil", (promotion) => promotion.validFor?.endDateTime, "wide"],
  ["lastUpdate", (promotion) => promotion.lastUpdate],
];

let description = null;
let offset = 0;
let total = 0;
let opened = null;
let shownDetail = "";

export function startPromotions(given) {
  description = given;
  byId("filter").addEventListener("submit", (event) => {
    event.preventDefault();
    turnTo(0);
  });
  byId("clear-query").addEventListener("click", () => {
    byId("query").value = "";
    turnTo(0);
  });
  byId("previous").addEventListener("click", () => turnTo(Math.max(0, offset - PAGE)));
  byId("next").addEventListener("click", () => turnTo(offset + PAGE));
}

function turnTo(start) {
  offset = start;
  say("");
  refreshPromotions();
}

// The text of the filter box is the query string as it is; only paging is added to it.
function queryString() {
  const text = byId("query").value.trim().replace(/^\?/, "").replaceAll("#", "%23");
  const names = text.split("&").map((part) => part.split("=")[0]);
  const paging = names.includes("limit") || names.includes("offset") ? "" : `limit=${PAGE}&offset=${offset}`;
  return [text, paging].filter(Boolean).join("&");
}

let latest = 0;

export async function refreshPromotions() {
  const turn = ++latest;
  const query = queryString();
  byId("asked").textContent = `GET ${apiRoot()}/promotion?${query}`;
  try {
    const { body, headers } = await api(`/promotion?${query}`);
    if (turn !== latest) return;
    if (!Array.isArray(body)) throw new Error("The answer is no list.");
    if (byId("failed").dataset.of === "list") {
      byId("failed").textContent = "";
      delete byId("failed").dataset.of;
    }
    total = Number(headers.get("X-Total-Count") ?? body.length);
    if (body.length === 0 && offset > 0 && total > 0) return turnTo(Math.floor((total - 1) / PAGE) * PAGE);
    showRows(body, !query.endsWith(`limit=${PAGE}&offset=${offset}`));
    if (opened !== null && opened !== "new") await refreshDetail(opened);
  } catch (problem) {
    if (turn !== latest) return;
    byId("failed").dataset.of = "list";
    complain(problem);
  }
}

function showRows(promotions, ownPaging) {
  byId("rows").replaceChildren(...promotions.map(row));
  byId("none").hidden = promotions.length > 0;
  const last = ownPaging ? promotions.length : offset + promotions.length;
  const first = promotions.length === 0 ? 0 : ownPaging ? 1 : offset + 1;
  byId("range").textContent = ownPaging ? `${promotions.length} of ${total}` : `${first}–${last} of ${total}`;
  byId("previous").disabled = ownPaging || offset === 0;
  byId("next").disabled = ownPaging || last >= total;
}

function row(promotion) {
  const id = String(promotion.id);
  const name = promotion.name === undefined ? id : String(promotion.name);
  const link = el("a", { href: `#promotions/${encodeURIComponent(id)}` }, name);
  const cells = COLUMNS.map(([key, value, kind]) => el("td", { class: [key, kind].filter(Boolean).join(" ") }, cellText(value(promotion))));
  return el("tr", { "data-id": id, "aria-current": id === opened }, el("th", { scope: "row" }, link), ...cells);
}

// A date-time may break between date and time, and its fraction is for the detail view.
const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const cellText = (value) => (value === undefined || value === null ? "" : shortened(value, 40).replace(RFC3339, "$1 $2$3"));

// Show one promotion, the form of a new one ("new"), or the table alone (null).
export async function openPromotion(id) {
  opened = id;
  shownDetail = "";
  byId("detail").hidden = true;
  if (id === "new") showForm(null, null);
  await refreshPromotions();
  if (id !== null) byId("detail-title")?.focus();
}

async function refreshDetail(id) {
  let promotion = null;
  let etag = null;
  try {
    const answer = await api(`/promotion/${encodeURIComponent(id)}`);
    promotion = answer.body;
    etag = answer.headers.get("ETag");
  } catch (problem) {
    if (problem.status !== 404) throw problem;
  }
  const history = await control(`/promotions/${encodeURIComponent(id)}/history`).then(({ body }) => body, () => []);
  if (opened !== id || editing()) return;
  const state = json([promotion, history]);
  if (state === shownDetail) return;
  shownDetail = state;
  const actions = promotion === null ? [] : [
    button("Edit", () => showForm(promotion, etag), { class: "primary" }),
    button("Delete", () => remove(id)),
  ];
  if (promotion !== null && description.info.version === "4.0.0") actions.push(button("Ask for information", () => askForInformation(id)));
  byId("detail").replaceChildren(
    el("h3", { id: "detail-title", tabindex: "-1" }, promotion === null ? "Not there any more" : String(promotion.name ?? id)),
    el("div", { class: "actions" }, ...actions, el("a", { class: "button", href: "#promotions" }, "Close")),
    el("h4", {}, "History"),
    changes(history),
    ...(promotion === null ? [] : [el("h4", {}, "As the API gives it"), el("pre", { tabindex: "0", "aria-label": "JSON" }, json(promotion))]),
  );
  byId("detail").hidden = false;
}

const editing = () => byId("detail").querySelector("form") !== null;

function changes(history) {
  if (history.length === 0) return el("p", { class: "note" }, "No change since the mock started.");
  const items = history.map((entry, at) => {
    const before = history[at - 1]?.promotion;
    return el("li", {},
      el("p", {}, el("strong", {}, entry.change), " ", el("time", { class: "note" }, entry.at)),
      entry.change === "patched" && before ? differences(before, entry.promotion) : null,
      el("details", {}, el("summary", {}, "The promotion then"), el("pre", {}, json(entry.promotion))),
    );
  });
  return el("ol", { class: "history" }, ...items.reverse());
}

function differences(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return el("ul", {}, ...changed.map((name) =>
    el("li", {}, el("code", {}, name), " ", el("del", {}, shortened(before[name])), " → ", el("ins", {}, shortened(after[name])))));
}

async function remove(id) {
  await attempt(() => api(`/promotion/${encodeURIComponent(id)}`, { method: "DELETE" }), "Deleted.");
  await refreshPromotions();
}

function askForInformation(id) {
  return attempt(() => control("/events/information-required", { method: "POST", body: { id } }), "The event is on its way.");
}

function showForm(promotion, etag) {
  const form = buildForm(description, promotion);
  const node = el("form", { on: { submit: (event) => { event.preventDefault(); save(promotion, etag, form); } } },
    ...form.nodes,
    el("div", { class: "actions sticky" },
      el("button", { type: "submit", class: "primary" }, promotion === null ? "Create" : "Save"),
      button("Cancel", () => leaveForm(promotion))));
  byId("detail").replaceChildren(
    el("h3", { id: "detail-title", tabindex: "-1" }, promotion === null ? "New promotion" : `Edit ${promotion.name ?? promotion.id}`), node);
  byId("detail").hidden = false;
  node.querySelector("input, textarea")?.focus();
}

function leaveForm(promotion) {
  if (promotion === null) location.hash = "#promotions";
  else openPromotion(opened);
}

async function save(promotion, etag, form) {
  const values = form.read();
  const saved = await attempt(() => (promotion === null ? create(values) : change(promotion, etag, values)), promotion === null ? "Created." : "Saved.");
  if (saved === undefined) return;
  const id = saved.body?.id ?? promotion?.id;
  const target = id === undefined ? "#promotions" : `#promotions/${encodeURIComponent(id)}`;
  byId("detail").replaceChildren();
  if (location.hash === target) await openPromotion(opened);
  else location.hash = target;
}

const create = (values) => api("/promotion", { method: "POST", body: values });

function change(promotion, etag, values) {
  const patch = mergePatch(promotion, values);
  const headers = etag === null ? {} : { "If-Match": etag };
  return api(`/promotion/${encodeURIComponent(promotion.id)}`, { method: "PATCH", body: patch, type: "application/merge-patch+json", headers });
}
