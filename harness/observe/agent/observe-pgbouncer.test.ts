import { describe, expect, test } from "vitest";
import { observePgbouncer } from "./observe-pgbouncer.ts";
import { fakeObserving } from "./observing.fake.ts";

const target = { name: "pgbouncer-1", host: "pgbouncer-1", port: 6432, everyMs: 5 };
const login = { database: "bench", user: "dpg_bench", password: "secret" };

describe("observePgbouncer", () => {
  test("tells whether it holds a server connection for the database, and whether clients wait", async () => {
    const pool = {
      database: "bench",
      cl_waiting: "0",
      sv_active: "0",
      sv_idle: "0",
      sv_used: "0",
      sv_tested: "0",
    };
    let pools = [{ ...pool, database: "pgbouncer", sv_idle: "1" }, pool];
    let refusing = false;
    const observing = fakeObserving();
    const done = observePgbouncer(target, login, observing, () =>
      refusing
        ? Promise.reject(new Error("refused"))
        : Promise.resolve({
            query: () => (refusing ? Promise.reject(new Error("lost")) : Promise.resolve(pools)),
            drop: () => undefined,
          }),
    );
    await observing.seen((event) => event.kind === "pool-state");
    expect(observing.events).toMatchObject([{ reachable: true, serverConnected: false, clientsWaiting: 0 }]);
    pools = [{ ...pool, cl_waiting: "3", sv_idle: "2" }];
    await observing.seen((event) => event.kind === "pool-state" && event.serverConnected);
    expect(observing.events.at(-1)).toMatchObject({ clientsWaiting: 3 });
    pools = [{ ...pool, cl_waiting: "4", sv_idle: "2" }];
    refusing = true;
    await observing.seen((event) => event.kind === "pool-state" && !event.reachable);
    observing.end();
    await done;
    expect(observing.events.length).toBeLessThanOrEqual(4);
  });
});
