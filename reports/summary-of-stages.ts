import type { ChalkInstance } from "chalk";
import {
  figureInWords,
  formatCores,
  formatCount,
  formatMs,
  formatRate,
} from "../harness/model/format-value.ts";
import type { StageMeasurement } from "../harness/model/measurement.ts";
import { arrivalsOfEngineInWords } from "../harness/model/resolve-arrivals.ts";
import type { Run } from "./run.ts";
import { terminalTable, wrapText } from "./terminal-text.ts";

/** A benchmark's part of the terminal's summary: stages, capacity, what was full. Empty for runs of faults. */
export function summaryOfStages(run: Run, chalk: ChalkInstance, width: number): string {
  const { stages, capacities } = run.measurements;
  if (run.recording.plan.benchmark === null) return "";
  const parts = [
    stages.length === 0 ? "No stage was measured." : `${stageTable(stages, chalk)}\n${LEGEND}`,
    ...capacities.map(({ variant, perSecond, how }) => {
      const rate = figureInWords(perSecond, formatRate);
      const found = perSecond.kind === "withheld" ? "" : `${rate} operations per second. `;
      return wrapText(`Capacity${variant === "" ? "" : ` of ${variant}`}: ${found}${how}`, width);
    }),
    ...arrivalsOfEngineInWords(run.recording.plan.benchmark).map((text) => wrapText(text, width)),
    stages.length === 0 ? "" : wrapText(bottleneckLine(stages), width),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function stageTable(stages: readonly StageMeasurement[], chalk: ChalkInstance): string {
  const titles = ["offered", "answered", "p50", "p95", "p99 ms", "failed", "CPU"];
  return terminalTable(
    [{ title: "Stage" }, ...titles.map((title) => ({ title, number: true }))],
    withVariants(stages).map((one) => {
      if (typeof one === "string") return [one, ...titles.map(() => "")];
      const [all] = one.operations;
      const text = (
        figure: Parameters<typeof figureInWords>[0] | undefined,
        format: (n: number) => string,
      ): string => (figure === undefined ? "—" : figureInWords(figure, format));
      const doubt = one.problem !== null || one.client.clientBound !== null ? " (!)" : "";
      return [
        shortened(one.stage.variant === "" ? one.title : `  ${one.stage.name}`) + doubt,
        text(one.offeredPerSecond, formatRate),
        text(one.throughputPerSecond, formatRate),
        text(all?.latencyMs.p50, formatMs),
        text(all?.latencyMs.p95, formatMs),
        text(all?.latencyMs.p99, formatMs),
        formatCount(all?.outcomes.failed ?? 0),
        text(one.client.cpuCores, formatCores),
      ];
    }),
    chalk,
  );
}

/** The stages, each variant's behind its name where there are several. */
function withVariants(stages: readonly StageMeasurement[]): (StageMeasurement | string)[] {
  return stages.flatMap((one, index) => {
    const { variant } = one.stage;
    return variant !== "" && variant !== stages[index - 1]?.stage.variant ? [variant, one] : [one];
  });
}

/** What was full, each resource once with its stages; the evidence is in the report. */
function bottleneckLine(stages: readonly StageMeasurement[]): string {
  const watched = stages.filter(({ bottlenecks }) => bottlenecks !== null);
  if (watched.length === 0) return "What was saturated is not known: resources were not watched.";
  const full = new Map<string, string[]>();
  for (const { title, bottlenecks } of watched) {
    const first = bottlenecks?.[0];
    if (first !== undefined) full.set(first.resource, [...(full.get(first.resource) ?? []), title]);
  }
  if (full.size === 0) return "No resource was full in the steady phase of any stage.";
  const lines = [...full].map(([resource, titles]) => `${resource} (${namesOf(titles, watched.length)})`);
  return `Saturated in the steady phase: ${lines.join(", ")}.`;
}

function namesOf(titles: readonly string[], all: number): string {
  return titles.length > MOST_NAMES ? `${titles.length} of ${all} stages` : titles.join("; ");
}

function shortened(title: string): string {
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title;
}

/** What leaves room for the figures within 80 columns. */
const LONGEST_TITLE = 20;
const LEGEND = "Per second; ms from when due, over all that was due; CPU: the client's cores.";
const MOST_NAMES = 4;
