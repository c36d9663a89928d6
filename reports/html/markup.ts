/** A piece of HTML that is already escaped. Made by `html` and `raw` only. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | null | undefined | readonly Content[];

/** HTML from a template: every value that is not Markup is escaped, lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let markup = strings[0] ?? "";
  values.forEach((value, index) => (markup += render(value) + (strings[index + 1] ?? "")));
  return { markup };
}

/** Text that is HTML already and is trusted: our own style and script. */
export function raw(markup: string): Markup {
  return { markup };
}

function render(value: Content): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  if (isList(value)) return value.map(render).join("");
  return value.markup;
}

function isList(value: Markup | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}

function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}
