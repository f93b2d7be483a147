// Holds the documents against the code: the layer rule of src/README.md, the tables of FORMAT.md, the settings of
// package.json and README.md. Each check fails when it saw nothing to check.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { userErrors } from "../src/dap/userErrors.ts";

interface Layer {
  readonly folder: string;
  readonly never: string;
}

function text(file: string): string {
  return readFileSync(file, "utf8");
}

/** The value at a path of keys of parsed JSON; undefined when there is none. */
function at(json: unknown, ...keys: readonly string[]): unknown {
  let value = json;
  for (const key of keys) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}

/** Rows of the Markdown tables in `markdown`, as trimmed cells; header and separator rows are left out. */
function tableRows(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s|:-]+\|$/u.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split("|")
        .map((cell) => cell.trim()),
    );
}

function section(markdown: string, title: RegExp): string {
  const start = markdown.search(title);
  if (start < 0) throw new Error(`no section ${String(title)}`);
  const end = markdown.slice(start + 4).search(/^#{1,3} /mu);
  return end < 0 ? markdown.slice(start) : markdown.slice(start, start + 4 + end);
}

function filesUnder(folder: string, extension: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => path.join(folder, file));
}

describe("layers", () => {
  const layers: readonly Layer[] = tableRows(text("src/README.md")).flatMap(([folder = "", , never = ""]) => {
    const name = /^`([a-z]+)`$/u.exec(folder)?.[1];
    return name === undefined ? [] : [{ folder: name, never }];
  });
  const order = layers.map((layer) => layer.folder);

  /** Folders that a layer's last column forbids beside the order of the rows. */
  function forbiddenFolders(never: string): string[] {
    if (never === "anything") return order;
    if (never === "anything but base") return order.filter((folder) => folder !== "base");
    const range = /(\w+) to (\w+)/u.exec(never);
    const from = order.indexOf(range?.[1] ?? "");
    const ranged = range === null ? [] : order.slice(from, order.indexOf(range[2] ?? "") + 1);
    return [...ranged, ...never.split(/,\s*/u).filter((word) => order.includes(word))];
  }

  function problemOf(layer: Layer, file: string, imported: string): string | undefined {
    const bad = `${file} imports ${imported}`;
    if (!imported.startsWith(".")) {
      const never = layer.never.split(/,\s*/u);
      const closed = never[0]?.startsWith("anything") ?? false;
      const isDap = imported.startsWith("@vscode/debug");
      const isForbidden =
        closed ||
        (imported.startsWith("node:") && never.includes("node:*")) ||
        (imported === "vscode" && layer.folder !== "extension") ||
        (isDap && never.includes("DAP"));
      return isForbidden ? bad : undefined;
    }
    const target = path.relative("src", path.join(path.dirname(file), imported)).split(path.sep)[0] ?? "";
    if (target === layer.folder) return undefined;
    const isAbove = order.includes(target) && order.indexOf(target) < order.indexOf(layer.folder);
    return isAbove && !forbiddenFolders(layer.never).includes(target) ? undefined : bad;
  }

  it("has a row in src/README.md for every folder with code", () => {
    const folders = new Set(filesUnder("src", ".ts").map((file) => file.split(path.sep)[1] ?? ""));
    expect(folders.size).toBeGreaterThan(5);
    expect([...folders].filter((folder) => !order.includes(folder))).toEqual([]);
  });

  it("imports only downwards", () => {
    let seen = 0;
    const problems: string[] = [];
    for (const layer of layers) {
      for (const file of filesUnder(path.join("src", layer.folder), ".ts")) {
        for (const match of text(file).matchAll(/(?:\bfrom|^import|\bimport\()\s*"([^"]+)"/gmu)) {
          seen++;
          const problem = problemOf(layer, file, match[1] ?? "");
          if (problem !== undefined) problems.push(problem);
        }
      }
    }
    expect(seen).toBeGreaterThan(30);
    expect(problems).toEqual([]);
  });

  it("keeps clock, randomness and module state out of the core", () => {
    const core = order.slice(0, order.indexOf("travel") + 1);
    const files = core.flatMap((folder) => filesUnder(path.join("src", folder), ".ts"));
    expect(files.length).toBeGreaterThan(10);
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.|\bprocess\.(?:env|argv|cwd|hrtime|pid)|^(?:export )?let /mu;
    expect(files.filter((file) => impure.test(text(file)))).toEqual([]);
  });
});

