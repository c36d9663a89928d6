import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

interface TinyScenario {
  readonly name: string;
  readonly topology: string;
  /** Kinds of fault, one injection each, on the coordinators' primary. */
  readonly faults: readonly string[];
  readonly steadySeconds?: number;
  /** Upper bound on write unavailability, seconds. */
  readonly below?: number;
}

/** A folder of the test's own to run in. */
export async function makeFolder(): Promise<string> {
  return await mkdtemp(path.join(tmpdir(), "dpg-bench-trouble-"));
}

/** Writes a scenario of a few seconds and resolves with its path. */
export async function writeTinyScenario(folder: string, tiny: TinyScenario): Promise<string> {
  const file = path.join(folder, `${tiny.name}.json`);
  const probe = { ratePerSecond: 50, timeoutMs: 1000 };
  const scenario = {
    name: tiny.name,
    question: "Does dpg-bench end well?",
    why: "For tests of trouble.",
    topology: tiny.topology,
    load: { writeProbe: probe, readProbe: probe, background: null },
    phases: { warmupSeconds: 0.5, steadySeconds: tiny.steadySeconds ?? 1, recoverySeconds: 1 },
    faults: tiny.faults.map((fault) => ({ fault, victim: "primary of coordinators", injections: 1 })),
    targets: [
      {
        id: "W",
        title: "Writes are served again soon",
        metric: "write-unavailability",
        statistic: "each",
        bound: { below: tiny.below ?? 60 },
        source: "a test",
      },
    ],
    quick: null,
  };
  await writeFile(file, JSON.stringify(scenario));
  return file;
}

interface TinyBenchmark {
  readonly name: string;
  /** Of the one stage, at 500 inserts per second. */
  readonly steadySeconds: number;
  /** Upper bound on the p50, milliseconds. */
  readonly below?: number;
  /** Instead: clients that think for 20 ms after each answer, and a lower bound on their throughput. */
  readonly closed?: { readonly clients: number; readonly atLeast: number };
}

/** Writes a benchmark of one short stage on the development topology and resolves with its path. */
export async function writeTinyBenchmark(folder: string, tiny: TinyBenchmark): Promise<string> {
  const file = path.join(folder, `${tiny.name}.json`);
  const rate = { kind: "constant", perSecond: 500 };
  const { closed } = tiny;
  const shape =
    closed === undefined
      ? { kind: "open", arrival: "poisson", rate }
      : { kind: "closed", clients: closed.clients, thinkTimeMs: 20 };
  const scenario = {
    name: tiny.name,
    question: "Does dpg-bench send what it says?",
    why: "For tests.",
    topology: "development",
    phases: { warmupSeconds: 0, steadySeconds: 0, recoverySeconds: 0 },
    faults: [],
    benchmark: {
      workload: "insert",
      client: { latencyLimitMs: 1000, connections: 4 },
      phases: { warmupSeconds: 1, steadySeconds: tiny.steadySeconds },
      method: {
        kind: "fixed",
        stages: [{ name: "calm", shape }],
      },
    },
    targets: [
      {
        id: "L",
        title: closed === undefined ? "Inserts are answered soon" : "Many inserts are answered",
        metric: closed === undefined ? "latency-p50" : "throughput",
        of: "calm",
        statistic: "each",
        bound: closed === undefined ? { below: tiny.below ?? 1000 } : { atLeast: closed.atLeast },
        source: "a test",
      },
    ],
    quick: null,
  };
  await writeFile(file, JSON.stringify(scenario));
  return file;
}
