import { formatCount } from "../../../harness/model/format-value.ts";
import { invariantHeld, whyInvariantUnknown } from "../../../harness/model/invariant-held.ts";
import type { InvariantReading } from "../../../harness/model/stage.ts";
import { invariantsInOneLine } from "../../data-in-one-line.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, outcomeBadge, section, table } from "../page-parts.ts";
import { checks } from "./checks.ts";
import { primaries } from "./primaries.ts";
import type { Run } from "../../run.ts";

/** What became of the writes, whether the data is right, whether two members were primaries at once, and what else was looked for. */
export function safety(run: Run, footnotes: Footnotes): Markup {
  const { load, benchmark } = run.recording.plan;
  return section(
    "safety",
    "Data safety",
    load === null ? null : ledgers(run, footnotes),
    benchmark === null ? null : invariants(run),
    primaries(run),
    checks(run),
  );
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

/** What the workload says must be true afterwards, and what was found. */
function invariants(run: Run): Markup {
  const list = run.measurements.invariants;
  const variants = new Set(list.map(({ variant }) => variant)).size > 1;
  return html`<h3>Was the data right afterwards?</h3>
    <p>${invariantsInOneLine(run)}</p>
    ${
      list.length === 0
        ? null
        : table(
            [
              { title: "Outcome" },
              ...(variants ? [{ title: "Variant" }] : []),
              { title: "Must be true" },
              { title: "Found", number: true },
              { title: "Allowed", number: true },
            ],
            list.map((one) => row(one, variants)),
            "Bounds take in what became of each operation: failed ones must not, unknown ones may have taken effect. Where rows carry their operation's number, each is looked for by its own: a count cannot tell a lost row from a write of unknown outcome that took effect.",
          )
    }`;
}

function row(one: InvariantReading, variants: boolean): Content[] {
  return [
    outcomeBadge(invariantHeld(one)),
    ...(variants ? [one.variant] : []),
    [one.title, ...notesOn(one).map((note) => html`<br /><span class="hint">${note}</span>`)],
    one.found === null ? "—" : formatCount(one.found),
    one.atLeast === one.atMost
      ? formatCount(one.atLeast)
      : `${formatCount(one.atLeast)} to ${formatCount(one.atMost)}`,
  ];
}

/** Why it is not known, what stands behind it, and which rows are lost. */
function notesOn(one: InvariantReading): readonly string[] {
  const { problem, evidence, missingIds = [], found } = one;
  const why = problem ?? whyInvariantUnknown(one);
  const first = missingIds.length < (found ?? 0) ? `the first ${missingIds.length}` : "all of them";
  return [
    ...(why === null ? [] : [why]),
    ...(evidence === undefined ? [] : [evidence]),
    ...(missingIds.length > IDS_IN_EVIDENCE ? [`Missing, ${first}: ${missingIds.join(", ")}.`] : []),
  ];
}

/** So many are in the sentence already. */
const IDS_IN_EVIDENCE = 10;