describe("FORMAT.md", () => {
  const format = text("src/wire/FORMAT.md");

  /** Name to number of one table: `| 7 | COMPLEX |` or `| 0x02 | CALL |`. */
  function numbered(title: RegExp): Map<string, number> {
    const numbers = new Map<string, number>();
    for (const [number = "", name = ""] of tableRows(section(format, title))) {
      if (/^(0x)?[0-9A-F]+$/u.test(number) && /^[A-Z][A-Z_]+$/u.test(name)) numbers.set(name, Number(number));
    }
    return numbers;
  }

  const frames = numbered(/^## 2\. Frames/mu);
  const opcodes = numbered(/^### 4\.2 Events/mu);
  const tags = numbered(/^## 5\. Values/mu);
  const kinds = numbered(/^## 6\. Contents/mu);

  const sides = [
    { side: "src/wire", files: filesUnder("src/wire", ".ts") },
    { side: "pytracer", files: ["pytracer/format.py"] },
  ];

  /** Every `NAME = 7`, `NAME: 7` of a side's sources. */
  function constantsOf(files: readonly string[]): Map<string, Set<number>> {
    const found = new Map<string, Set<number>>();
    for (const file of files) {
      for (const match of text(file).matchAll(
        /\b([A-Za-z][A-Za-z0-9_]*)\s*(?::\s*\w+\s*)?[=:]\s*(0x[0-9a-fA-F]+|\d+)\b/gu,
      )) {
        const name = match[1] ?? "";
        const numbers = found.get(name) ?? new Set();
        found.set(name, numbers.add(Number(match[2])));
      }
    }
    return found;
  }

  it("has tables", () => {
    expect([frames.size, opcodes.size, tags.size, kinds.size]).toEqual([6, 40, 19, 24]);
  });

  for (const { side, files } of sides) {
    it(`has the same numbers as ${side}`, () => {
      expect(files.length).toBeGreaterThan(0);
      const constants = constantsOf(files);
      let checked = 0;
      const wrong: string[] = [];
      for (const [prefixes, table] of [
        [["", "FRAME_"], frames],
        [["", "OP_"], opcodes],
        [["V_", "TAG_"], tags],
        [["K_", "KIND_"], kinds],
      ] as const) {
        for (const [name, number] of table) {
          const found = prefixes.flatMap((prefix) => [...(constants.get(prefix + name) ?? [])]);
          checked += found.length;
          if (!found.includes(number) || found.length !== 1)
            wrong.push(`${name} is ${number}, in ${side}: ${found.join()}`);
        }
      }
      expect(checked).toBeGreaterThan(60);
      expect(wrong).toEqual([]);
    });
  }
});

describe("reasons of what is not recorded", () => {
  function numbersIn(file: string, pattern: RegExp): number[] {
    return [...text(file).matchAll(pattern)].map((match) => Number(match[1]));
  }

  it("are the same twelve on both sides and in FORMAT.md", () => {
    const sentence = /^Reasons of GAP, UNKNOWN and NOT_RECORDED: (.*)$/mu.exec(text("src/wire/FORMAT.md"))?.[1] ?? "";
    const documented = [...sentence.matchAll(/(?:^|, )(\d+) /gu)].map((match) => Number(match[1]));
    expect(documented).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(numbersIn("pytracer/format.py", /^REASON_\w+ = (\d+)/gmu)).toEqual(documented);
    expect(numbersIn("src/wire/format.ts", /^\s+\[(\d+), "/gmu)).toEqual(documented);
  });
});

describe("package.json", () => {
  const manifest: unknown = JSON.parse(text("package.json"));
  const sources = filesUnder("src/extension", ".ts").map((file) => text(file));

  function idOf(contribution: unknown): string {
    return String(at(contribution, "command") ?? at(contribution, "type") ?? at(contribution, "viewType"));
  }

  /** Ids that the manifest declares: commands, the debug type, the editor of recordings. */
  function declared(...keys: readonly string[]): string[] {
    const list = at(manifest, "contributes", ...keys);
    return Array.isArray(list) ? list.map((one) => idOf(one)) : [];
  }

  it("declares commands, debug type and editor, and the extension knows each of them", () => {
    const ids = [...declared("commands"), ...declared("debuggers"), ...declared("customEditors")];
    expect(ids.length).toBeGreaterThan(5);
    expect(ids.filter((id) => !sources.some((source) => source.includes(`"${id}"`)))).toEqual([]);
  });

  it("declares every command that the extension registers", () => {
    const registered = sources.flatMap((source) =>
      [...source.matchAll(/registerCommand\(\s*"([^"]+)"/gu)].map((match) => match[1] ?? ""),
    );
    const commands = declared("commands");
    expect(registered.filter((id) => id.startsWith("hindsight.") && !commands.includes(id))).toEqual([]);
  });
});

describe("README.md", () => {
  /** Compares the part between two markers with what it must be; UPDATE_GOLDEN=1 writes it instead. */
  function expectPart(name: string, expected: string): void {
    const readme = text("README.md");
    const begin = `<!-- begin: ${name} -->\n`;
    const end = `<!-- end: ${name} -->`;
    const from = readme.indexOf(begin) + begin.length;
    const to = readme.indexOf(end);
    expect(to).toBeGreaterThan(from - 1);
    if (process.env["UPDATE_GOLDEN"] === "1") {
      writeFileSync("README.md", readme.slice(0, from) + expected + readme.slice(to));
      return;
    }
    expect(readme.slice(from, to)).toBe(expected);
  }

  it("has every launch setting of package.json, with its meaning", () => {
    const manifest: unknown = JSON.parse(text("package.json"));
    const types = at(manifest, "contributes", "debuggers");
    const settings = at(Array.isArray(types) ? types[0] : undefined, "configurationAttributes", "launch", "properties");
    const rows = Object.entries(settings ?? {}).map(([name, setting]) => {
      const meaning = at(setting, "markdownDescription") ?? at(setting, "description");
      expect(meaning, name).toBeTypeOf("string");
      const choices = at(setting, "enum");
      const values = Array.isArray(choices)
        ? choices.map((one) => `\`${one}\``).join(", ")
        : [at(setting, "type")].flat().join(" or ");
      // Of the other settings, "default" is what the editor proposes.
      const isChoice = Array.isArray(choices) || values === "boolean" || values === "integer";
      const standard = isChoice ? `\`${JSON.stringify(at(setting, "default")).replaceAll('"', "")}\`` : "";
      return `| \`${name}\` | ${values} | ${standard} | ${String(meaning).replaceAll("|", String.raw`\|`)} |\n`;
    });
    expect(rows.length).toBeGreaterThan(15);
    expectPart("launch settings", `\n| setting | values | default | meaning |\n|---|---|---|---|\n${rows.join("")}\n`);
  });

  it("has every error that a user can meet, by number", () => {
    const rows = Object.values(userErrors).map(({ id, sentence, remedy }) => {
      const shown = sentence.startsWith("{")
        ? "(the problem in its own words)"
        : sentence.replaceAll(/\{(\w+)\}/gu, "*$1*");
      return `| ${id} | ${shown} | ${remedy} |\n`;
    });
    expect(rows.length).toBeGreaterThan(20);
    expectPart("user errors", `\n| number | message | what to do |\n|---|---|---|\n${rows.join("")}\n`);
  });
});

describe("the project", () => {
  const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "" && existsSync(file));
  const readable = tracked.filter((file) => !/\.(png|gif|ico|hindsight|gz|zip|bin)$/u.test(file));

  it("names no machine, no registry and no workplace", () => {
    // Written with classes of one character, so that this file passes its own check.
    const pattern = /[/](?:work|root)[/]|[/]opt[/]hs|registry[.]npmjs|pypi[.]org|deb[.]debian/u;
    expect(readable.length).toBeGreaterThan(50);
    expect(readable.filter((file) => pattern.test(text(file)))).toEqual([]);
  });

  it("records no addresses in the lock file", () => {
    expect(text("package-lock.json")).not.toContain('"resolved": "http');
  });

  it("has no unfinished notes", () => {
    const marks = /\b(?:TOD[O]|FIXM[E]|XX[X])\b/u;
    const sources = readable.filter((file) => /\.(ts|mjs|py|sh|css)$/u.test(file));
    expect(sources.filter((file) => marks.test(text(file)))).toEqual([]);
  });

  it("runs in CI what README.md tells a reader to run", () => {
    expect(text(".ci/run")).toContain("npm ci && npm run verify");
    expect(text("README.md")).toContain("npm ci && npm run verify");
    expect(text("README.md")).toContain("npm ci && npm run demo");
  });
});
