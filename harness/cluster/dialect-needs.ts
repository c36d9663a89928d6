import type { Topology } from "../model/topology.ts";
import type { DatabaseNeeds } from "./database-needs.ts";
import { shardingCatalogue } from "./sharding/catalogue.ts";
import { vectorCatalogue } from "./vectors/catalogue.ts";

/** What a topology's dialects ask of its PostgreSQL nodes, in the order in which it is given to them. */
export function dialectNeeds({ sharding, vectors }: Topology): readonly DatabaseNeeds[] {
  return [vectorCatalogue[vectors], shardingCatalogue[sharding]];
}

/** Every dialect that there is: one node image serves them all. */
export function everyDialect(): readonly DatabaseNeeds[] {
  return [...Object.values(shardingCatalogue), ...Object.values(vectorCatalogue)];
}
