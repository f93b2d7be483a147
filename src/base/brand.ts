// Nominal types for numbers and strings that must not be mixed, and the one sanctioned cast.

declare const brandName: unique symbol;

/** A `T` that cannot be confused with another brand of the same underlying type. */
export type Brand<T, Name extends string> = T & { readonly [brandName]: Name };

/** What a brand is made of. */
type Unbranded<B> = B extends number ? number : B extends string ? string : never;

/** Marks `value` as `B`. The only cast of the code base: call it where an id is made or read from the wire. */
export function brand<B extends Brand<number | string, string>>(value: Unbranded<B>): B {
  return value as unknown as B;
}
