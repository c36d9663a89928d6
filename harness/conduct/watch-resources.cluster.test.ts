import { cpus } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { topologyCatalogue } from "../../topologies/catalogue.ts";
import { bringUpForTest } from "./bring-up-cluster.fake.ts";
import type { RunningCluster } from "./bring-up-cluster.ts";
import { findBottlenecks } from "../measure/bottleneck/find-bottlenecks.ts";
import { clientEndpoints } from "../model/layout.ts";
import type { ResourceReading, StatementReading } from "../model/resource.ts";
import type { Topology } from "../model/topology.ts";
import { systemClock } from "../support/system-clock.ts";
import { watchResources } from "./watch-resources.ts";

const highAvailability = topologyCatalogue["high-availability"];
/** One of each component, and a pool that eight clients fill. */
const topology: Topology = {
  ...highAvailability,
  etcd: { ...highAvailability.etcd, members: 1 },
  coordinators: { members: 1, synchronousMode: "off" },
  pgbouncer: { ...highAvailability.pgbouncer, poolMode: "session", poolSize: 3, queryWaitTimeout: 60 },
  resources: { ...highAvailability.resources, coordinator: { cpus: 1, memoryMb: 1024 } },
};
const CLIENTS = 8;
const ROWS = 100_000;

const clock = systemClock();
const { signal } = new AbortController();
let cluster: RunningCluster | undefined;

beforeAll(async () => {
  cluster = await bringUpForTest(topology, { runId: "watch-resources-test", clock, signal });
  await sql("create table watched (id int not null)");
});

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

test("sessions that fill the pool show in every kind of reading, their statements in those of the stage", async () => {
  const readings: ResourceReading[] = [];
  const statements: StatementReading[] = [];
  const events: object[] = [];
  const recording = {
    resources: (batch: readonly ResourceReading[]) => void readings.push(...batch),
    statements: (batch: readonly StatementReading[]) => void statements.push(...batch),
    event: (event: object) => void events.push(event),
  };
  await using watching = await watchResources({ cluster: cluster!, recording, clock, signal });
  await Promise.all(Array.from({ length: CLIENTS }, () => session()));
  await watching.stageEnded(1);
  await session();
  await watching.stageEnded(2);
  expect(events).toEqual([]);

  const of = <Kind extends ResourceReading["kind"]>(kind: Kind) =>
    readings.filter((reading): reading is Extract<ResourceReading, { kind: Kind }> => reading.kind === kind);
  const most = (values: readonly number[]): number => Math.max(0, ...values);

  for (const { cores, busyCores, ioWaitCores, stolenCores } of of("machine")) {
    expect(cores).toBe(cpus().length);
    expect(busyCores + ioWaitCores + stolenCores).toBeLessThanOrEqual(cores + 0.01);
  }
  expect(most(of("machine").map(({ busyCores }) => busyCores))).toBeGreaterThan(0.1);

  expect([...new Set(of("container").map(({ node }) => node))].toSorted()).toEqual(
    cluster!.layout.nodes.map(({ name }) => name).toSorted(),
  );
  const database = of("container").filter(({ node }) => node === "coordinator-1");
  expect(database.length).toBeGreaterThanOrEqual(3);
  for (const reading of database) {
    expect(reading).toMatchObject({ cpuLimit: 1, memoryLimitMb: 1024 });
    expect(reading.memoryMb).toBeGreaterThan(10);
    expect(reading.memoryMb).toBeLessThan(1024);
  }
  expect(most(database.map(({ cpuCores }) => cpuCores))).toBeGreaterThan(0.1);
  expect(most(database.map((reading) => reading.networkReceivedBytesPerSecond))).toBeGreaterThan(0);

  const full = of("pooler").filter(({ clientsWaiting }) => clientsWaiting > 0);
  expect(most(full.map(({ clientsWaiting }) => clientsWaiting))).toBe(CLIENTS - topology.pgbouncer.poolSize);
  expect(most(full.map(({ serversActive }) => serversActive))).toBe(topology.pgbouncer.poolSize);
  expect(most(full.map(({ longestWaitMs }) => longestWaitMs))).toBeGreaterThan(100);
  expect(most(of("pooler").map(({ meanWaitMs }) => meanWaitMs))).toBeGreaterThan(100);
  expect(findBottlenecks(full, context)).toMatchObject([{ resource: "connections of pgbouncer-1" }]);

  for (const reading of of("postgres")) {
    expect(reading).toMatchObject({ member: "coordinator-1", primary: true, maxConnections: 400 });
    expect(reading.connections).toBeLessThan(30);
  }
  const waits = of("postgres").flatMap(({ activeByWait }) => Object.entries(activeByWait));
  expect(most(waits.map(([, backends]) => backends))).toBeLessThanOrEqual(topology.pgbouncer.poolSize);
  expect(waits.map(([wait]) => wait)).toContain("Timeout:PgSleep");
  expect(most(of("postgres").map(({ walBytesPerSecond }) => walBytesPerSecond))).toBeGreaterThan(1_000_000);

  const inserts = statements.filter(({ query }) => query.startsWith("insert into watched"));
  expect(inserts).toMatchObject([
    { stage: 1, member: "coordinator-1", calls: CLIENTS, rows: CLIENTS * ROWS },
    { stage: 2, member: "coordinator-1", calls: 1, rows: ROWS },
  ]);
  for (const { totalMs, meanMs, calls, walBytes } of inserts) {
    expect(totalMs / calls).toBeCloseTo(meanMs);
    expect(walBytes / calls).toBeGreaterThan(ROWS * 50);
  }
});

const context = {
  shape: { kind: "closed", clients: CLIENTS, thinkTimeMs: 0 },
  connections: CLIENTS,
  client: { clientBound: null, busiestSenderCores: { kind: "value", value: 0.1 } },
} as const;

/** Works, and keeps its server connection for a while after that, as an idle client in session pooling does. */
async function session(): Promise<void> {
  await sql(`insert into watched select generate_series(1, ${ROWS})`, "select pg_sleep(1.5)");
}

async function sql(...statements: readonly string[]): Promise<void> {
  const { agent, topology: running } = cluster!;
  const at = clientEndpoints(running).readWrite;
  await agent.run({ at, database: running.postgres.database, statements, budgetMs: 60_000 });
}
