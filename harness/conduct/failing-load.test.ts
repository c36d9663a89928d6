import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FailedLoad, FailingLoad } from "./failing-load.fake.ts";
import { startPostgresStub, type StubAnswer } from "../load/agent/postgres-stub.fake.ts";

/** By hand for longer: DPG_FAILING_SECONDS=60 npx vitest run --project unit harness/conduct/failing-load. */
const SECONDS = Number(process.env.DPG_FAILING_SECONDS ?? 5);
const PER_SECOND = 15_000;
/** Operations that are chosen to be kept, beside the count of all. */
const SAMPLES_KEPT = 11_000;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-failing-"));
  const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning" } as const;
  await build({
    ...common,
    entryPoints: [path.join(import.meta.dirname, "../load/agent/agent-main.ts")],
    outfile: path.join(folder, "agent.cjs"),
    format: "cjs",
    external: ["pg-native"],
  });
  await build({
    ...common,
    entryPoints: [path.join(import.meta.dirname, "failing-load.fake.ts")],
    outfile: path.join(folder, "harness.mjs"),
    format: "esm",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

test(
  "a run whose every operation fails is counted whole, and takes harness and agent a bounded memory",
  { timeout: 60_000 + 3000 * SECONDS },
  async () => {
    const told = await send(() => ({ kind: "error", code: "42P01", severity: "ERROR" }));
    expect(told.end).toBe("complete");
    expect(told.failed["42P01"]).toBeGreaterThan(0);
    expect(sumOf(told.failed)).toBe(PER_SECOND * SECONDS);
    expect(told.samples).toBeLessThanOrEqual(SAMPLES_KEPT);
    expect(told.harnessMb).toBeLessThan(400);
    expect(told.agentMb).toBeLessThan(400);
  },
);

test(
  "connections that are broken by every operation, and refused afterwards, take no more",
  { timeout: 60_000 + 3000 * SECONDS },
  async () => {
    let answered = 0;
    const told = await send(
      () => ({ kind: "close" }),
      () => (answered += 1) > 200,
    );
    expect(told.end).toBe("complete");
    expect(sumOf(told.failed)).toBe(PER_SECOND * SECONDS);
    expect(told.failed.ECONNREFUSED).toBeGreaterThan(0);
    expect(told.samples).toBeLessThanOrEqual(SAMPLES_KEPT);
    expect(told.harnessMb).toBeLessThan(400);
    expect(told.agentMb).toBeLessThan(400);
  },
);

/** Sends the load to a server that answers so, until it is to stop answering at all. */
async function send(answer: () => StubAnswer, isEnough: () => boolean = () => false): Promise<FailedLoad> {
  await using stub = await startPostgresStub(() => {
    if (isEnough()) void stub[Symbol.asyncDispose]();
    return answer();
  });
  const load: FailingLoad = {
    agentProgram: path.join(folder, "agent.cjs"),
    runs: path.join(folder, "runs"),
    port: stub.port,
    perSecond: PER_SECOND,
    seconds: SECONDS,
  };
  const program = path.join(folder, "harness.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(load)]);
  const told = JSON.parse(stdout) as FailedLoad;
  if (process.env.DPG_FAILING_SECONDS !== undefined) console.info(told);
  return told;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
