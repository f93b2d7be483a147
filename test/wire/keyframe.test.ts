// Keyframes that share frames with the one before.
import { expect, it } from "vitest";
import { Cursor } from "../../src/wire/cursor.ts";
import { type FrameRecord, readKeyframe } from "../../src/wire/keyframe.ts";
import { ByteWriter } from "../support/byteWriter.ts";

function frameOf(frame: number): FrameRecord {
  return { frame, code: 1, offset: 0, line1: 0, globals: 0, mapping: 0, flags: 0, slots: [], written: [] };
}

it("asks once for the keyframe before, however many threads share frames with it", () => {
  const threads = [1, 2, 3, 4];
  const bytes = new ByteWriter(undefined).uv(threads.length);
  for (const thread of threads) bytes.uv(thread).text(`Thread-${thread}`).uv(1).uv(0);
  bytes.uv(2);
  let asked = 0;
  const keyframe = readKeyframe(new Cursor(Uint8Array.from(bytes.bytes), 0, bytes.bytes.length, 0), 1, () => {
    asked++;
    return { threads: threads.map((thread) => ({ thread, name: "", frames: [frameOf(thread * 10)] })), current: 1 };
  });
  expect(asked).toBe(1);
  expect(keyframe.current).toBe(2);
  expect(keyframe.threads.map(({ frames }) => frames.map(({ frame }) => frame))).toEqual([[10], [20], [30], [40]]);
});
