import { afterEach, describe, expect, test } from "vitest";
import type { EventOf } from "../../model/event.ts";
import { observePostgres } from "./observe-postgres.ts";
import { fakeObserving, type FakeObserving } from "./observing.fake.ts";
import type { OpenSql } from "./open-sql.ts";
import { namesListed, standbysWaitedFor } from "./postgres-answer.ts";

const member = {
  group: "coordinators",
  member: "coordinator-1",
  peers: ["coordinator-2"],
  host: "coordinator-1",
  port: 5432,
  restPort: null,
  postgresEveryMs: 5,
  patroniEveryMs: 5,
  lookEveryMs: 200,
};
const login = { database: "postgres", user: "postgres", password: "secret" };

const process = {
  started: "2026-02-12 10:00:00+00",
  age_seconds: 60,
  address: "10.0.0.5",
  receives_from: null,
  standbys: null,
};

/** A server whose answers, refusals and silences a test decides. */
class FakeServer {
  state: "up" | "refusing" | "frozen" = "up";
  row: Record<string, unknown> = {
    ...process,
    in_recovery: false,
    timeline: 1,
    standbys: [["coordinator-2", "sync"]],
    waits_for: "coordinator-2",
  };
  opened = 0;
  private readonly lost = new Set<(reason: unknown) => void>();
  private readonly waiting = new Set<() => void>();

  readonly open: OpenSql = async (_login, timeoutMs, onLost) => {
    if (this.state === "refusing") throw Object.assign(new Error("starting up"), { code: "57P03" });
    if (this.state === "frozen") {
      await new Promise((_, reject) =>
        setTimeout(() => reject(new Error("time-out")), Math.min(timeoutMs, 50)),
      );
    }
    this.opened++;
    this.lost.add(onLost);
    return {
      query: async () => {
        if (this.state === "frozen") await new Promise<void>((resolve) => this.waiting.add(resolve));
        return [this.row];
      },
      drop: () => this.lost.delete(onLost),
    };
  };

  thaw(): void {
    this.state = "up";
    this.waiting.forEach((answer) => answer());
  }

  breakConnections(code?: string): void {
    this.lost.forEach((onLost) => onLost(Object.assign(new Error("lost"), { code })));
  }
}

let observing: FakeObserving;
let done: Promise<void>;

function observe(server: FakeServer): FakeObserving {
  observing = fakeObserving();
  done = observePostgres(member, login, observing, { open: server.open });
  return observing;
}

afterEach(async () => {
  observing.end();
  await done;
});

function isState(reachable: boolean, inRecovery: boolean | null) {
  return (event: { kind: string }): boolean => {
    const state = event as EventOf<"postgres-state">;
    return (
      event.kind === "postgres-state" && state.reachable === reachable && state.inRecovery === inRecovery
    );
  };
}

