import { SqlFailure } from "../../run-sql.ts";
import { dialFast } from "../../wire/dial-fast.ts";
import { dialPg } from "../../wire/dial-pg.ts";
import type { EngineDialled } from "../../wire/engine-connection.ts";
import type { Engine, EngineLoad } from "../engine.ts";
import type { Dial } from "./dialler.ts";
import { engineClock } from "./engine-clock.ts";
import { openLanes, prepareLanes } from "./open-lanes.ts";
import { Sender } from "./sender.ts";

/** From the last log-in to the first operation. */
const LEAD_US = 100_000;
/** All first log-ins together. */
const PREPARE_MS = 30_000;

/** Our own: one thread, prepared statements over PostgreSQL's wire protocol. */
export const nativeEngine: Engine = {
  name: "native",
  start: async (load, sink) => {
    const clock = engineClock(load.epochNs);
    const share = { agent: 1, of: 1 };
    const entries = { readWrite: dialOf(load, "readWrite"), readOnly: dialOf(load, "readOnly") };
    const lanes = openLanes(load, share, entries, clock.nowUs);
    const refusal = await prepareLanes(lanes, PREPARE_MS);
    if (refusal !== null) throw new SqlFailure({ code: refusal.code, message: refusal.text });
    const startedUs = Math.round(clock.nowUs()) + LEAD_US;
    const onError = (error: Error): void => {
      throw error;
    };
    const sender = new Sender({ load, share, clock, lanes, startedUs, sink, onError });
    return {
      startedUs,
      engine: {
        version: "native",
        timer: clock.timer,
        timerResolutionNs: clock.resolutionNs,
        ownCostUs: null,
      },
      ended: sender.ended,
      stop: async () => {
        sender.stop();
        await sender.ended;
      },
    };
  },
};

/** The fast path, but for COPY, which only `pg` can do. */
function dialOf(load: EngineLoad, entry: "readWrite" | "readOnly"): Dial {
  const { addressOf, endpoints, login, database, definition } = load;
  const { host, port } = endpoints[entry];
  const copies = definition.operations.some(({ form, endpoint }) => form === "copy" && endpoint === entry);
  const dial = copies ? dialPg : dialFast;
  return async (withinMs, cancelled): Promise<EngineDialled> => {
    try {
      const target = { ...login, database, host: await addressOf(host), port };
      return await dial(target, withinMs, cancelled);
    } catch (error) {
      const code = (error as { readonly code?: string }).code ?? "ENOTFOUND";
      return { kind: "not-connected", code, text: `${host} has no address: ${String(error)}` };
    }
  };
}
