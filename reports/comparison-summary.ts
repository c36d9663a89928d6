import { Chalk, type ChalkInstance } from "chalk";
import type { ComparedFigure, SideDifference } from "../harness/model/comparison.ts";
import { figureInWords, formatFigure, formatNumber } from "../harness/model/format-value.ts";
import { metrics } from "../harness/model/metric.ts";
import {
  type Comparison,
  comparisonRows,
  type ComparisonRows,
  countOfSides,
  serviceTimesOnly,
  sharesOfClients,
} from "./comparison.ts";
import { costOfSeconds } from "./cost-of-seconds.ts";
import { estimateInWords, reasonsUndecided, testInWords } from "./describe-difference.ts";
import { conditionsBySide, type DifferingCondition } from "./differing-conditions.ts";
import { terminalTable, wrapText } from "./terminal-text.ts";

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
  const shown = shownRows(comparisonRows(comparison));
  const { alone } = shown;
  const reasons = reasonsUndecided(shown);
  const parts = [
    runList(comparison, chalk),
    conditionList(comparison, chalk, width),
    costTable(comparison, chalk),
    ...shown.groups.map((each) => group(each, comparison, { reasons, chalk, width })),
    wrapText(serviceTimesOnly(comparison.runs) ?? "", width),
    clientTable(comparison, chalk),
    alone.length === 0
      ? ""
      : wrapText(`Measured on one side alone, and so not compared: ${alone.join("; ")}.`, width),
    undecidedNotes(reasons, chalk, width),
    verdict(comparison, width),
    `Page: ${options.pagePath}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function shownRows({ groups, alone }: ComparisonRows): ComparisonRows {
  return {
    groups: groups
      .map(({ of, rows }) => ({ of, rows: rows.filter(({ metric }) => metrics[metric].isHeadline === true) }))
      .filter(({ rows }) => rows.length > 0),
    alone,
  };
}

function runList({ runs, sides }: Comparison, chalk: ChalkInstance): string {
  const lines = runs.map(({ name, recording, directory }) => {
    const incomplete = recording.end.kind === "incomplete" ? ", INCOMPLETE" : "";
    return `  ${chalk.bold(name.padEnd(Math.max(...runs.map((run) => run.name.length))))}  ${recording.plan.scenario.name} on ${recording.plan.topology.name}${incomplete}\n    ${directory}`;
  });
  return [chalk.bold(`${countOfSides({ runs, sides })}, each compared with the first`), ...lines].join("\n");
}

function conditionList(comparison: Comparison, chalk: ChalkInstance, width: number): string {
  const conditions = conditionsBySide(comparison.sides.map(({ runs }) => runs));
  if (conditions.length === 0) return "All conditions are the same.";
  const shown = conditions.slice(0, CONDITIONS_SHOWN).map((one) => wrapText(inWords(one), width, 2));
  if (conditions.length > shown.length)
    shown.push(`  and ${conditions.length - shown.length} more, on the page.`);
  return [chalk.bold("They differ in"), ...shown].join("\n");
}

function inWords({ condition, values }: DifferingCondition): string {
  return `${condition}: ${values.map((value) => value ?? "none").join(" | ")}`;
}

/** What each second that a topology saves costs. */
function costTable(comparison: Comparison, chalk: ChalkInstance): string {
  const rows = costOfSeconds(comparison);
  if (rows === null) return "";
  return terminalTable(
    [
      { title: "What each second costs" },
      ...comparison.sides.map(({ name }) => ({ title: name, number: true })),
    ],
    rows.map(({ kind, title, cells }) => [
      kind === "bought" ? `Writes not served, ${title}` : title,
      ...cells.map(({ figure, format }) => (figure.kind === "withheld" ? "—" : format(figure))),
    ]),
    chalk,
  );
}

interface GroupOptions {
  readonly reasons: readonly string[];
  readonly chalk: ChalkInstance;
  readonly width: number;
}

/** The figures of one stage or fault, and beneath them a line for each difference. */
function group(
  { of, rows }: ComparisonRows["groups"][number],
  { sides }: Comparison,
  { reasons, chalk, width }: GroupOptions,
): string {
  const warnings = new Set(
    rows.flatMap(({ caution, note }) => [caution, note]).filter((text) => text !== null),
  );
  const table = terminalTable(
    [{ title: of }, ...sides.map(({ name }) => ({ title: name, number: true }))],
    rows.map((row) => [
      titleOf(row),
      ...row.figures.map((figure) => formatFigure(figure, metrics[row.metric].unit)),
    ]),
    chalk,
  );
  const lines = rows.flatMap((row) =>
    row.differences.map((difference, index) =>
      wrapText(
        `${titleOf(row)}, ${sides[index + 1]?.name ?? ""}: ${differenceInWords(row, difference, reasons)}`,
        width,
        2,
      ),
    ),
  );
  return [table, ...[...warnings].map((text) => wrapText(`(${text})`, width, 2)), ...lines].join("\n");
}

function titleOf({ metric }: ComparedFigure): string {
  return metrics[metric].title.replace("percentile (median)", "percentile");
}

/** "worse, 1.12× (1.04× to 1.20×), p 0.012, 12 and 12 blocks of 3 s". */
function differenceInWords(
  { metric }: ComparedFigure,
  difference: SideDifference,
  reasons: readonly string[],
): string {
  const { evidence, finding, why } = difference;
  return [
    finding === "undecided" ? `undecided (${reasons.indexOf(why) + 1})` : finding,
    estimateInWords(difference, metrics[metric].unit),
    "withheld" in evidence ? "" : testInWords(evidence, finding),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function undecidedNotes(reasons: readonly string[], chalk: ChalkInstance, width: number): string {
  if (reasons.length === 0) return "";
  return [
    chalk.bold("Why undecided"),
    ...reasons.map((why, index) => wrapText(`(${index + 1}) ${why}`, width, 2)),
  ].join("\n");
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
        return figure === undefined ? "—" : figureInWords(figure, (us) => `${formatNumber(us)} µs`);
      }),
    ]),
    chalk,
  );
}

function verdict({ compared }: Comparison, width: number): string {
  const legend = wrapText(
    `× is times the first side, with its 95 % interval. better, worse: chance alone is unlikely (p at most 0.05, raised for the ${compared.tested} differences tested together), 5 % or more, and all point the same way. alike: less than 5 % apart, by a test of its own. Blocks of seconds tell two runs apart; repeated runs tell what they stand for. The page has all figures, and what the words mean.`,
    width,
  );
  if (compared.notComparable.length === 0) return legend;
  return `${legend}\n${wrapText(`Nothing is decided: ${compared.notComparable.join(" ")}`, width)}`;
}

const CONDITIONS_SHOWN = 12;
