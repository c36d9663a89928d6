import { html, type Markup } from "./markup.ts";

/** Links to the page's sections: id and word of each, in their order. */
export function contentsList(entries: Readonly<Record<string, string>>): Markup {
  const links = Object.entries(entries).map(([id, title]) => html`<a href="#${id}">${title}</a> `);
  return html`<nav class="contents" aria-label="contents">${links}</nav>`;
}
