import type { Comparison } from "./comparison.ts";
import { differingConditions } from "./differing-conditions.ts";
import { sharesOfClients } from "./shares-of-clients.ts";

/** The one document that `compare --json` prints. `formatVersion` goes up when a field changes its meaning or goes. */
export function renderComparisonJson(comparison: Comparison, pagePath: string): string {
  const { runs, compared } = comparison;
  const document = {
    formatVersion: 1,
    runs: runs.map(({ name, directory, recording, verdict, measurements }) => ({
      name,
      directory,
      scenario: recording.plan.scenario.name,
      topology: recording.plan.topology.name,
      seed: recording.plan.seed,
      engine: recording.plan.benchmark?.client.engine ?? null,
      complete: recording.end.kind === "complete",
      outcome: verdict.outcome,
      machine: recording.environment?.machine.fingerprint ?? null,
      capacities: measurements.capacities,
    })),
    differingConditions: differingConditions(runs),
    comparable: compared.notComparable.length === 0,
    notComparableBecause: compared.notComparable,
    figures: compared.rows,
    clients: sharesOfClients(runs),
    page: pagePath,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