describe("observePostgres", () => {
  test("tells a primary and its standbys once, however often it looks", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen((event) => event.kind === "replication-state");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toEqual([
      {
        kind: "postgres-state",
        atUs: 0,
        group: "coordinators",
        member: "coordinator-1",
        reachable: true,
        inRecovery: false,
        timeline: 1,
        server: { startedUs: expect.any(Number) as number, address: "10.0.0.5", receivesFrom: null },
        absence: null,
      },
      {
        kind: "replication-state",
        atUs: 0,
        group: "coordinators",
        primary: "coordinator-1",
        streaming: ["coordinator-2"],
        synchronous: ["coordinator-2"],
        commitsWaitFor: 1,
        canConfirm: ["coordinator-2"],
      },
    ]);
    expect(server.opened).toBe(1);
  });

  test("whoever streams without being a member, such as a base backup, is no standby", async () => {
    const server = new FakeServer();
    server.row = { ...process, in_recovery: false, timeline: 1, standbys: [["pg_basebackup", "async"]] };
    const { seen, events } = observe(server);
    await seen((event) => event.kind === "replication-state");
    expect(events.at(-1)).toMatchObject({ streaming: [], synchronous: [] });
  });

  test("a connection that breaks makes the member unreachable at once, and a new one is made", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen(isState(true, false));
    server.row = { ...process, in_recovery: true, timeline: 2 };
    server.breakConnections();
    expect(events.at(-1)).toMatchObject({ kind: "postgres-state", reachable: false, inRecovery: null });
    await seen(isState(true, true));
    expect(events.at(-1)).toMatchObject({ timeline: 2 });
  });

  test("a member that refuses connections is unreachable until it does not", async () => {
    const server = new FakeServer();
    server.state = "refusing";
    const { seen } = observe(server);
    await seen(isState(false, null));
    server.state = "up";
    await seen(isState(true, false));
  });

  test("a frozen member is unreachable after half a second, and answers on the connection that it had", async () => {
    const server = new FakeServer();
    const { seen } = observe(server);
    await seen(isState(true, false));
    server.state = "frozen";
    await seen(isState(false, null));
    await new Promise((resolve) => setTimeout(resolve, 300));
    server.row = { ...process, in_recovery: true, timeline: 1 };
    server.thaw();
    await seen(isState(true, true));
    expect(server.opened).toBeLessThanOrEqual(2);
  });

  test("a primary that was away for a moment tells the same standbys again", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen((event) => event.kind === "replication-state");
    server.breakConnections();
    await seen(() => events.filter((event) => "streaming" in event).length === 2);
    expect(events.at(-1)).toMatchObject({ streaming: ["coordinator-2"], synchronous: ["coordinator-2"] });
  });

  test("a standby that receives from nobody for a moment keeps its timeline", async () => {
    const server = new FakeServer();
    server.row = { ...process, in_recovery: true, timeline: 3 };
    const { seen, events } = observe(server);
    await seen(isState(true, true));
    server.row = { ...process, in_recovery: true, timeline: null };
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(events).toHaveLength(1);
  });

  test("a member that goes away is looked at again at once: was it refused, or is there nothing to hear?", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen(isState(true, false));
    server.state = "refusing";
    server.breakConnections();
    expect(absenceIn(events.at(-1))).toMatchObject({ why: "silent", seenUs: expect.any(Number) as number });
    await seen((event) => absenceIn(event)?.why === "refused");
  });

  test("a server that ends the session as it stops is told from one that is just gone", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen(isState(true, false));
    server.state = "refusing";
    server.breakConnections("57P01");
    expect(absenceIn(events.at(-1))?.why).toBe("ended");
    await seen((event) => absenceIn(event)?.why === "refused");
  });

  test("of a frozen member the last look that it answered is told", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen(isState(true, false));
    server.state = "frozen";
    await seen(isState(false, null));
    const absence = absenceIn(events.at(-1));
    expect(absence).toEqual({ why: "silent", seenUs: expect.any(Number) as number });
  });

  test("a process that goes on has one start, and one that was started anew has another", async () => {
    const server = new FakeServer();
    const { seen, events } = observe(server);
    await seen(isState(true, false));
    server.row = { ...server.row, age_seconds: 61 };
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(events).toHaveLength(2);
    server.row = { ...server.row, started: "2026-02-12 10:01:01+00", age_seconds: 0 };
    await seen((event) => event.kind === "postgres-state" && event !== events[0]);
    const [first, , second] = events.map((event) => (event as EventOf<"postgres-state">).server?.startedUs);
    expect(second! - first!).toBeGreaterThan(59e6);
  });

  test("a standby tells from whom it receives", async () => {
    const server = new FakeServer();
    server.row = { ...process, in_recovery: true, timeline: 1, receives_from: "coordinator-2" };
    const { seen, events } = observe(server);
    await seen(isState(true, true));
    expect(events.at(-1)).toMatchObject({ server: { receivesFrom: "coordinator-2" } });
  });
});

function absenceIn(event: object | undefined): EventOf<"postgres-state">["absence"] {
  return (event as EventOf<"postgres-state"> | undefined)?.absence;
}

test.each([
  ["", 0],
  ["*", 1],
  ["coordinator-2", 1],
  ["a, b", 1],
  ["2 (a, b, c)", 2],
  ["FIRST 2 (a, b)", 2],
  ['ANY 1 ("coordinator-2","coordinator-3")', 1],
])("with synchronous_standby_names '%s' a commit waits for %i", (names, number) => {
  expect(standbysWaitedFor(names)).toBe(number);
});

test.each([
  ["", []],
  ["Coordinator-2", ["coordinator-2"]],
  ["a, b", ["a", "b"]],
  ["2 (a, b, c)", ["a", "b", "c"]],
  ["FIRST 2 ( a , b )", ["a", "b"]],
  ['ANY 1 ("coordinator-2","coordinator-3")', ["coordinator-2", "coordinator-3"]],
  ['"a ""b"", c"', ['a "b", c']],
  ["*", null],
  ["ANY 1 (a, *)", null],
  ["a,", null],
  ["a b", null],
])("synchronous_standby_names '%s' lists %j", (names, listed) => {
  expect(namesListed(names)).toEqual(listed);
});
