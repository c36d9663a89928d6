import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testImages } from "../cluster/images.fake.ts";
import type { Measurements } from "../model/measurement.ts";
import type { Verdict } from "../model/verdict.ts";
import { knownFigures, lowestOf } from "../stats/figures.ts";
import { startCli } from "./cli-process.fake.ts";
import { makeFolder } from "./tiny-scenario.fake.ts";

let folder: string;
beforeAll(async () => {
  await testImages();
  folder = await makeFolder();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("a node that is lost for 4 s under load costs the load as much, and every acknowledged insert is found afterwards", async () => {
  const file = path.join(folder, "under-faults.json");
  const shape = { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 300 } };
  const probe = { ratePerSecond: 50, timeoutMs: 1000 };
  await writeFile(
    file,
    JSON.stringify({
      name: "under-faults",
      question: "What does a lost node do to inserts?",
      why: "For tests.",
      topology: "development",
      load: { writeProbe: probe, readProbe: probe, background: null },
      phases: { warmupSeconds: 1, steadySeconds: 8, recoverySeconds: 8 },
      faults: [{ fault: "kill-node", victim: "the only node", injections: 1, healAfterSeconds: 4 }],
      benchmark: {
        workload: "insert",
        client: { latencyLimitMs: 1000, connections: 4, timeoutMs: 1000 },
        phases: { warmupSeconds: 1, steadySeconds: 3 },
        method: { kind: "fixed", stages: [{ name: "calm", shape }] },
        sustained: { kind: "shape", name: "always", shape },
      },
      targets: [
        {
          id: "BACK",
          title: "Latency is back within half a minute",
          metric: "latency-recovery",
          statistic: "each",
          bound: { below: 30 },
          source: "a test",
        },
      ],
      quick: null,
    }),
  );
  const cli = startCli(["run", file, "--seed", "1"], { folder });
  const { exitCode, stdout, stderr } = await cli.ended;
  expect(stderr).not.toMatch(/unexpected error/);
  const directory = await cli.directory();
  const read = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(path.join(directory, name), "utf8")) as T;
  const { disturbances = [], injections, stages } = await read<Measurements>("measurements.json");
  expect(stages.map(({ title, problem }) => [title, problem])).toEqual([
    ["calm", null],
    ["always", null],
  ]);
  expect(injections).toHaveLength(1);
  const [one] = disturbances;
  console.log(stdout.slice(stdout.indexOf("Load under"), stdout.indexOf("Stage ")));
  // 4 s of 300/s were not served, a little of it perhaps before the fault was done and after it was healed.
  expect(one?.during.notOk).toBeGreaterThan(600);
  expect(one?.before.n).toBeGreaterThan(1000);
  const [back] = knownFigures(one === undefined ? [] : [one.recoverySeconds]);
  expect(back === undefined ? NaN : lowestOf(back)).toBeGreaterThan(3);
  const { targets } = await read<Verdict>("verdict.json");
  expect(targets.find(({ target }) => target.id === "INVARIANTS")?.outcome).toBe("pass");
  expect([0, 1, 2]).toContain(exitCode);
  expect(stdout).toContain("2 stages done, 1 of 1 injections done");
});
