import { describe, expect, it } from "vitest";
import type { BottleneckContext } from "./bottleneck-context.ts";
import { findBottlenecks } from "./find-bottlenecks.ts";
import { container, machine, pooler, postgres, tenSeconds } from "./readings.fake.ts";

const closed: BottleneckContext = {
  shape: { kind: "closed", clients: 16, thinkTimeMs: 0 },
  connections: 16,
  client: clientOf(null, 0.4),
};
const open: BottleneckContext = {
  shape: { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 100 } },
  connections: 50,
  client: clientOf(null, 0.4),
};

describe("findBottlenecks", () => {
  it("has nothing to say without readings, and names nothing where nothing was full", () => {
    expect(findBottlenecks([], closed)).toBeNull();
    const idle = tenSeconds(machine(), container("agent"), pooler("pgbouncer-1"), postgres("coordinator-1"));
    expect(findBottlenecks(idle, closed)).toEqual([]);
  });

  it("names the machine's CPU at 0.9 of its cores, and who used most of it", () => {
    const readings = tenSeconds(
      machine({ busyCores: 3.5, stolenCores: 0.3 }),
      container("agent", { cpuCores: 0.5 }),
      container("haproxy", { cpuCores: 0.7 }),
      container("coordinator-1", { cpuCores: 2 }),
      container("coordinator-2", { cpuCores: 0.1 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "CPU of the machine",
        utilisation: 0.95,
        evidence:
          "3.5 of 4 cores busy and 0.3 taken by the hypervisor on average (95 %); most of it: coordinator-1 2, haproxy 0.7, agent 0.5",
      },
    ]);
    expect(findBottlenecks(tenSeconds(machine({ busyCores: 3.5 })), closed)).toEqual([]);
  });

  it("takes the mean: a second that is full is not a phase that is full", () => {
    const readings = [
      ...tenSeconds(machine({ busyCores: 1 })),
      { ...machine({ busyCores: 4 }), atUs: 10_000_000 },
    ];
    expect(findBottlenecks(readings, closed)).toEqual([]);
  });

  it("names the client where its own measurement says that it was the limit, and never else", () => {
    const readings = tenSeconds(container("agent", { cpuCores: 1.4 }));
    expect(findBottlenecks(readings, closed)).toEqual([]);
    const why = "a sending thread used 0.96 of a core (from 0.9 on it is full)";
    expect(findBottlenecks(readings, { ...closed, client: clientOf(why, 0.96) })).toEqual([
      {
        resource: "CPU of the client (agent)",
        utilisation: 0.96,
        evidence: `${why}: the client was the limit`,
      },
    ]);
  });

  it("names a container that is at its CPU limit, or is throttled on the way there", () => {
    const limited = { cpuLimit: 2 };
    const readings = tenSeconds(
      container("worker-1a", { ...limited, cpuCores: 1.9, throttledShare: 0.6 }),
      container("worker-2a", { ...limited, cpuCores: 1.2, throttledShare: 0.3 }),
      container("worker-3a", { ...limited, cpuCores: 1.2, throttledShare: 0.05 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "CPU limit of worker-1a",
        utilisation: 0.95,
        evidence: "1.9 of 2 cores allowed on average, throttled in 60 % of the scheduler's periods",
      },
      expect.objectContaining({ resource: "CPU limit of worker-2a", utilisation: 0.9 }),
    ]);
  });

  it("names a PgBouncer that fills the one core its thread can use, and no other container with one core", () => {
    const readings = tenSeconds(
      pooler("pgbouncer-1"),
      container("pgbouncer-1", { cpuCores: 0.95 }),
      container("haproxy", { cpuCores: 0.95 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "CPU of pgbouncer-1",
        utilisation: 0.95,
        evidence: "0.95 of the one core that its single thread can use, on average",
      },
    ]);
  });

  it("names a pool that is all in use while clients wait, fuller than full by those who wait", () => {
    const readings = tenSeconds(
      pooler("pgbouncer-1", { serversActive: 100, clientsWaiting: 233, longestWaitMs: 9800 }),
      pooler("pgbouncer-2", { serversActive: 100 }),
      pooler("pgbouncer-3", { serversActive: 40, clientsWaiting: 1 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "connections of pgbouncer-1",
        utilisation: 3.33,
        evidence:
          "100 of 100 server connections in use and 233 clients waiting for one on average, the longest for 9800 ms",
      },
    ]);
  });

  it("names max_connections that are nearly all taken", () => {
    const readings = tenSeconds(
      postgres("worker-1a", { connections: 97, maxConnections: 100 }),
      postgres("worker-2a", { connections: 90, maxConnections: 100 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "max_connections of worker-1a",
        utilisation: 0.97,
        evidence: "97 of max_connections 100 in use on average (97 %)",
      },
    ]);
  });

  it("names the disk where idle cores mostly wait for it, and who used it", () => {
    const readings = tenSeconds(
      machine({ busyCores: 1, ioWaitCores: 2.4 }),
      container("coordinator-1", { diskWriteBytesPerSecond: 40e6, diskReadBytesPerSecond: 2e6 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "disk of the machine",
        utilisation: 0.8,
        evidence:
          "2.4 of 3 idle cores waited for disks on average; most read and written: coordinator-1 42 MB/s",
      },
    ]);
    expect(findBottlenecks(tenSeconds(machine({ busyCores: 1, ioWaitCores: 1 })), closed)).toEqual([]);
    expect(findBottlenecks(tenSeconds(machine({ busyCores: 3.5, ioWaitCores: 0.3 })), closed)).toEqual([]);
  });

  it("names a container whose memory came near its limit", () => {
    const readings = tenSeconds(
      container("worker-1a", { memoryMb: 3950, memoryLimitMb: 4096 }),
      container("worker-2a", { memoryMb: 3000, memoryLimitMb: 4096 }),
      container("worker-3a", { memoryMb: 9000 }),
    );
    expect(findBottlenecks(readings, closed)).toMatchObject([
      { resource: "memory limit of worker-1a", utilisation: 0.964 },
    ]);
  });

  it("names checkpoints of a primary that come sooner than by time", () => {
    const hurried = [
      ...tenSeconds(postgres("coordinator-1", { walBytesPerSecond: 50e6 })),
      { ...postgres("coordinator-1", { walBytesPerSecond: 50e6, checkpoints: 2 }), atUs: 10_000_000 },
    ];
    expect(findBottlenecks(hurried, closed)).toEqual([
      {
        resource: "checkpoints of coordinator-1",
        utilisation: 0.9,
        evidence:
          "2 checkpoints in 10 s at 50 MB/s of WAL: one follows the other, because max_wal_size is full",
      },
    ]);
    const one = [
      ...tenSeconds(postgres("coordinator-1")),
      { ...postgres("coordinator-1", { checkpoints: 1 }), atUs: 0 },
    ];
    expect(findBottlenecks(one, closed)).toEqual([]);
  });

  it.each([
    ["Lock:transactionid", "locks of coordinator-1"],
    ["IPC:SyncRep", "commits of coordinator-1 (synchronous standby)"],
    ["LWLock:WALWrite", "WAL of coordinator-1"],
    ["IO:WalSync", "WAL of coordinator-1"],
    ["IO:DataFileRead", "disk of coordinator-1"],
    ["LWLock:BufferContent", "internal locks of coordinator-1"],
    ["Extension:PostgresFdwGetResult", "workers that coordinator-1 waits for"],
  ])("names what most running statements wait for: %s is %s", (event, resource) => {
    const readings = tenSeconds(
      postgres("coordinator-1", { activeByWait: { [event]: 12, CPU: 3, "Client:ClientWrite": 1 } }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource,
        utilisation: 0.75,
        evidence: `12 of 16 running statements waited on average (75 %): ${event} 12`,
      },
    ]);
  });

  it("adds up the wait events of one cause", () => {
    const readings = tenSeconds(
      postgres("coordinator-1", {
        activeByWait: { "LWLock:WALWrite": 6, "IO:WalSync": 1, "Lock:tuple": 4, CPU: 2 },
      }),
    );
    expect(findBottlenecks(readings, closed)).toMatchObject([
      {
        resource: "WAL of coordinator-1",
        evidence: "7 of 13 running statements waited on average (54 %): LWLock:WALWrite 6, IO:WalSync 1",
      },
    ]);
  });

  it("names no wait while the load has room left: fewer statements run than half of its connections", () => {
    const readings = tenSeconds(postgres("coordinator-1", { activeByWait: { "IPC:SyncRep": 10 } }));
    expect(findBottlenecks(readings, open)).toEqual([]);
    expect(findBottlenecks(readings, closed)).toHaveLength(1);
  });

  it("asks for no more statements at once than a pool lets through", () => {
    const readings = tenSeconds(
      pooler("pgbouncer-1", { poolSize: 20 }),
      postgres("coordinator-1", { activeByWait: { "IPC:SyncRep": 10 } }),
    );
    expect(findBottlenecks(readings, open)).toHaveLength(1);
  });

  it("puts the fullest first", () => {
    const readings = tenSeconds(
      machine({ busyCores: 3.7 }),
      pooler("pgbouncer-1", { serversActive: 100, clientsWaiting: 10 }),
      container("agent", { cpuCores: 0.95 }),
    );
    const context = { ...closed, client: clientOf("it was full", 0.95) };
    expect(findBottlenecks(readings, context)?.map(({ resource }) => resource)).toEqual([
      "connections of pgbouncer-1",
      "CPU of the client (agent)",
      "CPU of the machine",
    ]);
  });
});

function clientOf(clientBound: string | null, cores: number): BottleneckContext["client"] {
  return { clientBound, busiestSenderCores: { kind: "value", value: cores } };
}
