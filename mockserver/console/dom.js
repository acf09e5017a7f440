// Building nodes. Whatever the API says reaches the page as text, never as markup.

export const byId = (id) => document.getElementById(id);

// el("button", {class: "x", type: "button", on: {click: act}}, "Text", node)
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (key === "value" || key === "checked") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const button = (text, act, attributes = {}) => el("button", { type: "button", on: { click: act }, ...attributes }, text);

export const json = (value) => JSON.stringify(value, null, 2);

export function shortened(value, most = 160) {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "absent";
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

export function say(text) {
  byId("failed").textContent = "";
  byId("said").textContent = text;
}

export function complain(problem) {
  byId("said").textContent = "";
  byId("failed").textContent = problem.message;
}

// Run an action of the user, and tell how it ended.
export async function attempt(action, done = "") {
  try {
    const result = await action();
    say(done);
    return result;
  } catch (problem) {
    complain(problem);
    return undefined;
  }
}
