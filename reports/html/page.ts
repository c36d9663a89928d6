import { embedJson, embedScript } from "./embed.ts";
import { html, raw, type Markup } from "./markup.ts";
import { pageStyle } from "./page-style.ts";

export interface PageParts {
  readonly title: string;
  readonly content: Markup;
  /** What the script draws. */
  readonly data: unknown;
  /** The bundle of client/report-charts.ts. */
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
