// What does the launch configuration ask for? Every setting is checked here; later code trusts it.
import type { LaunchTarget, RecorderSettings } from "../protocol/controlChannel.ts";
import { JsonReader, ShapeError } from "./jsonReader.ts";
import { readArguments } from "./programArguments.ts";
import { userError } from "./userErrors.ts";

export type ConsoleKind = "integratedTerminal" | "internalConsole" | "externalTerminal";

/** Run and record a program. */
export interface RunArguments {
  readonly kind: "run";
  readonly target: LaunchTarget;
  readonly args: readonly string[];
  /** undefined: python3 or python on PATH. */
  readonly python: string | undefined;
  readonly pythonArgs: readonly string[];
  readonly cwd: string | undefined;
  /** null removes a variable. */
  readonly env: { readonly [name: string]: string | null };
  readonly envFile: string | undefined;
  readonly console: ConsoleKind;
  readonly stopOnEntry: boolean;
  /** undefined: a temporary file. */
  readonly recordingPath: string | undefined;
  readonly onExit: "stay" | "end";
  readonly noDebug: boolean;
  readonly settings: Omit<RecorderSettings, "recordingPath">;
}

/** Open a recording. */
export interface OpenArguments {
  readonly kind: "open";
  readonly recording: string;
  readonly stopOnEntry: boolean;
}

export type LaunchArguments = RunArguments | OpenArguments;

const defaultMaxItems = 1000;
const defaultMaxStringLength = 10_000;
/** Megabytes: the two parts and the unsealed end need room. */
const leastRecordingSize = 2;

/** Throws a `UserError` that names the wrong setting. */
export function parseLaunchArguments(value: unknown): LaunchArguments {
  try {
    return parse(new JsonReader(value));
  } catch (error) {
    if (error instanceof ShapeError) throw userError("badArgument", { problem: `${error.message}.` });
    throw error;
  }
}

function parse(reader: JsonReader): LaunchArguments {
  const target = parseTarget(reader);
  const stopOnEntry = reader.flag("stopOnEntry") ?? false;
  if (typeof target === "string") return { kind: "open", recording: target, stopOnEntry };
  const env = parseEnvironment(reader);
  return {
    kind: "run",
    target,
    args: readArguments(reader, "args", env),
    python: filled(reader, "python"),
    pythonArgs: reader.texts("pythonArgs"),
    cwd: filled(reader, "cwd"),
    env,
    envFile: filled(reader, "envFile"),
    console:
      reader.oneOf("console", ["integratedTerminal", "internalConsole", "externalTerminal"]) ?? "integratedTerminal",
    stopOnEntry,
    recordingPath: filled(reader, "recordingPath"),
    onExit: reader.oneOf("onExit", ["stay", "end"]) ?? "stay",
    noDebug: reader.flag("noDebug") ?? false,
    settings: {
      justMyCode: reader.flag("justMyCode") ?? true,
      include: reader.texts("include"),
      exclude: reader.texts("exclude"),
      maxItems: positive(reader, "maxItems") ?? defaultMaxItems,
      maxStringLength: positive(reader, "maxStringLength") ?? defaultMaxStringLength,
      maxRecordingSize: parseRecordingSize(reader),
      recorder: reader.oneOf("recorder", ["auto", "native", "python", "monitoring", "settrace"]) ?? "auto",
    },
  };
}

/** An empty string counts as absent, as editors write it for "not set". */
function filled(reader: JsonReader, name: string): string | undefined {
  const value = reader.text(name);
  return value === "" ? undefined : value;
}

function parseRecordingSize(reader: JsonReader): number {
  const size = reader.integer("maxRecordingSize") ?? 0;
  if (size !== 0 && size < leastRecordingSize)
    throw new ShapeError(`\`maxRecordingSize\` must be 0 (no limit) or at least ${leastRecordingSize}`);
  return size;
}

function positive(reader: JsonReader, name: string): number | undefined {
  const value = reader.integer(name);
  if (value !== undefined && value < 1) throw new ShapeError(`\`${name}\` must be at least 1`);
  return value;
}

/** The one thing to run; a string is a recording to open. */
function parseTarget(reader: JsonReader): LaunchTarget | string {
  const program = filled(reader, "program");
  const module = filled(reader, "module");
  const code = filled(reader, "code");
  const recording = filled(reader, "recording");
  const found = Object.entries({ program, module, code, recording }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (found.length === 1) {
    if (program !== undefined) return { kind: "program", program };
    if (module !== undefined) return { kind: "module", module };
    if (code !== undefined) return { kind: "code", code };
    if (recording !== undefined) return recording;
  }
  throw userError("noTarget", { found: found.length === 0 ? "none" : found.join(" and ") });
}

function parseEnvironment(reader: JsonReader): { readonly [name: string]: string | null } {
  const env = reader.object("env");
  if (env === undefined) return {};
  return Object.fromEntries(env.names().map((name) => [name, env.textOrNull(name)]));
}
