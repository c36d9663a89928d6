import type { Workload, WorkloadDefinition } from "../model/workload.ts";
import { bulkLoad } from "./bulk-load.ts";
import { coLocatedJoin } from "./co-located-join.ts";
import { connectionChurn } from "./connection-churn.ts";
import { crossShardTransfer } from "./cross-shard-transfer.ts";
import { distributedInsert } from "./distributed-insert.ts";
import { fanOutSelect } from "./fan-out-select.ts";
import { insertSelect } from "./insert-select.ts";
import { insert } from "./insert.ts";
import { longAnalytics } from "./long-analytics.ts";
import { manyConnections } from "./many-connections.ts";
import { multiTenantMix } from "./multi-tenant-mix.ts";
import { pointSelect } from "./point-select.ts";
import { readWriteMix } from "./read-write-mix.ts";
import { referenceJoin } from "./reference-join.ts";
import { tenantOrders } from "./tenant-orders.ts";
import { tenantPointSelect } from "./tenant-point-select.ts";
import { tpcbLike } from "./tpcb-like.ts";
import { updateOne } from "./update-one.ts";
import { vectorBulkLoad } from "./vector-bulk-load.ts";
import { vectorChurn } from "./vector-churn.ts";
import { vectorHybrid } from "./vector-hybrid.ts";
import { vectorKnnFiltered } from "./vector-knn-filtered.ts";
import { vectorKnn } from "./vector-knn.ts";

/** Every workload, by name. A new one is one file and one line here. */
export const workloadCatalogue = {
  "tenant-orders": tenantOrders,
  "point-select": pointSelect,
  insert,
  "update-one": updateOne,
  "tpcb-like": tpcbLike,
  "read-write-mix": readWriteMix,
  "connection-churn": connectionChurn,
  "many-connections": manyConnections,
  "bulk-load": bulkLoad,
  "long-analytics": longAnalytics,
  "tenant-point-select": tenantPointSelect,
  "fan-out-select": fanOutSelect,
  "co-located-join": coLocatedJoin,
  "reference-join": referenceJoin,
  "cross-shard-transfer": crossShardTransfer,
  "distributed-insert": distributedInsert,
  "insert-select": insertSelect,
  "multi-tenant-mix": multiTenantMix,
  "vector-knn": vectorKnn,
  "vector-knn-filtered": vectorKnnFiltered,
  "vector-bulk-load": vectorBulkLoad,
  "vector-churn": vectorChurn,
  "vector-hybrid": vectorHybrid,
} as const satisfies Record<string, WorkloadDefinition>;

export type WorkloadName = keyof typeof workloadCatalogue;

/** A workload of the catalogue for these values of its parameters (defaults for the rest); undefined: none of that name. */
export function findWorkload(
  name: string,
  values: Readonly<Record<string, number>> = {},
): Workload | undefined {
  if (!Object.hasOwn(workloadCatalogue, name)) return undefined;
  const definition: WorkloadDefinition = workloadCatalogue[name as WorkloadName];
  return definition.build({ ...parameterDefaults(definition), ...values });
}

/** Every parameter of a workload with its default. */
export function parameterDefaults({ parameters }: WorkloadDefinition): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.default]));
}
