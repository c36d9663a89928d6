import type { ComparedFigure, RunComparison } from "../harness/model/comparison.ts";
import type { ClientMeasurement } from "../harness/model/measurement.ts";
import type { Run } from "./run.ts";

/** A run as a comparison shows it. */
export interface NamedRun extends Run {
  /** Its side's name; with a number where the side has several runs. */
  readonly name: string;
  readonly directory: string;
}

/** Runs of one kind, that stand for one thing. */
export interface Side {
  /** What tells it from the others: its engine or its topology where those differ, else a letter. */
  readonly name: string;
  /** At least one. */
  readonly runs: readonly NamedRun[];
}

/** All that a comparison is rendered from. */
export interface Comparison {
  /** At least two; the first is what the others are compared with. */
  readonly sides: readonly Side[];
  /** Of all sides, in order. */
  readonly runs: readonly NamedRun[];
  readonly compared: RunComparison;
}

/** "3 runs", "2 sides of 10 runs in all". */
export function countOfSides({ sides, runs }: Pick<Comparison, "sides" | "runs">): string {
  return sides.length === runs.length
    ? `${runs.length} runs`
    : `${sides.length} sides of ${runs.length} runs in all`;
}

/** Figures that at least two runs have, by what they are of; and the names of those that only one run has. */
export interface ComparisonRows {
  readonly groups: readonly { readonly of: string; readonly rows: readonly ComparedFigure[] }[];
  /** Things that were measured in one run alone, such as steps at rates of its own. */
  readonly alone: readonly string[];
}

export function comparisonRows({ compared }: Comparison): ComparisonRows {
  const groups = new Map<string, ComparedFigure[]>();
  const alone = new Set<string>();
  for (const row of compared.rows) {
    const measured = row.figures.filter(({ kind }) => kind !== "withheld").length;
    if (measured >= 2) groups.set(row.of, [...(groups.get(row.of) ?? []), row]);
    else if (measured === 1) alone.add(row.of);
  }
  const capacityFirst = ({ rows }: { readonly rows: readonly ComparedFigure[] }): number =>
    rows.some(({ metric }) => metric === "capacity") ? 0 : 1;
  return {
    groups: [...groups]
      .map(([of, rows]) => ({ of, rows }))
      .toSorted((a, b) => capacityFirst(a) - capacityFirst(b)),
    alone: [...alone].filter((of) => !groups.has(of)),
  };
}

/** Why latencies of one engine are not those of the others; null: none of the runs is by such an engine. */
export function serviceTimesOnly(runs: readonly Run[]): string | null {
  return runs.some(({ recording }) => recording.plan.benchmark?.client.engine === "k6")
    ? "The engine k6 knows no intended start: its latencies are service times, and look better than they would from a schedule."
    : null;
}

/** What the client itself used in the stage of one title, in each run; null where a run has no such stage. */
export interface ClientShares {
  readonly title: string;
  readonly clients: readonly (ClientMeasurement | null)[];
}

/** The clients' shares in stages that at least two runs have. */
export function sharesOfClients(runs: readonly Run[]): readonly ClientShares[] {
  const titles = new Set(runs.flatMap(({ measurements }) => measurements.stages.map(({ title }) => title)));
  return [...titles]
    .map((title) => ({
      title,
      clients: runs.map(
        ({ measurements }) => measurements.stages.find((stage) => stage.title === title)?.client ?? null,
      ),
    }))
    .filter(({ clients }) => clients.filter((client) => client !== null).length >= 2);
}
