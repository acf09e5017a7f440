// Lays out JSON without parsing it, so that numbers, order and double members stay as they came
// and a body that was cut is laid out too.
function layOut(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  let out = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(Math.min(depth, 40))}`;
  const tokens = text.match(/"(?:[^"\\]|\\[^])*"?|[[\]{},:]|[^\s"[\]{},:]+/g) ?? [];
  tokens.forEach((token, i) => {
    if (token === "{" || token === "[") {
      depth += 1;
      out += /^[\]}]$/.test(tokens[i + 1] ?? "") ? token : token + line();
    } else if (token === "}" || token === "]") {
      depth = Math.max(0, depth - 1);
      out += /^[[{]$/.test(tokens[i - 1] ?? "") ? token : line() + token;
    } else if (token === ",") {
      out += `,${line()}`;
    } else {
      out += token === ":" ? ": " : token;
    }
  });
  return out;
}
