import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeFaultTools } from "../model/capabilities.fake.ts";
import { testImages } from "../cluster/images.fake.ts";
import { createCredentials } from "../cluster/create-credentials.ts";
import { startContainers, type StartedContainers } from "../cluster/start-containers.ts";
import type { Micros } from "../model/clock.ts";
import type { ClusterEvent, EventOf } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import type { Hold } from "../model/hold.ts";
import { membersActedOn, type VictimSelector } from "../model/victim-selector.ts";
import type { ClusterView } from "../model/view.ts";
import { primaryOf } from "../observe/client/cluster-view.ts";
import { redundancyGaps } from "../cluster/redundancy.ts";
import { watchCluster, type RunningWatch } from "../observe/client/watch-cluster.ts";
import { systemClock } from "../support/system-clock.ts";
import { highAvailability } from "../../topologies/high-availability.ts";
import { faultCatalogue, type FaultName } from "./catalogue.ts";
import { runInjection } from "./lifecycle.ts";
import { chooseVictim } from "./victims.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { quietProgress } from "../model/progress.fake.ts";

const topology = highAvailability;
const budgets = {
  readyMs: 90_000,
  redundancyMs: 90_000,
  recoveryMs: 60_000,
  observedMs: 15_000,
  holdMs: 60_000,
  commandMs: 15_000,
};
const clock = systemClock();
const abort = new AbortController();
const progress = quietProgress;
const events: ClusterEvent[] = [];
/** What was started, in order; removed in reverse even when the start stopped half way. */
const started: AsyncDisposable[] = [];

let containers: StartedContainers;
let watch: RunningWatch;

function isWhole(view: ClusterView): boolean {
  return redundancyGaps(topology, containers.layout, view).length === 0;
}

/** Stands in for the probes: the leader is a primary, and HAProxy sends writes to it. */
function isServed(view: ClusterView): boolean {
  const primary = primaryOf(view, COORDINATORS);
  return (
    primary !== null && view.leaders[COORDINATORS] === primary && view.proxy.read_write?.[primary] === true
  );
}

beforeAll(async () => {
  const credentials = createCredentials();
  containers = await startContainers(topology, {
    images: await testImages(),
    runtime: defaultRuntime,
    runId: "faults-test",
    mode: "run",
    credentials,
    lifetimeSeconds: 900,
    publish: false,
    keepConfig: () => Promise.resolve(),
    progress,
    signal: abort.signal,
    commandMs: budgets.commandMs,
  });
  started.push(containers);
  watch = await watchCluster({
    channel: containers.channel("observer"),
    topology,
    layout: containers.layout,
    credentials,
    epochNs: clock.epochNs,
    onEvent: (event) => events.push(event),
    clock,
  });
  started.push(watch);
  await watch.waitUntil({ what: "the cluster to be ready", holds: isWhole, budgetMs: budgets.readyMs });
});

afterAll(async () => {
  for (const one of started.reverse()) await one[Symbol.asyncDispose]();
});

interface Injected {
  readonly victim: string;
  readonly newPrimary: string | null;
  readonly moments: readonly EventOf<"injection">[];
  readonly since: readonly ClusterEvent[];
}

interface Asked extends Hold {
  readonly selector: VictimSelector;
  /** Service from the same primary as before is service. */
  readonly samePrimary: boolean;
}

