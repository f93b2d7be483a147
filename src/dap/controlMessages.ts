// What Python says over the control channel, checked: `unknown` JSON becomes a message or an error.
import type { FromPython } from "../protocol/controlChannel.ts";
import { JsonReader, ShapeError } from "./jsonReader.ts";

const stopReasons = ["entry", "breakpoint", "step", "pause", "exception", "change", "uncaught", "escaped"] as const;

/** Throws `ShapeError` (or `SyntaxError` for what is no JSON). */
export function parseFromPython(line: string): FromPython {
  const message: unknown = JSON.parse(line);
  const reader = new JsonReader(message);
  const type = reader.requiredText("type");
  switch (type) {
    case "hello":
      return {
        type,
        role: reader.oneOf("role", ["launcher", "program", "lifeline"]) ?? "program",
        token: reader.requiredText("token"),
        pid: reader.requiredInteger("pid"),
        python: reader.requiredText("python"),
        executable: reader.requiredText("executable"),
      };
    case "configured":
      return {
        type,
        recorder: reader.oneOf("recorder", ["native", "monitoring", "settrace"]) ?? "settrace",
        recordingPath: reader.requiredText("recordingPath"),
        note: reader.text("note") ?? "",
      };
    case "breakpointsSet":
      return { type, id: reader.requiredInteger("id"), waits: reader.flag("waits") ?? false };
    case "breakableLines":
      return {
        type,
        id: reader.requiredInteger("id"),
        lines: reader.integers("lines"),
        error: reader.text("error") ?? null,
      };
    case "syntaxProblems":
      return { type, id: reader.requiredInteger("id"), problems: reader.texts("problems") };
    case "stopped":
      return {
        type,
        reason: reader.oneOf("reason", stopReasons) ?? "pause",
        thread: reader.requiredInteger("thread"),
        offset: reader.requiredInteger("offset"),
        breakpointIds: reader.integers("breakpointIds"),
        problems: reader.texts("problems"),
      };
    case "logged":
      return {
        type,
        breakpoint: reader.requiredInteger("breakpoint"),
        thread: reader.requiredInteger("thread"),
        step: reader.requiredInteger("step"),
        event: reader.requiredInteger("event"),
        text: reader.requiredText("text"),
      };
    case "resumed":
      return { type };
    case "evaluated":
      return {
        type,
        id: reader.requiredInteger("id"),
        ok: reader.flag("ok") ?? false,
        text: reader.requiredText("text"),
        typeName: reader.requiredText("typeName"),
        object: reader.requiredInteger("object"),
        offset: reader.requiredInteger("offset"),
      };
    case "flushed":
      return { type, id: reader.requiredInteger("id"), offset: reader.requiredInteger("offset") };
    case "warning":
      return { type, text: reader.requiredText("text") };
    case "ended":
      return { type, offset: reader.requiredInteger("offset"), exitCode: reader.requiredInteger("exitCode") };
    default:
      throw new ShapeError(`unknown message ${type}`);
  }
}
