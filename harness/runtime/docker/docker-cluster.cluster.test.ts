import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { testImages } from "../../cluster/images.fake.ts";
import type { ClusterMode } from "../container-runtime.ts";
import type { ContainerSpec } from "../container-spec.ts";
import { startDockerCluster, type DockerClusterOptions } from "./docker-cluster.ts";
import { connectEngine } from "./engine.ts";
import { clusterName } from "./labels.ts";
import { listClusters } from "./list-clusters.ts";
import { leftBehind } from "./left-behind.fake.ts";
import { dockerNodeControl } from "./node-control.ts";
import { currentOwner, type Owner } from "./owner.ts";
import { readLogs } from "./read-logs.ts";
import { removeLeftovers } from "./remove-leftovers.ts";
import { runInContainer } from "./run-in-container.ts";

const echo = "process.stdin.pipe(process.stdout)";
/** No process has this start time. */
const deadOwner: Owner = { ...currentOwner(), startTicks: "1" };

let images: { readonly node: string; readonly agent: string };

beforeAll(async () => {
  images = await testImages();
});

describe("a Docker cluster", () => {
  it("carries lines both ways, and its process ends when the channel closes", async () => {
    await using cluster = await startDockerCluster([talker("one")], options());
    const channel = cluster.channel("one")!;
    channel.send("first");
    channel.send("zweite Zeile: ü");
    const lines = channel.lines[Symbol.asyncIterator]();
    expect([(await lines.next()).value, (await lines.next()).value]).toEqual(["first", "zweite Zeile: ü"]);
    await channel.close();
    expect((await lines.next()).done).toBe(true);
    await cluster.container("one").wait();
    expect((await cluster.container("one").inspect()).State.ExitCode).toBe(0);
  });

  it("keeps what a process printed before anybody read, and its standard error apart", async () => {
    const spec = talker("one", 'console.log("early"); console.error("oops")');
    await using cluster = await startDockerCluster([spec], options());
    await cluster.container("one").wait();
    const lines: string[] = [];
    for await (const line of cluster.channel("one")!.lines) lines.push(line);
    expect(lines).toEqual(["early"]);
    expect(cluster.channel("one")!.errors()).toBe("oops\n");
  });

  it("makes a process wait that says more than is read, and loses nothing of it", async () => {
    const spec = talker("one", "for (let n = 0; n < 100_000; n += 1) console.log(`${n} ${'x'.repeat(200)}`)");
    await using cluster = await startDockerCluster([spec], options());
    const { State } = await cluster.container("one").inspect();
    expect(State.Running).toBe(true);
    let next = 0;
    for await (const line of cluster.channel("one")!.lines) if (line.startsWith(`${next} x`)) next += 1;
    expect(next).toBe(100_000);
  });

  it("gives the beginning and the end of a log of 20 MB in short lines, and says how much is left out", async () => {
    const program = "for (let n = 0; n < 400_000; n += 1) console.log(`line ${n} of a log`)";
    await using cluster = await startDockerCluster(
      [{ ...talker("one", program), hasChannel: false }],
      options(),
    );
    await cluster.container("one").wait();
    const log = await readLogs(cluster, "one");
    expect(log).toMatch(/^\S+Z line 0 of a log\n/);
    expect(log).toMatch(/\n\(dpg-bench: [\d,]+ bytes are left out here\)\n\S+Z line \d+ of a log\n/);
    expect(log.endsWith("line 399999 of a log\n")).toBe(true);
    expect(log.length).toBeLessThan(8.1 * 2 ** 20);
  });

  it("gives a command's output in the order in which it came, and refuses one without end", async () => {
    await using cluster = await startDockerCluster([talker("one")], options());
    const run = async (script: string): Promise<string> =>
      await runInContainer(cluster.container("one"), {
        what: "say something",
        command: ["sh", "-c", script],
        user: "root",
        budgetMs: 30_000,
      });
    expect(await run("echo grün; sleep 0.1; echo no >&2; sleep 0.1; echo yes")).toBe("grün\nno\nyes\n");
    await expect(run("yes | head -c 5000000")).rejects.toThrow(/found more than 2 MiB of output/);
    await expect(run("echo why; exit 3")).rejects.toThrow(/exit code 3 .*: why$/);
  });

  it("gives containers their limits and capabilities, and publishes on the loopback address alone", async () => {
    const spec = {
      ...talker("one"),
      limit: { cpus: 0.5, memoryMb: 64 },
      capabilities: ["NET_ADMIN" as const],
      sysctls: { "net.ipv4.tcp_syn_retries": "2" },
      publishedPorts: [5432],
    };
    await using cluster = await startDockerCluster([spec], options());
    const { HostConfig, NetworkSettings } = await cluster.container("one").inspect();
    expect(HostConfig).toMatchObject({ NanoCpus: 5e8, Memory: 64 * 2 ** 20, CapAdd: ["NET_ADMIN"] });
    expect(HostConfig).toMatchObject({ Sysctls: spec.sysctls });
    expect(NetworkSettings.Ports["5432/tcp"]).toMatchObject([{ HostIp: "127.0.0.1" }]);
    expect(Object.keys(NetworkSettings.Networks)).toEqual([cluster.networkName]);
  });

  it("asks nobody outside for the name of a node that is gone", async () => {
    await using cluster = await startDockerCluster([talker("one")], options());
    const { HostConfig } = await cluster.container("one").inspect();
    expect(HostConfig).toMatchObject({ DnsOptions: ["ndots:1"] });
    const known = await runInContainer(cluster.container("one"), {
      what: "ask for names",
      command: ["sh", "-c", "getent hosts one; getent hosts two || echo unknown"],
      user: "root",
      budgetMs: 30_000,
    });
    expect(known).toMatch(/ one\nunknown\n$/);
  });

  it("lives beside another one with the same node names, and goes alone", async () => {
    await using other = await startDockerCluster([talker("one"), talker("two")], options());
    const cluster = await startDockerCluster([talker("one")], options());
    await cluster[Symbol.asyncDispose]();
    const resolved = await runInContainer(other.container("one"), {
      what: "resolve a name",
      command: ["getent", "hosts", "two"],
      user: "root",
      budgetMs: 10_000,
    });
    expect(resolved).toMatch(/ two$/m);
  });

  it("leaves nothing when its creation is interrupted", async () => {
    const interruption = new Error("interrupted");
    const controller = new AbortController();
    const request = options({
      signal: controller.signal,
      onStarted: () => controller.abort(interruption),
    });
    const specs = Array.from({ length: 12 }, (_, index) => talker(`node-${index}`));
    await expect(startDockerCluster(specs, request)).rejects.toBe(interruption);
    expect(await leftBehind(request.identity.id)).toEqual([]);
  });

  it("leaves nothing when a container cannot be started", async () => {
    const broken = { ...talker("one"), limit: { cpus: 0, memoryMb: 1 } };
    const request = options();
    await expect(startDockerCluster([talker("two"), broken], request)).rejects.toMatchObject({
      exitCode: 70,
    });
    expect(await leftBehind(request.identity.id)).toEqual([]);
  });

  it("goes as a whole even when one of its nodes is paused and another one was killed", async () => {
    const request = options();
    const cluster = await startDockerCluster([talker("one"), talker("two")], request);
    const nodes = dockerNodeControl(cluster);
    await nodes.pause("one");
    await nodes.kill("two");
    await cluster[Symbol.asyncDispose]();
    expect(await leftBehind(request.identity.id)).toEqual([]);
  });

  it("stays when it was to be kept, until somebody removes it", async () => {
    const request = options({ mode: "interactive" });
    const cluster = await startDockerCluster([talker("one")], request);
    cluster.keep();
    await cluster[Symbol.asyncDispose]();
    expect(await leftBehind(request.identity.id)).toHaveLength(2);
    await removeLeftovers({ scope: "all", clusterId: request.identity.id });
    expect(await leftBehind(request.identity.id)).toEqual([]);
  });

  it("says that an image is missing, and how to get it", async () => {
    const request = options({ images: { node: "dpg-bench/node:no-such-tag", agent: images.agent } });
    await expect(startDockerCluster([talker("one")], request)).rejects.toMatchObject({
      code: "image-missing",
      exitCode: 69,
    });
    expect(await leftBehind(request.identity.id)).toEqual([]);
  });

  it("says that its network's name is taken, and leaves that network alone", async () => {
    const engine = await connectEngine();
    const request = options();
    const foreign = await engine.createNetwork({ Name: clusterName(request.identity.id) });
    try {
      await expect(startDockerCluster([talker("one")], request)).rejects.toMatchObject({
        code: "network-name-taken",
        exitCode: 69,
      });
      expect((await foreign.inspect()) as unknown).toMatchObject({ Name: clusterName(request.identity.id) });
    } finally {
      await foreign.remove();
    }
  });
});

