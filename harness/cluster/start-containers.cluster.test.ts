import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { topologyCatalogue } from "../../topologies/catalogue.ts";
import type { Topology } from "../model/topology.ts";
import { tenantOrders } from "../workloads/tenant-orders.ts";
import { createCredentials } from "./create-credentials.ts";
import { testImages } from "./images.fake.ts";
import { connectEngine } from "../runtime/docker/engine.ts";
import { leftBehind } from "../runtime/docker/left-behind.fake.ts";
import { runInContainer } from "../runtime/docker/run-in-container.ts";
import { fdw } from "./sharding/fdw.ts";
import { startContainers, type StartedContainers } from "./start-containers.ts";
import { defaultRuntime } from "../runtime/catalogue.ts";
import { quietProgress } from "../model/progress.fake.ts";

const credentials = createCredentials();
const readyMs = 60_000;

describe("high-availability", () => {
  const kept = new Map<string, string>();
  let cluster: StartedContainers;

  beforeAll(async () => {
    cluster = await start(topologyCatalogue["high-availability"], kept);
    await until(cluster, "coordinator-1", clientSql("haproxy", "CREATE TABLE kept AS SELECT 42 AS answer"));
    await until(cluster, "coordinator-1", synchronous);
  });

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    expect(await leftBehind(cluster.id)).toEqual([]);
  });

  it("lets clients in as dpg_bench through HAProxy and PgBouncer, with pgvector there", async () => {
    const answer = await shell(
      cluster,
      "haproxy",
      clientSql("haproxy", "SELECT '[1,2]'::vector <-> '[1,4]'"),
    );
    expect(answer.trim()).toBe("2");
  });

  it("keeps every configuration file, and no password", () => {
    expect([...kept.keys()]).toContain("config/haproxy/haproxy.cfg");
    for (const password of Object.values(credentials) as string[]) {
      for (const text of kept.values()) expect(text).not.toContain(password);
    }
  });

  it("tells the engine, the images and every component's version", async () => {
    const { engine, images, components } = await cluster.environment();
    expect(engine?.version).toMatch(/^\d+\./);
    expect(images.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^sha256:/),
      expect.stringMatching(/^sha256:/),
    ]);
    expect(Object.keys(components).toSorted()).toEqual([
      "etcd",
      "haproxy",
      "patroni",
      "pg_auto_failover",
      "pgbouncer",
      "pgvector",
      "postgresql",
    ]);
    for (const version of Object.values(components)) expect(version).toMatch(/^\d+\.\d+/);
  });

  it("publishes its entry on the loopback address", () => {
    expect(cluster.entry).toMatchObject({
      readWrite: { host: "127.0.0.1" },
      readOnly: { host: "127.0.0.1" },
    });
  });

  it("takes 500 clients that come all at once", async () => {
    const burst = "pgbench -n -c 500 -j 2 -t 1 -f /dev/stdin bench <<< 'SELECT 1;'";
    const output = await shell(
      cluster,
      "coordinator-1",
      `PGHOST=haproxy PGUSER=dpg_bench bash -c ${quoted(burst)}`,
    );
    expect(output).toContain("number of transactions actually processed: 500/500");
  });

  it("switches over to the candidate that was named", async () => {
    const leader = await leaderOf(cluster);
    const candidate = /"Member": "(\S+)"[^}]*"Role": "(?:Sync|Quorum) Standby"/.exec(
      await shell(cluster, leader, `${patronictl} list -f json`),
    )![1]!;
    await cluster.patroni.switchover({ group: "coordinators", leader, candidate });
    expect(await leaderOf(cluster)).toBe(candidate);
    await until(cluster, candidate, synchronous);
  });

  it("loses its postmaster and not its Patroni to killPostmaster, and fails over", async () => {
    const leader = await leaderOf(cluster);
    await cluster.processes.killPostmaster(leader);
    expect((await inspect(cluster, leader)).State.Running).toBe(true);
    const survivor = leader === "coordinator-1" ? "coordinator-2" : "coordinator-1";
    await until(cluster, survivor, `! ${patronictl} list | grep '${leader} .*Leader' && ${redundant(3)}`);
    expect(await leaderOf(cluster)).not.toBe(leader);
  });

  it("keeps a node's data when it is killed and started, and it joins again", async () => {
    const replica = await replicaOf(cluster);
    const identifier = () => shell(cluster, replica, "pg_controldata | grep 'system identifier'");
    const before = await identifier();
    await cluster.nodes.kill(replica);
    expect((await inspect(cluster, replica)).State.Running).toBe(false);
    await cluster.network.rejoin(replica);
    await cluster.nodes.start(replica);
    await cluster.nodes.start(replica);
    expect(await identifier()).toBe(before);
    await until(cluster, replica, redundant(3));
    await until(cluster, replica, "psql -qAtX bench -c 'SELECT answer FROM kept'");
  });

  it("freezes a paused node until it is resumed", async () => {
    const replica = await replicaOf(cluster);
    const leader = await leaderOf(cluster);
    await cluster.nodes.pause(replica);
    await expect(shell(cluster, leader, restAnswers(replica))).rejects.toMatchObject({
      code: "command-failed",
    });
    await cluster.nodes.resume(replica);
    await cluster.nodes.resume(replica);
    await until(cluster, leader, restAnswers(replica));
  });

  it("drops packets both ways when isolated, except with those named, until it rejoins", async () => {
    const replica = await replicaOf(cluster);
    const leader = await leaderOf(cluster);
    await cluster.network.isolate(replica, []);
    await cluster.network.isolate(replica, ["haproxy"]);
    await expect(shell(cluster, leader, restAnswers(replica))).rejects.toMatchObject({
      code: "command-failed",
    });
    await expect(shell(cluster, replica, connects("etcd-1", 2379))).rejects.toMatchObject({
      code: "command-failed",
    });
    await shell(cluster, "haproxy", connects(replica, 8008));
    await shell(cluster, replica, connects("127.0.0.1", 8008));
    await cluster.network.rejoin(replica);
    await cluster.network.rejoin(replica);
    await shell(cluster, leader, connects(replica, 8008));
    await shell(cluster, replica, connects("etcd-1", 2379));
    expect(await shell(cluster, replica, "iptables -S", "root")).not.toContain("DPG_BENCH");
  });

  it("hands out every node's log", async () => {
    expect(await cluster.logs("haproxy")).toContain("read_write");
    expect(await cluster.logs("coordinator-2")).toContain("INFO");
  });
});

