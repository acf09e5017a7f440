// Switches: faults, defects, variants, the clock, and the catalogue as a whole.

import { control } from "./api.js";
import { attempt, button, byId, complain, el } from "./dom.js";

const put = (path, body) => control(path, { method: "PUT", body });
const changed = () => dispatchEvent(new Event("mock-changed"));

export async function showBehaviour() {
  try {
    const [faults, defects, variants, clock] = await Promise.all(["/faults", "/defects", "/variants", "/clock"].map((path) => control(path)));
    showFaults(faults.body);
    showSwitches("defects", "Defects", "Each breaks a rule on purpose.", defects.body);
    showSwitches("variants", "Variants", "Each differs in a way that the rules allow.", variants.body);
    showState(clock.body);
  } catch (problem) {
    complain(problem);
  }
}

function showSwitches(kind, title, text, { active, known }) {
  const on = new Set(active);
  const count = el("p", { class: "note", role: "status" });
  const tell = () => { count.textContent = on.size ? `${on.size} on: ${[...on].join(", ")}` : `none of ${known.length} is on`; };
  const items = known.map((one) => {
    const box = el("input", { type: "checkbox", checked: on.has(one.name) });
    box.addEventListener("change", async () => {
      if (box.checked) on.add(one.name);
      else on.delete(one.name);
      const done = await attempt(() => put(`/${kind}`, { active: [...on] }), `${one.name} is ${box.checked ? "on" : "off"}.`);
      if (done === undefined) return showBehaviour();
      tell();
      return changed();
    });
    const rules = one.requirements?.length ? el("span", { class: "note" }, ` ${one.requirements.join(", ")}`) : null;
    return el("li", { "data-words": `${one.name} ${one.text}`.toLowerCase() },
      el("label", { class: "check" }, box, el("span", {}, el("code", {}, one.name), el("br"), one.text, rules)));
  });
  const list = el("ul", { class: "switches" }, ...items);
  const search = el("input", { type: "search", placeholder: "Find", "aria-label": `Find among the ${kind}` });
  search.addEventListener("input", () => {
    for (const item of items) item.hidden = !item.dataset.words.includes(search.value.toLowerCase());
  });
  byId(kind).replaceChildren(el("h3", {}, title), el("p", { class: "note" }, text), count, search, list);
  tell();
}

const number = (label, name, value, attributes = {}) =>
  el("label", {}, label, el("input", { name, type: "number", min: "0", step: "any", value: value ?? "", ...attributes }));
const rate = (name, value) => number("Rate, 0 to 1", name, value ?? 1, { max: "1" });

function choice(label, name, options, value) {
  const select = el("select", { name }, ...options.map((option) => el("option", { value: option }, option)));
  if (value !== undefined) select.value = value;
  return el("label", {}, label, select);
}

function fault(name, text, on, ...inputs) {
  return el("fieldset", { class: "fault" },
    el("legend", {}, el("label", { class: "check" }, el("input", { type: "checkbox", name, checked: on }), text)), el("div", { class: "inputs" }, ...inputs));
}

const OPERATIONS = ["*", "listPromotion", "createPromotion", "retrievePromotion", "patchPromotion", "deletePromotion", "registerListener", "unregisterListener"];

function errorRow(error, remove) {
  const row = el("div", { class: "inputs error" },
    choice("Operation", "operation", OPERATIONS, error.operation),
    number("Status", "status", error.status ?? 503, { min: "400", max: "599", step: "1" }),
    rate("errorRate", error.rate));
  row.append(button("Remove", () => remove(row), { "aria-label": "Remove this error" }));
  return row;
}

