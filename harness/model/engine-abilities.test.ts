import { describe, expect, it } from "vitest";
import type { ClientSettings, EngineName, LoadShape } from "./benchmark.ts";
import { engineGaps } from "./engine-abilities.ts";
import type { Variable, Workload, WorkloadOperation } from "./workload.ts";

const poisson: LoadShape = { kind: "open", arrival: "poisson", rate: { kind: "constant", perSecond: 100 } };
const constant: LoadShape = { ...poisson, arrival: "constant" };
const closed: LoadShape = { kind: "closed", clients: 8, thinkTimeMs: 0 };

const client: ClientSettings = {
  engine: "native",
  agents: 1,
  sessions: "own",
  connections: 8,
  mix: "per-operation",
  timeoutMs: 1000,
  latencyLimitMs: 100,
  samplesKept: 1000,
};

const select: WorkloadOperation = {
  name: "select",
  kind: "read",
  endpoint: "readWrite",
  weight: 1,
  form: "statement",
  variables: [{ name: "id", kind: "uniform", from: 1, to: 10 }],
  statements: [{ sql: "select * from t where id = $1::bigint", uses: ["id"] }],
  rows: 0,
  timeoutMs: null,
  ledgerTable: null,
};

const workload: Workload = {
  name: "w",
  summary: "",
  tables: [],
  seed: [],
  dataBytes: 0,
  operations: [select],
  retry: null,
  invariants: [],
};

describe("engineGaps", () => {
  it("finds none for what each engine can do", () => {
    expect(gaps("native", { shapes: [poisson, constant, closed] })).toEqual([]);
    expect(gaps("pgbench", { shapes: [poisson, closed], client: { sessions: "each-operation" } })).toEqual(
      [],
    );
    expect(gaps("k6", { shapes: [constant, closed], client: { mix: "per-client" } })).toEqual([]);
    expect(gaps("k6", { shapes: [closed], client: { sessions: "pool", connections: 4 } })).toEqual([]);
    const ramp: LoadShape = { ...constant, rate: { kind: "ramp", fromPerSecond: 1, toPerSecond: 2 } };
    expect(gaps("k6", { shapes: [ramp], shortestSeconds: 0.5 })).toEqual([]);
    expect(gaps("native", { shapes: [closed], shortestSeconds: 0.5 })).toEqual([]);
  });

  it.each<[string, Parameters<typeof gaps>, RegExp]>([
    ["evenly spaced arrivals of pgbench", ["pgbench", { shapes: [constant] }], /Poisson process/],
    ["Poisson arrivals of k6", ["k6", { shapes: [poisson] }], /spaces arrivals evenly/],
    [
      "a ramp of pgbench",
      ["pgbench", { shapes: [{ ...poisson, rate: { kind: "ramp", fromPerSecond: 1, toPerSecond: 2 } }] }],
      /one rate/,
    ],
    [
      "think time of pgbench",
      ["pgbench", { shapes: [{ ...closed, thinkTimeMs: 5 }] }],
      /count a client's think time/,
    ],
    [
      "clients that keep to an operation",
      ["pgbench", { client: { mix: "per-client" } }],
      /mix per-operation/,
    ],
    [
      "clients that share connections",
      ["pgbench", { shapes: [closed], client: { sessions: "pool", connections: 4 } }],
      /connection of its own/,
    ],
    [
      "more threads than clients",
      ["pgbench", { shapes: [closed], client: { agents: 9 } }],
      /each of its 9 threads/,
    ],
    [
      "more processes than connections",
      ["k6", { shapes: [constant], client: { agents: 9 } }],
      /each of its 9 processes/,
    ],
    ["a stage of k6 below a second", ["k6", { shapes: [closed], shortestSeconds: 0.5 }], /takes 0\.5 s/],
    [
      "two entries",
      ["pgbench", { operations: [select, { ...select, endpoint: "readOnly" }] }],
      /one entry only/,
    ],
    ["COPY", ["pgbench", { operations: [{ ...select, form: "copy" }] }], /cannot COPY, as select does/],
    ["a long text", ["pgbench", using({ name: "id", kind: "text", length: 241 })], /241 letters/],
    [
      "many choices",
      [
        "pgbench",
        using({ name: "id", kind: "choice", values: Array.from({ length: 17 }, (_, number) => `${number}`) }),
      ],
      /more than 16/,
    ],
    [
      "a colon that pgbench would take for a variable",
      [
        "pgbench",
        { operations: [{ ...select, statements: [{ sql: "select a[1:b], $1 from t", uses: ["id"] }] }] },
      ],
      /colon/,
    ],
    [
      "one of the two codes that pgbench tries again",
      ["pgbench", { retry: { codes: ["40001"], attempts: 3 } }],
      /or neither/,
    ],
  ])("refuses %s in one sentence that says what to use instead", (_what, parameters, sentence) => {
    const found = gaps(...parameters);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
    expect(found[0]).toMatch(/: use /);
  });

  it("says the same only once for several stages", () => {
    expect(gaps("pgbench", { shapes: [constant, constant] })).toHaveLength(1);
  });

  it("does not mind operations that are never drawn", () => {
    expect(gaps("pgbench", { operations: [select, { ...select, form: "copy", weight: 0 }] })).toEqual([]);
  });
});

function gaps(
  engine: EngineName,
  wanted: {
    readonly shapes?: readonly LoadShape[];
    readonly client?: Partial<ClientSettings>;
    readonly operations?: readonly WorkloadOperation[];
    readonly retry?: Workload["retry"];
    readonly shortestSeconds?: number;
  },
): readonly string[] {
  const { shapes = [], operations = [select], retry = null, shortestSeconds = 10 } = wanted;
  return engineGaps(engine, {
    shapes,
    client: { ...client, ...wanted.client },
    workload: { ...workload, operations, retry },
    phases: [{ warmupSeconds: 0, steadySeconds: shortestSeconds, coolDownSeconds: 0 }],
  });
}

function using(variable: Variable): { readonly operations: readonly WorkloadOperation[] } {
  return { operations: [{ ...select, variables: [variable] }] };
}
