"use strict";

const byId = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- The interface's texts, from the message catalogue of the page's language.

const texts = JSON.parse(byId("texts").textContent);

// The text of a key with each {value} in its place; n decides the form.
function say(key, values = {}) {
  const entry = texts[key];
  const form = typeof entry === "string" ? entry : (values.n === 1 && entry.one) || entry.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value;
  });
}

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

// A text of the suite, marked as English in a page of another language.
function quoted(text) {
  const made = element("span", "", text);
  if (document.documentElement.lang !== "en") made.lang = "en";
  return made;
}
