import type { Micros } from "../../../../model/clock.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import type { EngineLoad } from "../../engine.ts";
import { AnswerKeeper } from "../record/answer-keeper.ts";
import { clientsOf } from "../schedule/closed-load.ts";
import { compileOperation } from "./compile-operation.ts";
import { Deadlines } from "./deadlines.ts";
import type { Dial } from "./dialler.ts";
import { FreshSessions } from "./fresh-sessions.ts";
import type { Share } from "../schedule/open-schedule.ts";
import { OwnSessions } from "./own-sessions.ts";
import { PooledSessions } from "./pooled-sessions.ts";
import type { Refusal } from "./refusal.ts";
import type { Route, Sessions } from "./in-flight.ts";

/** How to reach each entry. */
export interface Entries {
  readonly readWrite: Dial;
  readonly readOnly: Dial;
}

/** A log-in that has no operation's time-out over it. */
const DIAL_WITHIN_MS = 5000;

/** The routes of a share of a stage, by position of the operation: one set of sessions for each entry that they take. */
export function openRoutes(
  load: EngineLoad,
  share: Share,
  dial: Entries,
  nowUs: () => Micros,
): readonly Route[] {
  const opened = new Map<string, Sessions>();
  const deadlines = new Map<number, Deadlines>();
  return load.definition.operations.map((definition, index) => {
    const { endpoint } = definition;
    const sessions = opened.get(endpoint) ?? openSessions(load, share, dial[endpoint], nowUs);
    opened.set(endpoint, sessions);
    const timeoutUs = (definition.timeoutMs ?? load.client.timeoutMs) * 1000;
    const list = deadlines.get(timeoutUs) ?? new Deadlines();
    deadlines.set(timeoutUs, list);
    const random = seededRandom(load.seed, `stage ${load.stage} answers of ${share.agent}`);
    const answers = AnswerKeeper.of(definition, random, share.of);
    const wantsRows = answers === undefined ? undefined : () => answers.wants();
    const operation = compileOperation(definition, index, { wantsRows });
    return { operation, sessions, deadlines: list, timeoutUs, answers };
  });
}

/** Makes the first connections. Why not, when none could be made to one of the entries. */
export async function prepareRoutes(routes: readonly Route[], withinMs: number): Promise<Refusal | null> {
  const all = [...new Set(routes.map(({ sessions }) => sessions))];
  const refusals = await Promise.all(all.map((sessions) => sessions.prepare(withinMs)));
  const refusal = refusals.find((each) => each !== null) ?? null;
  if (refusal !== null) for (const sessions of all) sessions.close();
  return refusal;
}

function openSessions(
  { client, shape }: EngineLoad,
  share: Share,
  dial: Dial,
  nowUs: () => Micros,
): Sessions {
  const connections = Math.max(1, clientsOf(share, client.connections));
  const common = { dial, dialWithinMs: DIAL_WITHIN_MS, nowUs };
  if (client.sessions === "each-operation") {
    // The clients of a closed shape bound themselves.
    return new FreshSessions({ ...common, connections: shape.kind === "open" ? connections : Infinity });
  }
  if (shape.kind === "closed" && client.sessions === "own") {
    return new OwnSessions({ ...common, clients: clientsOf(share, shape.clients) });
  }
  return new PooledSessions({ ...common, connections, turns: client.sessions === "own" });
}
