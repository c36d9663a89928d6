import { printable } from "../support/printable.ts";

/** Select graphic rendition (ECMA-48 8.3.117): colours and bold, which change nothing but how letters look. */
// eslint-disable-next-line no-control-regex -- that is how the sequence begins
const STYLE = /(\u001B\[[\d;]*m)/;

/**
 * Rendered text as it may reach a terminal: its colours, where the stream has any, and every other control character as
 * its escape. What colours there are must be ours: renderers get text of others made printable.
 */
export function terminalText(text: string, colour: boolean): string {
  if (!colour) return printable(text);
  return text
    .split(STYLE)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join("");
}
