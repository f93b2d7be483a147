// What does the text of an ARRAY say (FORMAT.md, section 6)? The type of its elements, and its shape.

export interface ArrayShape {
  /** Typecode of an `array.array`, format of a memoryview, dtype of a NumPy array. */
  readonly element: string;
  /** Lengths, outermost first; undefined for an `array.array`, which has no shape. */
  readonly shape: readonly number[] | undefined;
}

const shaped = /^(.*) \(((?:\d+(?:, \d+)*,?)?)\)$/su;

export function arrayShape(text: string | undefined): ArrayShape {
  const [, element, lengths] = shaped.exec(text ?? "") ?? [];
  if (element === undefined || lengths === undefined) return { element: text ?? "", shape: undefined };
  const shape = lengths
    .split(",")
    .filter((length) => length.trim() !== "")
    .map(Number);
  return { element, shape };
}

/** Elements in one entry of the outermost dimension. */
export function rowLength(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, length) => product * length, 1);
}
