import * as sql from "../../cluster/sharding/citus-moves.ts";
import { citus } from "../../cluster/sharding/citus.ts";
import { HarnessError } from "../../model/errors.ts";
import { COORDINATORS, patroniCluster } from "../../model/layout.ts";
import { askGroups, type AskGroups } from "./ask-groups.ts";
import { millisecondsSince, type ShardMover } from "./shard-mover.ts";
import { spreadOneByOne } from "./spread-one-by-one.ts";

/** Shards that live together may take this many times the budget of one answer to be moved. */
const MOVE_IN_ANSWERS = 10;
const LOOK_AGAIN_MS = 250;

/** Citus' own rebalancer, watched; see cluster/sharding/citus-moves. */
export const citusMover: ShardMover = (moving) => {
  const { topology, layout, clock, commandMs } = moving;
  const workers = layout.groups.filter(({ role }) => role === "worker").map(({ name }) => name);
  const groupOf = (holder: unknown): string =>
    citus.placement.groupOf(String(holder), layout) ?? String(holder);
  const one = (ask: AskGroups, what: string, statement: string) => ask.one(COORDINATORS, what, [statement]);

  const lookWhere = async (ask: AskGroups): Promise<Whereabouts> => {
    const rows = await one(ask, "read who holds which shards", sql.askShards);
    const units = new Map<string, { group: string; shards: string[] }>();
    for (const { shard, holder, unit } of rows) {
      const known = units.get(String(unit)) ?? { group: groupOf(holder), shards: [] };
      units.set(String(unit), { ...known, shards: [...known.shards, String(shard)] });
    }
    return units;
  };

  /** A spread that has not come to its end, or not been swept away; null: none. */
  let current: Watched | null = null;

  /** Tells of what has arrived elsewhere since the last look. */
  const tellArrived = async (watched: Watched, ask: AskGroups): Promise<void> => {
    const now = await lookWhere(ask);
    for (const [unit, { group: to, shards }] of now) {
      const from = watched.where.get(unit)?.group;
      if (from === undefined || from === to) continue;
      const [size] = await one(ask, "read the size of moved shards", sql.askBytes(shards));
      const begun = shards.flatMap((shard) => watched.startedUs.get(shard) ?? []);
      moving.onEvent({
        kind: "shards-moved",
        atUs: clock.nowUs(),
        name: shards.join(", "),
        shards: shards.length,
        from,
        to,
        bytes: Number(size?.bytes),
        tookMs: millisecondsSince(Math.min(watched.lastUs, ...begun), clock),
        lockedMs: null,
      });
      watched.lastUs = clock.nowUs();
    }
    watched.where = now;
  };

  /** Watches a job to its end, and tells of each move when it is over. */
  const watchJob = async (job: string, watched: Watched, ask: AskGroups): Promise<void> => {
    for (;;) {
      const [{ state, retried, message } = {}] = await one(ask, "ask how rebalancing goes", sql.askJob(job));
      for (const { shard } of await one(ask, "ask what is being moved", sql.askUnderWay)) {
        if (!watched.startedUs.has(String(shard))) watched.startedUs.set(String(shard), clock.nowUs());
      }
      await tellArrived(watched, ask);
      if (state === "finished") return;
      const budgetMs = MOVE_IN_ANSWERS * commandMs;
      const why =
        state === "failed" || state === "cancelled"
          ? `it ${state === "failed" ? "failed" : "was cancelled"}`
          : Number(retried) > 0
            ? "a move failed"
            : millisecondsSince(watched.lastUs, clock) > budgetMs
              ? `no shards arrived within ${MOVE_IN_ANSWERS} times budgets.commandSeconds (${budgetMs / 1000} s)`
              : null;
      if (why !== null)
        throw new HarnessError({
          code: "shards-not-moved",
          message: `Expected Citus to rebalance (job ${job}); ${why}: ${typeof message === "string" ? message : "without a message"}`,
        });
      await ask.pause(LOOK_AGAIN_MS);
    }
  };

  return spreadOneByOne(moving, {
    asking: (signal) => askGroups(moving, signal),
    read: async (ask) => {
      const mayHold = (await one(ask, "read which groups may hold shards", sql.askInUse)).map(({ holder }) =>
        groupOf(holder),
      );
      const shards: Record<string, number> = {};
      for (const { group, shards: own } of (await lookWhere(ask)).values())
        shards[group] = (shards[group] ?? 0) + own.length;
      const [plan] = await one(ask, "ask what there is to be moved", sql.askEven);
      // What a drain that was broken off has left on a group is in use as before.
      const inUse = workers.filter((name) => mayHold.includes(name) || (shards[name] ?? 0) > 0);
      return {
        inUse,
        idle: workers.filter((name) => !inUse.includes(name)),
        shards,
        even: plan?.even === true,
      };
    },
    spread: async (groups, ask) => {
      for (const name of workers) {
        const { citusGroup } = patroniCluster(topology, name);
        if (citusGroup === null) continue;
        const may = groups.includes(name);
        const what = `say whether ${name} holds shards`;
        await one(ask, what, sql.mayHoldShards(citusGroup, may));
      }
      current = { where: await lookWhere(ask), startedUs: new Map(), lastUs: clock.nowUs() };
      const [started] = await ask.once(COORDINATORS, "start rebalancing", [sql.startRebalancing], {
        passing: [],
        everyMs: LOOK_AGAIN_MS,
      });
      const job = String(started?.job);
      if (Number(job) > 0) await watchJob(job, current, ask);
      current = null;
    },
    sweep: async (ask) => {
      for (const { job } of await one(ask, "look for rebalancing under way", sql.askRunning))
        await one(ask, `cancel job ${String(job)}`, sql.cancel(String(job)));
      await ask.until(
        COORDINATORS,
        "rebalancing to end",
        `SELECT count(*)::int AS running FROM (${sql.askRunning}) AS running`,
        { holds: ({ running }) => Number(running) === 0, everyMs: LOOK_AGAIN_MS },
      );
      // What arrived after the last look, before it ended.
      if (current !== null) await tellArrived(current, ask);
      current = null;
      await one(ask, "drop what moves that were broken off have left", sql.dropLeftovers);
    },
  });
};

/** Where everything was at the last look, when moves were first seen under way, by shard, and when anything arrived last. */
interface Watched {
  where: Whereabouts;
  readonly startedUs: Map<string, number>;
  lastUs: number;
}

/** What lives together, its group, and its shards. */
type Whereabouts = ReadonlyMap<string, { readonly group: string; readonly shards: readonly string[] }>;
