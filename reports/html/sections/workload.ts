import type { PlannedBenchmark } from "../../../harness/model/benchmark.ts";
import { formatCount, formatShare } from "../../../harness/model/format-value.ts";
import type { Variable, WorkloadOperation } from "../../../harness/model/workload.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** The workload's operations with their SQL, or the user's own k6 script. */
export function askedStatements({ workload }: Run, { k6Script }: PlannedBenchmark): Markup {
  if (k6Script !== null)
    return html`<h3>The user's own k6 script</h3>
      <pre><code>${k6Script}</code></pre>`;
  if (workload === undefined || workload === null)
    return html`<p class="hint">This dpg-bench does not know the workload: its statements are not shown.</p>`;
  const shares = workload.operations.reduce((sum, { weight }) => sum + weight, 0);
  return html`<h3>Operations</h3>
    <p>${workload.summary} ${retries(workload.retry)}</p>
    ${table(
      [
        { title: "Operation" },
        { title: "Share", number: true },
        { title: "Entry" },
        { title: "Statements" },
        { title: "Values" },
      ],
      workload.operations.map((one) => row(one, shares)),
    )}`;
}

function retries(retry: NonNullable<Run["workload"]>["retry"]): string {
  return retry === null
    ? "Nothing is tried again."
    : `${retry.codes.join(", ")}: tried again, ${retry.attempts} attempts in all, timed from the first.`;
}

function row(one: WorkloadOperation, shares: number): Content[] {
  const lines = one.statements.map(({ sql }) => sql);
  const all = one.form === "transaction" ? ["begin", ...lines, "commit"] : lines;
  const form = one.form === "copy" ? `, COPY of ${formatCount(one.rows)} rows` : "";
  return [
    html`<strong>${one.name}</strong><br /><span class="hint">${one.kind}${form}</span>`,
    formatShare(one.weight, shares),
    one.endpoint === "readWrite" ? "read-write" : "read-only",
    all.map((sql, index) => [index === 0 ? null : html`<br />`, html`<code>${sql}</code>`]),
    one.variables.map(inWords).join("; ") || "none",
  ];
}

function inWords(variable: Variable): string {
  const { name } = variable;
  switch (variable.kind) {
    case "id":
      return `${name}: the operation's number`;
    case "id-modulo":
      return `${name}: ${formatCount(variable.plus)} + number modulo ${formatCount(variable.modulo)}`;
    case "uniform":
      return `${name}: ${formatCount(variable.from)} to ${formatCount(variable.to)}, uniform`;
    case "zipf":
      return `${name}: ${formatCount(variable.from)} to ${formatCount(variable.to)}, by Zipf's law with exponent ${variable.exponent}`;
    case "choice":
      return `${name}: one of ${variable.values.join(", ")}`;
    case "vector":
      return `${name}: ${variable.dimension} numbers from -1 to 1`;
    case "text":
      return `${name}: ${variable.length} letters`;
  }
}
