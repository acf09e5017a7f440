// ---- On paper, what did not pass is open, with the requests it rests on.

let opened = [];
window.addEventListener("beforeprint", () => {
  const matter = ".failed, .error, .warned, .known-deviation";
  const bodies = all("details.check").filter((node) => node.matches(matter));
  const logs = all("details.check.failed .exchanges");
  opened = [...bodies, ...logs, ...all("section > details.more")].filter((node) => !node.open);
  for (const details of opened) {
    details.open = true;
    fill(details);
  }
});
window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
  opened = [];
});
