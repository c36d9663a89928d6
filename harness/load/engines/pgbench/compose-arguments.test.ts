import { describe, expect, it } from "vitest";
import type { ClientSettings, LoadShape } from "../../../model/benchmark.ts";
import { tpcbLike } from "../../../workloads/tpcb-like.ts";
import { pointSelect } from "../../../workloads/point-select.ts";
import { parameterDefaults } from "../../../workloads/catalogue.ts";
import { composeArguments, threadsOfClients } from "./compose-arguments.ts";
import { renderScripts } from "./render-scripts.ts";

const poisson: LoadShape = {
  kind: "open",
  arrival: "poisson",
  rate: { kind: "constant", perSecond: 1234.5 },
};
const closed: LoadShape = { kind: "closed", clients: 16, thinkTimeMs: 0 };

describe("composeArguments", () => {
  it("sends an open shape at its rate over its connections, and nothing later than its time-out", () => {
    expect(parametersOf({ shape: poisson })).toEqual([
      "--no-vacuum",
      "--protocol=prepared",
      "--client=8",
      "--jobs=2",
      "--time=13",
      "--random-seed=7",
      "--file=/scripts/0.sql@1",
      "--define=first_id=1",
      "--define=clients=8",
      "--define=turn=-1",
      "--log",
      "--log-prefix=/logs/log",
      "--failures-detailed",
      "--rate=1234.5",
      "--latency-limit=500",
      "--host=10.0.0.2",
      "--port=5432",
      "--username=app",
      "bench",
    ]);
  });

  it("gives each client of a closed shape a connection, or a new one for every operation", () => {
    expect(parametersOf({ shape: closed })).toContain("--client=16");
    expect(parametersOf({ shape: closed })).not.toContain("--connect");
    expect(parametersOf({ shape: closed, client: { sessions: "each-operation" } })).toContain("--connect");
  });

  it("tries again as often as the workload says", () => {
    const definition = { ...tpcbLike.build({ scale: 1 }), retry: { codes: ["40001", "40P01"], attempts: 4 } };
    expect(parametersOf({ definition })).toContain("--max-tries=4");
    const otherwise = { ...definition, retry: { codes: ["CONNECTION_LOST"], attempts: 4 } };
    expect(parametersOf({ definition: otherwise }).join(" ")).not.toContain("max-tries");
  });

  it("never has the password among its arguments", () => {
    expect(parametersOf({}).join(" ")).not.toContain("secret");
  });
});

it("consecutive clients share a thread, the first ones with one client more", () => {
  expect(threadsOfClients(5, 2)).toEqual([0, 0, 0, 1, 1]);
  expect(threadsOfClients(4, 3)).toEqual([0, 0, 1, 2]);
});

const settings: ClientSettings = {
  engine: "pgbench",
  agents: 2,
  sessions: "own",
  connections: 8,
  mix: "per-operation",
  timeoutMs: 500,
  latencyLimitMs: 100,
  samplesKept: 0,
};

function parametersOf(wanted: {
  readonly shape?: LoadShape;
  readonly client?: Partial<ClientSettings>;
  readonly definition?: ReturnType<typeof pointSelect.build>;
}): readonly string[] {
  const definition = wanted.definition ?? {
    ...pointSelect.build(parameterDefaults(pointSelect)),
    retry: null,
  };
  return composeArguments(
    {
      shape: wanted.shape ?? closed,
      client: { ...settings, ...wanted.client },
      database: "bench",
      definition,
      seed: 7,
      login: { user: "app", password: "secret" },
    },
    {
      host: "10.0.0.2",
      port: 5432,
      files: ["/scripts/0.sql"],
      scripts: renderScripts(definition, { firstId: 1, clients: 8 }),
      logPrefix: "/logs/log",
      seconds: 12.5,
    },
  );
}
