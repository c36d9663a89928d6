import { createHash } from "node:crypto";
import { html, type Markup, raw } from "./markup.ts";
import { pageStyle } from "./page-style.ts";

export interface PageParts {
  readonly title: string;
  readonly content: Markup;
  /** What the script draws. */
  readonly data: unknown;
  /** The bundle of charts/drawing/page.ts. */
  readonly chartsScript: string;
}

/** A whole page that needs nothing else: its policy forbids every request, and every script but the one of the charts. */
export function pageOf({ title, content, data, chartsScript }: PageParts): string {
  const script = embedScript(chartsScript);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(script.source)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <main>${content}</main>
        ${embedJson("chart-data", data)} ${script.element}
      </body>
    </html> `;
  return page.markup;
}

/**
 * Scripts by their hash alone, so that neither a planted script nor a handler in an attribute would run if one ever got
 * past the escaping. Styles may be inline: the charts' tooltips, and the heights of the charts, are style attributes, which
 * a hash cannot name one by one; without requests a style can tell nobody anything. `data:` is the empty icon.
 */
function policy(scriptSource: string): Markup {
  const directives = [
    "default-src 'none'",
    `script-src ${scriptSource}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return raw(directives.join("; "));
}

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
