// Moments are ordered by step, then by event.
import type { Moment } from "../travel/timeTravel.ts";

export function isSame(a: Moment, b: Moment): boolean {
  return a.step === b.step && a.event === b.event;
}

export function isBefore(a: Moment, b: Moment): boolean {
  return a.step === b.step ? a.event < b.event : a.step < b.step;
}