describe("removeLeftovers", () => {
  it("removes a dead run's containers and network, and spares a living run and the user's cluster", async () => {
    const orphan = await startDockerCluster([talker("one"), talker("two")], options({ owner: deadOwner }));
    await using interactive = await startDockerCluster(
      [talker("one")],
      options({ owner: deadOwner, mode: "interactive" }),
    );
    await using living = await startDockerCluster([talker("one")], options());
    const clusterIds = [orphan, interactive, living].map(({ networkName }) =>
      networkName.replace("dpg-bench-", ""),
    );
    const removed = [];
    for (const clusterId of clusterIds) removed.push(await removeLeftovers({ scope: "orphans", clusterId }));
    expect(removed.map((each) => each.removed.length)).toEqual([3, 0, 0]);
    expect(await leftBehind(clusterIds[0]!)).toEqual([]);
    const found = (await listClusters()).filter(({ id }) => clusterIds.includes(id));
    expect(found.map(({ id, mode, owner }) => [id, mode, owner])).toEqual(
      expect.arrayContaining([
        [clusterIds[1], "interactive", "dead"],
        [clusterIds[2], "run", "alive"],
      ]),
    );
  });

  it("can be done by two processes at once", async () => {
    const orphan = await startDockerCluster([talker("one"), talker("two")], options({ owner: deadOwner }));
    const clusterId = orphan.networkName.replace("dpg-bench-", "");
    await Promise.all([
      removeLeftovers({ scope: "orphans", clusterId }),
      removeLeftovers({ scope: "orphans", clusterId }),
      orphan[Symbol.asyncDispose](),
    ]);
    expect(await leftBehind(clusterId)).toEqual([]);
  });
});

function talker(name: string, program = echo): ContainerSpec {
  return {
    node: { name, component: "agent", group: null, fronts: null },
    image: "agent",
    command: ["-e", program],
    environment: {},
    files: [],
    capabilities: [],
    limit: { cpus: 0, memoryMb: 0 },
    publishedPorts: [],
    hasChannel: true,
  };
}

function options(
  other: Partial<DockerClusterOptions> & { owner?: Owner; mode?: ClusterMode } = {},
): DockerClusterOptions {
  const { owner = currentOwner(), mode = "run", ...rest } = other;
  return {
    identity: {
      id: randomBytes(4).toString("hex"),
      runId: "test",
      mode,
      topology: "test",
      database: "bench",
      owner,
    },
    images,
    lifetimeSeconds: 300,
    commandMs: 30_000,
    signal: new AbortController().signal,
    onStarted: () => undefined,
    onStuck: () => undefined,
    ...rest,
  };
}
