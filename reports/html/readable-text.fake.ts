/** A page's text as one reads it: a line per paragraph or table row; without the metric catalogue, which has its own file. */
export function readableText(markup: string): string {
  return markup
    .replace(/<summary>Definitions[\s\S]*?<\/details>/, "")
    .replace(/\s+/g, " ")
    .replace(/<\/t[dh]>\s*(?=<t)/g, " | ")
    .replace(/<(?:\/(?:p|h\d|li|tr|dd|dt|summary|label|text|caption|header|section|option)|br ?\/?)>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/ *\n\s*/g, "\n")
    .trim();
}
