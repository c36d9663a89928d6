import { html, type Content, type Markup } from "./markup.ts";

export interface Column {
  readonly title: Content;
  /** Figures stand right-aligned, in digits of one width. */
  readonly number?: boolean;
  /** What the column means, on hover. */
  readonly hint?: string | undefined;
}

/** A plain table that works without JavaScript and scrolls sideways where the page is too narrow for it. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  caption?: Content,
): Markup {
  const head = columns.map((column) =>
    column.hint === undefined
      ? html`<th scope="col" class="${kind(column)}">${column.title}</th>`
      : html`<th scope="col" class="${kind(column)}" title="${column.hint}">
          <span class="term">${column.title}</span>
        </th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => html`<td class="${kind(columns[index])}">${cell}</td>`);
    return html`<tr>
      ${cells}
    </tr> `;
  });
  return html`<div class="scroll">
    <table>
      ${
        caption === undefined
          ? null
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

function kind(column: Column | undefined): string {
  return column?.number === true ? "number" : "text";
}
