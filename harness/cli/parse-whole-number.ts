import type { Problem } from "../model/errors.ts";

/** An option's whole number within bounds; a problem is added, and the least allowed returned, when it is not one. */
export function parseWholeNumber(
  option: string,
  text: string,
  bounds: { readonly least: number; readonly most: number },
  problems: Problem[],
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  const message = `expected a whole number from ${bounds.least} to ${bounds.most}, found ${JSON.stringify(text)}.`;
  problems.push({ where: option, message });
  return bounds.least;
}
