import type { PostgresParameters, Topology } from "../../model/topology.ts";

const LIBRARY = "pg_stat_statements";

/**
 * Loads pg_stat_statements beside what the topology loads: every run has it, so its cost (a few microseconds a
 * statement) is in all figures alike. Last, for Citus wants to be first.
 */
export function countingStatements({ postgres: { parameters } }: Topology): PostgresParameters {
  const named = String(parameters.shared_preload_libraries ?? "").trim();
  const libraries = named === "" ? [] : named.split(/\s*,\s*/);
  const all = libraries.includes(LIBRARY) ? libraries : [...libraries, LIBRARY];
  return { ...parameters, shared_preload_libraries: all.join(",") };
}
