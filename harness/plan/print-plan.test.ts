import { describe, expect, it } from "vitest";
import type { Scenario } from "../model/scenario.ts";
import type { Target } from "../model/target.ts";
import { fakeQuestion, fakeWorkload } from "./planned-benchmark.fake.ts";
import { fakeAdvice, fakePlan, fakeScenario, fakeTopology } from "./run-plan.fake.ts";
import { printPlan } from "./print-plan.ts";

const latencyTarget: Target = {
  id: "T3",
  title: "Simple SELECT p99 below 10 ms",
  metric: "latency-p99",
  of: "transaction pooling: 50 % of capacity",
  statistic: "each",
  bound: { below: 10 },
  source: "a promise",
};

describe("printPlan", () => {
  it("prints cluster, timing, load, phases, injections, targets, bands, findings and budgets", async () => {
    const text = printPlan(fakePlan({ overrides: ["patroni.ttl=20"] }), { colour: false });
    await expect(text).toMatchFileSnapshot("./print-plan.golden.txt");
  });

  it("prints a benchmark's workload, client, stages and variants instead of load and injections", async () => {
    const topology = {
      ...fakeTopology,
      pgbouncer: { ...fakeTopology.pgbouncer, poolMode: "session" },
    } as const;
    const scenario = {
      ...fakeScenario,
      load: null,
      faults: [],
      benchmark: fakeQuestion,
      targets: [latencyTarget],
    };
    const variants = [
      { name: "session pooling", topology },
      { name: "transaction pooling", topology: fakeTopology },
    ];
    const plan = fakePlan({
      scenario,
      topology,
      streams: [],
      parts: {
        workload: fakeWorkload,
        parameters: { rows: 2_000_000 },
        files: null,
        variants,
        k6Script: null,
      },
    });
    await expect(printPlan(plan, { colour: false })).toMatchFileSnapshot("./print-benchmark.golden.txt");
  });

  it("says operation of what is done on purpose, and fault of what hurts", () => {
    const operation = { operation: "switchover", on: "coordinators", injections: 1 } as const;
    const printed = (faults: Scenario["faults"]): string =>
      printPlan(fakePlan({ scenario: { ...fakeScenario, faults } }), { colour: false, width: 200 });
    const operations = printed([operation]);
    expect(operations).toContain("1 switchover      primary of coordinators, at ");
    expect(operations).toContain("then each operation, followed by");
    expect(operations).toContain("until an operation shows");
    const both = printed([operation, ...fakeScenario.faults]);
    expect(both).toContain("then each fault or operation, followed by");
    expect(both).toContain("until full redundancy, before and after a fault or operation");
  });

  it("prints what a fault is held for, and the budget of that wait", () => {
    const faults = [
      {
        fault: "kill-node",
        victim: "one replica of coordinators",
        injections: 1,
        holdUntil: "circuit-open",
        leastSeconds: 12,
      },
    ] as const;
    const text = printPlan(fakePlan({ scenario: { ...fakeScenario, faults } }), {
      colour: false,
      width: 200,
    });
    expect(text).toContain("held until HAProxy's circuit is open and for at least 12 s");
    expect(text).toContain("budgets.holdSeconds");
    expect(printPlan(fakePlan(), { colour: false })).not.toContain("holdSeconds");
  });

  it("says of a replica whatever it may turn out to be, of reads and of the circuit too", () => {
    const faults = [{ fault: "kill-node", victim: "one replica of coordinators", injections: 1 }] as const;
    const topology = {
      ...fakeTopology,
      coordinators: { ...fakeTopology.coordinators, synchronousMode: "on" },
    } as const;
    const band = { fault: "kill-node", failureClass: "node-loss", terms: [] } as const;
    const both = ["synchronous standby", "asynchronous replica"] as const;
    const advice = {
      ...fakeAdvice,
      bands: [
        { ...band, metric: "write-unavailability", roles: [both[0]], lowSeconds: 0, highSeconds: 2.1 },
        { ...band, metric: "write-unavailability", roles: [both[1]], lowSeconds: 0, highSeconds: 0 },
        { ...band, metric: "circuit-open", roles: both, lowSeconds: 6.5, highSeconds: 8.6 },
      ],
    } as const;
    const targets = [
      { ...latencyTarget, id: "B9", metric: "circuit-open", of: undefined, bound: { atMost: 6 } },
    ] as const;
    const scenario = { ...fakeScenario, faults, targets };
    const lines = printPlan(fakePlan({ scenario, topology, advice }), { colour: false, width: 200 }).split(
      "\n",
    );
    const found = (text: string) => lines.find((line) => line.includes(text)) ?? "";
    expect(found("1 kill-node")).toMatch(
      /predicted 0\.0-2\.1 s as synchronous standby or 0 s as asynchronous replica$/,
    );
    expect(lines.join("\n")).toContain("kill-node       0.0-2.1 s  synchronous standby\n");
    expect(found("6.5-8.6")).toContain("synchronous standby or asynchronous replica  (B9 cannot be kept)");
    expect(lines.join("\n")).toContain("Predicted time until HAProxy's circuit is open");
  });

  it("names both ends of a link, when it is healed, and what is predicted of such a victim alone", () => {
    const faults = [
      {
        fault: "kill-node",
        victim: { between: "primary of coordinators", and: "every member of etcd" },
        injections: 1,
        healAfterSeconds: 30,
      },
    ] as const;
    const band = {
      fault: "kill-node",
      failureClass: "link-cut",
      lowSeconds: 11.1,
      highSeconds: 23,
      terms: [],
    } as const;
    const advice = { ...fakeAdvice, bands: [{ ...band, roles: ["primary to etcd"] }] } as const;
    const targets = [
      { ...latencyTarget, id: "STAYS", metric: "write-unavailability", of: "kill-node, primary to etcd" },
      { ...latencyTarget, id: "OTHER", metric: "write-unavailability", of: "kill-node, etcd leader" },
    ] as const;
    const plan = fakePlan({ scenario: { ...fakeScenario, faults, targets }, advice });
    const text = printPlan(plan, { colour: false, width: 200 });
    expect(text).toMatch(
      /1 kill-node {7}link between primary of coordinators and every member of etcd, at 0\.\d+ of Patroni's loop, healed after 30 s, predicted 11\.1-23\.0 s as primary to etcd/,
    );
    expect(text).toContain("11.1-23.0 s  primary to etcd  (STAYS cannot be kept)");
  });

  it("says of a plan without Patroni, faults and targets that there is none of each", () => {
    const plan = fakePlan();
    const bare = { ...plan, injections: [], targets: [], advice: { timing: null, bands: [], findings: [] } };
    const text = printPlan(bare, { colour: false });
    expect(text).toContain("no Patroni");
    expect(text).toContain("Targets: none");
    expect(text).toContain("Findings: none");
  });

  it("uses escape sequences only when colour is wanted", () => {
    const plan = fakePlan();
    const escape = String.fromCharCode(27);
    expect(printPlan(plan, { colour: false })).not.toContain(escape);
    expect(printPlan(plan, { colour: true })).toContain(escape);
  });
});
