// What is in `co_consts`? Scalars by value; of everything else the name of its type.

/** A constant in short form. `total` is the full length when `text` or `bytes` was cut. */
export type CodeConstant =
  | { readonly kind: "none" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint | number }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "complex"; readonly real: number; readonly imaginary: number }
  | { readonly kind: "str"; readonly text: string; readonly total: number }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly total: number }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "other"; readonly type: string };
