import { expect, test } from "vitest";
import { fakeClock } from "../model/clock.fake.ts";
import { fakeSqlRunner, sqlFailure } from "../model/sql-runner.fake.ts";
import { fakeTopology } from "../model/topology.fake.ts";
import { decidePrepared } from "./read-invariant.ts";

test.each(["42501", "ECONNREFUSED"])(
  "what cannot be decided is the cluster's failure, whatever it failed by (%s)",
  async (code) => {
    const clock = fakeClock();
    const agent = fakeSqlRunner({
      clock,
      tookMs: 10,
      answer: (statement) => {
        throw sqlFailure(statement, code);
      },
    });
    const topology = fakeTopology({
      sharding: "citus",
      workers: { groups: 2, membersPerGroup: 2, shards: 4 },
    });
    const { signal } = new AbortController();
    const deciding = decidePrepared(() => 60_000 - clock.nowUs() / 1000, { topology, agent, clock, signal });
    const settled = deciding.catch((error: unknown) => error);
    await clock.run();
    expect(await settled).toMatchObject({ code: "prepared-undecided" });
    expect(clock.nowUs()).toBeLessThan(61e6);
  },
);
