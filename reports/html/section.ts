import { html, type Content, type Markup } from "./markup.ts";

/** One card of the page, with the heading that the page's contents list links to. */
export function section(id: string, title: string, ...content: readonly Content[]): Markup {
  return html`<section id="${id}">
    <h2>${title}</h2>
    ${content}
  </section> `;
}
