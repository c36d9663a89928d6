import { Chalk, type ChalkInstance } from "chalk";
import { bandFor, type PredictedMetric } from "../harness/model/advice.ts";
import {
  formatBand,
  formatCount,
  formatDuration,
  formatFigure,
  formatMoment,
} from "../harness/model/format-value.ts";
import type { Distribution, FaultSummary } from "../harness/model/measurement.ts";
import type { TargetVerdict, VerdictOutcome } from "../harness/model/verdict.ts";
import { clusterSentence, harnessSentence } from "./conclusion-sentences.ts";
import { dataInOneLine } from "./data-in-one-line.ts";
import { describeBound } from "./describe-plan.ts";
import { type Run, runLengthUs, strayShown } from "./run.ts";
import { whyWritesStopped } from "./seen-of-finding.ts";
import { startUpsInWords } from "./start-up-in-words.ts";
import { summaryOfStages } from "./summary-of-stages.ts";
import { terminalTable, wrapText } from "./terminal-text.ts";

export interface SummaryOptions {
  readonly colour: boolean;
  /** Columns of the terminal; lines are kept within it from 80 on. */
  readonly width: number;
  /** Where report.html was written. */
  readonly reportPath: string;
}

/**
 * The terminal's summary. Its last lines say apart that dpg-bench did its work, whether the cluster kept its
 * promise and why, and where the report is. Without colours it is plain text for pipes.
 */
