import { expect, test } from "vitest";
import { clientEndpoints } from "./layout.ts";
import { fakeTopology } from "./topology.fake.ts";

test("reads enter with Citus' setting where workers' standbys are read from, and writes never", () => {
  const reading = { sharding: "citus", workers: { readFromStandbys: true } } as const;
  const options = "-c citus.use_secondary_nodes=always";
  expect(clientEndpoints(fakeTopology(reading))).toEqual({
    readWrite: { host: "haproxy", port: 5432 },
    readOnly: { host: "haproxy", port: 5433, options },
  });
  const direct = { ...reading, haproxy: { enabled: false }, pgbouncer: { enabled: false } };
  expect(clientEndpoints(fakeTopology(direct))).toEqual({
    readWrite: { host: "coordinator-1", port: 5432 },
    readOnly: { host: "coordinator-1", port: 5432, options },
  });
  expect(clientEndpoints(fakeTopology()).readOnly).toEqual({ host: "haproxy", port: 5433 });
});