describe("fdw sharding", () => {
  it("spreads rows over the worker groups, each row in one of them, also when filled again after half was lost", async () => {
    const topology: Topology = {
      ...topologyCatalogue.production,
      etcd: { ...topologyCatalogue.production.etcd, members: 1 },
      coordinators: { members: 1, synchronousMode: "off" },
      workers: {
        groups: 2,
        membersPerGroup: 1,
        shards: 2,
        synchronousMode: "off",
        spareGroups: 0,
        readFromStandbys: false,
      },
    };
    await using cluster = await start(topology, new Map());
    const { tables, seed } = tenantOrders.build({});
    await until(cluster, "haproxy", clientSql("haproxy", "SELECT 1"));
    for (const stage of fdw.stages({ topology, layout: cluster.layout, tables })) {
      for (const { at, statements } of [...stage, ...stage]) {
        const host = cluster.layout.groups.find(({ name }) => name === at.group)!.members[0]!;
        await until(cluster, host, clientSql(host, statements.join("; ")));
      }
    }
    const fill = () => shell(cluster, "haproxy", clientSql("haproxy", seed.join("; ")));
    await fill();
    await shell(cluster, "worker-1a", clientSql("worker-1a", "DELETE FROM orders_p0"));
    await fill();
    const count = async (host: string, table: string) =>
      Number(await shell(cluster, "haproxy", clientSql(host, `SELECT count(*) FROM ${table}`)));
    const shards = [await count("worker-1a", "orders_p0"), await count("worker-2a", "orders_p1")];
    expect(await count("haproxy", "orders")).toBe(10_000);
    expect(shards[0]! + shards[1]!).toBe(10_000);
    expect(Math.min(...shards)).toBeGreaterThan(3000);
  });
});