export function renderSummary(run: Run, options: SummaryOptions): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const width = Math.max(80, options.width);
  const parts = [
    headline(run, chalk, width),
    faultTable(run, chalk),
    wrapText(whyWritesStopped(run) ?? "", width),
    loadTable(run, chalk),
    summaryOfStages(run, chalk, width),
    targetList(run, chalk, width),
    strayList(run, width),
    wrapText(dataInOneLine(run), width),
    ...startUpsInWords(run)
      .split("\n")
      .map((line) => wrapText(line, width)),
    gapList(run, width),
    wrapText(harnessSentence(run), width),
    outcomeColour(chalk, run.verdict.outcome)(wrapText(clusterSentence(run), width)),
    `Report: ${options.reportPath}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function headline(run: Run, chalk: ChalkInstance, width: number): string {
  const { plan } = run.recording;
  const quick = plan.scenario.quick ? " (quick)" : "";
  const incomplete = run.recording.end.kind === "incomplete" ? chalk.bold(" INCOMPLETE") : "";
  const title = `${chalk.bold(plan.scenario.name)}${quick} on ${plan.topology.name}, seed ${plan.seed}, ${formatDuration(runLengthUs(run.recording))}${incomplete}`;
  return `${title}\n${wrapText(plan.scenario.question, width)}`;
}

function faultTable(run: Run, chalk: ChalkInstance): string {
  const { faults } = run.measurements;
  if (faults.length === 0) return "";
  return terminalTable(
    [
      { title: "Not served" },
      { title: "" },
      ...["n", "min", "median", "max", "predicted", "lost"].map((title) => ({ title, number: true })),
    ],
    faults.flatMap((fault) => [
      [
        fault.fault,
        "writes",
        ...cells(fault.writeUnavailabilitySeconds),
        predicted(run, "write-unavailability", fault) || "—",
        lost(fault),
      ],
      [
        victimOf(fault),
        "reads",
        ...cells(fault.readUnavailabilitySeconds),
        predicted(run, "read-unavailability", fault),
        "",
      ],
    ]),
    chalk,
  );
}

/** What the faults did to the load that went on under them. */
function loadTable(run: Run, chalk: ChalkInstance): string {
  const list = run.measurements.disturbances ?? [];
  const [first] = list;
  if (first === undefined) return "";
  const table = terminalTable(
    [
      { title: "Load under" },
      ...["due", "not ok", "p50", "p95", "p99", "worst 5 s", "back"].map((title) => ({
        title,
        number: true,
      })),
    ],
    list.map(({ injection, kind, during, worstP99Ms, recoverySeconds }) => [
      `${injection} ${kind}`,
      formatCount(during.n),
      formatCount(during.notOk),
      formatFigure(during.p50, "ms"),
      formatFigure(during.p95, "ms"),
      formatFigure(during.p99, "ms"),
      formatFigure(worstP99Ms, "ms"),
      formatFigure(recoverySeconds, "s"),
    ]),
    chalk,
  );
  const { p50, p95, p99 } = first.before;
  const before = [p50, p95, p99].map((figure) => formatFigure(figure, "ms")).join(", ");
  return `${table}\n${first.stage}; before the faults p50, p95, p99: ${before}.`;
}

function cells(distribution: Distribution): string[] {
  const { n, min, median, max } = distribution;
  return [`${n}`, formatFigure(min, "s"), formatFigure(median, "s"), formatFigure(max, "s")];
}

/** A victim that is not said to be another was the primary. */
function victimOf({ role }: FaultSummary): string {
  return role === null || role === "primary" ? "" : `  ${role}`;
}

function predicted(run: Run, metric: PredictedMetric, { fault, role }: FaultSummary): string {
  const band = bandFor(run.recording.plan.advice, { metric, fault, role });
  if (band === undefined) return "";
  return formatBand(band);
}

function lost(fault: FaultSummary): string {
  return formatFigure(fault.lostWrites, "rows");
}

function targetList(run: Run, chalk: ChalkInstance, width: number): string {
  const { targets } = run.verdict;
  if (targets.length === 0) return "";
  return [chalk.bold("Targets"), ...targets.map((one) => targetLines(one, chalk, width))].join("\n");
}

function targetLines(one: TargetVerdict, chalk: ChalkInstance, width: number): string {
  const { target, outcome } = one;
  const word = outcomeColour(chalk, outcome)(outcome.toUpperCase().padEnd(8));
  const bound = `${target.title}: ${describeBound(target)}`;
  const asked = wrapText(bound, width - target.id.length - 2, 10).trimStart();
  const lines = [`  ${word}${target.id}  ${asked}`, wrapText(one.sentence, width, 10)];
  if (one.foreseen !== null) lines.push(wrapText(one.foreseen, width, 10));
  return lines.join("\n");
}

function strayList(run: Run, width: number): string {
  const outages = strayShown(run);
  if (outages.length === 0) return "";
  const lines = outages.slice(0, GAPS_SHOWN).map(({ stream, fromUs, seconds, inWarmup }) => {
    const judged = inWarmup ? ", in the warm-up (not judged)" : "";
    return wrapText(
      `${stream}: ${formatFigure(seconds, "s")} from ${formatMoment(fromUs)} on${judged}`,
      width,
      2,
    );
  });
  if (outages.length > GAPS_SHOWN) lines.push(`  and ${outages.length - GAPS_SHOWN} more, in the report.`);
  return ["Not served outside the injections:", ...lines].join("\n");
}

function gapList(run: Run, width: number): string {
  const { gaps } = run.measurements;
  if (gaps.length === 0) return "";
  const shown = gaps.slice(0, GAPS_SHOWN).map((gap) => wrapText(gap, width, 2));
  if (gaps.length > GAPS_SHOWN) shown.push(`  and ${gaps.length - GAPS_SHOWN} more, in the report.`);
  return ["Not measured, or only in part:", ...shown].join("\n");
}

function outcomeColour(chalk: ChalkInstance, outcome: VerdictOutcome): ChalkInstance {
  switch (outcome) {
    case "pass":
      return chalk.green;
    case "fail":
      return chalk.red;
    case "unknown":
      return chalk.yellow;
  }
}

/** A good run has two or three; a bad one has one for each stretch that went wrong, and they are alike. */
const GAPS_SHOWN = 6;
