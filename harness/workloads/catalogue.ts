import type { Workload } from "../model/workload.ts";
import { tenantOrders } from "./tenant-orders.ts";

/** Every workload, by name. A new one is one file and one line here. */
export const workloadCatalogue = {
  "tenant-orders": tenantOrders,
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof workloadCatalogue;

/** A workload of the catalogue; undefined when there is none of that name. */
export function findWorkload(name: string): Workload | undefined {
  return Object.hasOwn(workloadCatalogue, name) ? workloadCatalogue[name as WorkloadName] : undefined;
}
