import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError, type Problem } from "../model/errors.ts";
import { fakeFaults, fakeScenario, fakeTopology } from "../plan/run-plan.fake.ts";
import type { LoadPlan } from "../model/load.ts";
import type { FaultStep, Step } from "../model/scenario.ts";
import type { Catalogues } from "./catalogues.ts";
import { fakeRuntime } from "../runtime/container-runtime.fake.ts";
import { loadScenario, loadTopology, type ScenarioRequest } from "./load-scenario.ts";

const catalogues: Catalogues = {
  scenarios: { "lose-the-primary": fakeScenario },
  topologies: { small: fakeTopology, single: single() },
  faults: fakeFaults,
  workloads: {},
  checkers: [],
  runtime: fakeRuntime(),
};

function single(): typeof fakeTopology {
  return {
    ...fakeTopology,
    name: "single",
    etcd: { ...fakeTopology.etcd, members: 0 },
    coordinators: { members: 1, synchronousMode: "off" },
    workers: {
      groups: 0,
      membersPerGroup: 1,
      shards: 1,
      synchronousMode: "off",
      spareGroups: 0,
      readFromStandbys: false,
    },
    pgbouncer: { ...fakeTopology.pgbouncer, enabled: false },
    haproxy: { ...fakeTopology.haproxy, enabled: false },
    sharding: "none",
  };
}

function load(reference: string, request: Partial<ScenarioRequest> = {}): ReturnType<typeof loadScenario> {
  return loadScenario(reference, { set: [], quick: false, ...request }, catalogues);
}

async function problemsOf(loading: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await loading.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).problems;
}

