import { expect, test } from "vitest";
import type { LoadPlan } from "../../model/load.ts";
import { isProbe } from "../../model/sample.ts";
import { tenantOrders } from "../../workloads/tenant-orders.ts";
import { describeStreams } from "./describe-streams.ts";

const probe = { ratePerSecond: 100, timeoutMs: 1000 };
const probesOnly: LoadPlan = { writeProbe: probe, readProbe: probe, background: null };

test("without a background there are the two probes, and only the write probe has a ledger", () => {
  expect(describeStreams(probesOnly, null, ["worker-1"], ["coordinator-1"])).toEqual([
    { name: "write-probe", kind: "write", ledgerTable: "dpg_ledger", ...probe },
    { name: "read-probe", kind: "read", ledgerTable: null, ...probe },
  ]);
});

test("where shards are probed, each worker group has a write probe with a ledger and a read probe", () => {
  const shardProbes = { ratePerSecond: 25, timeoutMs: 500 };
  const streams = describeStreams({ ...probesOnly, shardProbes }, null, ["worker-1", "worker-2"], []).slice(
    2,
  );
  expect(streams).toEqual(
    ["worker-1", "worker-2"].flatMap((group) => [
      {
        name: `${group}-write-probe`,
        kind: "write",
        ledgerTable: "dpg_shard_ledger",
        group,
        ...shardProbes,
      },
      { name: `${group}-read-probe`, kind: "read", ledgerTable: null, group, ...shardProbes },
    ]),
  );
});

test("a benchmark has no streams: its stages are recorded apart", () => {
  expect(describeStreams(null, tenantOrders.build({}), [], ["coordinator-1"])).toEqual([]);
});

test("the background's rate is shared out by the weights of its operations", () => {
  const background = {
    workload: "tenant-orders",
    ratePerSecond: 200,
    arrival: "poisson",
    timeoutMs: 800,
    connections: 8,
  } as const;
  const mix = describeStreams({ ...probesOnly, background }, tenantOrders.build({}), [], []).slice(2);
  expect(mix).toEqual([
    { name: "mix-insert-order", kind: "write", ledgerTable: "orders", ratePerSecond: 60, timeoutMs: 800 },
    { name: "mix-select-order", kind: "read", ledgerTable: null, ratePerSecond: 100, timeoutMs: 800 },
    { name: "mix-update-order", kind: "write", ledgerTable: null, ratePerSecond: 40, timeoutMs: 800 },
  ]);
});

test("a writer to each member has a ledger of its own, since each counts from 1, and is no probe", () => {
  const directWriters = { ratePerSecond: 20, timeoutMs: 1000 };
  const streams = describeStreams(
    { ...probesOnly, directWriters },
    null,
    [],
    ["coordinator-1", "coordinator-2"],
  );
  expect(streams.filter((stream) => !isProbe(stream))).toEqual(
    [1, 2].map((number) => ({
      name: `direct-coordinator-${number}`,
      kind: "write",
      ledgerTable: `dpg_ledger_of_coordinator_${number}`,
      member: `coordinator-${number}`,
      ...directWriters,
    })),
  );
});
