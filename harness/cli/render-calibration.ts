import { Chalk, type ChalkInstance } from "chalk";
import Table from "cli-table3";
import { tolerance, type CalibratedCase, type Calibration } from "../calibrate/calibrate.ts";
import type { Figure } from "../model/measurement.ts";
import { figureInWords } from "../../reports/format-figure.ts";

/** The calibration as tables: known beside measured, then punctuality by pacing mode, timer and cost. */
export function renderCalibration(calibration: Calibration, colour: boolean): string {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  const { engine } = calibration;
  const cost = engine.ownCostUs === null ? "not measured" : `${engine.ownCostUs.toFixed(1)} us of CPU`;
  const parts = [
    ...calibration.cases.map((one) => caseTable(one, chalk)),
    pacingTable(calibration, chalk),
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
  { title, load, operations, percentiles, matches }: CalibratedCase,
  chalk: ChalkInstance,
): string {
  const table = new Table({
    head: ["ms", "latency known", "measured", "service time known", "measured", "stub's own", ""],
    colAligns: ["left", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const one of percentiles) {
    table.push([
      one.percentile,
      one.expectedLatencyMs.toFixed(2),
      text(one.latencyMs),
      one.expectedServiceTimeMs.toFixed(2),
      text(one.serviceTimeMs),
      one.givenMs.toFixed(2),
      one.matches ? chalk.green("matches") : chalk.red("differs"),
    ]);
  }
  const { ratePerSecond, connections, seconds } = load;
  const how = `open, ${ratePerSecond}/s constant over ${connections} connections for ${seconds} s, ${operations} answered`;
  return `${chalk.bold(title)}${matches ? "" : chalk.red(" DIFFERS")}\n${how}\n${table.toString()}`;
}

function pacingTable({ pacing }: Calibration, chalk: ChalkInstance): string {
  const table = new Table({
    head: ["pacing", "lag mean ms", "p50", "p99", "max", "CPU of the sender, cores"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { pacing: mode, lagMs, cpuCores } of pacing) {
    table.push([mode, text(lagMs.mean), text(lagMs.p50), text(lagMs.p99), text(lagMs.max), text(cpuCores)]);
  }
  const rate = pacing[0]?.ratePerSecond ?? 0;
  return `${chalk.bold(`Schedule lag at ${rate}/s, by pacing mode`)}\n${table.toString()}`;
}

function conclusion({ matches, cases }: Calibration, chalk: ChalkInstance): string {
  const { p50, p99 } = tolerance.ms;
  const within = `within ${tolerance.share * 100} % or ${p50} ms (p99: ${p99} ms), whichever is more`;
  if (matches) return chalk.green(`What is known came out right, ${within}.`);
  const wrong = cases.filter((one) => !one.matches).map(({ title }) => title);
  return chalk.red(
    `Expected what is known to come out right, ${within}; it did not for: ${wrong.join("; ")}.\n` +
      "Is the machine busy with something else? Figures in time that are measured on it now are as doubtful.",
  );
}

function text(figure: Figure): string {
  return figure.kind === "withheld" ? "-" : figureInWords(figure, (value) => value.toFixed(2));
}
