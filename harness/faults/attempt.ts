/** What became of some work: a value or an error. For work whose failure must wait its turn. */
export type Attempt<T> =
  | { readonly kind: "value"; readonly value: T; readonly error: null }
  | { readonly kind: "error"; readonly error: unknown };

/** Never rejects. */
export async function attempt<T>(work: () => Promise<T> | T): Promise<Attempt<T>> {
  try {
    return { kind: "value", value: await work(), error: null };
  } catch (error) {
    return { kind: "error", error };
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
