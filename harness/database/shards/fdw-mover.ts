import * as sql from "../../cluster/sharding/fdw-moves.ts";
import { distributionColumn } from "../../cluster/sharding/create-table.ts";
import { fdw } from "../../cluster/sharding/fdw.ts";
import { shardName } from "../../cluster/sharding/shard-names.ts";
import { HarnessError } from "../../model/errors.ts";
import { COORDINATORS, type GroupSpec } from "../../model/layout.ts";
import type { ShardsHeld } from "../../model/shards.ts";
import type { TableSpec } from "../../model/workload.ts";
import { millisecondsSince, type ShardMover } from "./shard-mover.ts";
import { askGroups, type AskGroups } from "./ask-groups.ts";
import { planMoves, type PlannedMove } from "./plan-moves.ts";
import { spreadOneByOne } from "./spread-one-by-one.ts";

/** All tables of a move may take this many times the budget of one answer to be copied, and again to get their indexes. */
const COPY_IN_ANSWERS = 10;
/** Between two looks at what goes on by itself, and between two tries at a lock that somebody's long statement had. */
const LOOK_AGAIN_MS = 100;

/** One set of shards after the other, by logical replication; see cluster/sharding/fdw-moves. */
export const fdwMover: ShardMover = (moving) => {
  const { topology, layout, clock, tables, credentials } = moving;
  const workers = layout.groups.filter(({ role }) => role === "worker");
  const distributed = tables.filter((table) => distributionColumn(table) !== null);
  const reference = tables.filter(({ distribution }) => distribution === "reference");

  const groupNamed = (name: string): GroupSpec => {
    const group = workers.find((each) => each.name === name);
    if (group !== undefined) return group;
    throw new HarnessError({ code: "no-such-group", message: `Expected a worker group, found "${name}".` });
  };
  const inOrder = (names: readonly string[]): GroupSpec[] =>
    workers.filter(({ name }) => names.includes(name));

  const look = async (ask: AskGroups): Promise<Found> => {
    const onCoordinators = (statement: string) =>
      ask.one(COORDINATORS, "read who holds which shards", [statement]);
    const servers = await onCoordinators(sql.askInUse);
    const there = new Set((await onCoordinators(sql.askTables)).map(({ name }) => String(name)));
    const rows = await onCoordinators(sql.askShards);
    const groupOf = (holder: unknown): string =>
      fdw.placement.groupOf(String(holder), layout) ?? String(holder);
    const shards = rows.map(({ parent, shard, holder }) => ({
      parent: String(parent),
      shard: String(shard),
      group: groupOf(holder),
    }));
    return {
      inUse: inOrder(servers.map(({ holder }) => groupOf(holder))).map(({ name }) => name),
      shards,
      units: new Map(shards.map(({ parent, shard, group }) => [shard.slice(parent.length + 2), group])),
      distributed: distributed.filter(({ name }) => there.has(name)),
      reference: reference.filter(({ name }) => there.has(name)),
    };
  };

  /** Switches that were asked for and did not answer: only the catalogue knows whether they were done. */
  const untold = new Map<string, { readonly to: string; readonly tell: () => void }>();
  /** New homes of shards that were switched, and whose old ones have not been dropped yet. */
  const unsafe = new Map<string, string>();

  /**
   * Until another than the primary of their new home has the shards on its disk: before, the old ones are all there is should it
   * be lost. What is waited for in vain is told, and the move goes on: a group may have lost its standby.
   */
  const awaitStandby = async (group: GroupSpec, what: string, ask: AskGroups): Promise<void> => {
    const [written] = await ask.one(group.name, `read how far ${group.name} has written`, [sql.askWritten]);
    const held = sql.askHeld(String(written?.lsn), group.members.length - 1);
    try {
      await ask.until(group.name, `a standby of ${group.name} to have ${what}`, held, {
        holds: (row) => row.held === true,
        everyMs: LOOK_AGAIN_MS,
      });
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "shards-not-moved") throw error;
      const text = `Old shards were dropped though no standby has the new ones, which the loss of one server would take. ${error.message}`;
      moving.onEvent({ kind: "note", atUs: clock.nowUs(), text });
    }
  };

  /** One set of shards. Rejects with what it waited for in vain; what is left then is for cleaning up. */
  const move = async ({ unit, from, to }: PlannedMove, found: Found, ask: AskGroups): Promise<void> => {
    const startedUs = clock.nowUs();
    const what = `${sql.moveName({ remainder: Number(unit) })} (shards ${unit} of ${found.distributed.length} tables, ${from} to ${to})`;
    const step: sql.FdwMove = {
      remainder: Number(unit),
      tables: found.distributed,
      from: groupNamed(from),
      to: groupNamed(to),
      topology,
    };
    await ask.one(to, `make the shards of ${what}`, sql.makeEmptyShards(step));
    await ask.one(from, `publish ${what}`, sql.publish(step));
    await ask.one(to, `subscribe to ${what}`, [sql.subscribe(step, credentials)]);
    await ask.until(to, `${what} to be copied`, sql.askCopied(step), {
      holds: ({ copied, tables: all }) => Number(copied) >= Number(all),
      answers: COPY_IN_ANSWERS,
      everyMs: LOOK_AGAIN_MS,
    });
    await ask.one(to, `make indexes and statistics of ${what}`, sql.settleShards(step), COPY_IN_ANSWERS);
    await ask.one(COORDINATORS, `prepare the switch of ${what}`, sql.makeSuccessors(step));
    await ask.until(from, `${to} to be almost where ${from} is with ${what}`, sql.askNear(step), {
      holds: ({ near }) => near === true,
      everyMs: LOOK_AGAIN_MS,
    });
    const [size] = await ask.one(to, `read the size of ${what}`, [sql.askBytes(step)]);
    const tell = (lockedMs: number | null): void =>
      moving.onEvent({
        kind: "shards-moved",
        atUs: clock.nowUs(),
        name: `p${unit}`,
        shards: found.distributed.length,
        from,
        to,
        bytes: Number(size?.bytes),
        tookMs: millisecondsSince(startedUs, clock),
        lockedMs,
      });
    untold.set(unit, { to, tell: () => tell(null) });
    // A try that is given up has held the clients up all the same.
    let longestTryMs = 0;
    const [switched] = await ask.once(COORDINATORS, `switch ${what} over`, sql.switchOver(step), {
      passing: ["55P03", "40P01"],
      everyMs: LOOK_AGAIN_MS,
      passed: (tookMs) => (longestTryMs = Math.max(longestTryMs, tookMs)),
    });
    untold.delete(unit);
    unsafe.set(unit, to);
    // Once it has been switched it is moved, whatever becomes of what is to be cleared away.
    tell(Math.round(Math.max(longestTryMs, Number(switched?.locked_ms))));
    await ask.until(
      COORDINATORS,
      `the coordinators' standbys to know of ${what}`,
      sql.askKnown(String(switched?.lsn)),
      { holds: ({ known }) => known === true, everyMs: LOOK_AGAIN_MS },
    );
    await ask.one(to, `end the subscription to ${what}`, sql.unsubscribe(sql.moveName(step)));
    await awaitStandby(step.to, what, ask);
    await ask.one(from, `drop the old shards of ${what}`, [
      sql.dropSlots,
      sql.dropPublications,
      ...sql.dropShards(found.distributed.map((table) => shardName(table, step.remainder))),
    ]);
    unsafe.delete(unit);
  };

  const sweep = async (ask: AskGroups): Promise<void> => {
    // A switch of which nobody told the end is over, one way or the other, before anything is dropped.
    await ask.one(COORDINATORS, "wait for the end of a switch of shards", [sql.awaitSwitch]);
    const { shards, units } = await look(ask);
    for (const [unit, { to, tell }] of untold) {
      if (units.get(unit) !== to) continue;
      tell();
      unsafe.set(unit, to);
    }
    untold.clear();
    await ask.one(
      COORDINATORS,
      "drop foreign tables of moves that were broken off",
      sql.dropSuccessors(distributed, topology, workers),
    );
    await Promise.all(
      workers.map(async ({ name }) => {
        const left = await ask.one(name, "look for subscriptions of moves", [sql.askSubscriptions]);
        for (const { name: subscription } of left)
          await ask.one(
            name,
            `drop the subscription ${String(subscription)}`,
            sql.unsubscribe(String(subscription)),
          );
      }),
    );
    for (const name of new Set(unsafe.values()))
      await awaitStandby(groupNamed(name), `what was moved to ${name}`, ask);
    await Promise.all(
      workers.map(({ name }) =>
        ask.one(name, "drop what moves that were broken off have left", [
          sql.dropSlots,
          sql.dropPublications,
          ...sql.dropShards(shards.filter(({ group }) => group !== name).map(({ shard }) => shard)),
        ]),
      ),
    );
    unsafe.clear();
  };

  const spread = async (wanted: readonly string[], ask: AskGroups): Promise<void> => {
    const found = await look(ask);
    const used = new Set(found.inUse);
    for (const group of inOrder(wanted)) {
      if (used.has(group.name)) continue;
      used.add(group.name);
      await ask.one(
        group.name,
        `make reference tables on ${group.name}`,
        sql.makeReferenceTables(found.reference),
      );
      await ask.one(
        COORDINATORS,
        `take ${group.name} into use`,
        sql.takeIntoUse(group, found.reference, { inUse: inOrder([...used]), topology, credentials }),
      );
    }
    for (const planned of planMoves(
      found.units,
      inOrder(wanted).map(({ name }) => name),
    ))
      await move(planned, found, ask);
    for (const group of inOrder([...used])) {
      if (wanted.includes(group.name)) continue;
      used.delete(group.name);
      await ask.one(
        COORDINATORS,
        `take ${group.name} out of use`,
        sql.takeOutOfUse(group, found.reference, inOrder([...used])),
      );
    }
  };

  return spreadOneByOne(moving, {
    read: async (ask): Promise<ShardsHeld> => {
      const { inUse, shards, units } = await look(ask);
      const counts: Record<string, number> = {};
      for (const { group } of shards) counts[group] = (counts[group] ?? 0) + 1;
      const idle = workers.map(({ name }) => name).filter((name) => !inUse.includes(name));
      return { inUse, idle, shards: counts, even: planMoves(units, inUse).length === 0 };
    },
    spread,
    sweep,
    asking: (signal) => askGroups(moving, signal),
  });
};

interface Found {
  readonly inUse: readonly string[];
  readonly shards: readonly { readonly parent: string; readonly shard: string; readonly group: string }[];
  /** The group of each remainder. */
  readonly units: ReadonlyMap<string, string>;
  /** Tables that there are. */
  readonly distributed: readonly TableSpec[];
  readonly reference: readonly TableSpec[];
}
