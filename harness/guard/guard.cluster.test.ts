import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { highAvailability } from "../../topologies/high-availability.ts";
import { layOut } from "../cluster/components/lay-out.ts";
import { createCredentials } from "../cluster/create-credentials.ts";
import { describeContainers } from "../cluster/describe-containers.ts";
import { testImages } from "../cluster/images.fake.ts";
import { redundancyGaps } from "../cluster/redundancy.ts";
import { startContainers, type StartedContainers } from "../cluster/start-containers.ts";
import type { ClusterEvent } from "../model/event.ts";
import { COORDINATORS } from "../model/layout.ts";
import { quietProgress } from "../model/progress.fake.ts";
import type { Topology } from "../model/topology.ts";
import { primaryOf } from "../observe/client/cluster-view.ts";
import { watchCluster, type RunningWatch } from "../observe/client/watch-cluster.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { startDockerCluster, type DockerCluster } from "../runtime/docker/docker-cluster.ts";
import { currentOwner } from "../runtime/docker/owner.ts";
import { runInContainer } from "../runtime/docker/run-in-container.ts";
import { systemClock } from "../support/system-clock.ts";
import { etcdGateway } from "./etcd/etcd-gateway.ts";
import { Refusal, startChecks } from "./start-checks.ts";

describe("a guard's checks, of an etcd that asks for a log-in,", () => {
  const guarded = {
    group: "coordinators",
    patroniFolder: "/service/coordinators/",
    guardFolder: "/leader-guard/coordinators/",
    members: [{ name: "a", host: "a", restPort: 1, postgresPort: 2, heartbeatPort: 3 }],
  };
  let cluster: DockerCluster;
  let port: number;

  beforeAll(async () => {
    const topology: Topology = { ...highAvailability, etcd: { ...highAvailability.etcd, members: 1 } };
    const etcd = describeContainers({
      topology,
      layout: layOut(topology),
      credentials: createCredentials(),
      publish: false,
      resolver: null,
    }).find(({ node }) => node.component === "etcd");
    if (etcd === undefined) throw new Error("The topology has no etcd.");
    cluster = await startDockerCluster([{ ...etcd, publishedPorts: [2379] }], {
      identity: {
        id: randomBytes(4).toString("hex"),
        runId: "guard-test",
        mode: "run",
        topology: "test",
        database: "bench",
        owner: currentOwner(),
      },
      images: await testImages(),
      lifetimeSeconds: 300,
      commandMs: 30_000,
      signal: new AbortController().signal,
      onStarted: () => undefined,
      onStuck: () => undefined,
    });
    const { NetworkSettings } = await cluster.container("etcd-1").inspect();
    port = Number(NetworkSettings.Ports["2379/tcp"]?.[0]?.HostPort);
    await etcdctl("until etcdctl endpoint health; do sleep 0.1; done");
    await etcdctl(
      `etcdctl put /service/coordinators/initialize 42
      etcdctl put /service/coordinators/config '{"synchronous_mode": true}'
      etcdctl put /service/coordinators/leader a
      etcdctl role add root || true
      etcdctl user add root:r && etcdctl user grant-role root root
      etcdctl role add guard && etcdctl user add guard:g && etcdctl user grant-role guard guard
      etcdctl auth enable`,
    );
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  async function etcdctl(script: string): Promise<void> {
    await runInContainer(cluster.container("etcd-1"), {
      what: "run etcdctl",
      command: ["timeout", "30", "sh", "-c", `set -e; export ETCDCTL_API=3; ${script}`],
      budgetMs: 40_000,
      user: "root",
    });
  }

  const check = (login: { readonly user?: string; readonly password?: string } = {}): Promise<string> =>
    startChecks(etcdGateway({ host: "127.0.0.1", port, ...login }), guarded, "guard-1", () =>
      Promise.resolve(JSON.stringify({ patroni: { version: "4.0.6" } })),
    );
  const grant = (prefix: string): Promise<void> =>
    etcdctl(`etcdctl --user root:r role grant-permission guard --prefix=true readwrite ${prefix}`);

  test("refuse a guard that does not log in, and one whose password is wrong", async () => {
    await expect(check()).rejects.toThrow(Refusal);
    await expect(check()).rejects.toThrow(/user name is empty.*grant-permission/s);
    await expect(check({ user: "guard", password: "wrong" })).rejects.toThrow(Refusal);
    await expect(check({ user: "guard", password: "wrong" })).rejects.toThrow(/authentication failed/);
  });

  test("refuse one whose role lacks a right to either folder, and let it look once it has both", async () => {
    const login = { user: "guard", password: "g" };
    await expect(check(login)).rejects.toThrow(/permission denied.*grant-permission/s);
    await grant("/service/coordinators/");
    await expect(check(login)).rejects.toThrow(Refusal);
    await grant("/leader-guard/coordinators/");
    await expect(check(login)).resolves.toBe("42");
  });
});

describe("leader guards of a high-availability cluster", () => {
  const topology: Topology = {
    ...highAvailability,
    coordinators: { ...highAvailability.coordinators, synchronousMode: "on" },
    guard: { ...highAvailability.guard, enabled: true, skipOldLeader: true },
  };
  const clock = systemClock();
  const events: ClusterEvent[] = [];
  /** What was started, in order; removed in reverse even when the start stopped half way. */
  const started: AsyncDisposable[] = [];
  let containers: StartedContainers;
  let watch: RunningWatch;

  beforeAll(async () => {
    const credentials = createCredentials();
    containers = await startContainers(topology, {
      images: await testImages(),
      runtime: defaultRuntime,
      runId: "guard-test",
      mode: "run",
      credentials,
      lifetimeSeconds: 600,
      publish: false,
      keepConfig: () => Promise.resolve(),
      progress: quietProgress,
      signal: new AbortController().signal,
      commandMs: 15_000,
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
    await isWhole();
  });
  afterAll(async () => {
    for (const one of started.reverse()) await one[Symbol.asyncDispose]();
  });

  async function isWhole(): Promise<void> {
    await watch.waitUntil({
      what: "full redundancy",
      holds: (view) => redundancyGaps(topology, containers.layout, view).length === 0,
      budgetMs: 120_000,
    });
  }

  const releases = () => events.filter((event) => event.kind === "leader-key-released");

  test("delete the leader key of a frozen primary, tell so once, and rest; it wakes as a standby", async () => {
    const before = primaryOf(watch.view(), COORDINATORS);
    if (before === null) throw new Error("There is no primary.");
    expect(releases()).toEqual([]);
    await containers.nodes.pause(before);
    try {
      await watch.waitUntil({
        what: "another primary",
        holds: (view) => ![null, before].includes(primaryOf(view, COORDINATORS)),
        budgetMs: 60_000,
      });
    } finally {
      await containers.nodes.resume(before);
    }
    expect(releases()).toEqual([
      expect.objectContaining({ group: COORDINATORS, leader: before, dryRun: false }),
    ]);
    expect(watch.view().guardsResting[COORDINATORS]).toBe(true);
    await isWhole();
    expect(watch.view().members[before]?.inRecovery).toBe(true);
    expect(releases()).toHaveLength(1);
  });

  test("leave a primary alone whose PostgreSQL crashed, which its own Patroni deals with", async () => {
    const told = releases().length;
    const before = primaryOf(watch.view(), COORDINATORS);
    if (before === null) throw new Error("There is no primary.");
    await containers.processes.killPostmaster(before);
    await watch.waitUntil({
      what: "the crash to be seen",
      holds: (view) => primaryOf(view, COORDINATORS) === null,
      budgetMs: 15_000,
    });
    await isWhole();
    expect(releases()).toHaveLength(told);
  });
});