async function inject(
  name: FaultName,
  asked: Asked = { selector: "primary of coordinators", samePrimary: name === "crash-postgres" },
): Promise<Injected> {
  const { selector, samePrimary, ...hold } = asked;
  const moments: EventOf<"injection">[] = [];
  await watch.waitUntil({ what: "full redundancy", holds: isWhole, budgetMs: budgets.redundancyMs });
  const victim = chooseVictim(selector, watch.view(), containers.layout, 0);
  expect(watch.view().members[victim.leader]?.inRecovery).toBe(false);
  const from = events.length;
  const waitUntilServed = (): Promise<Micros> =>
    watch.waitUntil({
      what: "service from a primary",
      // A primary that only seems to be well still (it is cut off, or frozen) does not serve.
      holds: (view) => isServed(view) && (samePrimary || primaryOf(view, COORDINATORS) !== victim.leader),
      budgetMs: budgets.recoveryMs,
    });
  const outcome = await runInjection({
    fault: faultCatalogue[name],
    victim,
    tools: {
      ...containers,
      watch,
      shards: fakeFaultTools({ clock, view: watch.view(), behave: () => "works", tookMs: 0 }).shards,
    },
    injection: {
      injection: 1,
      kind: faultCatalogue[name].kind,
      fault: name,
      failureClass: faultCatalogue[name].failureClass,
      victim: selector,
      loopPhase: 0.5,
      choice: 0,
      ...hold,
    },
    loopWaitSeconds: topology.patroni.loopWait,
    budgets,
    fullRedundancy: isWhole,
    waitUntilServed,
    emit: (event) => moments.push(event),
    clock,
    signal: abort.signal,
  });
  expect(outcome).toMatchObject({
    injected: true,
    observed: true,
    recovered: true,
    healed: true,
    problem: null,
  });
  expect(redundancyGaps(topology, containers.layout, watch.view())).toEqual([]);
  expect(moments.map(({ atUs }) => atUs)).toEqual(moments.map(({ atUs }) => atUs).sort((a, b) => a - b));
  return {
    victim: victim.name,
    newPrimary: primaryOf(watch.view(), COORDINATORS),
    moments,
    since: events.slice(from),
  };
}

function order(moments: readonly EventOf<"injection">[]): string {
  return moments.map(({ moment }) => moment).join(" ");
}

const onPrimary = { selector: "primary of coordinators", samePrimary: true } as const;

function inForceOf(moments: readonly EventOf<"injection">[]): { least: number; most: number } {
  const told = moments.find(({ inForceSeconds }) => inForceSeconds !== undefined)?.inForceSeconds;
  if (told === undefined) throw new Error("Nothing tells for how long the fault was in force.");
  return told;
}

/** Every change of a leader key, whoever has it then. */
function leadersSet(events: readonly ClusterEvent[]): readonly ClusterEvent[] {
  return events.filter(({ kind }) => kind === "leader-key-set" || kind === "leader-key-gone");
}

const HEALS_AFTERWARDS = "waiting setting-up injecting injected observed recovered healing healed";
const HEALS_IN_TIME = "waiting setting-up injecting injected observed held healing recovered healed";
const HEALS_AT_ONCE = "waiting setting-up injecting injected observed healing recovered healed";

