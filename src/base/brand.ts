// Nominal types for numbers and strings that must not be mixed, and the one sanctioned cast.

declare const brandName: unique symbol;

/** A `T` that cannot be confused with another brand of the same underlying type. */
export type Brand<T, Name extends string> = T & { readonly [brandName]: Name };

/** Marks `value` as `B`. The only cast of the code base: call it where an id is made or read from the wire. */
export function brand<B extends Brand<unknown, string>>(value: B extends Brand<infer T, string> ? T : never): B {
  return value as unknown as B;
}
