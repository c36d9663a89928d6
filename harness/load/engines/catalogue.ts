import type { EngineName } from "../../model/benchmark.ts";
import type { Engine } from "./engine.ts";
import { k6Engine } from "./k6/k6-engine.ts";
import { nativeEngine } from "./native/native-engine.ts";
import { pgbenchEngine } from "./pgbench/pgbench-engine.ts";

/** Every engine, by name. A new one is one folder and one line here. */
export const engineCatalogue: Readonly<Record<EngineName, Engine>> = {
  native: nativeEngine,
  pgbench: pgbenchEngine,
  k6: k6Engine,
};
