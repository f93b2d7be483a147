// Letters, digits and cases as Python's Unicode database has them, where JavaScript's has the same.
import { refuse } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { blanks } from "./readNumbers.ts";

const ascii = /^[\0-\u007f]*$/u;
const blank = new RegExp(`^${blanks}$`, "u");

export function isAscii(text: string): boolean {
  return ascii.test(text);
}

export function isBlank(character: string): boolean {
  return blank.test(character);
}

/** Characters that the recording's Python does not know have no properties there. */
function isKnown(machine: Machine, character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 || machine.printable.has(code);
}

function has(machine: Machine, character: string, pattern: RegExp): boolean {
  return pattern.test(character) && isKnown(machine, character);
}

export function isAlpha(machine: Machine, character: string): boolean {
  return has(machine, character, /^\p{L}$/u);
}

export function isDecimal(machine: Machine, character: string): boolean {
  return has(machine, character, /^\p{Nd}$/u);
}

export function isDigit(machine: Machine, character: string): boolean {
  if (isDecimal(machine, character)) return true;
  if (/^[\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]$/u.test(character)) return true;
  if (/^[\u00bc-\u00be]$/u.test(character)) return false;
  return /^\p{No}$/u.test(character) ? refuse("Whether this is a digit is not known here.") : false;
}

export function isNumeric(machine: Machine, character: string): boolean {
  if (has(machine, character, /^\p{N}$/u)) return true;
  return /^[\p{Lo}]$/u.test(character) && /^\p{Script=Han}$/u.test(character)
    ? refuse("Whether this is a number is not known here.")
    : false;
}

export function isUpper(machine: Machine, character: string): boolean {
  return has(machine, character, /^\p{Uppercase}$/u);
}

export function isLower(machine: Machine, character: string): boolean {
  return has(machine, character, /^\p{Lowercase}$/u);
}

/** Letters with a title case of their own. */
export function isTitleLetter(character: string): boolean {
  return /^\p{Lt}$/u.test(character);
}

function mapped(machine: Machine, text: string, map: (character: string) => string): string {
  return Array.from(text, (character) => (isKnown(machine, character) ? map(character) : character)).join("");
}

export function upper(machine: Machine, text: string): string {
  return isAscii(text) ? text.toUpperCase() : mapped(machine, text, (character) => character.toUpperCase());
}

export function lower(machine: Machine, text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  if (text.includes("Σ")) return refuse("The last sigma of a word is not written small in the past.");
  return mapped(machine, text, (character) => character.toLowerCase());
}

/** One character as the first of a word. */
export function title(machine: Machine, character: string): string {
  if (isAscii(character)) return character.toUpperCase();
  const large = upper(machine, character);
  const isOdd =
    isTitleLetter(character) ||
    Array.from(large).length > 1 ||
    /^[\u01c4-\u01cc\u01f1-\u01f3\u10d0-\u10ff]$/u.test(character);
  return isOdd ? refuse("How this letter begins a word is not known here.") : large;
}

export function swapCase(machine: Machine, text: string): string {
  return Array.from(text, (character) => {
    if (isUpper(machine, character)) return lower(machine, character);
    return isLower(machine, character) ? upper(machine, character) : character;
  }).join("");
}

export function isCased(machine: Machine, character: string): boolean {
  return isUpper(machine, character) || isLower(machine, character) || isTitleLetter(character);
}

export function titled(machine: Machine, text: string): string {
  let isInWord = false;
  return Array.from(text, (character) => {
    const done = isInWord ? lower(machine, character) : title(machine, character);
    isInWord = isCased(machine, character);
    return done;
  }).join("");
}

export function isTitled(machine: Machine, text: string): boolean {
  let isInWord = false;
  let hasCased = false;
  for (const character of text) {
    const isLarge = isUpper(machine, character) || isTitleLetter(character);
    if (isLarge && isInWord) return false;
    if (!isLarge && isLower(machine, character) && !isInWord) return false;
    isInWord = isLarge || isLower(machine, character);
    hasCased ||= isInWord;
  }
  return hasCased;
}
