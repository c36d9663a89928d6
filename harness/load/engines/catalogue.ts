import type { EngineName } from "../../model/benchmark.ts";
import { SqlFailure } from "../run-sql.ts";
import type { Engine } from "./engine.ts";
import { nativeEngine } from "./native/native-engine.ts";
import { pgbenchEngine } from "./pgbench/pgbench-engine.ts";

/** Every engine, by name. A new one is one folder and one line here. */
export const engineCatalogue: Readonly<Record<EngineName, Engine>> = {
  native: nativeEngine,
  pgbench: pgbenchEngine,
  k6: {
    name: "k6",
    start: () =>
      Promise.reject(new SqlFailure({ code: "engine-missing", message: "This agent cannot send with k6" })),
  },
};
