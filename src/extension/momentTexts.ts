// How a moment reads, and which moment a person means by what was typed.
import type { MomentResponse, SeekArguments } from "../protocol/customRequests.ts";

/** "step 1,041 of 2,000". Steps count from 0; the second number is the newest step. */
export function momentText(moment: MomentResponse): string {
  return `step ${grouped(moment.step)} of ${grouped(moment.lastStep)}`;
}

/** What a view says that has nothing to show yet. */
export const beingIndexed = "The recording is being indexed. The calls are shown when that is done.";

export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

export type TypedMoment =
  | { readonly kind: "seek"; readonly to: SeekArguments }
  | { readonly kind: "invalid"; readonly message: string };

/** Takes a step ("1041", "1,041"), a distance ("+10", "-10"), "first" or "last". */
export function typedMoment(typed: string, now: MomentResponse): TypedMoment {
  const text = typed
    .trim()
    .toLowerCase()
    .replaceAll(/[,_\s]/g, "");
  if (text === "first") return { kind: "seek", to: { step: now.firstStep } };
  if (text === "last") return { kind: "seek", to: { step: now.lastStep, event: "last" } };
  const match = /^([+-]?)(\d{1,15})$/.exec(text);
  if (match === null) return { kind: "invalid", message: "A step is a number; +10, -10, first and last work too." };
  const [, sign, digits] = match;
  const distance = Number(digits);
  const step = sign === "+" ? now.step + distance : sign === "-" ? now.step - distance : distance;
  if (step < now.firstStep || step > now.lastStep)
    return {
      kind: "invalid",
      message: `The history has the steps ${grouped(now.firstStep)} to ${grouped(now.lastStep)}.`,
    };
  return { kind: "seek", to: { step } };
}
