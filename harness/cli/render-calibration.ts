import { Chalk, type ChalkInstance } from "chalk";
import Table from "cli-table3";
import type { CalibratedCase, Calibration } from "../calibrate/calibrate.ts";
import { type CalibrationOutcome, tolerance } from "../calibrate/judge-pairs.ts";
import type { Figure } from "../model/measurement.ts";
import { figureInWords, formatMs, formatNumber } from "../model/format-value.ts";

/** The calibration as tables: what was given beside what was measured, then punctuality, timer and cost. */
export function renderCalibration(calibration: Calibration, colour: boolean): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const { engine } = calibration;
  const cost = engine.ownCostUs === null ? "not measured" : `${formatNumber(engine.ownCostUs)} us of CPU`;
  const parts = [
    ...calibration.cases.map((one) => caseTable(one, chalk)),
    punctualityTable(calibration, chalk),
    [
      `Engine: ${engine.version}`,
      `Timer: ${engine.timer}, smallest step seen ${engine.timerResolutionNs} ns`,
      `The engine's own cost: ${cost} per operation`,
    ].join("\n"),
    conclusion(calibration, chalk),
  ];
  return `${parts.join("\n\n")}\n`;
}

function caseTable(
  { title, load, operations, figures, impossible, outcome }: CalibratedCase,
  chalk: ChalkInstance,
): string {
  const table = new Table({
    head: [
      "ms",
      "asked",
      "server gave",
      "measured",
      "engine adds",
      "allowed",
      "control late",
      "CPU wait",
      "",
    ],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const one of figures) {
    table.push([
      `${one.time} p${one.percent}`,
      formatMs(one.askedMs),
      formatMs(one.givenMs),
      formatMs(one.measuredMs),
      formatMs(one.excessMs),
      formatMs(one.toleranceMs),
      formatMs(one.controlMs),
      formatMs(one.waitedMs),
      word(one.outcome, chalk),
    ]);
  }
  const { ratePerSecond, connections, seconds, windows } = load;
  const how =
    `open, ${ratePerSecond}/s constant over ${connections} connections for ${seconds} s, ${operations} answered; ` +
    `what the engine adds: the best of ${windows} windows, with what a thread that only sleeps was late in it and what was waited for a processor`;
  const heading = outcome === "matches" ? "" : chalk.red(` ${outcome.toUpperCase()}`);
  return [
    `${chalk.bold(title)}${heading}`,
    how,
    table.toString(),
    ...impossible.map((sentence) => chalk.red(`Impossible: ${sentence}.`)),
  ].join("\n");
}

function word(outcome: CalibrationOutcome, chalk: ChalkInstance): string {
  if (outcome === "matches") return chalk.green("matches");
  return outcome === "differs" ? chalk.red("differs") : chalk.yellow("unknown");
}

function punctualityTable({ punctuality }: Calibration, chalk: ChalkInstance): string {
  const { ratePerSecond, lagMs, controlMs, cpuCores } = punctuality;
  const table = new Table({
    head: ["ms", "mean", "p50", "p99", "max", "CPU, cores"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const columns = ["mean", "p50", "p99", "max"] as const;
  table.push(
    ["schedule lag of the sender", ...columns.map((column) => text(lagMs[column])), text(cpuCores)],
    [
      "control late",
      ...columns.map((column) => (controlMs === null ? "-" : formatMs(controlMs[column]))),
      "",
    ],
  );
  return [
    chalk.bold(`Punctuality at ${ratePerSecond}/s`),
    "what the sender was late against its schedule, and meanwhile a thread that only sleeps",
    table.toString(),
  ].join("\n");
}

function conclusion({ outcome, cases }: Calibration, chalk: ChalkInstance): string {
  const within = `within ${tolerance.share * 100} % or ${tolerance.ms} ms, whichever is more`;
  const titles = cases.filter((one) => one.outcome === outcome).map(({ title }) => title);
  switch (outcome) {
    case "matches":
      return chalk.green(`Everything that the server gave was measured as it was, ${within}.`);
    case "unknown":
      return chalk.yellow(
        `Unknown: the machine. Processors were not to be had in time, so that the engine cannot be judged (${titles.join("; ")}).\n` +
          "Let the machine do nothing else and try again. Figures in time that are measured on it now are as doubtful.",
      );
    case "differs":
      return chalk.red(
        `Expected the engine to measure what the server gave, ${within}; it did not for: ${titles.join("; ")}.\n` +
          "The machine was punctual meanwhile, so it is the engine: please report this with the tables above.",
      );
  }
}

function text(figure: Figure): string {
  return figure.kind === "withheld" ? "-" : figureInWords(figure, formatMs);
}
