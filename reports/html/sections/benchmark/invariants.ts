import type { InvariantReading } from "../../../../harness/model/stage.ts";
import { formatCount } from "../../../../harness/model/format-value.ts";
import { invariantHeld, whyInvariantUnknown } from "../../../../harness/model/invariant-held.ts";
import { invariantsInOneLine } from "../../../invariants-in-one-line.ts";
import type { Run } from "../../../run.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { outcomeBadge } from "../../outcome-badge.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";
import { checks } from "../checks.ts";
import { primaries } from "../primaries.ts";

/** What the workload says must be true afterwards, and what was found. */
export function invariants(run: Run): Markup {
  const list = run.measurements.invariants;
  const variants = new Set(list.map(({ variant }) => variant)).size > 1;
  return section(
    "invariants",
    "Was the data right afterwards?",
    html`<p>${invariantsInOneLine(run)}</p>`,
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
        ),
    run.measurements.primaries.length === 0 ? null : primaries(run),
    // Of a run of faults as well they are with the ledgers.
    run.recording.plan.load === null ? checks(run) : null,
  );
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
