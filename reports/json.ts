import { bandFor, type PredictedBand, type PredictedMetric } from "../harness/model/advice.ts";
import type { FaultSummary } from "../harness/model/measurement.ts";
import type { RunPlan } from "../harness/model/plan.ts";
import { clusterSentence, harnessSentence } from "./conclusion-sentences.ts";
import { ratiosOfVariants } from "./ratios-of-variants.ts";
import type { Run } from "./run.ts";

/** Where the run's files are; all inside `directory`. */
export interface JsonPaths {
  readonly directory: string;
  readonly report: string;
}

/**
 * The one document that `--json` prints: verdict, figures, paths. `formatVersion` goes up when a field changes
 * its meaning or goes; new fields do not raise it. Parts of it are in the form of the published schemas: `outcome` and
 * `targets` of verdict.json, `overrides`, `seed` and `findings` (and each fault's predicted bands) of plan.json, `faults`
 * and all other figures of measurements.json.
 */
export function renderJson(run: Run, paths: JsonPaths): string {
  const { recording, measurements, verdict } = run;
  const { plan } = recording;
  const document = {
    formatVersion: 1,
    outcome: verdict.outcome,
    cluster: clusterSentence(run),
    dpgBench: harnessSentence(run),
    complete: recording.end.kind === "complete",
    incompleteBecause: recording.end.kind === "incomplete" ? recording.end.reason : null,
    scenario: plan.scenario.name,
    quick: plan.scenario.quick,
    topology: plan.topology.name,
    overrides: plan.overrides,
    seed: plan.seed,
    dialects: recording.environment?.dialects ?? {
      sharding: plan.topology.sharding,
      vectors: plan.topology.vectors,
    },
    machine: recording.environment?.machine.fingerprint ?? null,
    targets: verdict.targets,
    faults: measurements.faults.map((fault) => ({
      ...fault,
      predicted: predictedOf("write-unavailability", fault, plan),
      predictedReads: predictedOf("read-unavailability", fault, plan),
    })),
    stray: measurements.stray,
    figures: measurements.figures,
    ledgers: measurements.ledgers,
    latency: measurements.latency,
    scheduleLagMs: measurements.scheduleLagMs,
    disturbances: measurements.disturbances ?? [],
    stretches: measurements.stretches ?? [],
    stages: measurements.stages,
    capacities: measurements.capacities,
    invariants: measurements.invariants,
    placements: measurements.placements ?? [],
    copies: measurements.copies ?? [],
    loadings: measurements.loadings ?? [],
    ratios: ratiosOfVariants(run),
    startUps: measurements.startUps ?? [],
    checks: measurements.checks ?? [],
    gaps: measurements.gaps,
    findings: plan.advice.findings,
    paths,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function predictedOf(
  metric: PredictedMetric,
  { fault, role }: FaultSummary,
  { advice }: RunPlan,
): PredictedBand | null {
  return bandFor(advice, { metric, fault, role }) ?? null;
}
