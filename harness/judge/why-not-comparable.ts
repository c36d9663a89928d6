import { isDeepStrictEqual } from "node:util";
import type { VectorFiles } from "../model/benchmark.ts";
import type { Recording } from "../model/recording.ts";

/** In what the runs differ so that their figures are not of the same thing: one sentence each. Engines may differ. */
export function whyNotComparable(recordings: readonly Recording[]): string[] {
  return [
    ...differing(recordings, "They ran on different machines", ({ environment }) =>
      environment === null
        ? "unknown"
        : `${environment.machine.cpuModel} (${environment.machine.fingerprint})`,
    ),
    ...differing(recordings, "They asked different questions", ({ plan }) => plan.scenario.name),
    ...differing(recordings, "They loaded different workloads", ({ plan }) =>
      plan.benchmark === null
        ? (plan.load?.background?.workload ?? "probes only")
        : `${plan.benchmark.workload} ${Object.entries(plan.benchmark.parameters)
            .map(([name, value]) => `${name}=${value}`)
            .join(" ")}`.trim(),
    ),
    ...differing(recordings, "They took their vectors from different files", ({ plan }) =>
      filesText(plan.benchmark?.files),
    ),
    ...differing(recordings, "They speak different dialects", ({ environment, plan }) => {
      const { sharding, vectors } = environment?.dialects ?? plan.topology;
      return `${sharding} and ${vectors}`;
    }),
    ...differentTopologies(recordings),
  ];
}

/** By content: the same file has another path on another machine. */
function filesText(files: VectorFiles | undefined): string {
  if (files === undefined) return "none";
  const { base, queries, groundTruth } = files;
  return [
    `rows ${base.sha256}`,
    `queries ${queries.sha256}`,
    groundTruth === null ? "exact answers by scan" : `ground truth ${groundTruth.sha256}`,
  ].join(", ");
}

function differing(
  recordings: readonly Recording[],
  sentence: string,
  of: (recording: Recording) => string,
): string[] {
  const values = recordings.map(of);
  const distinct = [...new Set(values)];
  return distinct.length <= 1 ? [] : [`${sentence}: ${distinct.join(" | ")}.`];
}

/** Not where the scenario itself asks for the difference. */
function differentTopologies(recordings: readonly Recording[]): string[] {
  const asked = recordings.map(({ plan }) => [plan.scenario.against ?? [], plan.overrides]);
  const isAsked = recordings.every(({ plan }) => plan.scenario.against !== undefined);
  if (isAsked && asked.every((each) => isDeepStrictEqual(each, asked[0]))) return [];
  const topologies = recordings.map(({ plan }) =>
    plan.benchmark === null ? [plan.topology] : plan.benchmark.variants.map(({ topology }) => topology),
  );
  const [first] = topologies;
  if (topologies.every((each) => isDeepStrictEqual(each, first))) return [];
  const names = recordings.map(({ plan }) => [plan.topology.name, ...plan.overrides].join(" "));
  return [`They ran on different topologies: ${names.join(" | ")}.`];
}
