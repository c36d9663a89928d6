import { beforeEach, describe, expect, test } from "vitest";
import type { ResourceReading } from "../../model/resource.ts";
import type { ObservedMember, ObservedPooler } from "../protocol/observer-spec.ts";
import type { OpenSql } from "./open-sql.ts";
import { readCitus } from "./read-citus.ts";
import { readPooler } from "./read-pooler.ts";
import { readPostgres } from "./read-postgres.ts";
import { readStatements } from "./read-statements.ts";
import type { Reporting } from "../protocol/reporting.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

const member = (name: string): ObservedMember => ({
  group: "coordinators",
  member: name,
  peers: [],
  host: name,
  port: 5432,
  restPort: null,
  postgresEveryMs: 50,
  patroniEveryMs: 250,
  lookEveryMs: 200,
});
const pooler: ObservedPooler = {
  name: "pgbouncer-1",
  host: "pgbouncer-1",
  port: 6432,
  everyMs: 250,
  poolSize: 100,
};
const login = { database: "bench", user: "postgres", password: "secret", role: "dpg_bench" };

describe("readPooler", () => {
  test("sums the pools of the clients' database, and tells the mean wait since the reading before", async () => {
    const answers: Record<string, Rows[]> = {
      "SHOW POOLS": [
        [
          { database: "pgbouncer", cl_active: "1", cl_waiting: "9", maxwait: "7" },
          {
            database: "bench",
            cl_active: "100",
            cl_waiting: "230",
            sv_active: "98",
            sv_idle: "1",
            sv_used: "1",
            sv_tested: "0",
            maxwait: "4",
            maxwait_us: "250000",
          },
          {
            database: "bench",
            cl_active: "2",
            cl_waiting: "3",
            sv_active: "2",
            maxwait: "0",
            maxwait_us: "7",
          },
        ],
      ],
      "SHOW STATS": [
        [{ database: "bench", total_wait_time: "5000000", total_server_assignment_count: "1000" }],
        [{ database: "bench", total_wait_time: "6000000", total_server_assignment_count: "1400" }],
      ],
    };
    const reporting = reportingUntil(2);
    await readPooler(
      pooler,
      login,
      reporting,
      server((sql) => next(answers[sql]!)),
    );
    expect(reporting.readings.map((reading) => ({ ...reading, atUs: 0 }))).toEqual(
      [0, 2.5].map((meanWaitMs) => ({
        atUs: 0,
        kind: "pooler",
        pgbouncer: "pgbouncer-1",
        clientsActive: 102,
        clientsWaiting: 233,
        serversActive: 100,
        serversIdle: 2,
        poolSize: 100,
        longestWaitMs: 4250,
        meanWaitMs,
      })),
    );
    expect(reporting.complaints).toEqual([]);
  });

  test("complains once of a console that does not let it in, and goes on asking", async () => {
    let dials = 0;
    const reporting = reportingUntil(1);
    await readPooler(pooler, login, reporting, (...args) => {
      dials += 1;
      if (dials < 3) return Promise.reject(new Error("refused"));
      return server(() => [])(...args);
    });
    expect(reporting.complaints).toEqual(["The queue of pgbouncer-1 could not be read: Error: refused."]);
    expect(reporting.readings).toMatchObject([{ clientsWaiting: 0, longestWaitMs: 0, meanWaitMs: 0 }]);
  });
});

describe("readPostgres", () => {
  test("tells the mean of what was seen in several looks, and the growth of counters", async () => {
    const counters: Rows[] = [
      [counted({ wal_bytes: 1_000_000, checkpoints: 5 })],
      [counted({ wal_bytes: 21_000_000, checkpoints: 6 })],
    ];
    let looks = 0;
    const reporting = reportingUntil(1);
    await readPostgres(
      member("coordinator-1"),
      login,
      reporting,
      server((sql) => {
        if (sql.includes("wal_bytes")) return next(counters);
        looks += 1;
        if (looks === 1) return [{ wait: "Lock:tuple", backends: 9 }];
        return looks === 2 ? [{ wait: "IPC:SyncRep", backends: 8 }] : [{ wait: "CPU", backends: 3 }];
      }),
    );
    // The first look began the second that the reading is of.
    const within = looks - 1;
    const mean = (sum: number): number => Math.round((sum / within) * 100) / 100;
    expect(reporting.readings).toMatchObject([
      {
        kind: "postgres",
        member: "coordinator-1",
        primary: true,
        connections: 23,
        maxConnections: 400,
        checkpoints: 1,
        activeByWait: { "IPC:SyncRep": mean(8), ...(within > 1 ? { CPU: mean(3 * (within - 1)) } : {}) },
      },
    ]);
    const [reading] = reporting.readings;
    expect(reading?.kind === "postgres" && reading.walBytesPerSecond).toBeGreaterThan(0);
    expect(reading?.kind === "postgres" && reading.activeByWait["Lock:tuple"]).toBeUndefined();
  });

  test("has no growth to tell after a change of roles", async () => {
    const counters: Rows[] = [
      [counted({ in_recovery: true, wal_bytes: 1_000_000 })],
      [counted({ wal_bytes: 21_000_000, checkpoints: 6 })],
    ];
    const reporting = reportingUntil(1);
    await readPostgres(
      member("coordinator-1"),
      login,
      reporting,
      server((sql) => (sql.includes("wal_bytes") ? next(counters) : [])),
    );
    expect(reporting.readings).toMatchObject([
      { primary: true, walBytesPerSecond: 0, checkpoints: 0, activeByWait: {} },
    ]);
  });
});

