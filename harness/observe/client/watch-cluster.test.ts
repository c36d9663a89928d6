import { describe, expect, test } from "vitest";
import type { LineChannel } from "../../model/capabilities.ts";
import type { ClusterEvent } from "../../model/event.ts";
import { layOut } from "../../cluster/components/lay-out.ts";
import type { ResourceReading } from "../../model/resource.ts";
import { fakeTopology } from "../../model/topology.fake.ts";
import { systemClock } from "../../support/system-clock.ts";
import { wholeClusterEvents } from "./cluster-view.fake.ts";
import type { ObserverSpec } from "../protocol/observer-spec.ts";
import { redundancyGaps } from "../../cluster/redundancy.ts";
import { watchCluster, type RunningWatch } from "./watch-cluster.ts";

const topology = fakeTopology();
const layout = layOut(topology);
const credentials = {
  superuserPassword: "a",
  replicationPassword: "b",
  clientPassword: "c",
  clientVerifier: "v",
};

/** An observer on the other end of a channel, whose clock may be wrong. */
class FakeObserver implements LineChannel {
  spec: ObserverSpec | null = null;
  readonly asked: string[] = [];
  private readonly queue: string[] = [];
  private wake: () => void = () => undefined;
  private ended = false;
  readonly lines = this.read();
  private readonly nowUs: () => number;

  constructor(nowUs: () => number) {
    this.nowUs = nowUs;
  }

  send(line: string): void {
    const message = JSON.parse(line) as ObserverSpec & { ping?: number; watch?: string; request?: number };
    if (this.spec === null) {
      this.spec = message;
      this.say({ reply: "started" });
    } else if (message.watch !== undefined) this.asked.push(line);
    else if (message.request !== undefined) {
      this.say({ reply: "statements", request: message.request, statements: [], missing: ["no answer"] });
    } else this.say({ reply: "pong", ping: message.ping, atUs: this.nowUs(), cpuUs: 1234 });
  }

  say(line: object): void {
    this.queue.push(JSON.stringify(line));
    this.wake();
  }

  die(): void {
    this.ended = true;
    this.wake();
  }

  close(): Promise<void> {
    this.die();
    return Promise.resolve();
  }

