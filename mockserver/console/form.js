// A form made from the schema of the API description, and the merge patch of what was changed.

import { button, el } from "./dom.js";

// The server keeps lastUpdate; what the schemas lack (pattern in Promotion_Update) the mock takes.
const SERVER_KEPT = new Set(["id", "href", "lastUpdate"]);
const LONG = new Set(["description"]);

let number = 0;

// Return {nodes, read}: read() gives the attributes as the form has them.
export function buildForm(description, promotion) {
  const schemas = description.components.schemas;
  const names = new Set(Object.keys(schemas.Promotion_Update.properties).concat("pattern"));
  const offered = Object.entries(schemas.Promotion_Create.properties)
    .filter(([name]) => !SERVER_KEPT.has(name) && (promotion === null || names.has(name)));
  const required = new Set(schemas.Promotion_Create.required ?? []);
  return fieldsOf(offered, required, promotion ?? {}, schemas);
}

// The merge patch (RFC 7396) that makes `before` have the attributes of `after`, others untouched.
export function mergePatch(before, after) {
  const patch = {};
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (value === undefined) {
      if (old !== undefined) patch[name] = null;
    } else if (isObject(old) && isObject(value)) {
      const below = mergePatch(old, { ...Object.fromEntries(Object.keys(old).map((key) => [key, undefined])), ...value });
      if (Object.keys(below).length > 0) patch[name] = below;
    } else if (JSON.stringify(old) !== JSON.stringify(value)) patch[name] = value;
  }
  return patch;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function fieldsOf(properties, required, values, schemas) {
  const fields = properties.map(([name, schema]) => [name, field(name, resolved(schema, schemas), values[name], required.has(name), schemas)]);
  const plain = fields.filter(([name]) => !name.startsWith("@"));
  const meta = fields.filter(([name]) => name.startsWith("@"));
  const nodes = plain.map(([, made]) => made.node);
  if (meta.length > 0) nodes.push(el("details", { class: "group" }, el("summary", {}, "Class and schema"), ...meta.map(([, made]) => made.node)));
  return { nodes, read: () => Object.fromEntries(fields.map(([name, made]) => [name, made.read()])) };
}

function resolved(schema, schemas) {
  if (!schema.$ref) return schema;
  const { $ref, ...beside } = schema;
  return { ...resolved(schemas[$ref.split("/").pop()], schemas), ...beside };
}

function field(name, schema, value, required, schemas) {
  const given = value !== undefined;
  if (schema.type === "object" && schema.properties && (!given || isObject(value))) return group(name, schema, value, required, schemas);
  if (schema.type === "array" && (!given || Array.isArray(value))) {
    const items = resolved(schema.items, schemas);
    if (items.properties && (value ?? []).every(isObject)) return list(name, schema, items, value, required, schemas);
  }
  const simple = ["string", "integer", "number", "boolean"].includes(schema.type);
  if (!simple || (given && typeof value === "object")) return jsonField(name, schema, value);
  return scalar(name, schema, value, required);
}

function labelled(name, schema, control, required = false) {
  const id = `field-${++number}`;
  control.id = id;
  const note = schema.description ? el("p", { id: `${id}-note`, class: "note" }, schema.description) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  const label = el("label", { for: id }, name, required ? el("span", { class: "required" }, " required") : null);
  return el("div", { class: "field" }, label, control, note);
}

function scalar(name, schema, value, required) {
  const shown = value === undefined ? "" : String(value);
  let control;
  if (schema.type === "boolean" || schema.enum) {
    control = el("select", {}, ...["", ...(schema.enum ?? ["true", "false"])].map((choice) => el("option", { value: choice }, choice || "(absent)")));
  } else if (LONG.has(name) || shown.includes("\n")) {
    control = el("textarea", { rows: "3" });
  } else {
    control = el("input", { autocomplete: "off", placeholder: schema.format === "date-time" ? "2026-12-31T23:59:59Z" : null });
  }
  control.value = shown;
  const read = () => {
    if (control.value === shown) return value;
    if (control.value === "") return undefined;
    if (schema.type === "boolean") return control.value === "true";
    if (schema.type === "string") return control.value;
    return Number.isFinite(Number(control.value)) ? Number(control.value) : control.value;
  };
  return { node: labelled(name, schema, control, required), read };
}

function jsonField(name, schema, value) {
  const shown = value === undefined ? "" : JSON.stringify(value, null, 2);
  const control = el("textarea", { rows: "4", class: "mono", spellcheck: "false" });
  control.value = shown;
  control.addEventListener("input", () => control.setCustomValidity(isJson(control.value) ? "" : "This is no JSON."));
  const read = () => (control.value === shown ? value : control.value.trim() === "" ? undefined : JSON.parse(control.value));
  return { node: labelled(`${name} (JSON)`, schema, control), read };
}

function isJson(text) {
  try {
    if (text.trim() !== "") JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function group(name, schema, value, required, schemas) {
  const inside = objectFields(schema, value, schemas);
  const node = el("details", { class: "group", open: value !== undefined || required },
    el("summary", {}, name), schema.description ? el("p", { class: "note" }, schema.description) : null, ...inside.nodes);
  return { node, read: () => inside.read(value !== undefined) };
}

// The attributes that the schema does not know stay as they are.
function objectFields(schema, value, schemas) {
  const inside = fieldsOf(Object.entries(schema.properties), new Set(schema.required ?? []), value ?? {}, schemas);
  const read = (evenEmpty) => {
    const all = { ...value, ...inside.read() };
    const kept = Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
    return evenEmpty || Object.keys(kept).length > 0 ? kept : undefined;
  };
  return { nodes: inside.nodes, read };
}

function list(name, schema, items, value, required, schemas) {
  const entries = [];
  const box = el("div", { class: "entries" });
  const add = (item, open) => {
    const inside = objectFields(items, item, schemas);
    const entry = { read: () => inside.read(true) };
    const heading = el("summary", {}, `${name} ${entries.length + 1}`);
    entry.node = el("details", { class: "group entry", open }, heading, ...inside.nodes, button(`Remove this ${name}`, () => {
      entries.splice(entries.indexOf(entry), 1);
      entry.node.remove();
      more.focus();
    }));
    entries.push(entry);
    box.append(entry.node);
    return entry.node;
  };
  const more = button(`Add ${name}`, () => add({}, true).querySelector("input, textarea, select")?.focus());
  for (const item of value ?? []) add(item, false);
  const title = el("legend", {}, name, required ? el("span", { class: "required" }, " required") : null);
  const node = el("fieldset", { class: "list" }, title, schema.description ? el("p", { class: "note" }, schema.description) : null, box, more);
  const read = () => (entries.length === 0 && value === undefined ? undefined : entries.map((entry) => entry.read()));
  return { node, read };
}