describe("on a high-availability cluster", () => {
  test("a switchover hands the leader key over to another member", async () => {
    const { victim, newPrimary, moments, since } = await inject("switchover");
    expect(order(moments)).toBe(HEALS_AT_ONCE);
    expect(newPrimary).not.toBe(victim);
    expect(since).toContainEqual(
      expect.objectContaining({ kind: "leader-key-set", group: COORDINATORS, leader: newPrimary }),
    );
  });

  test("a reload is seen of every member, changes no leader, and what it set is taken out again", async () => {
    const members = ["coordinator-1", "coordinator-2", "coordinator-3"];
    const ask = (node: string) => containers.postgres.configuration({ node, parameter: "dpg_bench.reload" });
    const values = async (): Promise<string[]> =>
      (await Promise.all(members.map(ask))).map(({ value }) => value);
    const before = primaryOf(watch.view(), COORDINATORS);
    expect(await values()).toEqual(["", "", ""]);
    const { newPrimary, moments, since } = await inject("reload", {
      selector: membersActedOn("every member", "coordinators"),
      samePrimary: true,
    });
    expect(order(moments)).toBe(HEALS_AT_ONCE);
    expect(newPrimary).toBe(before);
    expect(since.filter(({ kind }) => kind === "postgres-state" || kind === "leader-key-gone")).toEqual([]);
    await watch.waitUntil({ what: "full redundancy", holds: isWhole, budgetMs: budgets.redundancyMs });
    const untilUs = clock.nowUs() + budgets.observedMs * 1000;
    while ((await values()).some((value) => value !== "") && clock.nowUs() < untilUs) await clock.sleep(200);
    expect(await values()).toEqual(["", "", ""]);
    console.log(`Reload: ${moments.map(({ moment, note }) => `${moment} ${note ?? ""}`).join("; ")}`);
  });

  test("a crashed PostgreSQL breaks its connections at once, and its node comes back by itself", async () => {
    const { victim, moments, since } = await inject("crash-postgres");
    expect(order(moments)).toBe(HEALS_AT_ONCE);
    expect(since).toContainEqual(
      expect.objectContaining({ kind: "postgres-state", member: victim, reachable: false }),
    );
  });

  test("a killed node loses its lease, another is promoted on a new timeline, and it rejoins when started", async () => {
    const { victim, newPrimary, moments, since } = await inject("kill-node");
    expect(order(moments)).toBe(HEALS_AFTERWARDS);
    expect(newPrimary).not.toBe(victim);
    expect(since).toContainEqual(expect.objectContaining({ kind: "leader-key-gone", leader: victim }));
    expect(since).toContainEqual(
      expect.objectContaining({ kind: "proxy-server", backend: "read_write", server: victim, up: false }),
    );
  });

  test("a frozen node is seen to be silent, and rejoins as a standby", async () => {
    const { victim, newPrimary, moments, since } = await inject("pause-node");
    expect(order(moments)).toBe(HEALS_AFTERWARDS);
    expect(newPrimary).not.toBe(victim);
    expect(watch.view().members[victim]?.inRecovery).toBe(true);
    expect(since).toContainEqual(
      expect.objectContaining({ kind: "postgres-state", member: victim, reachable: false }),
    );
  });

  test("a node that is cut off stays observed, and gives up being a primary before another takes over", async () => {
    const { victim, newPrimary, moments, since } = await inject("isolate-node");
    expect(order(moments)).toBe(HEALS_AFTERWARDS);
    expect(newPrimary).not.toBe(victim);
    const gaveUp = since.findIndex(
      (event) => event.kind === "postgres-state" && event.member === victim && event.inRecovery !== false,
    );
    const promoted = since.findIndex(
      (event) => event.kind === "postgres-state" && event.member === newPrimary && event.inRecovery === false,
    );
    expect(gaveUp).toBeGreaterThanOrEqual(0);
    expect(promoted).toBeGreaterThan(gaveUp);
  });

  test("etcd's leader that is cut off from its followers knows no leader, and one of them leads", async () => {
    const { victim, moments, since } = await inject("cut-link", {
      selector: { between: "leader of etcd", and: "every follower of etcd" },
      samePrimary: true,
      healAfterSeconds: 6,
    });
    expect(order(moments)).toBe(HEALS_IN_TIME);
    const [old] = victim.split(" <-> ");
    const said = since.filter((event) => event.kind === "etcd-member");
    expect(said.filter(({ state }) => state === "leaderless").map(({ member }) => member)).toContain(old);
    const leaders = said.filter(({ state }) => state === "leader").map(({ member }) => member);
    expect(leaders.filter((member) => member !== old)).not.toEqual([]);
    expect(moments.find(({ moment }) => moment === "injected")?.nodes).toHaveLength(3);
  });

  test("without a majority of etcd the primary stops, and there is one again when etcd is back", async () => {
    const { moments, since } = await inject("kill-node", {
      selector: "a majority of etcd",
      samePrimary: true,
      healAfterSeconds: 20,
    });
    expect(order(moments)).toBe(HEALS_IN_TIME);
    expect(since).toContainEqual(expect.objectContaining({ kind: "etcd-member", state: "leaderless" }));
    expect(since).toContainEqual(
      expect.objectContaining({ kind: "proxy-server", backend: "read_write", up: false }),
    );
  });

  test("a link that is cut one way lets no answer through to HAProxy, which marks the server down", async () => {
    const { moments } = await inject("cut-link", {
      selector: { from: "one replica of coordinators", to: "haproxy" },
      samePrimary: true,
      holdUntil: "circuit-open",
    });
    expect(order(moments)).toBe(
      "waiting setting-up injecting injected observed recovered held healing healed",
    );
  });

  test.each([0.5, 1, 2])(
    "a node that is frozen for %s s goes on being the primary, and for how long it was frozen is known",
    async (healAfterSeconds) => {
      const { moments, since } = await inject("pause-node", { ...onPrimary, healAfterSeconds });
      expect(order(moments)).toBe(HEALS_IN_TIME);
      const { least, most } = inForceOf(moments);
      expect(least).toBeLessThanOrEqual(healAfterSeconds);
      expect(most).toBeGreaterThanOrEqual(healAfterSeconds);
      expect(leadersSet(since)).toEqual([]);
      console.log(`Frozen for ${healAfterSeconds} s: ${least} to ${most} s`);
    },
  );

  test.each([50, 200] as const)(
    "a node whose packets are %s ms late answers everybody so much later, and as before when it is healed",
    async (delayMs) => {
      const roundTrips = async (node: string): Promise<number[]> => {
        const measured: number[] = [];
        for (let count = 0; count < 5; count++)
          measured.push(await containers.network.roundTripMs(node, node === "etcd-1" ? "etcd-2" : "etcd-1"));
        return measured;
      };
      const node = primaryOf(watch.view(), COORDINATORS) ?? "coordinator-1";
      const before = await roundTrips(node);
      expect(Math.min(...before)).toBeLessThan(20);
      const during = clock.sleep(4000).then(() => roundTrips(node));
      const { victim, moments, since } = await inject(`slow-network-${delayMs}ms`, {
        ...onPrimary,
        healAfterSeconds: 8,
      });
      expect(victim).toBe(node);
      expect(order(moments)).toBe(HEALS_IN_TIME);
      const slow = await during;
      expect(Math.min(...slow)).toBeGreaterThanOrEqual(delayMs);
      expect(Math.min(...slow)).toBeLessThan(delayMs + 20);
      const after = await roundTrips(node);
      expect(Math.min(...after)).toBeLessThan(20);
      expect(leadersSet(since)).toEqual([]);
      console.log(
        `Round trips in ms: before ${before.join(", ")}; during ${slow.join(", ")}; after ${after.join(", ")}`,
      );
    },
  );

  test("a node with 5 % of a CPU is held back by the kernel, leads on, and gets back what it had", async () => {
    const { victim, moments, since } = await inject("starve-cpu", { ...onPrimary, healAfterSeconds: 4 });
    expect(order(moments)).toBe(HEALS_IN_TIME);
    expect(leadersSet(since)).toEqual([]);
    const startedUs = clock.nowUs();
    await containers.postgres.configuration({ node: victim, parameter: "port" });
    expect(clock.nowUs() - startedUs).toBeLessThan(3e6);
    expect(await containers.nodes.isHeldBack(victim)).toBe(false);
  });

  test("etcd's leader hands over to a follower, and no group's leader changes", async () => {
    const { victim, moments, since } = await inject("etcd-move-leader", {
      ...onPrimary,
      selector: "leader of etcd",
    });
    expect(order(moments)).toBe(HEALS_AT_ONCE);
    const leaders = Object.entries(watch.view().etcd).filter(([, { state }]) => state === "leader");
    expect(leaders).toHaveLength(1);
    expect(leaders[0]?.[0]).not.toBe(victim);
    expect(leadersSet(since)).toEqual([]);
  });

  test.each([
    ["checkpoint-storm", 5],
    ["long-query", 4],
  ] as const)("%s keeps the primary busy until it is healed, and leaves nothing", async (fault, seconds) => {
    const { victim, moments, since } = await inject(fault, { ...onPrimary, healAfterSeconds: seconds });
    expect(order(moments)).toBe(HEALS_IN_TIME);
    expect(leadersSet(since)).toEqual([]);
    expect(await containers.work.isDone({ node: victim, name: `dpg-bench ${fault}` })).toBe(false);
    const log = await containers.logs(victim);
    const checkpoints = log.split("checkpoint complete").length - 1;
    if (fault === "checkpoint-storm") expect(checkpoints).toBeGreaterThan(2);
    console.log(
      `${fault}: ${checkpoints} checkpoints in the log; in force ${JSON.stringify(inForceOf(moments))}`,
    );
  });

  test("observing takes a small part of one core", async () => {
    const [cpuUs, fromUs] = [await watch.cpuUs(), clock.nowUs()];
    await clock.sleep(3000);
    const share = ((await watch.cpuUs()) - cpuUs) / (clock.nowUs() - fromUs);
    expect(share).toBeGreaterThan(0);
    console.log(`The observer of ${topology.name} used ${(share * 100).toFixed(1)} % of a core.`);
  });
});