  private async *read(): AsyncGenerator<string> {
    for (;;) {
      const line = this.queue.shift();
      if (line !== undefined) yield line;
      else if (this.ended) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

async function watched(skewUs = 0): Promise<{
  observer: FakeObserver;
  watch: RunningWatch;
  events: ClusterEvent[];
}> {
  const clock = systemClock();
  const observer = new FakeObserver(() => clock.nowUs() + skewUs);
  const events: ClusterEvent[] = [];
  const watch = await watchCluster({
    channel: observer,
    topology,
    layout,
    credentials,
    epochNs: clock.epochNs,
    onEvent: (event) => events.push(event),
    clock,
  });
  return { observer, watch, events };
}

const whole = (view: ReturnType<RunningWatch["view"]>): boolean =>
  redundancyGaps(topology, layout, view).length === 0;

describe("watchCluster", () => {
  test("a wait ends with the event that makes it true", async () => {
    const { observer, watch, events } = await watched();
    const ready = watch.waitUntil({ what: "ready", holds: whole, budgetMs: 10_000 });
    wholeClusterEvents(layout).forEach((event) => observer.say(event));
    await expect(ready).resolves.toBe(1000);
    expect(events).toHaveLength(wholeClusterEvents(layout).length);
    await watch[Symbol.asyncDispose]();
  });

  test("a wait that runs out of its budget says what was missing", async () => {
    const { watch } = await watched();
    await expect(
      watch.waitUntil({ what: "the cluster to be ready", holds: whole, budgetMs: 20 }),
    ).rejects.toThrow(
      /Expected the cluster to be ready within 0.02 s; found: etcd: etcd-1 does not answer.*and \d+ more/,
    );
    await watch[Symbol.asyncDispose]();
  });

  test("a wait ends with the signal's reason when it is aborted", async () => {
    const { watch } = await watched();
    const abort = new AbortController();
    const tick = watch.nextLoopTick("coordinators", 10_000, abort.signal);
    abort.abort(new Error("interrupted"));
    await expect(tick).rejects.toThrow("interrupted");
    await watch[Symbol.asyncDispose]();
  });

  test("the next turn of the loop is the group's own", async () => {
    const { observer, watch } = await watched();
    const tick = watch.nextLoopTick("worker-1", 10_000);
    observer.say({ kind: "loop-tick", atUs: 5, group: "coordinators" });
    observer.say({ kind: "loop-tick", atUs: 6, group: "worker-1" });
    await expect(tick).resolves.toBe(6);
    await watch[Symbol.asyncDispose]();
  });

  test("a clock that is an hour ahead is corrected, and one that is right is left alone", async () => {
    const ahead = await watched(3_600_000_000);
    expect(Math.abs(ahead.watch.clockOffset.offsetUs - 3_600_000_000)).toBeLessThan(1_000_000);
    const tick = ahead.watch.nextLoopTick("worker-1", 10_000);
    ahead.observer.say({ kind: "loop-tick", atUs: 3_600_000_000, group: "worker-1" });
    expect(await tick).toBeLessThan(1_000_000);
    ahead.observer.say({
      ...{ kind: "postgres-state", atUs: 3_600_000_000, group: "coordinators", member: "coordinator-1" },
      ...{ reachable: true, inRecovery: false, timeline: 1, absence: null },
      server: { startedUs: 3_600_000_000 - 7_000_000, address: null, receivesFrom: null },
    });
    await ahead.watch.waitUntil({
      what: "its answer",
      holds: (view) => view.members["coordinator-1"]?.reachable === true,
      budgetMs: 10_000,
    });
    const answer = ahead.events.find((event) => event.kind === "postgres-state");
    expect(answer!.server!.startedUs - answer!.atUs).toBe(-7_000_000);
    const right = await watched();
    expect(right.watch.clockOffset.offsetUs).toBe(0);
    await ahead.watch[Symbol.asyncDispose]();
    await right.watch[Symbol.asyncDispose]();
  });

  test("an observer that dies ends every wait, now and later, and leaves a note", async () => {
    const { observer, watch, events } = await watched();
    const ready = watch.waitUntil({ what: "ready", holds: whole, budgetMs: 10_000 });
    observer.die();
    await expect(ready).rejects.toThrow("The observer has ended before its time.");
    await expect(watch.nextLoopTick("worker-1", 10_000)).rejects.toThrow("ended before its time");
    expect(events.at(-1)).toMatchObject({ kind: "note" });
    await watch[Symbol.asyncDispose]();
  });

  test("readings come only while they are asked for, on our clock; statements when asked for", async () => {
    const { observer, watch } = await watched(3_600_000_000);
    const readings: ResourceReading[] = [];
    const reading = { atUs: 3_600_000_007, kind: "machine", cores: 2 };
    watch.readResources((each) => void readings.push(each));
    observer.say({ reading });
    expect(await watch.readStatements()).toMatchObject({ statements: [], missing: ["no answer"] });
    watch.readResources(null);
    observer.say({ reading });
    await watch.readStatements();
    expect(observer.asked).toEqual(['{"watch":"resources","on":true}', '{"watch":"resources","on":false}']);
    expect(readings).toHaveLength(1);
    expect(Math.abs(readings[0]!.atUs)).toBeLessThan(1_000_000);
    await watch[Symbol.asyncDispose]();
  });

  test("coordinators are looked at more often than workers, and the report can say so", async () => {
    const { observer, watch } = await watched();
    expect(watch.intervals).toEqual([
      "etcd leader keys: watched, no interval",
      "etcd members: every 250 ms",
      "PostgreSQL of coordinators: every 50 ms",
      "PostgreSQL of workers: every 250 ms",
      "Patroni of coordinators: every 250 ms",
      "Patroni of workers: every 1000 ms",
      "HAProxy: every 100 ms",
      "PgBouncer: every 250 ms",
    ]);
    expect(observer.spec?.members).toHaveLength(11);
    await watch[Symbol.asyncDispose]();
  });

  test("in a topology without etcd, HAProxy and PgBouncer only PostgreSQL is observed", async () => {
    const clock = systemClock();
    const single = fakeTopology({
      etcd: { members: 0 },
      coordinators: { members: 1 },
      workers: { groups: 0 },
      pgbouncer: { enabled: false },
      haproxy: { enabled: false },
    });
    const observer = new FakeObserver(() => clock.nowUs());
    const watch = await watchCluster({
      channel: observer,
      topology: single,
      layout: layOut(single),
      credentials,
      epochNs: clock.epochNs,
      onEvent: () => undefined,
      clock,
    });
    expect(observer.spec).toMatchObject({ etcd: [], groups: [], haproxy: null, pgbouncers: [] });
    expect(observer.spec?.members).toMatchObject([{ member: "coordinator-1", restPort: null }]);
    expect(watch.intervals).toEqual(["PostgreSQL of coordinators: every 50 ms"]);
    await watch[Symbol.asyncDispose]();
  });
});
