import type { ClientMeasurement } from "../harness/model/measurement.ts";
import type { Run } from "./run.ts";

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
