import { describe, expect, it } from "vitest";
import { locateCgroup, readCgroup, type ReadText } from "./cgroup-files.ts";
import { usedBetween, type ContainerCounters } from "./counters.ts";
import { countersOf } from "./engine-stats.ts";
import { machineBetween, parseMachineTimes } from "./machine-times.ts";

const id = "28b667599744";
const network = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    9999      13    0    0    0     0          0         0     9999      13    0    0    0     0       0          0
  eth0:    1142      13    0    0    0     0          0         0      770       9    0    0    0     0       0          0
`;
const counters: ContainerCounters = {
  atMs: 1000,
  cpuMs: 24,
  periods: 40,
  throttledPeriods: 10,
  memoryBytes: 425_984,
  diskReadBytes: 4096,
  diskWrittenBytes: 12_288,
  receivedBytes: 1142,
  sentBytes: 770,
};

describe("a container's cgroup", () => {
  it("of version 1 is found by one of its processes, each controller in its own folder", () => {
    const read = reading({
      "/proc/77/cgroup": `8:blkio:/docker/${id}\n4:memory:/docker/${id}\n2:cpu,cpuacct:/docker/${id}\n0::/docker/${id}\n`,
      "/proc/77/net/dev": network,
      [`/sys/fs/cgroup/cpuacct/docker/${id}/cpuacct.usage`]: "24000000\n",
      [`/sys/fs/cgroup/cpu/docker/${id}/cpu.stat`]: "nr_periods 40\nnr_throttled 10\nthrottled_time 5000\n",
      [`/sys/fs/cgroup/memory/docker/${id}/memory.usage_in_bytes`]: "527984\n",
      [`/sys/fs/cgroup/memory/docker/${id}/memory.stat`]:
        "inactive_file 7\ntotal_inactive_file 100000\nactive_file 9\ntotal_active_file 2000\n",
      [`/sys/fs/cgroup/blkio/docker/${id}/blkio.throttle.io_service_bytes_recursive`]:
        "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 0\n8:16 Write 4096\n8:0 Total 12288\nTotal 16384\n",
    });
    const files = locateCgroup(id, 77, read)!;
    expect(files.version).toBe(1);
    expect(readCgroup(files, read, 1000)).toEqual(counters);
  });

  it.each([`/docker/${id}`, `/system.slice/docker-${id}.scope`])(
    "of version 2 is one folder, whatever driver named it: %s",
    (path) => {
      const folder = `/sys/fs/cgroup${path}`;
      const read = reading({
        "/proc/77/cgroup": `0::${path}\n`,
        "/proc/77/net/dev": network,
        [`${folder}/cpu.stat`]: "usage_usec 24000\nuser_usec 1\nnr_periods 40\nnr_throttled 10\n",
        [`${folder}/memory.current`]: "527984\n",
        [`${folder}/memory.stat`]: "anon 5\ninactive_file 100000\nactive_file 2000\n",
        [`${folder}/io.stat`]:
          "8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=0 wbytes=4096 rios=0\n",
      });
      const files = locateCgroup(id, 77, read)!;
      expect(files.version).toBe(2);
      expect(readCgroup(files, read, 1000)).toEqual(counters);
    },
  );

  it("of another machine is not found, though a process of the same number is here", () => {
    const read = reading({
      "/proc/77/cgroup": "0::/user.slice/session-1.scope\n",
      "/proc/77/net/dev": network,
    });
    expect(locateCgroup(id, 77, read)).toBeNull();
    expect(locateCgroup(id, 78, read)).toBeNull();
  });

  it("has no counters once the container has ended", () => {
    const files = { version: 2, cpuacct: "/x", cpu: "/x", memory: "/x", blkio: "/x", network: "/y" } as const;
    expect(readCgroup(files, reading({}), 1000)).toBeNull();
  });
});

describe("the engine's answer", () => {
  it("has the same counters, by either version of cgroups", () => {
    const stats = (pages: Readonly<Record<string, number>>, operations: readonly [string, string]) => ({
      read: "1970-01-01T00:00:01Z",
      cpu_stats: {
        cpu_usage: { total_usage: 24_000_000 },
        throttling_data: { periods: 40, throttled_periods: 10 },
      },
      memory_stats: { usage: 527_984, stats: pages },
      blkio_stats: {
        io_service_bytes_recursive: [
          { op: operations[0], value: 4096 },
          { op: operations[1], value: 12_288 },
        ],
      },
      networks: { eth0: { rx_bytes: 1142, tx_bytes: 770 } },
    });
    const version1 = { total_inactive_file: 100_000, inactive_file: 7, total_active_file: 2000 };
    expect(countersOf(stats(version1, ["Read", "Write"]))).toEqual(counters);
    const version2 = { inactive_file: 100_000, active_file: 2000 };
    expect(countersOf(stats(version2, ["read", "write"]))).toEqual(counters);
  });

  it("has none of a container that does not run", () => {
    expect(
      countersOf({ read: "0001-01-01T00:00:00Z", blkio_stats: { io_service_bytes_recursive: null } }),
    ).toBeNull();
  });
});

describe("what a container used between two looks", () => {
  it("is growth by time, throttling by periods, and memory as it is", () => {
    const later = {
      atMs: 3000,
      cpuMs: 3024,
      periods: 60,
      throttledPeriods: 15,
      memoryBytes: 1024 * 1024 * 1024,
      diskReadBytes: 4096,
      diskWrittenBytes: 2_012_288,
      receivedBytes: 3142,
      sentBytes: 1_000_770,
    };
    expect(usedBetween("worker-1a", counters, later, { cpus: 2, memoryBytes: 4096 * 1024 * 1024 })).toEqual({
      kind: "container",
      node: "worker-1a",
      cpuCores: 1.5,
      cpuLimit: 2,
      throttledShare: 0.25,
      memoryMb: 1024,
      memoryLimitMb: 4096,
      diskReadBytesPerSecond: 0,
      diskWriteBytesPerSecond: 1_000_000,
      networkReceivedBytesPerSecond: 1000,
      networkSentBytesPerSecond: 500_000,
    });
  });

  it("is unknown when it was started anew in between, or no time has passed", () => {
    const none = { cpus: 0, memoryBytes: 0 };
    expect(usedBetween("a", counters, { ...counters, atMs: 2000, cpuMs: 1 }, none)).toBeNull();
    expect(usedBetween("a", counters, counters, none)).toBeNull();
  });
});

describe("the machine", () => {
  const at = (user: number, idle: number, ioWait: number, stolen: number) =>
    parseMachineTimes(
      `cpu  ${user} 10 20 ${idle} ${ioWait} 3 2 ${stolen} 5 0\ncpu0 1 2 3\ncpu1 1 2 3\nintr 5\n`,
    )!;

  it("was busy, waited for disks and lost time to others, in cores", () => {
    expect(at(100, 1000, 50, 7)).toEqual({ cores: 2, busy: 135, idle: 1000, ioWait: 50, stolen: 7 });
    expect(machineBetween(at(100, 1000, 50, 7), at(200, 1060, 80, 17))).toEqual({
      kind: "machine",
      cores: 2,
      busyCores: 1,
      ioWaitCores: 0.3,
      stolenCores: 0.1,
    });
    expect(machineBetween(at(100, 1000, 50, 7), at(100, 1000, 50, 7))).toBeNull();
  });

  it("is not told of by a text that is none of its", () => {
    expect(parseMachineTimes("")).toBeNull();
  });
});

function reading(files: Readonly<Record<string, string>>): ReadText {
  return (path) => files[path] ?? null;
}
