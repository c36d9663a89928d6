/**
 * `true` where both types have the same values and the same fields, optional ones too, else `never`: holds a schema to the
 * model's type when compiled. Mutable and readonly count as one.
 */
export type Exactly<A, B> = [Complete<A>] extends [Complete<B>]
  ? [Complete<B>] extends [Complete<A>]
    ? true
    : never
  : never;

/** With every field required: else a field that is optional in one and missing in the other would go unnoticed. */
type Complete<T> = T extends string | number | boolean | null
  ? T
  : { -readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined>> };
