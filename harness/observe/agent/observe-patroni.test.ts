import { describe, expect, test } from "vitest";
import { fakeHttp } from "./get-over-http.fake.ts";
import { observePatroni } from "./observe-patroni.ts";
import { fakeObserving } from "./observing.fake.ts";

describe("observePatroni", () => {
  const member = {
    group: "worker-1",
    member: "worker-1b",
    peers: [],
    host: "127.0.0.1",
    port: 0,
    postgresEveryMs: 5,
    patroniEveryMs: 5,
    lookEveryMs: 200,
  };

  test("tells role and state whatever the HTTP status, and unreachable when there is no answer", async () => {
    const status = { state: "starting", role: "replica" };
    let body: object = status;
    const { port: restPort, close } = await fakeHttp(() => ({ status: 503, body: JSON.stringify(body) }));
    const observing = fakeObserving();
    const done = observePatroni({ ...member, restPort }, observing);
    await observing.seen((event) => event.kind === "member-state" && event.state === "starting");
    body = {
      state: "running",
      role: "replica",
      replication_state: "streaming",
      timeline: 4,
      sync_standby: true,
    };
    await observing.seen((event) => event.kind === "member-state" && event.role === "sync_standby");
    expect(observing.events.at(-1)).toMatchObject({ state: "streaming", timeline: 4 });
    close();
    await observing.seen((event) => event.kind === "member-state" && event.role === "unreachable");
    observing.end();
    await done;
  });
});
