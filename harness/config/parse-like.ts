import type { Problem } from "../model/errors.ts";

const NUMBER = /^[-+]?(\d[\d_]*)(\.\d+)?(e[-+]?\d+)?$/i;
const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};

/** Reads a text as the type of the value that stands there now; where none stands, as what it looks like. */
export function parseLike(
  current: unknown,
  text: string,
): { readonly value: unknown } | Omit<Problem, "where"> {
  if (typeof current === "number") {
    return NUMBER.test(text) ? { value: toNumber(text) } : expected("a number", text);
  }
  if (typeof current === "boolean") {
    const value = WORDS[text.toLowerCase()];
    return value === undefined ? expected("true or false", text) : { value };
  }
  if (Array.isArray(current) && current.length > 0) return parseList(current[0], text);
  return { value: typeof current === "string" ? text : guess(text) };
}

/** `25,50,75`, each as the list's first item is. */
function parseList(first: unknown, text: string): ReturnType<typeof parseLike> {
  if (typeof first === "object")
    return { message: "this is a list of groups: set a field of one, by its index." };
  const items = text
    .replace(/^\[(.*)\]$/, "$1")
    .split(",")
    .map((item) => parseLike(first, item.trim()));
  const wrong = items.find((item) => "message" in item);
  return wrong ?? { value: items.map((item) => ("value" in item ? item.value : undefined)) };
}

function guess(text: string): unknown {
  if (NUMBER.test(text)) return toNumber(text);
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  return text;
}

function toNumber(text: string): number {
  return Number(text.replaceAll("_", ""));
}

function expected(what: string, text: string): Omit<Problem, "where"> {
  return { message: `expected ${what}, found ${JSON.stringify(text)}.` };
}