function showFaults(now) {
  const form = byId("faults");
  const rows = el("div", {});
  const add = (error) => rows.append(errorRow(error, (row) => row.remove()));
  for (const error of now.errors?.length ? now.errors : [{}]) add(error);
  form.replaceChildren(
    el("h3", { id: "faults-title" }, "Faults"),
    el("p", { class: "note" }, "They concern the API, never this page's own control calls."),
    fault("latency", "Latency", now.latency !== undefined,
      choice("Kind", "kind", ["fixed", "uniform", "long-tail"], now.latency?.kind),
      number("Milliseconds", "ms", now.latency?.ms ?? 500), number("At most", "maxMs", now.latency?.maxMs)),
    fault("errors", "Error answers", now.errors !== undefined, rows, button("Add an error", () => add({}))),
    fault("drop", "Dropped connections", now.drop !== undefined, rate("dropRate", now.drop?.rate)),
    fault("halfSent", "Half-sent answers", now.halfSent !== undefined, rate("halfSentRate", now.halfSent?.rate)),
    fault("malformedJson", "Malformed JSON", now.malformedJson !== undefined, rate("malformedJsonRate", now.malformedJson?.rate)),
    fault("rateLimit", "Rate limit (429)", now.rateLimit !== undefined,
      number("Requests", "requests", now.rateLimit?.requests ?? 10, { min: "1", step: "1" }), number("per seconds", "perSeconds", now.rateLimit?.perSeconds ?? 1)),
    el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, "Apply faults"), button("All off", () => applyFaults({}))));
  form.onsubmit = (event) => {
    event.preventDefault();
    applyFaults(faultsOf(form, now));
  };
}

function faultsOf(form, now) {
  const value = (name, within = form) => {
    const text = within.querySelector(`[name="${name}"]`).value;
    return text === "" ? undefined : Number(text);
  };
  const on = (name) => form.querySelector(`[name="${name}"]`).checked;
  const faults = now.seed === undefined ? {} : { seed: now.seed };
  if (on("latency")) faults.latency = { kind: form.querySelector('[name="kind"]').value, ms: value("ms"), maxMs: value("maxMs") };
  if (on("errors")) {
    faults.errors = [...form.querySelectorAll(".error")].map((row) => ({
      operation: row.querySelector("select").value, status: value("status", row), rate: value("errorRate", row) }));
  }
  for (const name of ["drop", "halfSent", "malformedJson"]) if (on(name)) faults[name] = { rate: value(`${name}Rate`) };
  if (on("rateLimit")) faults.rateLimit = { requests: value("requests"), perSeconds: value("perSeconds") };
  return faults;
}

async function applyFaults(faults) {
  const off = Object.keys(faults).length === 0;
  const done = await attempt(() => put("/faults", faults), off ? "All faults are off." : "The faults are on.");
  if (done === undefined) return;
  showFaults(faults);
  changed();
}

function showState(clock) {
  const time = el("input", { value: clock.now, autocomplete: "off" });
  const seconds = el("input", { type: "number", value: "3600", step: "any" });
  const count = el("input", { type: "number", value: "25", min: "1", step: "1" });
  const seed = el("input", { type: "number", value: "0", min: "0", step: "1" });
  const setClock = async (body, text) => {
    const done = await attempt(() => put("/clock", body), text);
    if (done !== undefined) { showState(done.body); changed(); }
  };
  const act = async (action, text) => {
    if (await attempt(action, text) !== undefined) { await showBehaviour(); changed(); }
  };
  byId("state").replaceChildren(
    el("fieldset", {}, el("legend", {}, clock.frozen ? "Clock, standing" : "Clock, running"),
      el("div", { class: "inputs" }, el("label", {}, "Time", time),
        button("Freeze", () => setClock({ frozen: time.value }, "The clock stands.")),
        button("Let it run", () => setClock({ frozen: null }, "The clock runs."))),
      el("div", { class: "inputs" }, el("label", {}, "Seconds", seconds),
        button("Advance", () => setClock({ advanceSeconds: Number(seconds.value) }, "The clock is advanced.")))),
    el("fieldset", {}, el("legend", {}, "Catalogue"),
      el("div", { class: "inputs" }, el("label", {}, "Promotions", count), el("label", {}, "Seed", seed),
        button("Seed more", () => act(() => control("/seed", { method: "POST", body: { seed: Number(seed.value), count: Number(count.value) } }), "Seeded."))),
      el("div", { class: "inputs" },
        button("Reset to the start", () => act(() => control("/reset", { method: "POST" }), "Everything is as it was at the start.")),
        button("Download a snapshot", () => attempt(download)))));
}

async function download() {
  const { body } = await control("/snapshot");
  const url = URL.createObjectURL(new Blob([JSON.stringify(body, null, 2)], { type: "application/json" }));
  el("a", { href: url, download: "promotions.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
