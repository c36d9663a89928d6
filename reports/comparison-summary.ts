import { Chalk, type ChalkInstance } from "chalk";
import type { ComparedFigure, RunDifference } from "../harness/model/comparison.ts";
import { metrics, type MetricName } from "../harness/model/metric.ts";
import type { Comparison } from "./comparison.ts";
import { comparisonRows } from "./comparison-rows.ts";
import { differingConditions } from "./differing-conditions.ts";
import type { DifferingCondition } from "./differing.ts";
import { formatFigure } from "./format-figure.ts";
import { formatRatio } from "./format-quantity.ts";
import { sharesOfClients } from "./shares-of-clients.ts";
import { terminalTable } from "./terminal-table.ts";
import { wrapText } from "./wrap-text.ts";
import { figureInWords } from "./format-figure.ts";

export interface ComparisonSummaryOptions {
  readonly colour: boolean;
  readonly width: number;
  /** Where compare.html was written. */
  readonly pagePath: string;
}

/** The terminal's comparison: the runs, in what they differ, their figures side by side, the client's cost. */
export function renderComparisonSummary(comparison: Comparison, options: ComparisonSummaryOptions): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const width = Math.max(80, options.width);
  const { groups, alone } = comparisonRows(comparison);
  const parts = [
    runList(comparison, chalk),
    conditionList(comparison, chalk, width),
    ...groups.flatMap(({ of, rows }) => {
      const shown = rows.filter(({ metric }) => SHOWN.has(metric));
      return shown.length === 0 ? [] : [group(of, shown, comparison, chalk)];
    }),
    clientTable(comparison, chalk),
    alone.length === 0
      ? ""
      : wrapText(`Measured in one run alone, and so not compared: ${alone.join("; ")}.`, width),
    verdict(comparison, width),
    `Page: ${options.pagePath}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function runList({ runs }: Comparison, chalk: ChalkInstance): string {
  const lines = runs.map(({ name, recording, directory }) => {
    const incomplete = recording.end.kind === "incomplete" ? ", INCOMPLETE" : "";
    return `  ${chalk.bold(name.padEnd(Math.max(...runs.map((run) => run.name.length))))}  ${recording.plan.scenario.name} on ${recording.plan.topology.name}${incomplete}\n    ${directory}`;
  });
  return [chalk.bold(`${runs.length} runs, each compared with the first`), ...lines].join("\n");
}

function conditionList(comparison: Comparison, chalk: ChalkInstance, width: number): string {
  const conditions = differingConditions(comparison.runs);
  if (conditions.length === 0) return "All conditions are the same.";
  const shown = conditions.slice(0, CONDITIONS_SHOWN).map((one) => wrapText(inWords(one), width, 2));
  if (conditions.length > shown.length)
    shown.push(`  and ${conditions.length - shown.length} more, on the page.`);
  return [chalk.bold("They differ in"), ...shown].join("\n");
}

function inWords({ condition, values }: DifferingCondition): string {
  return `${condition}: ${values.map((value) => value ?? "none").join(" | ")}`;
}

function group(
  of: string,
  rows: readonly ComparedFigure[],
  { runs }: Comparison,
  chalk: ChalkInstance,
): string {
  const caution = rows.find((row) => row.caution !== null)?.caution;
  const table = terminalTable(
    [{ title: of }, ...runs.map(({ name }) => ({ title: name, number: true }))],
    rows.map((row) => [
      metrics[row.metric].title.replace("percentile (median)", "percentile"),
      ...row.figures.map((figure, index) => {
        const difference = row.differences[index - 1];
        const value = formatFigure(figure, metrics[row.metric].unit);
        return difference === undefined ? value : `${value}${differenceInWords(difference)}`;
      }),
    ]),
    chalk,
  );
  return caution === undefined || caution === null ? table : `${table}\n  (${caution})`;
}

function differenceInWords({ ratio, finding }: RunDifference): string {
  if (ratio.kind !== "value") return "";
  return ` ${formatRatio(ratio.value)} ${SIGNS[finding]}`;
}

function clientTable(comparison: Comparison, chalk: ChalkInstance): string {
  const shares = sharesOfClients(comparison.runs);
  if (shares.length === 0) return "";
  return terminalTable(
    [
      { title: "Client CPU per operation" },
      ...comparison.runs.map(({ name }) => ({ title: name, number: true })),
    ],
    shares.map(({ title, clients }) => [
      title,
      ...clients.map((client) => {
        const figure = client?.cpuPerOperationUs;
        return figure === undefined ? "—" : figureInWords(figure, (us) => `${us.toFixed(1)} µs`);
      }),
    ]),
    chalk,
  );
}

function verdict({ compared }: Comparison, width: number): string {
  const legend = wrapText(
    "× is the ratio to the first run: + better, - worse, ~ different, = alike (less than 5 % apart), ? undecided. The page has all figures, and why.",
    width,
  );
  if (compared.notComparable.length === 0) return legend;
  return `${legend}\n${wrapText(`Nothing is decided: ${compared.notComparable.join(" ")}`, width)}`;
}

/** What a terminal has room for; the page has every figure. */
const SHOWN: ReadonlySet<MetricName> = new Set([
  "capacity",
  "throughput",
  "latency-p50",
  "latency-p95",
  "latency-p99",
  "connections-served",
  "write-unavailability",
  "read-unavailability",
  "time-to-full-redundancy",
  "lost-writes",
]);

const SIGNS: Record<RunDifference["finding"], string> = {
  better: "+",
  worse: "-",
  different: "~",
  alike: "=",
  undecided: "?",
};
const CONDITIONS_SHOWN = 12;
