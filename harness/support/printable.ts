/**
 * Control characters (C0, DEL and C1, with which a text can colour, move and retitle a terminal) and those that change
 * the direction of what follows (Unicode TR 9, explicit embeddings, overrides and isolates). Line ends and tabs are text.
 */
const CONTROLS = /\r(?!\n)|[^\P{Cc}\r\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;
const LINE_SIGNS = /[\r\n\t]/g;

/**
 * Text from a file, a container or anybody else, fit for a terminal or a page: control characters stand there as
 * `\u001b`, as JSON writes them, so that JSON stays JSON of the same meaning.
 */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** The same for what has to stay within its line, such as a name. */
export function printableLine(text: string): string {
  return printable(text).replace(LINE_SIGNS, escaped);
}

/** Whether a text is printable as it is. */
export function isPrintable(text: string): boolean {
  return text.search(CONTROLS) === -1;
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
