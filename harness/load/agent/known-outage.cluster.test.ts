import { afterAll, beforeAll, expect, test } from "vitest";
import { createCredentials } from "../../cluster/create-credentials.ts";
import { testImages } from "../../cluster/images.fake.ts";
import { startContainers, type StartedContainers } from "../../cluster/start-containers.ts";
import type { IdRanges } from "../protocol/agent-protocol.ts";
import { expectMeasured, healthLines, runThroughOutage } from "./known-outage.fake.ts";
import type { OutageProxy } from "./outage-proxy.fake.ts";
import { development } from "../../../topologies/development.ts";
import { tenantOrders } from "../../workloads/tenant-orders.ts";
import { defaultRuntime } from "../../runtime/catalogue.ts";
import { quietProgress } from "../../model/progress.fake.ts";

const credentials = createCredentials();
let containers: StartedContainers | undefined;

beforeAll(async () => {
  containers = await startContainers(development, {
    images: await testImages(),
    runtime: defaultRuntime,
    runId: "known-outage",
    mode: "run",
    credentials,
    lifetimeSeconds: 600,
    publish: true,
    keepConfig: () => Promise.resolve(),
    progress: quietProgress,
    signal: AbortSignal.timeout(120_000),
    commandMs: 30_000,
  });
  await containers.bootstrap();
});

afterAll(async () => {
  await containers?.[Symbol.asyncDispose]();
});

const orders = tenantOrders.build({});
const tables = [
  "drop table if exists dpg_ledger, orders",
  "create table dpg_ledger (id bigint not null primary key)",
  `create table orders (${orders.tables[0]!.columns.map((column) => column.join(" ")).join(", ")},
                        primary key (tenant_id, id))`,
  ...orders.seed,
];

test.each([
  ["a black hole", (proxy: OutageProxy) => proxy.blackHole(3000)],
  ["a refusal", (proxy: OutageProxy) => proxy.refuse(3000)],
] as const)(
  "%s of 3.000 s before a real PostgreSQL is measured as 3.000 s, and its ledger holds every acknowledged write",
  // A stall of the machine at the outage's edge is an outage of its own, and says nothing of the measurement.
  { retry: 2 },
  async (title, cause) => {
    const run = await runThroughOutage({
      server: containers!.entry.readWrite!,
      database: development.postgres.database,
      password: credentials.clientPassword,
      statements: tables,
      readLedger: true,
      cause,
    });
    expectMeasured(title, run, "write-probe");
    expectMeasured(title, run, "read-probe");
    console.log(healthLines(run));
    const writes = run.samples.get("write-probe")!;
    const present = idsOf(run.ledger!);
    const missing = writes.filter(({ id, outcome }) => outcome === "ok" && !present.has(id));
    const failedButPresent = writes.filter(({ id, outcome }) => outcome === "failed" && present.has(id));
    expect({ missing, failedButPresent }).toEqual({ missing: [], failedButPresent: [] });
    expect(run.ledger!.rows).toBeGreaterThanOrEqual(200);
  },
);

function idsOf({ present }: IdRanges): Set<number> {
  return new Set(
    present.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index)),
  );
}
