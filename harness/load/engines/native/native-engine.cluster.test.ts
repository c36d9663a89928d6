import { afterAll, beforeAll, expect, test } from "vitest";
import { createCredentials } from "../../../cluster/create-credentials.ts";
import { testImages } from "../../../cluster/images.fake.ts";
import { startContainers, type StartedContainers } from "../../../cluster/start-containers.ts";
import { systemClock } from "../../../support/system-clock.ts";
import { development } from "../../../../topologies/development.ts";
import { startAgentProcess } from "../../agent/agent-process.fake.ts";
import { connectAgent, type Agent } from "../../client/connect-agent.ts";
import { stageLoad } from "./send-stage.fake.ts";
import { defaultRuntime } from "../../../runtime/catalogue.ts";
import { quietProgress } from "../../../model/progress.fake.ts";

const credentials = createCredentials();
const { database } = development.postgres;
const small = { ...development, postgres: { ...development.postgres, maxConnections: 40 } };
let containers: StartedContainers | undefined;

beforeAll(async () => {
  containers = await startContainers(small, {
    images: await testImages(),
    runtime: defaultRuntime,
    runId: "native-engine",
    mode: "run",
    credentials,
    lifetimeSeconds: 600,
    publish: true,
    keepConfig: () => Promise.resolve(),
    progress: quietProgress,
    signal: AbortSignal.timeout(120_000),
    commandMs: 30_000,
  });
  await containers.bootstrap();
});

afterAll(async () => {
  await containers?.[Symbol.asyncDispose]();
});

type Load = Parameters<Agent["startStage"]>[0];

function loadOf(shape: Load["shape"], workload: string): Load {
  const phases = { warmupSeconds: 0.5, steadySeconds: 1.5, coolDownSeconds: 0 };
  const {
    definition: _definition,
    login: _login,
    addressOf: _addressOf,
    epochNs: _epochNs,
    ...load
  } = stageLoad({
    shape,
    phases,
  });
  const at = containers!.entry.readWrite!;
  return { ...load, workload, parameters: {}, endpoints: { readWrite: at, readOnly: at }, database };
}

/** Counts over a whole stage that a real agent sends to a real PostgreSQL. */
async function sent(load: Load, statements: readonly string[], password = credentials.clientPassword) {
  const clock = systemClock();
  await using agentProcess = await startAgentProcess();
  await using agent = await connectAgent({ channel: agentProcess.channel, ...clock, clock, password });
  if (statements.length > 0)
    await agent.run({ at: load.endpoints.readWrite, database, statements, budgetMs: 20_000 });
  const counts = { ok: 0, failed: {} as Record<string, number>, samples: 0 };
  const { ended } = await agent.startStage(load, {
    second: ({ operations }) => {
      for (const { ok, failed } of operations) {
        counts.ok += ok;
        for (const [code, count] of Object.entries(failed))
          counts.failed[code] = (counts.failed[code] ?? 0) + count;
      }
    },
    samples: (_operation, samples) => void (counts.samples += samples.length),
    samplesLeftOut: () => undefined,
  });
  return { end: await ended, ...counts };
}

const table = [
  "drop table if exists point_select",
  "create table point_select (id bigint primary key, version integer, value integer, filler text)",
  "insert into point_select select id, 0, id, 'x' from generate_series(1, 1000) as id",
];

test.each([
  ["open", { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 200 } }],
  ["closed", { kind: "closed", clients: 4, thinkTimeMs: 5 }],
] as const)("a real PostgreSQL serves a stage of %s shape", async (_title, shape) => {
  const load = loadOf(shape, "point-select");
  const { end, ok, failed, samples } = await sent(load, table);
  expect(end).toMatchObject({ kind: "complete" });
  expect(ok).toBeGreaterThan(0);
  expect(failed).toEqual({});
  expect(samples).toBeGreaterThan(0);
  expect(samples).toBeLessThanOrEqual(Math.min(ok, load.client.samplesKept));
});

test("a wrong password refuses the stage with PostgreSQL's code", async () => {
  const shape = { kind: "closed", clients: 4, thinkTimeMs: 0 } as const;
  await expect(sent(loadOf(shape, "point-select"), [], "not this one")).rejects.toMatchObject({
    code: "28P01",
  });
});

test("more clients than the server takes: those beyond are counted by 53300, the others are served", async () => {
  const shape = { kind: "closed", clients: 60, thinkTimeMs: 200 } as const;
  const { end, ok, failed } = await sent(loadOf(shape, "point-select"), []);
  expect(end).toMatchObject({ kind: "complete" });
  expect(ok).toBeGreaterThan(0);
  expect(Object.keys(failed)).toEqual(["53300"]);
});
