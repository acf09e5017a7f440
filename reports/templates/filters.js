// ---- Filters, kept in the fragment so that a view can be sent to a colleague.

const form = byId("filters");
const search = byId("search");
const section = byId("section");
const requirement = byId("requirement");
// What the suite says about a check; the interface's own words would be found everywhere.
const said = (check) =>
  all("h4, .id, .message, pre, .hint [data-hint], .description > p, .rules > ul", check)
    .map((node) => node.textContent)
    .join("\n");
const whole = new Set(all("option", byId("requirements")).map((o) => o.value.toUpperCase()));
const KINDS = ["outcome", "level", "section", "requirement"];
const chips = all(".chip", form);
const checks = all(".check").map((node) => ({
  node,
  outcome: [node.dataset.outcome],
  level: [node.dataset.level],
  section: [node.dataset.section],
  requirement: node.dataset.requirements.toUpperCase().split(" "),
  text: said(node).toLowerCase(),
}));

const chosen = (kind) =>
  chips.filter((c) => c.dataset.kind === kind && c.ariaPressed === "true").map((c) => c.value);

function view() {
  return {
    outcome: chosen("outcome"),
    level: chosen("level"),
    section: section.value ? [section.value] : [],
    requirement: requirement.value.trim() ? [requirement.value.trim().toUpperCase()] : [],
    words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
  };
}

// While a requirement is being typed, its beginning will do.
const has = (check, kind, value) =>
  check[kind].some((own) =>
    kind === "requirement" && !whole.has(value) ? own.startsWith(value) : own === value,
  );
const fits = (wanted, check, kind) =>
  !wanted[kind].length || wanted[kind].some((value) => has(check, kind, value));
const says = (wanted, check) => wanted.words.every((word) => check.text.includes(word));

function apply() {
  const wanted = view();
  let shown = 0;
  for (const check of checks) {
    const match = says(wanted, check) && KINDS.every((kind) => fits(wanted, check, kind));
    check.node.hidden = !match;
    shown += match;
  }
  for (const chapter of all(".chapter")) {
    chapter.hidden = all(".check", chapter).every((node) => node.hidden);
  }
  count(wanted);
  byId("shown").textContent =
    shown === checks.length
      ? say("shown-all", { n: shown })
      : say("shown-some", { shown, n: checks.length });
  byId("none").hidden = shown > 0;
  byId("clear").hidden = shown === checks.length && !fragment();
}

// A chip counts what it would show beside the filters of the other kinds.
function count(wanted) {
  for (const chip of chips) {
    const kind = chip.dataset.kind;
    const others = KINDS.filter((k) => k !== kind);
    chip.querySelector(".count").textContent = checks.filter(
      (check) =>
        has(check, kind, chip.value) &&
        says(wanted, check) &&
        others.every((k) => fits(wanted, check, k)),
    ).length;
  }
}

function fragment() {
  const wanted = view();
  const parts = KINDS.filter((kind) => wanted[kind].length).map(
    (kind) => `${kind}=${wanted[kind].map(encodeURIComponent).join(",")}`,
  );
  if (search.value.trim()) parts.push(`q=${encodeURIComponent(search.value.trim())}`);
  return parts.join("&");
}

function remember() {
  const kept = fragment();
  history.replaceState(null, "", kept ? `#${kept}` : location.pathname + location.search);
  apply();
}

function restore() {
  const hash = location.hash.slice(1);
  if (hash && !hash.includes("=")) {
    apply();
    reveal(decoded(hash));
    return;
  }
  const kept = new URLSearchParams(hash);
  const listed = (kind) => (kept.get(kind) ?? "").split(",");
  for (const chip of chips) {
    chip.ariaPressed = String(listed(chip.dataset.kind).includes(chip.value));
  }
  section.value = kept.get("section") ?? "";
  if (section.selectedIndex < 0) section.value = "";
  requirement.value = kept.get("requirement") ?? "";
  search.value = kept.get("q") ?? "";
  apply();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clear() {
  for (const chip of chips) chip.ariaPressed = "false";
  section.value = "";
  requirement.value = "";
  search.value = "";
}

// A link to a check opens it, whatever is filtered.
function reveal(id) {
  const target = byId(id);
  if (!target) return;
  if (target.closest("[hidden]")) {
    clear();
    apply();
  }
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.querySelector("summary").focus({ preventScroll: true });
  }
  target.scrollIntoView();
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  chip.ariaPressed = String(chip.ariaPressed !== "true");
  remember();
});
search.addEventListener("input", remember);
section.addEventListener("change", remember);
requirement.addEventListener("input", remember);
byId("clear").addEventListener("click", () => {
  clear();
  remember();
  search.focus();
});
const setAll = (open) => {
  for (const check of checks) if (!check.node.hidden) check.node.open = open;
};
byId("unfold").addEventListener("click", () => setAll(true));
byId("fold").addEventListener("click", () => setAll(false));
window.addEventListener("hashchange", restore);
