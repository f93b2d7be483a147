// How is an array written? `array.array` exactly as by `repr`; NumPy's arrays as nested lists, with shape and dtype.
import { arrayShape, rowLength, type ArrayShape } from "../../travel/arrayShape.ts";
import type { ObjectView, Value } from "../../travel/timeTravel.ts";
import { floatText } from "../../python/scalarText.ts";

/** What the texts are written with. */
export interface ArrayWriter {
  readonly write: (text: string) => void;
  readonly value: (value: Value) => void;
  readonly isFull: () => boolean;
  readonly mark: string;
}

interface Part {
  readonly view: ObjectView;
  readonly element: string;
  readonly shape: readonly number[];
  /** Place of the first element. */
  readonly start: number;
}

/** Bits behind the point and smallest exponent of short floats. */
const shortFloats: Readonly<
  Record<string, { readonly bits: number; readonly smallest: number; readonly digits: number }>
> = {
  float32: { bits: 23, smallest: -126, digits: 9 },
  float16: { bits: 10, smallest: -14, digits: 5 },
};

/** The shortest text that means this float and no other of its size, as Python writes floats. */
export function elementText(value: Value, element: string): string | undefined {
  const form = shortFloats[element];
  if (form === undefined || value.kind !== "float" || !Number.isFinite(value.value) || value.value === 0)
    return undefined;
  const size = Math.abs(value.value);
  const exponent = Math.max(Math.floor(Math.log2(size)), form.smallest);
  const half = 2 ** (exponent - form.bits - 1);
  for (let digits = 1; digits < form.digits; digits++) {
    const rounded = Number(size.toPrecision(digits));
    if (Math.abs(rounded - size) < half / 2) return floatText(Math.sign(value.value) * rounded);
  }
  return undefined;
}

function nested(writer: ArrayWriter, { view, element, shape, start }: Part): void {
  const [length] = shape;
  if (length === undefined) {
    const value = view.items[start];
    if (value === undefined) writer.write(writer.mark);
    else {
      const short = elementText(value, element);
      if (short === undefined) writer.value(value);
      else writer.write(short);
    }
    return;
  }
  const inner = shape.slice(1);
  const size = rowLength(shape);
  writer.write("[");
  for (let index = 0; index < length; index++) {
    if (writer.isFull()) return;
    if (index > 0) writer.write(", ");
    const from = start + index * size;
    if (from >= view.items.length && size > 0) {
      writer.write(`${writer.mark} ${(length - index) * size} more not recorded`);
      break;
    }
    nested(writer, { view, element, shape: inner, start: from });
  }
  writer.write("]");
}

function plain(writer: ArrayWriter, view: ObjectView, name: string, { element }: ArrayShape): void {
  writer.write(`${name}('${element}'`);
  if (view.itemsTotal === 0) return writer.write(")");
  writer.write(", ");
  const texts = view.items.flatMap((item) => (item.kind === "str" ? [item.text] : []));
  if (texts.length > 0) {
    const text = texts.join("");
    writer.value({ kind: "str", text, total: view.itemsTotal, truncated: texts.length < view.itemsTotal });
  } else nested(writer, { view, element, shape: [view.itemsTotal], start: 0 });
  return writer.write(")");
}

function shapeText(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** Writes an array whose contents are recorded. */
export function writeArray(writer: ArrayWriter, view: ObjectView): void {
  const name = view.type.slice(view.type.lastIndexOf(".") + 1);
  const { element, shape } = arrayShape(view.text);
  if (view.text === "released") writer.write("<released memory>");
  else if (view.value?.kind === "notRecorded") {
    const form = shape === undefined ? `typecode '${element}'` : `shape ${shapeText(shape)} ${element}`;
    writer.write(`<${view.type} ${form}: contents not recorded: ${view.value.reason}>`);
  } else if (shape === undefined) plain(writer, view, name, { element, shape });
  else {
    writer.write(`${view.type === "numpy.ndarray" ? "array" : name}(`);
    nested(writer, { view, element, shape, start: 0 });
    writer.write(`)  shape ${shapeText(shape)} ${element}`);
  }
}

/** One row of an array of more dimensions. */
export function writeRow(writer: ArrayWriter, view: ObjectView, indices: readonly number[]): void {
  const { element, shape = [] } = arrayShape(view.text);
  nested(writer, { view, element, shape: shape.slice(indices.length), start: startOf(shape, indices) });
}

/** Place of the first element under some leading indices. */
export function startOf(shape: readonly number[], indices: readonly number[]): number {
  return indices.reduce((start, index, depth) => start + index * rowLength(shape.slice(depth)), 0);
}
