import type { ReadKey } from "../decide/decide-release.ts";

/** Keys and values travel in base64; numbers of 64 bits as decimal text, and left out where they are 0. */
export interface EtcdKeyValue {
  readonly key: string;
  readonly value?: string;
  readonly mod_revision?: string;
  readonly lease?: string;
}

/** One part of a transaction. */
export type EtcdOperation =
  | { readonly request_range: object }
  | { readonly request_put: object }
  | { readonly request_delete_range: object };

export function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function decode(text: string | undefined): string {
  return Buffer.from(text ?? "", "base64").toString();
}

export function get(key: string): EtcdOperation {
  return { request_range: { key: encode(key) } };
}

/** Every key that begins so. */
export function getAll(prefix: string): EtcdOperation {
  return { request_range: { key: encode(prefix), range_end: endOf(prefix) } };
}

/** Of the keys that begin so, the one that was changed last. */
export function getNewest(prefix: string): EtcdOperation {
  const newest = { limit: "1", sort_order: "DESCEND", sort_target: "MOD" };
  return { request_range: { key: encode(prefix), range_end: endOf(prefix), ...newest } };
}

/** The first key, in bytes, that comes after all that begin so. */
function endOf(prefix: string): string {
  const end = Buffer.from(prefix);
  end[end.length - 1] = (end.at(-1) ?? 0) + 1;
  return end.toString("base64");
}

export function put(key: string, value: string, lease?: string): EtcdOperation {
  return {
    request_put: { key: encode(key), value: encode(value), ...(lease === undefined ? {} : { lease }) },
  };
}

export function remove(key: string): EtcdOperation {
  return { request_delete_range: { key: encode(key) } };
}

/** What must be true of a key for a transaction to be done. */
export const mustBe = {
  absent: (key: string): object => ({
    key: encode(key),
    target: "CREATE",
    result: "EQUAL",
    create_revision: "0",
  }),
  unchanged: (key: string, { revision }: Pick<ReadKey, "revision">): object => ({
    key: encode(key),
    target: "MOD",
    result: "EQUAL",
    mod_revision: revision,
  }),
  value: (key: string, value: string): object => ({
    key: encode(key),
    target: "VALUE",
    result: "EQUAL",
    value: encode(value),
  }),
  onLease: (key: string, lease: string): object => ({
    key: encode(key),
    target: "LEASE",
    result: "EQUAL",
    lease,
  }),
} as const;

/** The keys that each operation of a transaction read, in order. */
export function keysRead(answer: Record<string, unknown>): readonly (readonly EtcdKeyValue[])[] {
  const responses = (answer.responses ?? []) as readonly {
    readonly response_range?: { readonly kvs?: readonly EtcdKeyValue[] };
  }[];
  return responses.map(({ response_range: range }) => range?.kvs ?? []);
}

export function readKey(found: EtcdKeyValue): ReadKey & { readonly lease: string } {
  return { value: decode(found.value), revision: found.mod_revision ?? "0", lease: found.lease ?? "0" };
}
