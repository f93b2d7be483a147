// The benchmark's long recordings repeat blocks of a short one: every event of a real program must be known to what
// moves the numbers on.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileBytes, nodeCodecs } from "../../src/node/openFile.ts";
import * as f from "../../src/wire/format.ts";
import { readFrameHeader, readPayload } from "../../src/wire/frames.ts";
import { interpreters } from "../support/interpreters.ts";
import { ShiftedBlock } from "./idShift.ts";

const PROGRAM = `
import asyncio, collections, threading

class Base:
    pass

class Account(Base):
    __slots__ = ("owner", "balance", "log")

    def __init__(self, owner):
        self.owner, self.balance, self.log = owner, 0.5, collections.deque(maxlen=3)

class Other(Base):
    def __init__(self):
        self.name = "other"

def numbers(limit):
    for number in range(limit):
        yield number, complex(number), -(2 ** 70), b"bytes", bytearray(b"xy")

async def work(account, amount):
    await asyncio.sleep(0)
    account.balance += amount
    account.log.append(amount)

async def main():
    account = Account("ann")
    await asyncio.gather(*(work(account, amount) for amount in range(5)))
    return account

account = asyncio.run(main())
seen = {}
for number, *rest in numbers(40):
    seen[number] = rest
    seen.pop(number - 3, None)
one = Other()
one.__class__ = Base
one.name = {"a", "b"}
del one.name
try:
    seen["missing"]
except KeyError as error:
    print("missing", error)
thread = threading.Thread(target=lambda: print("thread"))
thread.start()
thread.join()
`;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "hindsight-shift-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function payloadsOf(recording: string): readonly Uint8Array[] {
  const bytes = fileBytes(recording);
  const payloads: Uint8Array[] = [];
  const size = bytes.size();
  for (let offset: number = f.FILE_HEADER_LENGTH; offset < size;) {
    const frame = readFrameHeader(bytes, nodeCodecs, offset, size);
    if (frame === undefined) break;
    if (frame.kind === f.FRAME_BLOCK) payloads.push(readPayload(bytes, nodeCodecs, frame));
    offset = frame.end;
  }
  bytes.close();
  return payloads;
}

for (const { version, path: python } of interpreters()) {
  it(`every number of a recording of ${version} is found, and moved there and back`, () => {
    const program = path.join(folder, "program.py");
    const recording = path.join(folder, "program.hindsight");
    writeFileSync(program, PROGRAM);
    const ran = spawnSync(python, ["-m", "pytracer", "record", "-o", recording, "--", program], { encoding: "utf8" });
    expect(ran.stderr).toBe("");
    const payloads = payloadsOf(recording);
    expect(payloads.length).toBeGreaterThan(0);
    const [kinds, movedKinds] = [new Map<number, f.ObjectKind>(), new Map<number, f.ObjectKind>()];
    for (const payload of payloads) {
      const by = { first: 0, by: 1_000_000 };
      const moved = new ShiftedBlock(payload, kinds).shifted({ frames: by, objects: by, steps: by });
      expect(moved.length).toBeGreaterThan(payload.length);
      const back = { first: 1_000_000, by: -1_000_000 };
      const again = new ShiftedBlock(moved, movedKinds).shifted({ frames: back, objects: back, steps: back });
      expect(Buffer.from(again).equals(Buffer.from(payload))).toBe(true);
    }
  });
}