describe("readStatements", () => {
  test("tells each member's and counts from 0 again; who does not answer is missing", async () => {
    const asked: string[] = [];
    const open = server((sql) => {
      asked.push(sql);
      return sql.startsWith("select left(query")
        ? [{ query: "select 1", calls: 10, total_ms: 5, mean_ms: 0.5, rows: 10, wal_bytes: 0 }]
        : [];
    });
    const told = await readStatements([member("coordinator-1"), member("coordinator-2")], login, (...args) =>
      args[0].host === "coordinator-2" ? Promise.reject(new Error("refused")) : open(...args),
    );
    expect(told).toEqual({
      statements: [
        {
          member: "coordinator-1",
          query: "select 1",
          calls: 10,
          totalMs: 5,
          meanMs: 0.5,
          rows: 10,
          walBytes: 0,
        },
      ],
      missing: ["The statements of coordinator-2 could not be read: Error: refused."],
    });
    expect(asked.at(-1)).toBe("select pg_stat_statements_reset()");
  });
});

describe("readCitus", () => {
  const coordinator = {
    group: "coordinators",
    member: "coordinator-1",
    host: "coordinator-1",
    port: 5432,
    everyMs: 50,
  };
  const counts = (single: number, failed: number) => [
    { single_shard: single, multi_shard: 40, made: 8, failed, reused: 2 * single },
  ];
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
  });
  /** Answers as a coordinator that is primary or not, and whose Citus has counters or not. */
  const citus = (known: object, counters: Rows[] = [[]]) =>
    server((sql) => {
      asked.push(sql);
      if (sql.includes("in_recovery")) return [{ in_recovery: false, ...known }];
      if (sql.includes("to_regclass")) return [{ has_waits: true, has_counters: true, ...known }];
      if (sql.includes("waiting_gpid"))
        return [{ waiting: 3, blocked: "update accounts", blocking: "commit" }];
      return next(counters);
    });

  test("tells who waits for whom over all nodes, and how fast the counters grew", async () => {
    const reporting = reportingUntil(1);
    await readCitus(coordinator, login, reporting, citus({}, [counts(1000, 2), counts(3000, 2)]));
    expect(reporting.readings).toMatchObject([
      {
        ...{ kind: "citus", member: "coordinator-1" },
        ...{ lockWaits: 3, blocked: "update accounts", blocking: "commit" },
        perSecond: { multiShardQueries: 0, connectionsMade: 0, connectionsFailed: 0 },
      },
    ]);
    const [reading] = reporting.readings;
    const rates = reading?.kind === "citus" ? reading.perSecond : null;
    expect(rates?.singleShardQueries).toBeGreaterThan(0);
    expect(rates!.connectionsReused / rates!.singleShardQueries).toBeCloseTo(2, 2);
  });

  test("asks no standby for lock waits, and no Citus without counters for them", async () => {
    const reporting = reportingUntil(1);
    await readCitus(coordinator, login, reporting, citus({ in_recovery: true, has_counters: false }));
    expect(reporting.readings).toMatchObject([
      { lockWaits: null, blocked: null, blocking: null, perSecond: null },
    ]);
  });

  test("asks a connection once which views there are, and again as long as Citus is not there", async () => {
    await readCitus(coordinator, login, reportingUntil(2), citus({}, [counts(1, 0)]));
    expect(asked.filter((sql) => sql.includes("to_regclass"))).toHaveLength(1);
    asked.length = 0;
    await readCitus(coordinator, login, reportingUntil(1), citus({ has_waits: false, has_counters: false }));
    expect(asked.filter((sql) => sql.includes("to_regclass"))).toHaveLength(2);
  });

  test("has no growth to tell of a server that was started again", async () => {
    const reporting = reportingUntil(1);
    await readCitus(coordinator, login, reporting, citus({}, [counts(3000, 2), counts(10, 0)]));
    expect(reporting.readings).toMatchObject([
      { perSecond: { singleShardQueries: 0, connectionsFailed: 0 } },
    ]);
  });

  test("says once that a coordinator cannot be asked, and goes on", async () => {
    let dials = 0;
    const reporting = reportingUntil(1);
    await readCitus(coordinator, login, reporting, (...args) => {
      dials += 1;
      return dials < 3 ? Promise.reject(new Error("refused")) : citus({}, [counts(1, 0)])(...args);
    });
    expect(reporting.complaints).toEqual([
      "Lock waits and counters of Citus on coordinator-1 could not be read: Error: refused.",
    ]);
  });
});

function counted(row: object): Readonly<Record<string, unknown>> {
  return { in_recovery: false, connections: 23, max_connections: 400, wal_bytes: 0, checkpoints: 0, ...row };
}

/** The next of the answers; the last one again and again. */
function next(answers: Rows[]): Rows {
  return answers.length > 1 ? answers.shift()! : answers[0]!;
}

function server(answer: (sql: string) => Rows): OpenSql {
  return () => Promise.resolve({ query: (sql) => Promise.resolve(answer(sql)), drop: () => undefined });
}

/** Collects what is reported, and ends the reader with so many readings. */
function reportingUntil(count: number): Reporting & { readings: ResourceReading[]; complaints: string[] } {
  const abort = new AbortController();
  const readings: ResourceReading[] = [];
  const complaints: string[] = [];
  return {
    readings,
    complaints,
    nowUs: () => Math.round(performance.now() * 1000),
    report: (reading) => {
      readings.push(reading);
      if (readings.length >= count) abort.abort();
    },
    complain: (text) => complaints.push(text),
    signal: abort.signal,
  };
}
