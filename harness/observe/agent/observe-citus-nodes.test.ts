import { afterEach, expect, test } from "vitest";
import { observeCitusNodes } from "./observe-citus-nodes.ts";
import { fakeObserving, type FakeObserving } from "./observing.fake.ts";
import type { OpenSql } from "./open-sql.ts";

const coordinator = {
  group: "coordinators",
  member: "coordinator-1",
  host: "coordinator-1",
  port: 5432,
  everyMs: 5,
};
const login = { database: "bench", user: "postgres", password: "secret" };

function row(host: string, changes: object = {}): Record<string, unknown> {
  return {
    ...{ citus_group: 1, host, role: "primary", active: true, metadata_synced: true, holds_shards: true },
    ...changes,
  };
}

/** A coordinator whose table, and whether it is there, a test decides. */
class FakeCoordinator {
  database = true;
  hasTable = true;
  rows = [row("worker-1a")];
  frozen = false;
  opened = 0;
  asked: string[] = [];
  private lose: () => void = () => undefined;

  readonly open: OpenSql = (_login, _timeoutMs, onLost) => {
    if (!this.database) return Promise.reject(new Error('database "bench" does not exist'));
    this.opened++;
    this.lose = () => onLost(new Error("lost"));
    return Promise.resolve({
      query: async (sql) => {
        this.asked.push(sql);
        if (this.frozen) await new Promise(() => undefined);
        if (sql.includes("to_regclass")) return [{ is_there: this.hasTable }];
        if (!this.hasTable) throw new Error('relation "pg_dist_node" does not exist');
        return this.rows;
      },
      drop: () => undefined,
    });
  };

  breakConnection(): void {
    this.lose();
  }
}

let observing: FakeObserving;
let done: Promise<void>;

function observe(server: FakeCoordinator): FakeObserving {
  observing = fakeObserving();
  done = observeCitusNodes(coordinator, login, observing, server.open);
  return observing;
}

afterEach(async () => {
  observing.end();
  await done;
});

function knows(host: string) {
  return (event: object): boolean => JSON.stringify(event).includes(host);
}

test("tells what is in pg_dist_node once, and again when it changes", async () => {
  const server = new FakeCoordinator();
  const { seen, events } = observe(server);
  await seen(knows("worker-1a"));
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(events).toEqual([
    {
      kind: "citus-nodes",
      atUs: 0,
      group: "coordinators",
      member: "coordinator-1",
      nodes: [
        {
          citusGroup: 1,
          host: "worker-1a",
          role: "primary",
          active: true,
          metadataSynced: true,
          holdsShards: true,
        },
      ],
    },
  ]);
  server.rows = [row("worker-1b", { metadata_synced: false })];
  await seen(knows("worker-1b"));
  expect(events).toHaveLength(2);
  expect(server.opened).toBe(1);
});

test("never asks for the table where Citus is not, and finds it when it is", async () => {
  const server = new FakeCoordinator();
  server.hasTable = false;
  const { seen, events } = observe(server);
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect(events).toEqual([]);
  expect(server.asked.length).toBeGreaterThan(0);
  expect(server.asked.filter((sql) => !sql.includes("to_regclass"))).toEqual([]);
  server.hasTable = true;
  await seen(knows("worker-1a"));
});

test("waits for a database that is not there yet", async () => {
  const server = new FakeCoordinator();
  server.database = false;
  const { seen, events } = observe(server);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(events).toEqual([]);
  server.database = true;
  await seen(knows("worker-1a"));
});

test("a connection that is lost is made anew, and what has not changed is not told again", async () => {
  const server = new FakeCoordinator();
  const { seen, events } = observe(server);
  await seen(knows("worker-1a"));
  server.breakConnection();
  await expect.poll(() => server.opened).toBe(2);
  server.rows = [row("worker-1b")];
  await seen(knows("worker-1b"));
  expect(events).toHaveLength(2);
});

test("a coordinator that is frozen is asked on a new connection when it wakes", async () => {
  const server = new FakeCoordinator();
  const { seen } = observe(server);
  await seen(knows("worker-1a"));
  server.frozen = true;
  await expect.poll(() => server.opened, { timeout: 3000 }).toBeGreaterThan(1);
  server.frozen = false;
  server.rows = [row("worker-1b")];
  await seen(knows("worker-1b"));
});
