/**
 * A piece of HTML that is already escaped. Trust is in the private field, which `html` and `raw` alone can give: no object
 * that was parsed from a file has it, whatever its fields are called.
 */
class TrustedMarkup {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  static is(value: unknown): value is TrustedMarkup {
    return typeof value === "object" && value !== null && #markup in value;
  }

  get markup(): string {
    return this.#markup;
  }
}

export type Markup = TrustedMarkup;

export type Content = Markup | string | number | null | undefined | readonly Content[];

/** HTML from a template: every value that is not Markup is escaped, lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let markup = strings[0] ?? "";
  values.forEach((value, index) => (markup += render(value) + (strings[index + 1] ?? "")));
  return new TrustedMarkup(markup);
}

/** Text that is HTML already and is trusted: our own style and script. */
export function raw(markup: string): Markup {
  return new TrustedMarkup(markup);
}

/** What is none of the types that it should be (a recording may hold anything) is shown as the text of its JSON. */
function render(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (TrustedMarkup.is(value)) return value.markup;
  if (Array.isArray(value)) return value.map(render).join("");
  return escapeHtml(JSON.stringify(value));
}

function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}
