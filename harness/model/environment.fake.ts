import type { Environment } from "./environment.ts";
import type { Topology } from "./topology.ts";

/** An environment record for tests. */
export function fakeEnvironment(topology: Topology): Environment {
  return {
    dpgBench: { version: "0.1.0" },
    startedAt: "2026-02-12T10:00:00.000Z",
    machine: {
      fingerprint: "3f9c1a7be2d04c55",
      cpuModel: "AMD EPYC 7B13",
      cores: 2,
      memoryMb: 24_576,
      kernel: "6.1.0-18-amd64",
      os: "Debian GNU/Linux 12 (bookworm)",
      node: "v20.19.2",
    },
    engine: { name: "Docker Engine", version: "20.10.24", storageDriver: "overlay2", cgroupVersion: "1" },
    images: [
      { name: "dpg-bench/node:5d41402abc4b", id: "sha256:5d41402abc4b2a76b9719d911017c592" },
      { name: "dpg-bench/agent:7d793037a076", id: "sha256:7d793037a0760186574b0282f2f435e7" },
    ],
    components: {
      postgresql: "17.6",
      patroni: "4.0.7",
      etcd: "3.5.16",
      haproxy: "3.0.11",
      pgbouncer: "1.24.1",
      pgvector: "0.8.0",
    },
    dialects: { sharding: topology.sharding, vectors: topology.vectors },
    clockOffsets: [
      { process: "agent", offsetUs: 0, uncertaintyUs: 140 },
      { process: "observer", offsetUs: 0, uncertaintyUs: 155 },
    ],
    observers: [
      "etcd leader keys: watched, each change as it happens",
      "Patroni REST of every member: every 200 ms",
      "PostgreSQL of every member: every 50 ms",
      "HAProxy: every 100 ms",
      "PgBouncer: every 200 ms",
    ],
  };
}
