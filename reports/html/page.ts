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

/** A whole page that needs nothing else: its policy forbids every request. */
export function pageOf({ title, content, data, chartsScript }: PageParts): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
        />
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
        ${embedJson("chart-data", data)} ${embedScript(chartsScript)}
      </body>
    </html> `;
  return page.markup;
}
