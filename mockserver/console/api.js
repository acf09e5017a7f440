// Requests to the API and to the control API, of the tenant that the address names.

import { byId } from "./dom.js";

const tokens = { api: "", control: "" };
const refused = { api: false, control: false };
const asking = { api: null, control: null };
const names = { api: "Token of the API", control: "Admin token" };

export const tenant = new URLSearchParams(location.search).get("tenant") ?? "";
const prefix = tenant ? `/t/${encodeURIComponent(tenant)}` : "";
let root = "";

export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// Read the API description, which also tells where the API is.
export async function describe() {
  const { body } = await request("api", "/openapi.json");
  root = prefix + new URL(body.servers[0].url, location.href).pathname.replace(/\/$/, "");
  return body;
}

export const apiRoot = () => root;
export const api = (path, options) => request("api", root + path, options);
export const control = (path, options) => request("control", `${prefix}/_mock${path}`, options);
export const controlStream = (path) => send("control", `${prefix}/_mock${path}`, {});

async function request(kind, address, options = {}) {
  const response = await send(kind, address, options);
  const text = await response.text().catch(() => { throw new RequestError(response.status, "The answer broke off."); });
  let body = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    throw new RequestError(response.status, `The answer (${response.status}) is no JSON: ${text.slice(0, 200)}`);
  }
  if (!response.ok) throw new RequestError(response.status, `${response.status}: ${body?.message ?? body?.reason ?? response.statusText}`);
  return { status: response.status, headers: response.headers, body };
}

async function send(kind, address, { method = "GET", body, type = "application/json", headers = {} }) {
  const all = { "X-Mock-Console": "1", ...headers };
  if (body !== undefined) all["Content-Type"] = type;
  for (;;) {
    if (tokens[kind]) all.Authorization = `Bearer ${tokens[kind]}`;
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(address, { method, headers: all, body: sent, cache: "no-store" }).catch(() => {
      throw new RequestError(0, `No answer to ${method} ${address}: the connection broke.`);
    });
    if (response.status !== 401 || refused[kind]) return response;
    asking[kind] ??= ask(kind).finally(() => { asking[kind] = null; });
    if (!(await asking[kind])) return response;
  }
}

// Ask again although an earlier question was cancelled.
export function signIn() {
  refused.api = refused.control = false;
}

export const signedOut = () => refused.api || refused.control;

let dialogs = Promise.resolve();

function ask(kind) {
  dialogs = dialogs.then(() => new Promise((settle) => {
    const dialog = byId("sign-in");
    byId("sign-in-title").textContent = names[kind];
    byId("token").value = "";
    dialog.returnValue = "cancel";
    dialog.addEventListener("close", () => {
      const given = dialog.returnValue === "use" && byId("token").value !== "";
      if (given) tokens[kind] = byId("token").value;
      byId("token").value = "";
      refused[kind] = !given;
      settle(given);
    }, { once: true });
    dialog.showModal();
  }));
  return dialogs;
}
