import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { ClientSettings, LoadShape, StagePhases } from "../../../model/benchmark.ts";
import type { Workload } from "../../../model/workload.ts";
import { bulkLoad } from "../../../workloads/bulk-load.ts";
import { parameterDefaults } from "../../../workloads/catalogue.ts";
import { multiTenantMix } from "../../../workloads/multi-tenant-mix.ts";
import type { drawZipf } from "../../../workloads/zipf.ts";
import { tenantOrders } from "../../../workloads/tenant-orders.ts";
import { tpcbLike } from "../../../workloads/tpcb-like.ts";
import { renderScript } from "./render-script.ts";

const phases: StagePhases = { warmupSeconds: 1, steadySeconds: 4, coolDownSeconds: 0.5 };
const closed: LoadShape = { kind: "closed", clients: 4, thinkTimeMs: 250 };

describe("renderScript", () => {
  it("says a workload of several operations in k6's words", () => {
    expect(render(tenantOrders.build({}), closed)).toMatchInlineSnapshot(`
      "// Made by dpg-bench from its workload tenant-orders.
      import { randomSeed, sleep } from "k6";
      import exec from "k6/execution";
      import { connect } from "k6/x/dpg";

      export const options = {
        "scenarios": {
          "load": {
            "executor": "constant-vus",
            "vus": 4,
            "duration": "5500ms",
            "gracefulStop": "2000ms"
          }
        }
      };

      randomSeed(5 + __VU + 100000 * Number(__ENV.DPG_AGENT));
      const database = connect({ ...{"entries":["readWrite","readOnly"],"timeoutMs":1000,"sessions":"own"}, connections: 0, connectNow: __VU > 0 });
      const nextId = () => 1000 + exec.scenario.iterationInTest;
      const uniform = (from, to) => from + Math.floor(Math.random() * (to - from + 1));
      const choice = (values) => values[Math.floor(Math.random() * values.length)];
      const text = (length) => database.letters(length);

      const operations = [
        // insert-order
        () => {
          const $tenant = 1 + (nextId() % 400);
          const $id = nextId();
          const $amount = uniform(0, 99999);
          const $status = "new";
          return database.statement("insert-order", "insert into orders (tenant_id, id, amount_cents, status) values ($1, $2, $3, $4)", [$tenant, $id, $amount, $status], "readWrite");
        },
        // select-order
        () => {
          const $tenant = uniform(1, 400);
          const $order = uniform(-24, 0);
          return database.statement("select-order", "select id, amount_cents, status from orders where tenant_id = $1 and id = $2", [$tenant, $order], "readOnly");
        },
        // update-order
        () => {
          const $tenant = uniform(1, 400);
          const $order = uniform(-24, 0);
          const $status = choice(["paid","sent"]);
          const $amount = uniform(0, 99999);
          return database.statement("update-order", "update orders set status = $3, amount_cents = $4 where tenant_id = $1 and id = $2", [$tenant, $order, $status, $amount], "readWrite");
        },
      ];
      const bounds = [0.3,0.8];
      const chosen = () => {
        const point = Math.random();
        let at = 0;
        while (at < bounds.length && point >= bounds[at]) at += 1;
        return at;
      };

      export default function () {
        operations[chosen()]();
        sleep(0.25);
      }
      "
    `);
  });

  it("draws by Zipf's law with a function of its own, which is there only where it is used", () => {
    const script = render(multiTenantMix.build(parameterDefaults(multiTenantMix)), closed);
    expect(script).toContain("const $tenant = zipf(1, 400, 1.2);");
    const [source] = /const zipf = [^]*?\n};/.exec(script)!;
    const zipf = runInNewContext(`${source} zipf;`) as typeof drawZipf;
    const draws = Array.from({ length: 20_000 }, () => zipf(1, 400, 1.2, Math.random));
    expect(Math.min(...draws)).toBe(1);
    expect(Math.max(...draws)).toBeLessThanOrEqual(400);
    expect(draws.filter((value) => value === 1).length / draws.length).toBeCloseTo(0.245, 1);
    expect(render(tenantOrders.build({}), closed)).not.toContain("zipf");
  });

  it("runs the statements of a transaction in one call", () => {
    expect(operationsOf(render(tpcbLike.build({ scale: 2 }), closed))).toMatchInlineSnapshot(`
      "  // transaction
        () => {
          const $aid = uniform(1, 200000);
          const $bid = uniform(1, 2);
          const $tid = uniform(1, 20);
          const $delta = uniform(-5000, 5000);
          return database.transaction("transaction", [
            ["UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2", [$delta, $aid]],
            ["SELECT abalance FROM pgbench_accounts WHERE aid = $1", [$aid]],
            ["UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2", [$delta, $tid]],
            ["UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2", [$delta, $bid]],
            ["INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)", [$tid, $bid, $aid, $delta]],
          ], "readWrite");
        },"
    `);
  });

  it("makes the rows of a COPY, the operation's number the same in all of them", () => {
    const script = render(bulkLoad.build({ rowsPerCopy: 10, payloadBytes: 5 }), closed);
    expect(operationsOf(script)).toMatchInlineSnapshot(`
      "  // copy
        () => {
          const $id = nextId();
          const lines = [];
          for (let row = 0; row < 10; row += 1) {
            const $value = uniform(0, 999);
            const $payload = text(5);
            lines.push([escaped($id), escaped($value), escaped($payload)].join("\\t") + "\\n");
          }
          return database.copy("copy", "copy bulk_load (id, value, payload) from stdin", lines.join(""), "readWrite", 60000);
        },"
    `);
  });

  it.each<[string, LoadShape, object]>([
    [
      "a rate in iterations of a thousand seconds",
      { kind: "open", arrival: "constant", rate: { kind: "constant", perSecond: 12.5 } },
      {
        executor: "constant-arrival-rate",
        rate: 12_500,
        duration: "5500ms",
        timeUnit: "1000s",
        preAllocatedVUs: 10,
        maxVUs: 10,
        gracefulStop: "2000ms",
      },
    ],
    [
      "a ramp between a level warm-up and a level cool-down",
      { kind: "open", arrival: "constant", rate: { kind: "ramp", fromPerSecond: 10, toPerSecond: 30 } },
      {
        executor: "ramping-arrival-rate",
        startRate: 10_000,
        stages: [
          { target: 10_000, duration: "1000ms" },
          { target: 30_000, duration: "4000ms" },
          { target: 30_000, duration: "500ms" },
        ],
      },
    ],
    [
      "steps that jump",
      { kind: "open", arrival: "constant", rate: { kind: "steps", perSecond: [10, 20] } },
      {
        executor: "ramping-arrival-rate",
        startRate: 10_000,
        stages: [
          { target: 10_000, duration: "1000ms" },
          { target: 10_000, duration: "2000ms" },
          { target: 20_000, duration: "0ms" },
          { target: 20_000, duration: "2000ms" },
          { target: 20_000, duration: "500ms" },
        ],
      },
    ],
    ["clients as virtual users", closed, { executor: "constant-vus", vus: 4, duration: "5500ms" }],
  ])("asks for %s", (_what, shape, scenario) => {
    const options = /export const options = (\{.*?\n\});/s.exec(
      render(tpcbLike.build({ scale: 1 }), shape),
    )?.[1];
    expect(JSON.parse(options ?? "")).toMatchObject({ scenarios: { load: scenario } });
  });

  it("lets each virtual user keep to one operation where the mix is per client", () => {
    const script = render(tenantOrders.build({}), closed, { mix: "per-client" });
    const [, indices] = /const operationOfVu = (\[.*\]);/.exec(script) ?? [];
    expect((JSON.parse(indices ?? "") as number[]).toSorted()).toEqual([0, 1, 1, 2]);
  });

  it("tells the extension of time-out, sessions and what to try again", () => {
    const script = render(tpcbLike.build({ scale: 1 }), closed, { sessions: "each-operation" });
    expect(script).toContain('"timeoutMs":1000,"sessions":"each-operation","retry":{"codes":["40001"');
    expect(script).toContain("connections: 0,");
  });

  it("lets an open shape's operations, and clients that are told to, share the process's connections", () => {
    const open: LoadShape = { kind: "open", arrival: "constant", rate: { kind: "constant", perSecond: 10 } };
    for (const script of [
      render(tpcbLike.build({ scale: 1 }), open),
      render(tpcbLike.build({ scale: 1 }), closed, { sessions: "pool" }),
    ]) {
      expect(script).toContain('"sessions":"pool"');
      expect(script).toContain("connections: Number(__ENV.DPG_CONNECTIONS),");
    }
  });
});

const client: ClientSettings = {
  engine: "k6",
  agents: 1,
  sessions: "own",
  connections: 8,
  mix: "per-operation",
  timeoutMs: 1000,
  latencyLimitMs: 100,
  samplesKept: 0,
};

function render(definition: Workload, shape: LoadShape, settings: Partial<ClientSettings> = {}): string {
  return renderScript({
    definition,
    shape,
    phases,
    client: { ...client, ...settings },
    seed: 5,
    firstId: 1000,
  });
}

function operationsOf(script: string): string {
  return /const operations = \[\n(.*)\n\];/s.exec(script)?.[1] ?? "";
}
