import type { PostgresParameters, Topology } from "../../../model/topology.ts";
import { dialectNeeds } from "../../dialect-needs.ts";

/** Every run has it, so its cost (a few microseconds a statement) is in all figures alike. */
const COUNTS_STATEMENTS = "pg_stat_statements";

/**
 * The topology's parameters before those of its dialects, with the libraries that dialects and the harness need loaded
 * beside its own.
 */
export function withPreloads(topology: Topology): PostgresParameters {
  const { parameters } = topology.postgres;
  const ofDialects = Object.assign(
    {},
    ...dialectNeeds(topology).map((needs) => needs.parameters),
  ) as PostgresParameters;
  const named = String(parameters.shared_preload_libraries ?? "").trim();
  const libraries = preloads(
    dialectNeeds(topology).flatMap((needs) => needs.preloads),
    named === "" ? [] : named.split(/\s*,\s*/),
  );
  return { ...ofDialects, ...parameters, shared_preload_libraries: libraries.join(",") };
}

/** A dialect's come first, as Citus insists on; statements are counted last. Each library once. */
export function preloads(ofDialects: readonly string[], ofTopology: readonly string[]): readonly string[] {
  const named = [...new Set([...ofDialects, ...ofTopology])];
  return named.includes(COUNTS_STATEMENTS) ? named : [...named, COUNTS_STATEMENTS];
}
