import type { Micros } from "../../../model/clock.ts";
import { dialFast } from "../../wire/dial-fast.ts";
import { dialPg } from "../../wire/dial-pg.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import type { Dial } from "./sessions/dialler.ts";
import type { EngineClock } from "./schedule/engine-clock.ts";
import { openLanes, prepareLanes } from "./sessions/open-lanes.ts";
import type { Share } from "./schedule/open-schedule.ts";
import type { Refusal } from "./sessions/refusal.ts";
import { Sender } from "./sender.ts";

/** A sender whose first connections are made. */
export interface PreparedSender {
  /** The warm-up begins at `startedUs`. */
  begin(startedUs: Micros, sink: StageSink, onError: (error: Error) => void): Sender;
}

export type Prepared =
  | { readonly kind: "prepared"; readonly sender: PreparedSender }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** All first log-ins together. */
const PREPARE_MS = 30_000;

/** Makes the first connections of a share of a stage. */
export async function prepareSender(load: EngineLoad, share: Share, clock: EngineClock): Promise<Prepared> {
  const entries = { readWrite: dialOf(load, "readWrite"), readOnly: dialOf(load, "readOnly") };
  const lanes = openLanes(load, share, entries, clock.nowUs);
  const refusal = await prepareLanes(lanes, PREPARE_MS);
  if (refusal !== null) return { kind: "refused", refusal };
  return {
    kind: "prepared",
    sender: {
      begin: (startedUs, sink, onError) =>
        new Sender({ load, share, clock, lanes, startedUs, sink, onError }),
    },
  };
}

/** The fast path, but for COPY, which only `pg` can do. */
function dialOf(load: EngineLoad, entry: "readWrite" | "readOnly"): Dial {
  const { addressOf, endpoints, login, database, definition } = load;
  const { host, port } = endpoints[entry];
  const copies = definition.operations.some(({ form, endpoint }) => form === "copy" && endpoint === entry);
  const dial = copies ? dialPg : dialFast;
  return async (withinMs, cancelled) => {
    try {
      const target = { ...login, database, host: await addressOf(host), port };
      return await dial(target, withinMs, cancelled);
    } catch (error) {
      const code = (error as { readonly code?: string }).code ?? "ENOTFOUND";
      return { kind: "not-connected", code, text: `${host} has no address: ${String(error)}` };
    }
  };
}
