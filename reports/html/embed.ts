import { raw, type Markup } from "./markup.ts";

/** A script of ours inside the page. Nothing in it may end the element early (HTML standard, "restrictions on script contents"). */
export function embedScript(script: string): Markup {
  const safe = script.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\x21--");
  return raw(`<script>${safe}</script>`);
}

/** Data for the script, as a JSON block that no text in it can end. */
export function embedJson(id: string, data: unknown): Markup {
  const json = JSON.stringify(data)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
  return raw(`<script type="application/json" id="${id}">${json}</script>`);
}
