import { describe, expect, it } from "vitest";
import type { BottleneckContext } from "./bottleneck-context.ts";
import { findBottlenecks } from "./find-bottlenecks.ts";
import type {
  ContainerReading,
  MachineReading,
  PoolerReading,
  PostgresReading,
  ResourceReading,
} from "../../model/resource.ts";
import { container, machine, pooler, postgres, tenSeconds } from "./readings.fake.ts";

type Readings = readonly (ContainerReading | MachineReading | PoolerReading | PostgresReading)[];

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
          "3.50 of 4 cores busy and 0.30 taken by the hypervisor on average (95 %); most of it: coordinator-1 2, haproxy 0.70, agent 0.50",
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
        evidence: "1.90 of 2 cores allowed on average, throttled in 60 % of the scheduler's periods",
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
          "100 of 100 server connections in use and 233 clients waiting for one on average, the longest for 9,800 ms",
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
          "2.40 of 3 idle cores waited for disks on average; most read and written: coordinator-1 42 MB/s",
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

  it("counts a resource as full from its bound on", () => {
    const found = (...readings: Readings) =>
      findBottlenecks(once(...readings), closed)?.map(({ resource }) => resource);
    expect(found(machine({ busyCores: 3.6 }))).toEqual(["CPU of the machine"]);
    expect(found(container("worker-1a", { cpuLimit: 2, cpuCores: 1.8 }))).toEqual(["CPU limit of worker-1a"]);
    expect(found(container("worker-1a", { cpuLimit: 2, throttledShare: 0.1 }))).toEqual([
      "CPU limit of worker-1a",
    ]);
    expect(found(pooler("pgbouncer-1"), container("pgbouncer-1", { cpuCores: 0.9 }))).toEqual([
      "CPU of pgbouncer-1",
    ]);
    expect(found(pooler("pgbouncer-1", { serversActive: 98, clientsWaiting: 1 }))).toEqual([
      "connections of pgbouncer-1",
    ]);
    expect(found(postgres("worker-1a", { connections: 95, maxConnections: 100 }))).toEqual([
      "max_connections of worker-1a",
    ]);
    expect(found(container("worker-1a", { memoryMb: 950, memoryLimitMb: 1000 }))).toEqual([
      "memory limit of worker-1a",
    ]);
    expect(found(machine({ busyCores: 3.5, ioWaitCores: 0.4 }))).toEqual(["disk of the machine"]);
    expect(found(machine({ busyCores: 1, ioWaitCores: 1.5 }))).toEqual(["disk of the machine"]);
    const waits = { "IPC:SyncRep": 8, CPU: 8 };
    expect(found(postgres("worker-1a", { activeByWait: waits }))).toEqual([
      "commits of worker-1a (synchronous standby)",
    ]);
  });

  it("says of the hypervisor what it took from one hundredth of the cores on, and names no users of none", () => {
    const evidence = (stolenCores: number) =>
      findBottlenecks(once(machine({ busyCores: 3.8, stolenCores })), closed)?.[0]?.evidence;
    expect(evidence(0)).toBe("3.80 of 4 cores busy on average (95 %)");
    expect(evidence(0.03)).toBe("3.80 of 4 cores busy on average (96 %)");
    expect(evidence(0.04)).toBe("3.80 of 4 cores busy and 0.04 taken by the hypervisor on average (96 %)");
  });

  it("does not name a client whose CPU was not measured", () => {
    const client = {
      clientBound: "it was full",
      busiestSenderCores: { kind: "withheld", reason: "no second was recorded" },
    } as const;
    expect(findBottlenecks(once(container("agent")), { ...closed, client })).toEqual([]);
  });

  it("names a container at its CPU limit that was not yet throttled, and no PgBouncer with room", () => {
    const readings = once(
      container("worker-1a", { cpuLimit: 2, cpuCores: 1.9 }),
      pooler("pgbouncer-1"),
      container("pgbouncer-1", { cpuCores: 0.5 }),
    );
    expect(findBottlenecks(readings, closed)).toMatchObject([{ resource: "CPU limit of worker-1a" }]);
  });

  it("names a pool that was full in half of the looks, and says the longest wait of all", () => {
    const full = pooler("pgbouncer-1", { serversActive: 100, clientsWaiting: 2, longestWaitMs: 700 });
    const calm = pooler("pgbouncer-1", { serversActive: 100, longestWaitMs: 20 });
    const half = findBottlenecks(once(full, calm), closed);
    expect(half).toHaveLength(1);
    expect(half?.[0]?.evidence).toMatch(/the longest for 700 ms$/);
    expect(findBottlenecks(once(full, calm, calm), closed)).toEqual([]);
  });

  it("says nothing of max_connections that was not read", () => {
    const readings = once(postgres("worker-1a", { connections: 5, maxConnections: 0 }));
    expect(findBottlenecks(readings, closed)).toEqual([]);
  });

  it("does not count what the hypervisor took as idle cores that wait for the disk, and names three of its users", () => {
    const readings = once(
      machine({ busyCores: 1, stolenCores: 1, ioWaitCores: 1.2 }),
      container("coordinator-1", { diskWriteBytesPerSecond: 2e6 }),
      container("worker-1a", { diskReadBytesPerSecond: 3e6 }),
      container("worker-2a", { diskWriteBytesPerSecond: 1e6 }),
      container("worker-3a", { diskWriteBytesPerSecond: 4e6, diskReadBytesPerSecond: 1e6 }),
    );
    expect(findBottlenecks(readings, closed)).toEqual([
      {
        resource: "disk of the machine",
        utilisation: 0.6,
        evidence:
          "1.20 of 2 idle cores waited for disks on average; most read and written: worker-3a 5 MB/s, worker-1a 3 MB/s, coordinator-1 2 MB/s",
      },
    ]);
    expect(findBottlenecks(once(machine({ busyCores: 1, ioWaitCores: 2.4 })), closed)?.[0]?.evidence).toBe(
      "2.40 of 3 idle cores waited for disks on average",
    );
  });

  it("takes a container's memory at its most: one moment at the limit is enough to be killed", () => {
    const most = container("worker-1a", { memoryMb: 990, memoryLimitMb: 1000 });
    const less = container("worker-1a", { memoryMb: 100, memoryLimitMb: 1000 });
    expect(findBottlenecks(once(less, most), closed)).toMatchObject([{ utilisation: 0.99 }]);
    expect(findBottlenecks(once(most, less), closed)).toMatchObject([{ utilisation: 0.99 }]);
  });

  it("allows for checkpoints that are due by time: one more than each five minutes, wherever the clock stands", () => {
    const tenMinutes = (checkpoints: number, last: Partial<PostgresReading> = {}) =>
      findBottlenecks(
        [
          { ...postgres("coordinator-1"), atUs: 1000e6 },
          { ...postgres("coordinator-1", { primary: false, checkpoints }), atUs: 1300e6 },
          { ...postgres("coordinator-1", last), atUs: 1600e6 },
        ],
        closed,
      );
    expect(tenMinutes(3)).toEqual([]);
    expect(tenMinutes(4)?.[0]?.evidence).toMatch(/^4 checkpoints in 600 s/);
    expect(tenMinutes(4, { primary: false })).toEqual([]);
  });

  it("names no wait of unknown cause, of less than half of what runs, or of less than one statement", () => {
    const waits = (activeByWait: Readonly<Record<string, number>>, context = closed) =>
      findBottlenecks(once(postgres("coordinator-1", { activeByWait })), context);
    expect(waits({ "Client:ClientRead": 12, CPU: 3 })).toEqual([]);
    expect(waits({ "IPC:SyncRep": 7, CPU: 8 })).toEqual([]);
    const alone: BottleneckContext = { ...closed, shape: { kind: "closed", clients: 1, thinkTimeMs: 0 } };
    expect(waits({ "IPC:SyncRep": 0.9 }, alone)).toEqual([]);
    expect(waits({ "IPC:SyncRep": 1 }, alone)).toHaveLength(1);
  });

  it("names three wait events of a cause, most waited for first", () => {
    const activeByWait = {
      "IO:WalInitSync": 1,
      "IO:WalSync": 3,
      "LWLock:WALInsert": 2,
      "LWLock:WALWrite": 6,
    };
    const found = findBottlenecks(once(postgres("coordinator-1", { activeByWait })), closed);
    expect(found?.[0]?.evidence).toMatch(/: LWLock:WALWrite 6, IO:WalSync 3, LWLock:WALInsert 2$/);
  });

  it("asks a closed load for its clients' statements, whatever it has connections, and of several pools for the largest", () => {
    const statements = (count: number) =>
      postgres("coordinator-1", { activeByWait: { "IPC:SyncRep": count } });
    expect(findBottlenecks(once(statements(10)), { ...closed, connections: 100 })).toHaveLength(1);
    const pools = [pooler("pgbouncer-1", { poolSize: 5 }), pooler("pgbouncer-2", { poolSize: 20 })];
    expect(findBottlenecks(once(...pools, statements(9)), open)).toEqual([]);
    expect(findBottlenecks(once(...pools, statements(10)), open)).toHaveLength(1);
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

/** Each reading a single time: the mean of one is that one, exactly. */
function once(...readings: Readings): readonly ResourceReading[] {
  return readings.map((reading) => ({ ...reading, atUs: 0 }));
}
