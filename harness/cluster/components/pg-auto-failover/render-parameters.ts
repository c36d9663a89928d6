import type { PostgresParameters } from "../../../model/topology.ts";

/** Lines for postgresql.conf, each value in quotes, which suit every type. */
export function renderParameters(parameters: PostgresParameters): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join("");
}
