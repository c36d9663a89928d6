import type { Micros } from "../../../model/clock.ts";
import type { EngineLoad, StageSink } from "../engine.ts";
import { dialEntry } from "./dial-entry.ts";
import type { Dial } from "./sessions/dialler.ts";
import type { EngineClock } from "./schedule/engine-clock.ts";
import { openRoutes, prepareRoutes } from "./sessions/open-routes.ts";
import type { Share } from "./schedule/open-schedule.ts";
import type { Refusal } from "./sessions/refusal.ts";
import type { Sender } from "./sender.ts";
import { startStageSender } from "./stage-sender.ts";

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
  const routes = openRoutes(load, share, entries, clock.nowUs);
  const refusal = await prepareRoutes(routes, PREPARE_MS);
  if (refusal !== null) return { kind: "refused", refusal };
  return {
    kind: "prepared",
    sender: {
      begin: (startedUs, sink, onError) =>
        startStageSender({ load, share, clock, routes, startedUs, sink, onError }),
    },
  };
}

function dialOf(load: EngineLoad, endpoint: "readWrite" | "readOnly"): Dial {
  const { addressOf, endpoints, login, database, definition } = load;
  const copies = definition.operations.some((each) => each.form === "copy" && each.endpoint === endpoint);
  return dialEntry({ at: endpoints[endpoint], login: { ...login, database }, addressOf, copies });
}
