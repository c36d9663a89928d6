import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { development } from "../../../../topologies/development.ts";
import { bringUpForTest, prepareForTest } from "../../../conduct/bring-up-cluster.fake.ts";
import type { RunningCluster } from "../../../conduct/bring-up-cluster.ts";
import { connectEngine } from "../../../runtime/docker/engine.ts";
import { runInContainer } from "../../../runtime/docker/run-in-container.ts";
import type { ClientSettings, EngineName, LoadShape, StagePhases } from "../../../model/benchmark.ts";
import { engineGaps } from "../../../model/engine-abilities.ts";
import type { HarnessError } from "../../../model/errors.ts";
import { clientEndpoints } from "../../../model/layout.ts";
import type { Sample } from "../../../model/sample.ts";
import type { EngineDescription, StageEnd, StageSecond } from "../../../model/stage.ts";
import { findK6 } from "../../../setup/k6-build.ts";
import { systemClock } from "../../../support/system-clock.ts";
import { findWorkload, parameterDefaults, workloadCatalogue } from "../../../workloads/catalogue.ts";

const LETTERS = 20;
const CONNECTIONS = 4;
const PHASES: StagePhases = { warmupSeconds: 0.5, steadySeconds: 1, coolDownSeconds: 0 };

const closed: LoadShape = { kind: "closed", clients: CONNECTIONS, thinkTimeMs: 0 };
const poisson: LoadShape = { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 400 } };
const constant: LoadShape = { ...poisson, arrival: "constant" };

let cluster: RunningCluster;
let stages = 0;

