import type { CopyMeasurement } from "../../../harness/model/measurement.ts";
import { momentTitle } from "../../../harness/model/figure-names.ts";
import { formatBytes, formatCount, formatShare, formatValue } from "../../../harness/model/format-value.ts";
import type { Run } from "../../run.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";

/** What every copy of the searched table answered, at each moment and by each way; null: none was asked. */
export function copies(run: Run, footnotes: Footnotes): Markup | null {
  const list = run.measurements.copies ?? [];
  if (list.length === 0) return null;
  return section(
    "copies",
    "The index on every server",
    html`<p>
        Each member was asked by itself, the same searches by the index and by an exact scan, with the
        planner's other access paths turned off (enable_seqscan and the like); EXPLAIN confirmed which one it
        used. A standby was asked when it had replayed all that its primary had written.
      </p>
      <p>
        Nothing was written to the table meanwhile, and a standby, a promoted standby and a server after its
        crash recovery hold the same pages as the primary that built the index. A search through the same
        pages of an HNSW index is deterministic and returns the same rows. So an answer agrees only if it has
        the very rows that the primary of its group gave before the first fault; rows tied with the last one
        for distance are interchangeable. Where that primary gave different rows when asked twice, only too
        few rows are certainly wrong, and without them it is not decided. Recall stands beside it: what the
        index missed from the beginning is no fault of the copy.
      </p>`,
    table(
      [
        { title: "When" },
        { title: "Server" },
        { title: "Access path" },
        {
          title: "Rows",
          number: true,
          hint: "That the answers held, of those that the primary's held before.",
        },
        { title: "Same rows", number: true, hint: metricHint("wrong-answers") },
        { title: "Too few rows", number: true },
        { title: "Different rows", number: true },
        {
          title: "Recall",
          number: true,
          hint: "Mean share of the rows that the primary's exact scan gave before.",
        },
        { title: "Index", number: true, hint: "What the searched indexes take on that server." },
        { title: "Plan", hint: "How EXPLAIN said that the table or its shards are read." },
      ],
      list.map((one, at) => row(one, list[at - 1], run, footnotes)),
    ),
    wrongRows(list, run),
  );
}

function row(
  one: CopyMeasurement,
  before: CopyMeasurement | undefined,
  run: Run,
  footnotes: Footnotes,
): Content[] {
  const {
    member,
    role,
    path,
    rows,
    rowsBefore,
    answers,
    fewer,
    other,
    wrong,
    recall,
    indexBytes,
    plan,
    refused,
  } = one;
  const isFirst = before?.injection !== one.injection;
  return [
    isFirst ? html`<strong>${momentOf(one, run)}</strong>` : "",
    html`<span class="node-name">${member}</span><br /><span class="hint">${role ?? "—"}</span>`,
    path === "index" ? "index" : "exact scan",
    `${formatCount(rows)} of ${formatCount(rowsBefore)}`,
    footnotes.quantity(wrong, (value) => formatShare(answers - value, answers)),
    ...[fewer, other].map((count) => (wrong.kind === "withheld" ? "—" : formatCount(count))),
    footnotes.quantity(recall, (value) => formatValue(value, "share")),
    indexBytes === null ? "—" : formatBytes(indexBytes),
    refused === null ? shortPlan(plan) : html`refused: ${refused}`,
  ];
}

/** Shards are read alike, each by an index of its own. */
function shortPlan(plan: readonly string[]): string {
  const [first, ...others] = plan;
  if (first === undefined) return "—";
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** The rows that were missing and those that were there instead, as far as they are named. */
function wrongRows(list: readonly CopyMeasurement[], run: Run): Markup | null {
  const rows = list.flatMap((one) =>
    one.wrong.kind === "withheld"
      ? []
      : one.examples.map(({ part, query, missing, extra }) => [
          momentOf(one, run),
          one.member,
          one.path === "index" ? "index" : "exact scan",
          part,
          query,
          missing.join(", "),
          extra.join(", "),
        ]),
  );
  if (rows.length === 0) return null;
  const left = rows.length - NAMED;
  return html`<h3>Rows that were not as before</h3>
    ${table(
      [
        { title: "When" },
        { title: "Server" },
        { title: "Access path" },
        { title: "Table or shard" },
        { title: "Query", number: true },
        { title: "Missing rows (ids)" },
        { title: "Rows instead (ids)" },
      ],
      rows.slice(0, NAMED),
      left > 0 ? `The first ${NAMED}; measurements.json names ${formatCount(left)} more.` : undefined,
    )}`;
}

const NAMED = 50;

function momentOf({ injection }: CopyMeasurement, { recording }: Run): string {
  const planned = recording.plan.injections.find((one) => one.injection === injection);
  return momentTitle(injection, planned?.fault ?? null);
}
