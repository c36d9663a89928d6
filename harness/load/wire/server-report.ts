/** An ErrorResponse or a NoticeResponse. */
export interface ServerReport {
  /** ERROR, FATAL, PANIC, WARNING, NOTICE, ... in English, whatever the server's language. */
  readonly severity: string;
  readonly code: string;
  readonly text: string;
}

/** Reads the body: fields of one letter and a text each (PostgreSQL manual, "Error and Notice Message Fields"). */
export function readServerReport(bytes: Uint8Array, from: number, to: number): ServerReport {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const fields: Record<string, string> = {};
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    if (end === -1) break;
    fields[String.fromCharCode(body[at] ?? 0)] = body.toString("utf8", at + 1, end);
    at = end + 1;
  }
  // V is S untranslated, and since PostgreSQL 9.6.
  return { severity: fields.V ?? fields.S ?? "", code: fields.C ?? "XX000", text: fields.M ?? "" };
}

/** Whether the server ends the connection with it. */
export function isFatal(severity: string | undefined): boolean {
  return severity === "FATAL" || severity === "PANIC";
}
