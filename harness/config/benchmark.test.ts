import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Benchmark } from "../model/benchmark.ts";
import { fakeRuntime } from "../runtime/container-runtime.fake.ts";
import { UsageError, type Problem } from "../model/errors.ts";
import type { Arrival } from "../model/load.ts";
import type { MetricName } from "../model/metric.ts";
import type { Scenario } from "../model/scenario.ts";
import type { Target } from "../model/target.ts";
import { fakeFaults, fakeScenario, fakeTopology } from "../plan/run-plan.fake.ts";
import { workloadCatalogue } from "../workloads/catalogue.ts";
import { topologyCatalogue } from "../../topologies/catalogue.ts";
import type { Catalogues } from "./catalogues.ts";
import { loadScenario, type ScenarioRequest } from "./load-scenario.ts";
import { shippedCatalogues } from "./shipped-catalogues.ts";

const phases = { warmupSeconds: 1, steadySeconds: 10, coolDownSeconds: 0 };

const benchmark: Benchmark = {
  workload: "point-select",
  parameters: { rows: 1000 },
  client: {
    engine: "native",
    agents: 1,
    sessions: "pool",
    connections: 16,
    mix: "per-operation",
    timeoutMs: 1000,
    latencyLimitMs: 10,
    samplesKept: 100,
  },
  phases,
  method: {
    kind: "fixed",
    stages: [
      {
        name: "calm",
        shape: { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 200 } },
      },
    ],
  },
  k6Script: null,
  variants: [],
};

const fractions: Benchmark["method"] = {
  kind: "fractions-of-capacity",
  search: { arrival: "poisson", saturationClients: 16, steps: 4, phases },
  percents: [25, 50],
};

const asks: Scenario = {
  ...fakeScenario,
  name: "asks",
  load: null,
  faults: [],
  benchmark,
  targets: [
    {
      id: "L",
      title: "Fast",
      metric: "latency-p99",
      of: "calm",
      statistic: "each",
      bound: { below: 10 },
      source: "a promise",
    },
  ],
  quick: null,
};

const catalogues: Catalogues = {
  scenarios: { asks, "lose-the-primary": fakeScenario },
  topologies: { small: fakeTopology, ...topologyCatalogue },
  faults: fakeFaults,
  workloads: workloadCatalogue,
  checkers: [],
  runtime: fakeRuntime(),
};

function load(
  request: Partial<ScenarioRequest> = {},
  scenario: Scenario = asks,
): ReturnType<typeof loadScenario> {
  return loadScenario(
    scenario.name,
    { set: [], quick: false, ...request },
    { ...catalogues, scenarios: { [scenario.name]: scenario } },
  );
}

async function problemsOf(loading: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await loading.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).problems;
}

function changed(changes: Partial<Benchmark>, targets: Scenario["targets"] = []): Scenario {
  return { ...asks, benchmark: { ...benchmark, ...changes }, targets };
}

function open(perSecond: number): Benchmark["method"] {
  return {
    kind: "fixed",
    stages: [
      { name: "calm", shape: { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond } } },
    ],
  };
}

describe.each(Object.values(shippedCatalogues.scenarios))("$name", (scenario: Scenario) => {
  it.each(["as it is", "in its quick form"])("is valid %s", async (form) => {
    const loaded = await loadScenario(
      scenario.name,
      { set: [], quick: form !== "as it is" },
      shippedCatalogues,
    );
    expect(loaded.parts === null).toBe(scenario.benchmark === null);
  });
});

