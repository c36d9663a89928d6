import { formatCount } from "../../../harness/model/format-value.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { metricHint } from "../metric-hint.ts";
import { section } from "../section.ts";
import { table } from "../table.ts";
import { checks } from "./checks.ts";
import { primaries } from "./primaries.ts";

/** What became of the writes, whether two members were writable at once, and what else was looked for. */
export function safety(run: Run, footnotes: Footnotes): Markup {
  return section("safety", "Data safety", ledgers(run, footnotes), primaries(run), checks(run));
}

function ledgers(run: Run, footnotes: Footnotes): Markup {
  const list = run.measurements.ledgers;
  if (list.length === 0) return html`<p>No ledger was read back: nothing can be said of lost writes.</p>`;
  const rows = list.map((one) => [
    html`<strong>${one.stream}</strong><br /><span class="hint">${one.table}</span>`,
    formatCount(one.acknowledged),
    footnotes.figure(one.acknowledgedMissing, "rows"),
    one.missingIds.length === 0
      ? "none"
      : one.missingIds.slice(0, 20).join(", ") + (one.missingIds.length > 20 ? " …" : ""),
    formatCount(one.failed),
    footnotes.figure(one.failedButPresent, "rows"),
    formatCount(one.unknown),
    footnotes.figure(one.unknownButPresent, "rows"),
  ]);
  return html`<h3>Ledger</h3>
    ${table(
      [
        { title: "Stream" },
        { title: "Acknowledged", number: true },
        { title: "of these missing", number: true, hint: metricHint("lost-writes") },
        { title: "Missing ids" },
        { title: "Failed", number: true, hint: metricHint("operations-failed") },
        { title: "of these present", number: true, hint: metricHint("failed-but-present") },
        { title: "Unknown", number: true, hint: metricHint("operations-unknown") },
        { title: "of these present", number: true, hint: "Allowed either way: nobody told the client." },
      ],
      rows,
      "Ids of writes looked for in the database, by the last reading of each stream; only writes acknowledged before that reading are judged.",
    )}`;
}
