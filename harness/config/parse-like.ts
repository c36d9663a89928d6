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
  return { value: typeof current === "string" ? text : guess(text) };
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
