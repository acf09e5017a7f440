"use strict";

(() => {
  const byId = (id) => document.getElementById(id);
  const only = byId("differences");
  const search = byId("search");
  const shown = byId("shown");
  const rows = [...document.querySelectorAll(".row")].map((node) => ({
    node,
    differs: node.classList.contains("differs"),
    text: `${node.textContent} ${node.dataset.rules}`.toLowerCase(),
  }));
  const bodies = [...document.querySelectorAll("tbody")];
  const differing = rows.filter((row) => row.differs).length;

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { node, differs, text } of rows) {
      const fits = (!only.checked || differs) && words.every((word) => text.includes(word));
      node.hidden = !fits;
      count += fits;
    }
    for (const body of bodies) body.hidden = !body.querySelector(".row:not([hidden])");
    byId("none").hidden = count > 0;
    const all = `${rows.length} check${rows.length === 1 ? "" : "s"}`;
    shown.textContent = count === rows.length ? all : `${count} of ${all}`;
  }

  // The view is kept in the fragment, so that it can be sent to a colleague.

  function remember() {
    const view = new URLSearchParams();
    view.set("show", only.checked ? "differences" : "all");
    if (search.value) view.set("q", search.value);
    history.replaceState(null, "", `#${view}`);
  }

  function restore() {
    const fragment = location.hash.slice(1);
    const view = new URLSearchParams(fragment);
    if (view.has("show")) {
      only.checked = view.get("show") === "differences";
      search.value = view.get("q") ?? "";
      filter();
      return;
    }
    const target = rows.find(({ node }) => node.id === decoded(fragment))?.node;
    if (target?.hidden) {
      only.checked = false;
      search.value = "";
      filter();
    }
    target?.scrollIntoView();
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  for (const [input, event] of [[only, "change"], [search, "input"]]) {
    input.addEventListener(event, () => {
      filter();
      remember();
    });
  }
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", restore);
  byId("filters").hidden = false;
  only.checked = differing > 0 && differing < rows.length;
  filter();
  restore();
})();