describe("development", () => {
  it("is one PostgreSQL that clients can use as soon as it has been started, and after a kill", async () => {
    await using cluster = await start(topologyCatalogue.development, new Map());
    await cluster.bootstrap();
    await shell(cluster, "coordinator-1", clientSql("coordinator-1", "CREATE TABLE kept (id int)"));
    await cluster.nodes.kill("coordinator-1");
    await cluster.nodes.start("coordinator-1");
    await until(cluster, "coordinator-1", clientSql("coordinator-1", "SELECT count(*) FROM kept"));
  });
});

const patronictl = "patronictl -c /etc/dpg-bench/patroni.yml";

async function start(topology: Topology, kept: Map<string, string>): Promise<StartedContainers> {
  return await startContainers(topology, {
    images: await testImages(),
    runtime: defaultRuntime,
    runId: "test",
    mode: "run",
    credentials,
    lifetimeSeconds: 600,
    publish: true,
    keepConfig: (path, text) => {
      kept.set(path, text);
      return Promise.resolve();
    },
    progress: quietProgress,
    signal: new AbortController().signal,
    commandMs: 30_000,
  });
}

async function shell(
  cluster: StartedContainers,
  node: string,
  script: string,
  user?: string,
): Promise<string> {
  const engine = await connectEngine();
  const component = cluster.layout.nodes.find(({ name }) => name === node)?.component;
  return await runInContainer(engine.getContainer(`dpg-bench-${cluster.id}-${node}`), {
    what: `run a script on ${node}`,
    command: ["bash", "-c", `export PGPASSWORD=${credentials.clientPassword} PGCONNECT_TIMEOUT=3\n${script}`],
    user: user ?? (component === "haproxy" ? "nobody" : "postgres"),
    budgetMs: 30_000,
  });
}

/** Runs the script again and again until it succeeds; its last failure when the budget has run out. */
async function until(cluster: StartedContainers, node: string, script: string): Promise<void> {
  const deadline = performance.now() + readyMs;
  for (;;) {
    try {
      await shell(cluster, node, script);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(200);
    }
  }
}

function clientSql(host: string, sql: string): string {
  return `psql -qAtX -v ON_ERROR_STOP=1 -h ${host} -U dpg_bench bench -c ${quoted(sql)}`;
}

/** All three members are there, and one of them may be promoted without a loss. */
const synchronous = `${redundant(3)} && ${patronictl} list | grep -E '(Sync|Quorum) Standby'`;

/** All members of the group are there, one leads, and the others stream. */
function redundant(members: number): string {
  return `test "$(${patronictl} list | grep -cE 'Leader.*running|streaming')" = ${members}`;
}

function connects(host: string, port: number): string {
  return `timeout 2 bash -c '< /dev/tcp/${host}/${port}'`;
}

/** A paused node's kernel still accepts connections: only an answer counts. */
function restAnswers(host: string): string {
  return `timeout 3 bash -c 'exec 3<> /dev/tcp/${host}/8008; printf "GET /health HTTP/1.0\\r\\n\\r\\n" >&3; head -n 1 <&3 | grep HTTP'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

async function leaderOf(cluster: StartedContainers): Promise<string> {
  const list = await shell(cluster, "coordinator-1", `${patronictl} list -f json`);
  return /"Member": "(\S+)"[^}]*"Role": "Leader"/.exec(list)![1]!;
}

async function replicaOf(cluster: StartedContainers): Promise<string> {
  const leader = await leaderOf(cluster);
  return cluster.layout.groups[0]!.members.find((member) => member !== leader)!;
}

async function inspect(cluster: StartedContainers, node: string) {
  const engine = await connectEngine();
  return await engine.getContainer(`dpg-bench-${cluster.id}-${node}`).inspect();
}