describe("a benchmark", () => {
  it("is loaded with its workload and one variant when it names none", async () => {
    const { scenario, topology, parts } = await load();
    expect(scenario).toEqual(asks);
    expect(parts?.workload.name).toBe("point-select");
    expect(parts?.variants).toEqual([{ name: "", topology }]);
  });

  it("is changed by --set in every field, lists and the workload's parameters included", async () => {
    const { scenario } = await load(
      {
        set: [
          "benchmark.parameters.rows=5000",
          "benchmark.parameters.viaPrimary=1",
          "benchmark.client.connections=8",
          "benchmark.phases.steadySeconds=20",
          "benchmark.method.percents=10,90",
          "benchmark.method.search.steps=2",
        ],
      },
      changed({ method: fractions }),
    );
    expect(scenario.benchmark).toMatchObject({
      parameters: { rows: 5000, viaPrimary: 1 },
      client: { connections: 8 },
      phases: { steadySeconds: 20 },
      method: { percents: [10, 90], search: { steps: 2 } },
    });
    const { scenario: fixed } = await load({ set: ["benchmark.method.stages.0.shape.rate.perSecond=300"] });
    expect(fixed.benchmark?.method).toEqual(open(300));
  });

  it("takes --engine and --agents for fields of its client", async () => {
    const { scenario } = await load(
      { client: { engine: "k6", agents: "2" } },
      changed({ method: fractions }),
    );
    expect(scenario.benchmark?.client).toMatchObject({ engine: "k6", agents: 2 });
    const problems = await problemsOf(load({ client: { engine: "pgbensch", agents: "0" } }));
    expect(problems).toEqual([
      {
        where: "--engine pgbensch",
        message: 'expected one of native, pgbench, k6, found "pgbensch".',
        suggestion: 'Did you mean "pgbench"?',
      },
      { where: "--agents 0", message: "expected at least 1, found 0." },
    ]);
  });

  it("keeps its own load where the quick form names none", async () => {
    const quick = { faults: [], phases: asks.phases, benchmark: null };
    const { scenario } = await load({ quick: true }, { ...asks, quick });
    expect(scenario.benchmark).toEqual(benchmark);
  });

  it.each<[override: string, message: string | RegExp, suggestion?: unknown]>([
    [
      "benchmark.workload=point-selekt",
      'there is no workload "point-selekt".',
      'Did you mean "point-select"?',
    ],
    [
      "benchmark.parameters.rowz=1",
      'the workload "point-select" has no such parameter.',
      'Did you mean "rows"?',
    ],
    ["benchmark.parameters.rows=0", /^expected a whole number from 1 to 100000000 .*, found 0\.$/],
    ["benchmark.parameters.rows=1.5", /^expected a whole number .*, found 1\.5\.$/],
    [
      "benchmark.client.conections=8",
      "there is no such field.",
      'Did you mean "benchmark.client.connections"?',
    ],
    ["benchmark.client.pacing=nap", "there is no such field.", expect.stringMatching(/^Did you mean/)],
    ["benchmark.client.agents=17", "expected at most 16, found 17."],
    ["benchmark.method.stages.0.shape.rate.perSecond=0", "expected more than 0, found 0."],
    ["benchmark.method.stages.0.shape.rate.perSecond=-5", "expected more than 0, found -5."],
    ["benchmark.phases.steadySeconds=0", "expected more than 0, found 0."],
    [
      "benchmark.phases.steadySeconds=2",
      'expected at least 5 s: the latency-p99 of target L needs 1000 operations, and "calm" sends 200/s; found 2.',
    ],
    [
      "benchmark.client.latencyLimitMs=1001",
      "expected at most the client's time-out, 1000 ms, found 1001.",
      "Raise benchmark.client.timeoutMs.",
    ],
    ["load.writeProbe.ratePerSecond=5", "this scenario has no load, so there is nothing to set."],
  ])("says of --set %s: %s", async (override, message, suggestion) => {
    const problems = await problemsOf(load({ set: [override] }));
    const matching = typeof message === "string" ? message : (expect.stringMatching(message) as string);
    expect(problems).toContainEqual({
      where: `--set ${override}`,
      message: matching,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  });

  it("refuses a latency target beyond the client's time-out: operations that fail could never miss it", async () => {
    const bound = async (bound: Scenario["targets"][number]["bound"]) =>
      await problemsOf(load({}, changed({}, [{ ...asks.targets[0]!, bound }])));
    expect(await bound({ below: 1001 })).toEqual([
      {
        where: "targets: L.bound",
        message:
          "expected at most 1000 ms, the client's time-out, up to which alone latencies are known, found 1001.",
        suggestion: "Raise the client's timeoutMs above it.",
      },
    ]);
    expect(await bound({ atMost: 1000 })).toMatchObject([{ where: "targets: L.bound" }]);
    await load({}, changed({}, [{ ...asks.targets[0]!, bound: { below: 1000 } }]));
    const ofProbe = { ...asks.targets[0]!, of: "write-probe, before", bound: { below: 60_000 } };
    expect(await problemsOf(load({}, { ...fakeScenario, name: "asks", targets: [ofProbe] }))).toMatchObject([
      { where: "targets: L.bound" },
    ]);
  });

  it("refuses a rate that no agent can send, and says how many agents could", async () => {
    expect(await problemsOf(load({}, changed({ method: open(200_000) })))).toEqual([
      {
        where: "benchmark.method.stages.0.shape.rate",
        message: 'expected at most 62500/s, which 1 agent can send, found 200000/s in "calm".',
        suggestion: "Use --agents 4, on as many cores.",
      },
    ]);
    await load({ client: { agents: "4" } }, changed({ method: open(200_000) }));
    const [problem] = await problemsOf(load({}, changed({ method: open(9_000_000) })));
    expect(problem?.suggestion).toContain("Lower it");
  });

  it.each([0, 101])("refuses %i percent of the capacity", async (percent) => {
    const method = { ...fractions, percents: [50, percent] };
    const [problem] = await problemsOf(load({}, changed({ method })));
    expect(problem?.where).toBe("benchmark.method.percents.1");
  });

  it("refuses a target about a stage that there is not, in any variant", async () => {
    const target = { ...asks.targets[0]!, of: "55 % of capacity" };
    const [problem] = await problemsOf(load({}, changed({ method: fractions }, [target])));
    expect(problem).toMatchObject({
      where: "targets: L.of",
      suggestion: 'Did you mean "25 % of capacity"?',
    });
  });

  it.each([
    ["pgbouncer.maxClientConnections", 200, "small"],
    ["haproxy.maxConnections", 1500, "small"],
    ["postgres.maxConnections", 400, "development"],
  ])("refuses more connections than %s lets in", async (field, allowed, topology) => {
    const scenario = changed({
      workload: "read-write-mix",
      client: { ...benchmark.client, connections: 1000 },
    });
    const set = topology === "small" ? [`${field}=${allowed}`] : [];
    const problems = await problemsOf(load({ topology, set }, scenario));
    expect(problems.map(({ where }) => where)).toContain(
      set.length === 0 ? field : `--set ${field}=${allowed}`,
    );
  });

  it("refuses what its engine cannot do, in the engine's own words", async () => {
    const [problem] = await problemsOf(load({ client: { engine: "k6" } }));
    expect(problem).toMatchObject({ where: "--engine k6" });
    expect(problem?.message).toContain("k6 spaces arrivals evenly");
  });

  describe("with arrivals in order of preference", () => {
    const preferring = (...arrival: readonly Arrival[]): Scenario =>
      changed({
        method: {
          kind: "fixed",
          stages: [
            { name: "calm", shape: { kind: "open", arrival, rate: { kind: "constant", perSecond: 200 } } },
          ],
        },
      });

    it.each(["native", "pgbench", "k6"])("is one that %s can send", async (engine) => {
      const wanted = preferring("poisson", "constant");
      const { scenario } = await load({ client: { engine } }, wanted);
      expect(scenario.benchmark?.method).toEqual(wanted.benchmark?.method);
    });

    it("is refused for an engine that has none of them, or where the list is empty or of other words", async () => {
      expect(await problemsOf(load({ client: { engine: "k6" } }, preferring("poisson")))).toMatchObject([
        { where: "--engine k6", message: expect.stringContaining("k6 spaces arrivals evenly") as string },
      ]);
      for (const [scenario, expected] of [
        [preferring(), "at least 1"],
        [preferring("bursts" as Arrival), '"constant", "poisson", or a list of them in order of preference'],
      ] as const) {
        const [problem] = await problemsOf(load({}, scenario));
        expect(problem?.where).toContain("benchmark.method.stages.0.shape.arrival");
        expect(problem?.message).toContain(expected);
      }
    });
  });

  it("of neither load nor stages is refused", async () => {
    expect(await problemsOf(load({}, { ...asks, benchmark: null }))).toMatchObject([{ where: "load" }]);
  });

  describe("under faults", () => {
    const probes = { ...fakeScenario.load!, background: null };
    const under: Scenario = {
      ...asks,
      load: probes,
      faults: [{ fault: "kill-node", victim: "primary of coordinators", injections: 2 }],
      benchmark: {
        ...benchmark,
        method: fractions,
        sustained: { kind: "share-of-capacity", percent: 50 },
      },
      topology: "high-availability",
      targets: [],
    };
    const target = (metric: MetricName, of?: string): Target => ({
      id: "X",
      title: "X",
      metric,
      ...(of === undefined ? {} : { of }),
      statistic: "each",
      bound: { below: 1 },
      source: "a test",
    });

    it("may be asked for the figures of stages, probes, injections and the sustained load", async () => {
      const targets = [
        target("latency-p99", "25 % of capacity"),
        target("latency-p99", "50 % of capacity, sustained, before"),
        target("latency-p95", "50 % of capacity, sustained, during"),
        target("throughput", "50 % of capacity, sustained"),
        target("capacity", "whole run"),
        target("latency-p99", "write-probe, after"),
        target("write-unavailability", "kill-node, injection 2"),
        target("latency-recovery", "kill-node"),
        target("latency-recovery"),
      ];
      expect((await load({}, { ...under, targets })).scenario.targets).toEqual(targets);
      const wrong = [
        target("latency-recovery", "kill-node, injection 3"),
        target("latency-p99", "sustained"),
      ];
      expect(await problemsOf(load({}, { ...under, targets: wrong }))).toMatchObject([
        { where: "targets: X.of" },
        { where: "targets: X.of" },
      ]);
    });

    it("is refused where it cannot be, with all reasons at once", async () => {
      expect(await problemsOf(load({}, { ...under, load: null }))).toMatchObject([
        { where: "faults" },
        { where: "benchmark.sustained" },
      ]);
      const background = {
        workload: "tenant-orders",
        ratePerSecond: 10,
        arrival: "poisson",
        timeoutMs: 1000,
        connections: 2,
      } as const;
      expect(await problemsOf(load({}, { ...under, load: { ...probes, background } }))).toMatchObject([
        { where: "load.background" },
      ]);
      const inVariants = { ...under.benchmark!, variants: [{ name: "a", set: [] }] };
      expect(await problemsOf(load({}, { ...under, benchmark: inVariants }))).toMatchObject([
        { where: "benchmark.variants" },
      ]);
      const byPgbench = { ...under.benchmark!, client: { ...benchmark.client, engine: "pgbench" as const } };
      expect(await problemsOf(load({}, { ...under, benchmark: byPgbench }))).toContainEqual(
        expect.objectContaining({ where: "benchmark.client.engine" }),
      );
      const noCapacity = { ...under.benchmark!, method: benchmark.method };
      expect(await problemsOf(load({}, { ...under, benchmark: noCapacity }))).toMatchObject([
        { where: "benchmark.sustained" },
      ]);
    });

    it("is refused an arrival that its engine does not have", async () => {
      const shape = {
        kind: "open",
        arrival: "constant",
        rate: { kind: "constant", perSecond: 100 },
      } as const;
      const sustained = { kind: "shape", name: "always", shape } as const;
      const client = { ...benchmark.client, engine: "pgbench" as const };
      const byPgbench: Scenario = { ...under, benchmark: { ...benchmark, client, sustained } };
      expect((await problemsOf(load({}, byPgbench))).map(({ message }) => message)).toContainEqual(
        expect.stringContaining("pgbench has no evenly spaced arrivals"),
      );
    });

    it("has a name of its own: figures of two stages of one name would be one", async () => {
      const shape = { kind: "closed", clients: 4, thinkTimeMs: 0 } as const;
      const named = (name: string): Scenario => ({
        ...under,
        benchmark: { ...under.benchmark!, sustained: { kind: "shape", name, shape } },
      });
      expect(await problemsOf(load({}, named("25 % of capacity")))).toMatchObject([
        { where: "benchmark.sustained.name" },
      ]);
      await load({}, named("always"));
    });

    it("knows a probe's latency up to the probe's own time-out, and no time-out of a latency that comes back", async () => {
      const { writeProbe } = probes;
      const client = { ...benchmark.client, timeoutMs: 50 };
      const quick = { ...under.benchmark!, client };
      const within = { bound: { atMost: writeProbe.timeoutMs - 1 } };
      const targets = [
        { ...target("latency-p99", "write-probe, after"), ...within },
        { ...target("latency-recovery"), bound: { atMost: 60 } },
      ];
      expect((await load({}, { ...under, benchmark: quick, targets })).scenario.targets).toEqual(targets);
      const stage = { ...target("latency-p99", "25 % of capacity"), ...within };
      expect(await problemsOf(load({}, { ...under, benchmark: quick, targets: [stage] }))).toMatchObject([
        { where: "targets: X.bound" },
      ]);
    });

    it("asks for latency back only where load is sustained", async () => {
      const targets = [target("latency-recovery")];
      const alone = { ...under.benchmark!, sustained: null };
      expect(await problemsOf(load({}, { ...under, benchmark: alone, targets }))).toMatchObject([
        { where: "targets: X.metric" },
      ]);
    });
  });

  it("with faults is refused", async () => {
    const problems = await problemsOf(load({}, { ...asks, faults: fakeScenario.faults }));
    expect(problems.map(({ where }) => where)).toContain("faults");
  });
});

describe("variants", () => {
  const variants = [
    { name: "session", set: ["pgbouncer.poolMode=session"] },
    { name: "more", set: ["coordinators.members=5", "pgbouncer.poolSize=10"] },
  ];

  it("are the topology with their own overrides on top of --set", async () => {
    const { topology, parts } = await load(
      { set: ["pgbouncer.poolMode=statement", "pgbouncer.poolSize=30"] },
      changed({ variants }),
    );
    expect(parts?.variants.map(({ name }) => name)).toEqual(["session", "more"]);
    expect(topology.pgbouncer).toMatchObject({ poolMode: "session", poolSize: 30 });
    expect(parts?.variants[1]?.topology.pgbouncer).toMatchObject({ poolMode: "statement", poolSize: 10 });
    expect(parts?.variants[1]?.topology.coordinators.members).toBe(5);
  });

  it("are refused with all that is wrong with them", async () => {
    const wrong = [
      { name: "a", set: ["pgbouncer.poolMod=session", "pgbouncer.poolSize=many"] },
      { name: "a", set: ["pgbouncer.poolMode=sesion"] },
      { name: "b", set: ["etcd.members=2", "nonsense"] },
    ];
    const problems = await problemsOf(load({}, changed({ variants: wrong })));
    expect(problems.map(({ where }) => where)).toEqual([
      "benchmark.variants",
      "benchmark.variants[0].set: pgbouncer.poolMod=session",
      "benchmark.variants[0].set: pgbouncer.poolSize=many",
      "benchmark.variants[1].set: pgbouncer.poolMode=sesion",
      "benchmark.variants[2].set: ",
      "benchmark.variants[2].set: etcd.members=2",
    ]);
  });

  it("have targets under their own names", async () => {
    const target = { ...asks.targets[0]!, of: "session: calm" };
    await load({}, changed({ variants }, [target]));
    const [problem] = await problemsOf(load({}, changed({ variants }, [{ ...target, of: "calm" }])));
    expect(problem).toMatchObject({
      where: "targets: L.of",
      suggestion: expect.stringContaining("calm") as string,
    });
  });
});

describe("a target that no figure can ever match is refused with a suggestion", () => {
  const [latency] = asks.targets;
  const problemOf = async (
    target: Partial<Scenario["targets"][number]>,
    changes: Partial<Benchmark> = {},
  ): Promise<Problem | undefined> =>
    (await problemsOf(load({}, changed(changes, [{ ...latency!, ...target }]))))[0];

  it("where more stands behind a stage's name", async () => {
    expect(await problemOf({ of: "25 % of capacity!" }, { method: fractions })).toMatchObject({
      where: "targets: L.of",
      suggestion: 'Did you mean "25 % of capacity"?',
    });
  });

  it("where the only variant has a name, which is then part of every title", async () => {
    const variants = [{ name: "session", set: ["pgbouncer.poolMode=session"] }];
    expect(await problemOf({ of: "calm" }, { variants })).toMatchObject({
      suggestion: 'There is: "session: calm".',
    });
    await load({}, changed({ variants }, [{ ...latency!, of: "session: calm" }]));
  });

  it("where it names an operation that the workload does not send", async () => {
    const mix = { workload: "read-write-mix", parameters: {} };
    const message = 'expected what a figure of "latency-p99" is of in this scenario, found "calm, selct".';
    expect(await problemOf({ of: "calm, selct" }, mix)).toMatchObject({ where: "targets: L.of", message });
    // One kind of operation is all operations: it has no figure of its own.
    expect(await problemOf({ of: "calm, select" })).toMatchObject({ suggestion: 'There is: "calm".' });
  });

  it("where a metric of whole stages is asked of one operation, or one of variants of a stage", async () => {
    expect(await problemOf({ metric: "throughput", of: "calm, select" })).toMatchObject({
      where: "targets: L.of",
    });
    expect(await problemOf({ metric: "broken-invariants", of: "calm" })).toMatchObject({
      suggestion: 'There is: "whole run".',
    });
  });

  it("where the metric's figures are named by what was found", async () => {
    const metric = "acknowledging-primaries";
    expect(await problemOf({ metric, of: "coordinators" })).toMatchObject({ where: "targets: L.of" });
    await load({}, changed({}, [{ ...latency!, metric, of: undefined }]));
    expect(await problemOf({ metric: "two-primaries", of: "coordinators" })).toMatchObject({
      suggestion: 'There is: "whole run".',
    });
    expect(await problemOf({ metric: "second-primary-writes", of: undefined })).toMatchObject({
      where: "targets: L.metric",
    });
  });

  it("where a benchmark does not measure the metric at all", async () => {
    expect(await problemOf({ metric: "write-unavailability", of: undefined })).toMatchObject({
      where: "targets: L.metric",
    });
  });

  it("where a run of faults has no such stream, part or injection", async () => {
    const of = async (target: Partial<Scenario["targets"][number]>): Promise<Problem | undefined> =>
      (
        await problemsOf(load({}, { ...fakeScenario, name: "asks", targets: [{ ...latency!, ...target }] }))
      )[0];
    expect(await of({ of: "write-probe, befor" })).toMatchObject({
      suggestion: 'Did you mean "write-probe, before"?',
    });
    expect(await of({ metric: "write-unavailability", of: "kill-node, injection 99" })).toMatchObject({
      where: "targets: L.of",
    });
    expect(await of({ metric: "capacity", of: undefined })).toMatchObject({ where: "targets: L.metric" });
  });
});

describe("a run of faults", () => {
  it("takes no engine but the native one, and one agent", async () => {
    const of = (client: ScenarioRequest["client"]) =>
      loadScenario("lose-the-primary", { set: [], quick: false, client }, catalogues);
    await of({ engine: "native", agents: "1" });
    const problems = await problemsOf(of({ engine: "pgbench", agents: "2" }));
    expect(problems.map(({ where }) => where)).toEqual(["--engine", "--agents"]);
  });
});

describe("a user's own file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "dpg-config-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const read = async (scenario: object): ReturnType<typeof loadScenario> => {
    const file = path.join(folder, "mine.json");
    await writeFile(file, JSON.stringify(scenario));
    return await loadScenario(file, { set: [], quick: false }, catalogues);
  };

  it("of faults needs no benchmark, and one with a benchmark no load", async () => {
    const { benchmark: _none, quick: _quick, ...faults } = fakeScenario;
    expect((await read({ ...faults, quick: null })).scenario.benchmark).toBeNull();
    const { load: _load, ...stages } = asks;
    expect((await read(stages)).scenario.load).toBeNull();
  });

  it("may leave the client's settings to their defaults", async () => {
    const { k6Script: _script, variants: _variants, parameters: _parameters, ...rest } = benchmark;
    const { scenario } = await read({ ...asks, benchmark: { ...rest, client: { latencyLimitMs: 10 } } });
    expect(scenario.benchmark).toMatchObject({
      client: { engine: "native", agents: 1, connections: 16 },
      parameters: {},
      variants: [],
    });
  });

  it("that still says how the engine is paced is told that there is no such field", async () => {
    const paced = { ...asks, benchmark: { ...benchmark, client: { ...benchmark.client, pacing: "nap" } } };
    expect(await problemsOf(read(paced))).toEqual([
      {
        where: `${path.join(folder, "mine.json")}: benchmark.client.pacing`,
        message: "there is no such field.",
        suggestion: "There is none.",
      },
    ]);
  });

  it("may have a k6 script beside it, which must be there and is for k6 alone", async () => {
    await writeFile(path.join(folder, "load.js"), "export default () => {}");
    const k6 = { ...benchmark.client, engine: "k6" };
    const { parts } = await read({ ...asks, benchmark: { ...benchmark, client: k6, k6Script: "./load.js" } });
    expect(parts?.k6Script).toContain("export default");
    const missing = read({ ...asks, benchmark: { ...benchmark, client: k6, k6Script: "./other.js" } });
    expect((await problemsOf(missing))[0]?.message).toContain("ENOENT");
    const [other] = await problemsOf(read({ ...asks, benchmark: { ...benchmark, k6Script: "./load.js" } }));
    expect(other).toMatchObject({ suggestion: "Use --engine k6." });
  });
});

describe("searches of vectors", () => {
  const searching = (changes: Partial<Benchmark>): Scenario =>
    changed({ workload: "vector-knn", ...changes });

  it("are refused where no more rows than k can be found, before anything starts", async () => {
    const problems = await problemsOf(load({}, searching({ parameters: { rows: 50, k: 51 } })));
    expect(problems).toEqual([
      {
        where: "benchmark.parameters.k",
        message: "expected at most the 50 rows that a search can find, found 51.",
      },
    ]);
  });

  it("are refused on a cluster without a vector extension", async () => {
    const problems = await problemsOf(load({ set: ["vectors=none"] }, searching({})));
    expect(problems.map(({ where }) => where)).toEqual(["topology.vectors"]);
  });

  it("are refused with an extension that cannot do them, which is told, before anything starts", async () => {
    const loading = searching({ workload: "vector-bulk-load", parameters: {} });
    const problems = await problemsOf(load({ set: ["vectors=ruvector"] }, loading));
    expect(problems).toEqual([
      {
        where: "topology.vectors",
        message:
          'expected a vector extension that can do what the workload "vector-bulk-load" asks for, found ruvector, which lacks COPY of vectors in pgvector\'s binary form.',
        suggestion: "Use --set vectors=pgvector.",
      },
    ]);
    await expect(load({ set: ["vectors=ruvector"] }, searching({}))).resolves.toBeDefined();
  });

  it("of every copy are refused where there are no faults, or where rows change under them", async () => {
    const copies = { queries: 5 };
    const none = await problemsOf(load({ set: ["vectors=pgvector"] }, searching({ copies })));
    expect(none.map(({ where }) => where)).toEqual(["benchmark.copies"]);
    const changing = searching({ workload: "vector-churn", parameters: {}, copies });
    expect(
      (await problemsOf(load({ set: ["vectors=pgvector"] }, changing))).map(({ message }) => message),
    ).toContain(
      'expected rows that stay as they are, for copies are held to what was found when the tables were filled, found "insert" of "vector-churn".',
    );
    const other = await problemsOf(load({}, changed({ copies })));
    expect(other.map(({ message }) => message)).toContain(
      `expected a workload that searches, found "${benchmark.workload}".`,
    );
  });

  it("may be asked of the same data with other settings stage by stage, not of other data", async () => {
    const [stage] = (benchmark.method as Extract<Benchmark["method"], { kind: "fixed" }>).stages;
    const withParameters = (parameters: Readonly<Record<string, number>>) =>
      searching({ method: { kind: "fixed", stages: [{ ...stage!, parameters }] } });
    await expect(
      load({ set: ["vectors=pgvector"] }, withParameters({ efSearch: 80 })),
    ).resolves.toBeDefined();
    const problems = await problemsOf(load({ set: ["vectors=pgvector"] }, withParameters({ dimension: 32 })));
    expect(problems.map(({ message }) => message)).toEqual([
      "expected parameters that leave the data as it is, which all stages have in common, found dimension.",
    ]);
  });
});
