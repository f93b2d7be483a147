// The variables of an `envFile`: NAME=value lines, as the Python extension reads them.

function unquoted(value: string): string {
  const quoted = /^(?<quote>["'])(?<inside>.*)\k<quote>$/su.exec(value);
  if (quoted === null) return value.replace(/\s+#.*$/u, "").trimEnd();
  const inside = quoted.groups?.["inside"] ?? "";
  return quoted.groups?.["quote"] === '"' ? inside.replaceAll("\\n", "\n") : inside;
}

/** Comments, blank lines and lines that are no assignment are skipped; `export` before a name is allowed. */
export function parseEnvironmentFile(text: string): { readonly [name: string]: string } {
  const variables: Record<string, string> = {};
  for (const line of text.replace(/^\uFEFF/u, "").split(/\r?\n/u)) {
    const found = /^\s*(?:export\s+)?(?<name>[A-Za-z_]\w*)\s*=\s*(?<value>.*?)\s*$/u.exec(line);
    if (found !== null) variables[found.groups?.["name"] ?? ""] = unquoted(found.groups?.["value"] ?? "");
  }
  return variables;
}
