import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { agentProbes, agentRecorder, agentStage } from "./growth/agent-parts.ts";
import type { Done } from "./growth/growing-part.ts";
import { harnessProbes, harnessStage } from "./growth/harness-parts.ts";
import { serveStub } from "./growth/stub-process.ts";

/**
 * How much memory each side of a run holds on to while the run goes on. Each part is driven in a process of its own, and
 * tells what it has done so far at an early and at a late moment; garbage is collected before each reading. `node growth.js part NAME` drives one part.
 */
const parts = {
  "agent, a stage": agentStage,
  "agent, probes": agentProbes,
  "agent, the recorder of a stage, simulated": agentRecorder,
  "harness, a stage, simulated": harnessStage,
  "harness, probes, simulated": harnessProbes,
} as const;

interface Reading extends Done {
  heap: number;
  rss: number;
}

/** Of a reading: what is under way at one moment is gone at another, so the least is what is held. */
const LOOKS = 8;

const [role, name = ""] = process.argv.slice(2);
if (role === "stub") await serveStub();
else if (role === "part") await drive(name);
else for (const each of Object.keys(parts)) await inItsOwnProcess(each);

async function inItsOwnProcess(part: string): Promise<void> {
  const child = fork(import.meta.filename, ["part", part]);
  await new Promise<void>((resolve, reject) => {
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${part} ended with ${code ?? "a signal"}`));
    });
  });
}

async function drive(part: string): Promise<void> {
  const growing = parts[part as keyof typeof parts];
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-growth-"));
  const stub = fork(import.meta.filename, ["stub"]);
  const readings: Reading[] = [];
  const collect = garbageCollector();
  try {
    const port = await new Promise<number>((resolve) =>
      stub.once("message", (told) => resolve(Number(told))),
    );
    const read = async (done: Done): Promise<void> => {
      const reading = { ...done, heap: Infinity, rss: Infinity };
      readings.push(reading);
      for (let look = 0; look < LOOKS; look += 1) {
        collect();
        const { heapUsed, external, rss } = process.memoryUsage();
        reading.heap = Math.min(reading.heap, heapUsed + external);
        reading.rss = Math.min(reading.rss, rss);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await growing({ folder, port, read });
  } finally {
    stub.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
  const [early, late] = [readings[0], readings.at(-1)];
  if (early !== undefined && late !== undefined) console.log(`${part}: ${said(early, late)}`);
  process.exit(0);
}

function said(early: Reading, late: Reading): string {
  const operations = late.operations - early.operations;
  const seconds = late.seconds - early.seconds;
  const grown = late.heap - early.heap;
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return [
    `heap ${mb(early.heap)} to ${mb(late.heap)} MB, RSS ${mb(early.rss)} to ${mb(late.rss)} MB`,
    `over ${operations.toLocaleString("en")} operations in ${seconds.toLocaleString("en", { maximumFractionDigits: 0 })} s:`,
    `${(grown / operations).toFixed(2)} bytes of heap per operation, ${(grown / seconds).toFixed(0)} per second`,
  ].join(" ");
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  return gc;
}
