import type { WorkloadOperation, WorkloadParameter } from "../model/workload.ts";

/** Parameters that several workloads have in common. */
export const parameters = { rows, tenants, rowsPerTenant, distributed, viaPrimary };

/** Up to 100 million rows, about 15 GB. */
function rows(byDefault: number): WorkloadParameter {
  return { meaning: "rows of the table", default: byDefault, least: 1, most: 100_000_000 };
}

function tenants(least = 1): WorkloadParameter {
  return { meaning: "tenants, which are spread over the shards", default: 400, least, most: 100_000 };
}

function rowsPerTenant(): WorkloadParameter {
  return { meaning: "rows of each tenant", default: 100, least: 1, most: 10_000 };
}

function distributed(): WorkloadParameter {
  return {
    meaning: "1: the table is spread over the worker groups by its id; 0: it lives on the coordinators",
    default: 0,
    least: 0,
    most: 1,
  };
}

function viaPrimary(): WorkloadParameter {
  return {
    meaning: "1: reads take the read-write entry, to the primary; 0: the read-only one, to the replicas",
    default: 0,
    least: 0,
    most: 1,
  };
}

/** The entry that reads take, by the value of the parameter `viaPrimary`. */
export function readEntry(viaPrimary: number | undefined): WorkloadOperation["endpoint"] {
  return viaPrimary === 1 ? "readWrite" : "readOnly";
}
