import { expect, test } from "vitest";
import { expectMeasured, healthLines, runThroughOutage } from "./known-outage.fake.ts";
import type { OutageProxy } from "./outage-proxy.fake.ts";
import { startPostgresStub } from "./postgres-stub.fake.ts";

for (const [title, cause] of [
  ["a black hole", (proxy: OutageProxy) => proxy.blackHole(3000)],
  ["a refusal", (proxy: OutageProxy) => proxy.refuse(3000)],
] as const) {
  test.concurrent(
    `${title} of 3.000 s is measured as 3.000 s to one probe interval, by both probes`,
    async () => {
      await using stub = await startPostgresStub();
      const server = { host: "127.0.0.1", port: stub.port };
      const run = await runThroughOutage({
        ...{ server, database: "bench", password: "secret", statements: [], readLedger: false },
        cause,
      });
      expectMeasured(title, run, "write-probe");
      expectMeasured(title, run, "read-probe");
      console.log(healthLines(run));
      const connections = run.events.filter(({ kind }) => kind.startsWith("connection-"));
      // Each probe and each of the mix's two entries: made at first, lost, made again; not one per operation.
      expect(connections.filter(({ kind }) => kind === "connection-lost").length).toBeGreaterThanOrEqual(4);
      expect(connections.length).toBeLessThan(60);
    },
  );
}
