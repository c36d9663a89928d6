import { type Comparison, sharesOfClients } from "./comparison.ts";
import { conditionsBySide } from "./differing-conditions.ts";

/** The one document that `compare --json` prints. `formatVersion` goes up when a field changes its meaning or goes. */
export function renderComparisonJson(comparison: Comparison, pagePath: string): string {
  const { sides, runs, compared } = comparison;
  const document = {
    formatVersion: 2,
    sides: sides.map(({ name, runs: list }) => ({ name, runs: list.map((run) => run.name) })),
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
    differingConditions: conditionsBySide(sides.map((side) => side.runs)),
    comparable: compared.notComparable.length === 0,
    notComparableBecause: compared.notComparable,
    tested: compared.tested,
    figures: compared.rows,
    clients: sharesOfClients(runs),
    page: pagePath,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
