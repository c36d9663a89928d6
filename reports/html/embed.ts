import { createHash } from "node:crypto";
import { raw, type Markup } from "./markup.ts";

/** A script of ours inside a page. */
export interface EmbeddedScript {
  readonly element: Markup;
  /** What a Content-Security-Policy calls exactly this script: `'sha256-...'`. */
  readonly source: string;
}

/**
 * Nothing in the script may end its element early (HTML standard, "restrictions on script contents"), and nothing may be
 * read otherwise than it was hashed: a reader of HTML turns every line end into "\n" (same standard, "preprocessing the
 * input stream").
 */
export function embedScript(script: string): EmbeddedScript {
  const safe = script
    .replace(/<\/(script)/gi, "<\\/$1")
    .replace(/<!--/g, "<\\x21--")
    .replace(/\r\n?/g, "\n");
  const hash = createHash("sha256").update(safe, "utf8").digest("base64");
  return { element: raw(`<script>${safe}</script>`), source: `'sha256-${hash}'` };
}

/** Data for the script, as a JSON block that no text in it can end. Browsers never run such a block. */
export function embedJson(id: string, data: unknown): Markup {
  const json = JSON.stringify(data)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
  return raw(`<script type="application/json" id="${id}">${json}</script>`);
}