describe("loadScenario", () => {
  it("refuses to put a question to one topology twice, and to one that there is not", async () => {
    const scenarios = {
      twice: { ...fakeScenario, name: "twice", against: ["single", fakeScenario.topology] },
    };
    expect(
      await problemsOf(loadScenario("twice", { set: [], quick: false }, { ...catalogues, scenarios })),
    ).toEqual([
      {
        where: "against[1]",
        message: `expected another topology each, found "${fakeScenario.topology}" again.`,
      },
    ]);
    const other = { set: [], quick: false, against: "singel" };
    const [unknown] = await problemsOf(loadScenario("lose-the-primary", other, catalogues));
    expect(unknown?.where).toBe('topology "singel"');
    expect(unknown?.suggestion).toContain("single");
  });

  it("refuses a fault that the runtime cannot inject, and says why", async () => {
    const runtime = fakeRuntime({ lacks: { nodeControl: "the machines are not ours to stop" } });
    const faults = {
      ...fakeFaults,
      "kill-node": { ...fakeFaults["kill-node"]!, needs: ["nodeControl"] },
    } as const;
    const loading = loadScenario(
      "lose-the-primary",
      { set: [], quick: false },
      { ...catalogues, faults, runtime },
    );
    expect(await problemsOf(loading)).toMatchObject([
      {
        where: expect.stringMatching(/^faults\[\d\]\.fault$/) as string,
        message:
          '"kill-node" cannot be injected where the runtime is fake: the machines are not ours to stop.',
      },
    ]);
  });

  it("finds a scenario and its topology by name", async () => {
    expect(await load("lose-the-primary")).toMatchObject({ scenario: fakeScenario, topology: fakeTopology });
  });

  it("takes the quick form when asked", async () => {
    const { scenario } = await load("lose-the-primary", { quick: true });
    expect(scenario.faults).toEqual(fakeScenario.quick?.faults);
    expect(scenario.phases).toEqual(fakeScenario.quick?.phases);
  });

  it("reads values as the field's type, at any depth, several at once, without touching the original", async () => {
    const { scenario, topology } = await load("lose-the-primary", {
      set: [
        "patroni.ttl=30",
        "topology.workers.groups=8",
        "haproxy.shutdownSessionsWhenDown=off",
        "pgbouncer.poolMode=session",
        "postgres.parameters.work_mem=8MB",
        "postgres.parameters.pg_stat_statements.max=100",
        "load.writeProbe.ratePerSecond=50",
        "phases.steadySeconds=2.5",
      ],
    });
    expect(topology.patroni.ttl).toBe(30);
    expect(topology.workers.groups).toBe(8);
    expect(topology.haproxy.shutdownSessionsWhenDown).toBe(false);
    expect(topology.pgbouncer.poolMode).toBe("session");
    expect(topology.postgres.parameters).toEqual({
      shared_buffers: "64MB",
      work_mem: "8MB",
      "pg_stat_statements.max": 100,
    });
    expect(scenario.load?.writeProbe.ratePerSecond).toBe(50);
    expect(scenario.phases.steadySeconds).toBe(2.5);
    expect(fakeTopology.patroni.ttl).toBe(20);
  });

  it("tells all problems of the input at once, each with the nearest name", async () => {
    const problems = await problemsOf(
      load("lose-the-primery", {
        topology: "smal",
        set: ["nonsense"],
      }),
    );
    expect(problems).toEqual([
      {
        where: 'scenario "lose-the-primery"',
        message: "there is no such scenario.",
        suggestion: 'Did you mean "lose-the-primary"?',
      },
      {
        where: 'topology "smal"',
        message: "there is no such topology.",
        suggestion: 'Did you mean "small"?',
      },
    ]);
  });

  it.each<[override: string, message: string | undefined, suggestion: unknown]>([
    ["patroni.tll=30", "there is no such field.", 'Did you mean "patroni.ttl"?'],
    ["ttl=30", "there is no such field.", 'Did you mean "patroni.ttl"?'],
    ["patroni.loop_wait=1", "there is no such field.", 'Did you mean "patroni.loopWait"?'],
    ["patroni.ttl=soon", 'expected a number, found "soon".', undefined],
    ["patroni.ttl=1.5", "expected a whole number, found 1.5.", undefined],
    ["patroni.ttl=0", "expected at least 1, found 0.", undefined],
    ["haproxy.enabled=maybe", 'expected true or false, found "maybe".', undefined],
    [
      "coordinators.synchronousMode=quorun",
      'expected one of off, on, quorum, found "quorun".',
      'Did you mean "quorum"?',
    ],
    ["patroni=5", "this is a group of fields.", expect.stringContaining("patroni.ttl") as string],
    [
      "load.background.connections=5",
      "this scenario has no load.background, so there is nothing to set.",
      undefined,
    ],
    ["load.readProbe.ratePerSecond=0", "expected more than 0, found 0.", undefined],
    ["load.readProbe.ratePerSecond=5000", undefined, undefined],
    ["etcd.members=2", "expected an odd number (or 0 for no Patroni), found 2.", expect.any(String)],
    ["sharding=cistus", 'expected one of none, fdw, citus, found "cistus".', 'Did you mean "citus"?'],
    [
      "haproxy.readOnlyPort=5432",
      "expected another port than readWritePort, found 5432 for both.",
      undefined,
    ],
    [
      "haproxy.readWritePort=7000",
      "expected another port than 7000, which HAProxy uses for its statistics page.",
      undefined,
    ],
    [
      "patroni.restPort=5432",
      "expected another port than postgres.port in the same container, found 5432 for both.",
      undefined,
    ],
    [
      "pgbouncer.maxClientConnections=100",
      "expected at least 200, which the load may open when nothing is answered, found 100.",
      expect.any(String),
    ],
  ])("says of --set %s: %s", async (override, message, suggestion) => {
    const problems = await problemsOf(load("lose-the-primary", { set: [override] }));
    if (message === undefined) {
      expect(problems.map((problem) => problem.where)).toContain("pgbouncer.maxClientConnections");
      return;
    }
    expect(problems).toContainEqual({
      where: `--set ${override}`,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  });

  it("tells every bad override, not just the first", async () => {
    const set = ["patroni.tll=1", "patroni.ttl=x", "pgbouncer.poolMode=sesion", "nonsense"];
    const problems = await problemsOf(load("lose-the-primary", { set }));
    expect(problems.map((problem) => problem.where).toSorted()).toEqual(
      ["--set", ...set.slice(0, 3).map((override) => `--set ${override}`)].toSorted(),
    );
  });

  it("refuses faults that need Patroni or a second member on a topology without", async () => {
    const scenario = {
      ...fakeScenario,
      faults: [
        { operation: "switchover", on: "coordinators", injections: 1 },
        { fault: "kil-node", victim: "standby of one worker group", injections: 1 },
      ],
    } as const;
    const problems = await problemsOf(
      loadScenario(
        "mine",
        { topology: "single", set: [], quick: false },
        { ...catalogues, scenarios: { mine: scenario } },
      ),
    );
    expect(problems.map((problem) => problem.where)).toEqual([
      "faults[0].operation",
      "faults[1].fault",
      "faults[1].victim",
    ]);
    expect(problems[1]?.suggestion).toBe('Did you mean "kill-node"?');
  });

  describe("cluster operations", () => {
    const faults = {
      ...fakeFaults,
      "kill-node": { ...fakeFaults["kill-node"]!, hits: ["postgres", "etcd"] as const },
      "cut-link": { ...fakeFaults["kill-node"]!, name: "cut-link", hits: "link" as const },
    };
    const loadSteps = (steps: readonly object[], topology = "small"): ReturnType<typeof loadScenario> => {
      const scenarios = { mine: { ...fakeScenario, faults: steps as readonly Step[] } };
      const request = { topology, set: [], quick: false };
      return loadScenario("mine", request, { ...catalogues, faults, scenarios });
    };
    const refused = async (steps: readonly object[], topology = "small"): Promise<string[]> => {
      const problems = await problemsOf(loadSteps(steps, topology));
      return problems.map(({ where, message, suggestion = "" }) =>
        `${where}: ${message} ${suggestion}`.trim(),
      );
    };
    const step = { operation: "switchover", on: "coordinators", injections: 2 };

    it("that move shards are refused where shards stay, or where no group is left to be added", async () => {
      const moving = {
        ...faults,
        "add-worker": {
          ...fakeFaults.switchover!,
          name: "add-worker",
          failureClass: "rescaling",
          movesShards: { on: "coordinators" },
          spareGroups: 1,
        } as const,
      };
      const twice = [{ operation: "add-worker", on: "coordinators", injections: 2 }] as const;
      const add = (
        set: readonly string[],
        steps: readonly Step[] = twice,
        shardProbes: LoadPlan["shardProbes"] = null,
      ) => {
        const scenarios = {
          mine: { ...fakeScenario, faults: steps, load: { ...fakeScenario.load!, shardProbes } },
        };
        const topologies = { ...catalogues.topologies, large: fakeTopology };
        return loadScenario(
          "mine",
          { topology: "large", set, quick: false },
          { ...catalogues, topologies, faults: moving, scenarios },
        );
      };
      expect(await problemsOf(add([]))).toMatchObject([
        {
          where: "faults[0].operation",
          suggestion: "Add --set postgres.parameters.wal_level=logical.",
        },
      ]);
      const logical = "postgres.parameters.wal_level=logical";
      expect(await problemsOf(add([logical, "workers.spareGroups=1"]))).toMatchObject([
        { where: "faults[0].injections", suggestion: "Add --set workers.spareGroups=2." },
      ]);
      const onWorkers = [{ operation: "add-worker", on: "one worker group", injections: 1 }] as const;
      expect(await problemsOf(add([logical, "workers.spareGroups=2"], onWorkers))).toMatchObject([
        { where: "faults[0].on", suggestion: "Write on: coordinators." },
      ]);
      const { topology } = await add([logical, "workers.spareGroups=2"]);
      expect(topology.workers.spareGroups).toBe(2);
      const beside = [
        ...twice,
        { fault: "kill-node", victim: "primary of one worker group", injections: 1 },
      ] as const;
      await expect(add([logical, "workers.spareGroups=2"], beside)).resolves.toBeDefined();
      const probes = { ratePerSecond: 3, timeoutMs: 1000 };
      expect(await problemsOf(add([logical, "workers.spareGroups=2"], beside, probes))).toMatchObject([
        { where: "faults[1]", message: expect.stringContaining('beside "add-worker"') as string },
      ]);
      // Step by step there are enough.
      const three = [...twice, { operation: "add-worker", on: "coordinators", injections: 1 }] as const;
      expect(await problemsOf(add([logical, "workers.spareGroups=2"], three))).toMatchObject([
        { where: "faults", suggestion: "Add --set workers.spareGroups=3." },
      ]);
    });

    it("are steps of a scenario beside its faults, on a group", async () => {
      const steps = [step, { ...step, on: "one worker group" }, ...fakeScenario.faults];
      expect((await loadSteps(steps)).scenario.faults).toEqual(steps);
    });

    it("that are called faults, and faults that are called operations, are refused with the line to write", async () => {
      const asFault = { fault: "switchover", injections: 5 };
      expect(
        await refused([
          { ...asFault, victim: "primary of coordinators" },
          { ...asFault, victim: "primary of one worker group" },
          { operation: "kill-node", on: "one worker group", injections: 2 },
          { operation: "cut-link", on: "coordinators", injections: 1 },
        ]),
      ).toEqual([
        'faults[0].fault: "switchover" is a cluster operation, not a fault. Write { operation: switchover, on: coordinators, injections: 5 }.',
        'faults[1].fault: "switchover" is a cluster operation, not a fault. Write { operation: switchover, on: one worker group, injections: 5 }.',
        'faults[2].operation: "kill-node" is a fault, not a cluster operation. Write { fault: kill-node, victim: primary of one worker group, injections: 2 }.',
        'faults[3].operation: "cut-link" is a fault, not a cluster operation. Write { fault: cut-link, victim: { between: primary of coordinators, and: every member of etcd }, injections: 1 }.',
      ]);
    });

    it("are found by their nearest name, whichever they were called", async () => {
      expect(
        await refused([
          { ...step, operation: "swichover" },
          { ...step, operation: "kil-node" },
          { ...step, operation: "vacuum-everything" },
          { fault: "swichover", victim: "primary of coordinators", injections: 1 },
          { fault: "constructor", victim: "primary of coordinators", injections: 1 },
        ]),
      ).toEqual([
        'faults[0].operation: there is no cluster operation "swichover". Did you mean "switchover"?',
        'faults[1].operation: there is no cluster operation "kil-node". Did you mean { fault: kill-node, victim: primary of coordinators, injections: 2 }?',
        'faults[2].operation: there is no cluster operation "vacuum-everything". There is: switchover.',
        'faults[3].fault: there is no fault "swichover". Did you mean { operation: switchover, on: coordinators, injections: 1 }?',
        'faults[4].fault: there is no fault "constructor". There is: crash-postgres, kill-node, cut-link.',
      ]);
    });

    it("are refused with all that is wrong with their fields", async () => {
      expect(
        await refused([
          { operation: "switchover", victim: "primary of coordinators", injections: 1 },
          { ...step, on: "primary of coordinators" },
          { ...step, leastSeconds: 5, injections: 0 },
          { fault: "kill-node", victm: "primary of coordinators", injections: 1.5 },
        ]),
      ).toEqual([
        "faults.0.on: expected one of coordinators, one worker group, found nothing. There is: coordinators, one worker group.",
        "faults.0.victim: there is no such field. There is: on.",
        'faults.1.on: expected one of coordinators, one worker group, found "primary of coordinators". Did you mean "coordinators"?',
        "faults.2.injections: expected at least 1, found 0.",
        "faults.2.leastSeconds: there is no such field. There is none.",
        expect.stringMatching(/^faults\.3\.victim: expected one of .*, found nothing\.$/),
        "faults.3.injections: expected a whole number, found 1.5.",
        'faults.3.victm: there is no such field. Did you mean "victim"?',
      ]);
    });

    it("need Patroni, a group to be done to, and a switchover another member", async () => {
      expect(await refused([step, { ...step, on: "one worker group" }], "single")).toEqual([
        'faults[0].operation: "switchover" needs Patroni, and the topology "single" has none.',
        'faults[1].on: there is no primary of one worker group in "single": it has no workers.',
      ]);
      const alone = {
        ...fakeTopology,
        coordinators: { members: 1, synchronousMode: "off" as const },
        name: "alone",
      };
      const request = { topology: "alone", set: [], quick: false };
      const scenarios = { mine: { ...fakeScenario, faults: [step] as readonly Step[] } };
      const topologies = { ...catalogues.topologies, alone };
      const problems = await problemsOf(
        loadScenario("mine", request, { ...catalogues, topologies, scenarios }),
      );
      expect(problems).toEqual([
        {
          where: "faults[0].on",
          message:
            '"switchover" needs a member to switch to, and the primary of coordinators is alone in "alone".',
        },
      ]);
    });
  });

  it("refuses to hold a fault that is over at once, or for what cannot be seen", async () => {
    const hold = { holdUntil: "circuit-open", injections: 1 } as const;
    const faults = [
      { ...hold, fault: "crash-postgres", victim: "primary of coordinators", leastSeconds: 5 },
      { ...hold, fault: "kill-node", victim: "standby of one worker group" },
      { ...hold, fault: "kill-node", victim: "one replica of coordinators", holdUntil: "new-primary" },
      { ...hold, fault: "kill-node", victim: "one replica of coordinators" },
      { ...hold, fault: "kill-node", victim: "primary of coordinators", holdUntil: "new-primary" },
    ] as const;
    const scenarios = { mine: { ...fakeScenario, faults } };
    const problems = await problemsOf(
      loadScenario("mine", { set: [], quick: false }, { ...catalogues, scenarios }),
    );
    expect(problems.map(({ where, message }) => `${where}: ${message}`)).toEqual([
      'faults[0].holdUntil: "crash-postgres" is over as soon as it is done: there is nothing to hold.',
      'faults[0].leastSeconds: "crash-postgres" is over as soon as it is done: there is nothing to hold.',
      'faults[1].holdUntil: "circuit-open" will not be seen of standby of one worker group in "small": HAProxy checks the coordinators alone.',
      'faults[2].holdUntil: "new-primary" will not be seen of one replica of coordinators in "small": only a primary is replaced by another.',
    ]);
  });

  describe("victims", () => {
    const faults = {
      ...fakeFaults,
      "kill-node": { ...fakeFaults["kill-node"]!, hits: ["postgres", "etcd"] as const },
      "cut-link": { ...fakeFaults["kill-node"]!, name: "cut-link", hits: "link" as const },
    };
    const refused = async (steps: readonly object[], topology = "small"): Promise<string[]> => {
      const scenarios = { mine: { ...fakeScenario, faults: steps as readonly FaultStep[] } };
      const request = { topology, set: [], quick: false };
      const problems = await problemsOf(loadScenario("mine", request, { ...catalogues, faults, scenarios }));
      return problems.map(({ where, message, suggestion }) =>
        [`${where}: ${message}`, ...(suggestion === undefined ? [] : [suggestion])].join(" "),
      );
    };
    const step = { fault: "kill-node", injections: 1 };

    it("may be members of etcd, and links between any two sets of nodes, in one direction or both", async () => {
      const steps = [
        { ...step, victim: "a majority of etcd", healAfterSeconds: 20 },
        { ...step, fault: "cut-link", victim: { between: "leader of etcd", and: "every follower of etcd" } },
        { ...step, fault: "cut-link", victim: { from: "the clients", to: "haproxy" } },
      ] as const;
      const scenarios = { mine: { ...fakeScenario, faults: steps } };
      const loaded = await loadScenario(
        "mine",
        { set: [], quick: false },
        { ...catalogues, faults, scenarios },
      );
      expect(loaded.scenario.faults).toEqual(steps);
    });

    it("that there are not are refused with all that there are, and the nearest", async () => {
      const [problem] = await refused([{ ...step, victim: "leader of etc" }]);
      expect(problem).toMatch(
        /^faults\.0\.victim: expected one of primary of coordinators, .*a majority of etcd, .*the clients; or these of several worker groups, \{ hit: primary \| standby \| every member, workerGroups: at least 1 \} or \{ hit: \.\.\., shareOfWorkerGroups: above 0, at most 1 \}; or a link between two of these, \{ between: SET, and: SET \}, or in one direction \{ from: SET, to: SET \}, found "leader of etc"\. Did you mean "leader of etcd"\?$/,
      );
      const [mixed] = await refused([{ ...step, victim: { between: "leader of etcd", to: "haproxy" } }]);
      expect(mixed).toContain("or a link between two of these");
    });

    it("may be members of several worker groups, as many as there are and one at least", async () => {
      const on = (victim: object) => ({ ...step, victim });
      const sound = [
        on({ hit: "primary", shareOfWorkerGroups: 0.5 }),
        on({ hit: "every member", workerGroups: 4 }),
        on({ hit: "standby", shareOfWorkerGroups: 1 }),
      ];
      const scenarios = { mine: { ...fakeScenario, faults: sound as readonly FaultStep[] } };
      const loading = loadScenario(
        "mine",
        { set: ["workers.groups=4"], quick: false },
        { ...catalogues, faults, scenarios },
      );
      expect((await loading).scenario.faults).toEqual(sound);
      expect(
        await refused([
          on({ hit: "primary", shareOfWorkerGroups: 0.2 }),
          on({ hit: "primary", workerGroups: 5 }),
          {
            ...step,
            fault: "cut-link",
            victim: { from: "haproxy", to: { hit: "primary", workerGroups: 9 } },
          },
        ]),
      ).toEqual([
        'faults[0].victim.shareOfWorkerGroups: expected a share of the 1 worker group of "small" that is one group at least, found 0.2, which is none (rounded down). Write at least 1, or add --set workers.groups=5.',
        'faults[1].victim.workerGroups: expected at most the 1 worker group of "small", found 5. Write at most 1, or add --set workers.groups=5.',
        'faults[2].victim.workerGroups: expected at most the 1 worker group of "small", found 9. Write at most 1, or add --set workers.groups=9.',
      ]);
      expect(await refused([on({ hit: "primary", workerGroups: 1 })], "single")).toEqual([
        'faults[0].victim: there is no primary of one worker group in "single": it has no workers.',
      ]);
      const [wrong] = await refused([on({ hit: "primary", shareOfWorkerGroups: 1.5 })]);
      expect(wrong).toContain("faults.0.victim.shareOfWorkerGroups");
    });

    it("must be what the fault can hit", async () => {
      const link = { between: "primary of coordinators", and: "every member of etcd" };
      expect(
        await refused([
          { ...step, victim: "haproxy" },
          { ...step, victim: link },
          { ...step, fault: "cut-link", victim: "leader of etcd" },
          { ...step, fault: "crash-postgres", victim: "leader of etcd" },
          { ...step, fault: "cut-link", victim: { from: "haproxy", to: "haproxy" } },
        ]),
      ).toEqual([
        expect.stringMatching(
          /^faults\[0\]\.victim: "kill-node" hits one of primary of .*leader of etcd.*; found "haproxy"\.$/,
        ),
        expect.stringContaining('found "link between primary of coordinators and every member of etcd"'),
        'faults[2].victim: "cut-link" hits a link, found "leader of etcd". For example: { between: "primary of coordinators", and: "leader of etcd" }.',
        expect.stringMatching(
          /^faults\[3\]\.victim: "crash-postgres" hits one of primary of .*the only node; found/,
        ),
        'faults[4].victim: expected a link between two sets of nodes, found "haproxy" twice.',
      ]);
    });

    it("must be in the topology, both ends of a link", async () => {
      const link = { between: "the only node", and: "every member of etcd" };
      expect(
        await refused(
          [
            { ...step, victim: "one follower of etcd" },
            { ...step, fault: "cut-link", victim: link },
          ],
          "single",
        ),
      ).toEqual([
        'faults[0].victim: there is no one follower of etcd in "single": its etcd has 0 members.',
        'faults[1].victim: there is no every member of etcd in "single": it has no etcd.',
      ]);
    });

    it("of a fault that is healed after a time are held for nothing else", async () => {
      const victim = "a majority of etcd";
      expect(await refused([{ ...step, victim, leastSeconds: 5, healAfterSeconds: 20 }])).toEqual([
        "faults[0].healAfterSeconds: a fault that is healed after a time is not held for anything else, found leastSeconds as well. Leave one of them out.",
      ]);
      const between = { least: 2, most: 3 };
      expect(await refused([{ ...step, victim, healAfterSeconds: 5, healBetweenSeconds: between }])).toEqual([
        "faults[0].healAfterSeconds: a fault that is healed after a time is not held for anything else, found healBetweenSeconds as well. Leave one of them out.",
      ]);
    });

    it("of a guard are refused where there is none", async () => {
      expect(await refused([{ ...step, victim: "one guard" }])).toContain(
        'faults[0].victim: there is no one guard in "small": it has no leader guard.',
      );
    });
  });

  it("refuses fewer shards than worker groups, where tables are distributed", async () => {
    const problems = await problemsOf(
      load("lose-the-primary", { set: ["sharding=fdw", "workers.groups=4", "workers.shards=3"] }),
    );
    expect(problems).toMatchObject([
      {
        where: "--set workers.shards=3",
        message: "expected at least one shard for each of the 4 worker groups, found 3.",
        suggestion: "Set workers.shards to 4 or more.",
      },
    ]);
  });

  describe("reading from the workers' standbys", () => {
    const reading = ["workers.groups=2", "workers.shards=2", "workers.membersPerGroup=2"];
    const readingWith = (...set: string[]): ReturnType<typeof load> =>
      load("lose-the-primary", { set: [...reading, "workers.readFromStandbys=true", ...set] });

    it("is taken with Citus and without PgBouncer", async () => {
      const { topology } = await readingWith("sharding=citus", "pgbouncer.enabled=false");
      expect(topology.workers.readFromStandbys).toBe(true);
    });

    it.each([
      ["another dialect", ["sharding=fdw"], /^expected false with sharding fdw, found true: postgres_fdw/],
      [
        "PgBouncer",
        ["sharding=citus"],
        /^expected false behind PgBouncer, found true: .* only when a session begins/,
      ],
      [
        "a group without a standby",
        ["sharding=citus", "pgbouncer.enabled=false", "workers.membersPerGroup=1"],
        /^expected false where a worker group has no standby .* found true\.$/,
      ],
    ])("is refused with %s", async (_, set, message) => {
      expect(await problemsOf(readingWith(...set))).toMatchObject([
        { where: "--set workers.readFromStandbys=true", message: expect.stringMatching(message) as string },
      ]);
    });
  });

  it("sets what the scenario itself needs of its topology, and --set comes after it", async () => {
    const mine = { ...fakeScenario, set: ["patroni.failsafeMode=true", "patroni.ttl=30"] };
    const scenarios = { mine };
    const load = (set: readonly string[]): ReturnType<typeof loadScenario> =>
      loadScenario("mine", { set, quick: false }, { ...catalogues, scenarios });
    expect((await load(["patroni.ttl=40"])).topology.patroni).toMatchObject({ failsafeMode: true, ttl: 40 });
    scenarios.mine = { ...mine, set: ["patroni.failsafe=true"] };
    const [problem] = await problemsOf(load([]));
    expect(problem).toMatchObject({ where: "scenario.set: patroni.failsafe=true" });
  });

  it("takes a scenario of faults that names no fault, whatever its targets are of", async () => {
    const { scenario } = await loadScenario(
      "none",
      { set: [], quick: false },
      { ...catalogues, scenarios: { none: { ...fakeScenario, faults: [] } } },
    );
    expect(scenario.targets.map(({ metric }) => metric)).toContain("write-unavailability");
  });

  it("refuses --quick where the scenario has no quick form", async () => {
    const scenarios = { mine: { ...fakeScenario, quick: null } };
    const problems = await problemsOf(
      loadScenario("mine", { set: [], quick: true }, { ...catalogues, scenarios }),
    );
    expect(problems).toEqual([
      { where: "--quick", message: 'the scenario "lose-the-primary" has no quick form.' },
    ]);
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
  async function put(name: string, text: string): Promise<string> {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  }

  it("may be TypeScript with types", async () => {
    const file = await put(
      "mine.ts",
      `type Any = unknown; export const mine = ${JSON.stringify({ ...fakeScenario, name: "mine" })} satisfies Any;`,
    );
    expect((await load(file)).scenario.name).toBe("mine");
  });

  it("may be YAML, change a topology of the catalogue, and be named relative to the scenario", async () => {
    await put("slow.yaml", "basedOn: small\nname: slow\npatroni:\n  ttl: 60\n");
    const file = await put("mine.yaml", "basedOn: lose-the-primary\nname: mine\ntopology: ./slow.yaml\n");
    const { scenario, topology } = await load(file);
    expect(scenario.name).toBe("mine");
    expect(topology).toEqual({
      ...fakeTopology,
      name: "slow",
      patroni: { ...fakeTopology.patroni, ttl: 60 },
    });
  });

  it("may say in YAML for what a fault is held, and is told of words that there are not", async () => {
    const step = "fault: kill-node, victim: one replica of coordinators, injections: 1";
    const scenarioOf = (hold: string): string =>
      `basedOn: lose-the-primary\nname: mine\nfaults:\n  - { ${step}, ${hold} }\n`;
    const { scenario } = await load(
      await put("hold.yaml", scenarioOf("holdUntil: circuit-open, leastSeconds: 12")),
    );
    expect(scenario.faults).toMatchObject([{ holdUntil: "circuit-open", leastSeconds: 12 }]);
    const wrong = await put("held.yaml", scenarioOf("holdUntil: circuit-opn, leastSeconds: 0"));
    expect(await problemsOf(load(wrong))).toEqual([
      {
        where: `${wrong}: faults.0.holdUntil`,
        message: 'expected one of circuit-open, new-primary, found "circuit-opn".',
        suggestion: 'Did you mean "circuit-open"?',
      },
      { where: `${wrong}: faults.0.leastSeconds`, message: "expected more than 0, found 0." },
    ]);
  });

  it("is checked field by field, and problems name the file", async () => {
    const file = await put(
      "bad.yaml",
      "basedOn: small\nname: Bad Name\npatroni: { ttl: soon, loopWit: 1 }\n",
    );
    const problems = await problemsOf(loadTopology(file, [], catalogues));
    expect(problems.map((problem) => problem.where)).toEqual([
      `${file}: name`,
      `${file}: patroni.ttl`,
      `${file}: patroni.loopWit`,
    ]);
  });

  it("refuses budgets in a topology's file: they are set on the command line", async () => {
    const file = await put("budgets.yaml", "basedOn: small\nbudgets: { readySeconds: 5 }\n");
    const problems = await problemsOf(loadTopology(file, ["budgets.readySeconds=7"], catalogues));
    expect(problems).toMatchObject([{ where: `${file}: budgets`, message: "there is no such field." }]);
    const { budgets } = await loadTopology("small", ["budgets.readySeconds=7"], catalogues);
    expect(budgets).toMatchObject({ readySeconds: 7, recoverySeconds: null });
  });

  it.each([
    ["nowhere.ts", null, /no such file/],
    ["broken.ts", "export default {", /could not be read/],
    ["two.ts", "export const a = {}; export const b = {};", /found 2 objects/],
    ["text.yaml", "just text", /expected a scenario/],
    ["x.toml", "a = 1", /expected a \.ts/],
  ])("that is no scenario is refused with the reason: %s", async (name, text, message) => {
    const file = text === null ? path.join(folder, name) : await put(name, text);
    const reference = name === "x.toml" ? `${folder}/x.toml` : file;
    const [problem] = await problemsOf(load(reference));
    expect(problem?.message).toMatch(message);
  });
});
