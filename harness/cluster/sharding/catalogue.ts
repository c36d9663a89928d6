import type { ShardingDialect } from "../../model/topology.ts";
import { citus } from "./citus.ts";
import { fdw } from "./fdw.ts";
import { none } from "./none.ts";
import type { ShardingDialectSetup } from "./sharding-dialect.ts";

/** Every way to spread tables over worker groups. */
export const shardingCatalogue = { none, fdw, citus } satisfies Record<ShardingDialect, ShardingDialectSetup>;
