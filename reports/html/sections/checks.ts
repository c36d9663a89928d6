import { whatWasFound } from "../../../harness/model/checker.ts";
import type { CheckResult } from "../../../harness/model/measurement.ts";
import { findingInWords, shortened, unsettled } from "../../checks-in-words.ts";
import type { Run } from "../../run.ts";
import { html, type Content, type Markup } from "../markup.ts";
import { table } from "../page-parts.ts";

/** What every checker looked for in the history of the run, and whether it found it. */
export function checks({ measurements }: Run): Markup | null {
  const list = measurements.checks ?? [];
  if (list.length === 0) return null;
  return html`<h3>What was looked for</h3>
    ${table(
      [{ title: "Outcome" }, { title: "Checker" }, { title: "Looks for" }, { title: "Found" }],
      list.map(row),
      "A checker looks through the history of the run: operations with their outcomes and times, what was read back of them, and the events. What is not decided counts as neither.",
    )}`;
}

function row(check: CheckResult): Content[] {
  return [badge(check), check.checker, check.looksFor, found(check)];
}

function badge({ notApplicable, findings }: CheckResult): Content {
  if (notApplicable !== null) return "not applicable";
  const outcomes = new Set(findings.map(whatWasFound));
  if (outcomes.has("found")) return html`<span class="badge fail">found</span>`;
  return outcomes.size === 0 || outcomes.has("not decided")
    ? html`<span class="badge unknown">not decided</span>`
    : html`<span class="badge pass">not found</span>`;
}

function found(check: CheckResult): Content {
  const { notApplicable, findings } = check;
  if (notApplicable !== null) return notApplicable;
  if (findings.length === 0) return "nothing could be looked at";
  const lines = unsettled(check).map((finding) => findingInWords(check, finding));
  const [first, ...others] = lines.slice(0, LINES);
  if (first === undefined) return `nothing, in ${shortened(findings.map(({ of }) => of))}`;
  const more = lines.length > LINES ? [`and ${lines.length - LINES} more`] : [];
  return [first, ...[...others, ...more].map((line) => html`<br />${line}`)];
}

const LINES = 10;
