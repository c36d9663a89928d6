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
