import type { Micros } from "../../../model/clock.ts";
import type { EngineLoad } from "../engine.ts";
import { clientsOf } from "./closed-load.ts";
import type { Dial } from "./dialler.ts";
import { FreshSessions } from "./fresh-sessions.ts";
import type { Share } from "./open-schedule.ts";
import { OwnSessions } from "./own-sessions.ts";
import { PooledSessions } from "./pooled-sessions.ts";
import type { Landed, Sessions } from "./sessions.ts";

/** A log-in that has no operation's time-out over it. */
const DIAL_WITHIN_MS = { least: 1000, most: 5000 };

/** The sessions that a share of a stage needs: one kind for each entry that its operations take. */
export function openSessions(options: {
  readonly load: EngineLoad;
  readonly share: Share;
  readonly dial: { readonly readWrite: Dial; readonly readOnly: Dial };
  readonly nowUs: () => Micros;
  readonly landed: Landed;
}): { readonly all: readonly Sessions[]; readonly byOperation: readonly Sessions[] } {
  const { load, share, dial, nowUs, landed } = options;
  const { client, shape, definition } = load;
  const dialWithinMs = Math.min(Math.max(client.timeoutMs, DIAL_WITHIN_MS.least), DIAL_WITHIN_MS.most);
  const connections = Math.max(1, clientsOf(share, client.connections));
  const open = (entry: "readWrite" | "readOnly"): Sessions => {
    const common = { dial: dial[entry], dialWithinMs, nowUs, landed };
    if (client.sessions === "each-operation") {
      // The clients of a closed shape bound themselves.
      return new FreshSessions({ ...common, connections: shape.kind === "open" ? connections : Infinity });
    }
    if (shape.kind === "closed" && client.sessions === "own") {
      return new OwnSessions({ ...common, clients: clientsOf(share, shape.clients) });
    }
    return new PooledSessions({ ...common, connections, turns: client.sessions === "own" });
  };
  const opened = new Map<string, Sessions>();
  const byOperation = definition.operations.map(({ endpoint }) => {
    const sessions = opened.get(endpoint) ?? open(endpoint);
    opened.set(endpoint, sessions);
    return sessions;
  });
  return { all: [...opened.values()], byOperation };
}