beforeAll(async () => {
  cluster = await bringUpForTest(development, {
    runId: "outside-engines",
    workload: findWorkload("insert", { payloadBytes: LETTERS }) ?? null,
    clock: systemClock(),
    signal: new AbortController().signal,
  });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

// Where there is no Go, there is no k6.
const engines = [
  ["pgbench", poisson],
  ...((await findK6()) === null ? [] : [["k6", constant] as const]),
] as const satisfies readonly (readonly [EngineName, LoadShape])[];

describe.each(engines)("%s", (engine, open) => {
  test("tells of every insert that the database holds, each with a row of its own", async () => {
    const { seconds, end, description, samples } = await send({ engine, shape: closed });
    expect(end).toMatchObject({ kind: "complete" });
    expect(description.version).toMatch(engine === "k6" ? /^k6 1\./ : /^pgbench 17\./);
    const told = sumOf(seconds, ({ ok }) => ok);
    expect(told).toBeGreaterThan(50);
    expect(await rows()).toEqual({ rows: told, ids: told, whole: told });
    expect(seconds.map(({ phase }) => phase)).toEqual(["warmup", "steady"]);
    expect(countOf(seconds, "latency")).toBe(told);
    expect(countOf(seconds, "serviceTime")).toBe(told);
    expect(samples).toHaveLength(20);
    expect(seconds.at(-1)?.client).toMatchObject({
      agent: 1,
      served: CONNECTIONS,
      connectionsOpen: CONNECTIONS,
    });
    expect(Math.max(...seconds.map(({ client }) => client.cpuCores))).toBeGreaterThan(0);
  });

  test("keeps to an open shape's rate, with what was never sent counted", async () => {
    const { seconds, end } = await send({ engine, shape: open });
    expect(end).toMatchObject({ kind: "complete" });
    const due = sumOf(seconds, ({ ok, neverSent }) => ok + neverSent);
    // 600 are due; six standard deviations of a Poisson count of that mean.
    expect(Math.abs(due - 600)).toBeLessThan(150);
    expect((await rows()).rows).toBe(sumOf(seconds, ({ ok }) => ok));
    expect(countOf(seconds, "lag")).toBe(engine === "pgbench" ? sumOf(seconds, ({ ok }) => ok) : 0);
  });

  test("divides the load between several agents", async () => {
    const { seconds } = await send({ engine, shape: open, client: { agents: 2 } });
    expect([...new Set(seconds.map(({ client }) => client.agent))].sort()).toEqual([1, 2]);
    const all = await rows();
    expect(all).toMatchObject({ rows: sumOf(seconds, ({ ok }) => ok), ids: all.rows });
  });

  test("says which code a wrong password has", async () => {
    await asSuperuser(`alter role dpg_bench password 'another'`);
    try {
      const failure = await send({ engine, shape: closed }).catch((error: unknown) => error as HarnessError);
      expect(failure).toMatchObject({ code: "28P01" });
    } finally {
      await asSuperuser(`alter role dpg_bench password '${cluster.credentials.clientPassword}'`);
    }
  });
});

test("pgbench ends failed, with the code, when the server refuses some of its connections", async () => {
  const many = { ...closed, clients: 500 };
  const failure = await send({ engine: "pgbench", shape: many }).then(
    ({ end }) => end,
    (error: unknown) => error as HarnessError,
  );
  expect(failure).toMatchObject({ code: "53300" });
});

test("pgbench ends failed when a client loses its connection, and what it was doing is unknown", async () => {
  const { seconds, end } = await send({
    engine: "pgbench",
    shape: closed,
    phases: { ...PHASES, steadySeconds: 3 },
    meanwhile: () =>
      asSuperuser(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgbench' limit 1`,
      ),
  });
  // pgbench shows the server's words, or its own, where the connection was gone before it had read these.
  const code = end.kind === "failed" ? end.code : "";
  expect(["57P01", "CONNECTION_LOST"]).toContain(code);
  const told = sumOf(seconds, ({ ok }) => ok);
  expect(sumOf(seconds, ({ unknown }) => unknown[code] ?? 0)).toBe(1);
  expect([0, 1]).toContain((await rows()).rows - told);
});

test.skipIf(engines.length === 1)(
  "k6 runs a script of the user's own, whose operations are its own",
  async () => {
    const k6Script = `
    import { connect } from "k6/x/dpg";
    export const options = { scenarios: { load: { executor: "constant-vus", vus: 2, duration: "10s" } } };
    const database = connect();
    let id = 1000 * __VU;
    export default function () {
      id += 1;
      if (__ITER % 2 === 0) database.statement("put", "insert into inserts (id, value, payload) values ($1, 1, $2)", [id, database.letters(${LETTERS})]);
      else database.statement("fail", "select 1 / $1::int", [0]);
    }`;
    const { seconds, end, samples } = await send({ engine: "k6", shape: closed, k6Script });
    expect(end).toMatchObject({ kind: "complete" });
    const [put, fail] = ["put", "fail"].map((name) =>
      seconds.flatMap(({ operations }) => operations).filter(({ operation }) => operation === name),
    );
    expect((await rows()).rows).toBe(put!.reduce((sum, { ok }) => sum + ok, 0));
    expect(fail!.reduce((sum, { failed }) => sum + (failed["22012"] ?? 0), 0)).toBeGreaterThan(10);
    expect(samples.some(({ outcome, code }) => outcome === "failed" && code === "22012")).toBe(true);
  },
);

describe("every workload is sent by every engine that can send it, and nothing fails", () => {
  const few: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    "long-analytics": { rows: 100_000 },
    "bulk-load": { rowsPerCopy: 100 },
    "vector-bulk-load": { rowsPerCopy: 10 },
    ...Object.fromEntries(
      ["vector-knn", "vector-knn-filtered", "vector-churn", "vector-hybrid"].map((name) => [
        name,
        { rows: 2000 },
      ]),
    ),
  };
  const sent: readonly EngineName[] = ["native", ...engines.map(([engine]) => engine)];

  test.each(Object.entries(workloadCatalogue))("%s", async (name, definition) => {
    const parameters = { ...parameterDefaults(definition), ...few[name] };
    const workload = findWorkload(name, parameters)!;
    await prepareForTest(cluster, workload);
    for (const engine of sent) {
      const client = { ...settings, engine };
      if (engineGaps(engine, { shapes: [closed], client, workload, phases: [] }).length > 0) continue;
      const { seconds, end } = await send({
        ...{ engine, shape: closed, workload: name, parameters },
        phases: { warmupSeconds: 0, steadySeconds: 1, coolDownSeconds: 0 },
      });
      const operations = seconds.flatMap((second) => second.operations);
      const troubles = operations.filter(
        ({ failed, unknown }) => Object.keys(failed).length + Object.keys(unknown).length > 0,
      );
      expect({ engine, end: end.kind, troubles }).toEqual({ engine, end: "complete", troubles: [] });
      expect(
        sumOf(seconds, ({ ok }) => ok),
        engine,
      ).toBeGreaterThan(0);
    }
  });
});

const settings: ClientSettings = {
  engine: "native",
  agents: 1,
  sessions: "own",
  connections: CONNECTIONS,
  mix: "per-operation",
  timeoutMs: 2000,
  latencyLimitMs: 100,
  samplesKept: 20,
};

interface Sent {
  readonly description: EngineDescription;
  readonly seconds: readonly StageSecond[];
  readonly samples: readonly Sample[];
  readonly end: StageEnd;
}

/** One stage on an empty table. */
async function send(wanted: {
  readonly engine: EngineName;
  readonly shape: LoadShape;
  readonly workload?: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly client?: Partial<ClientSettings>;
  readonly k6Script?: string;
  readonly phases?: StagePhases;
  readonly meanwhile?: () => Promise<void>;
}): Promise<Sent> {
  const { agent, topology } = cluster;
  await asSuperuser("truncate inserts");
  stages += 1;
  const seconds: StageSecond[] = [];
  const samples: Sample[] = [];
  const started = await agent.startStage(
    {
      stage: stages,
      seed: 7,
      workload: wanted.workload ?? "insert",
      parameters: wanted.parameters ?? { payloadBytes: LETTERS },
      shape: wanted.shape,
      phases: wanted.phases ?? PHASES,
      client: { ...settings, ...wanted.client, engine: wanted.engine },
      endpoints: clientEndpoints(topology),
      database: topology.postgres.database,
      firstId: stages * 1_000_000,
      k6Script: wanted.k6Script ?? null,
    },
    {
      second: (second) => void seconds.push(second),
      samples: (_operation, rows) => void samples.push(...rows),
      samplesLeftOut: () => undefined,
    },
  );
  await wanted.meanwhile?.();
  return { description: started.engine, seconds, samples, end: await started.ended };
}

async function rows(): Promise<Readonly<Record<"rows" | "ids" | "whole", number>>> {
  const { topology, agent } = cluster;
  const [found] = await agent.run({
    at: clientEndpoints(topology).readWrite,
    database: topology.postgres.database,
    statements: [
      `select count(*)::int as rows, count(distinct id)::int as ids,
              count(*) filter (where payload ~ '^[a-p]{${LETTERS}}$')::int as whole from inserts`,
    ],
    budgetMs: 10_000,
  });
  return found as unknown as Awaited<ReturnType<typeof rows>>;
}

async function asSuperuser(sql: string): Promise<void> {
  const engine = await connectEngine();
  await runInContainer(engine.getContainer(`dpg-bench-${cluster.id}-coordinator-1`), {
    what: "run a statement as superuser",
    command: ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "bench", "-c", sql],
    user: "postgres",
    budgetMs: 10_000,
  });
}

function sumOf(
  seconds: readonly StageSecond[],
  number: (operation: StageSecond["operations"][number]) => number,
): number {
  return seconds.flatMap(({ operations }) => operations).reduce((sum, each) => sum + number(each), 0);
}

/** How many values the histograms hold, as any HdrHistogram reads them. */
function countOf(seconds: readonly StageSecond[], what: "latency" | "serviceTime" | "lag"): number {
  return seconds
    .flatMap(({ operations }) => operations.map((operation) => operation[what]))
    .reduce(
      (sum, encoded) => sum + (encoded === null ? 0 : decodeFromCompressedBase64(encoded).totalCount),
      0,
    );
}
