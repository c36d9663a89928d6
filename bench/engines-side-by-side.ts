import Table from "cli-table3";
import type { Figure, StageMeasurement } from "../harness/model/measurement.ts";
import type { EngineName, LoadShape } from "../harness/model/benchmark.ts";
import { bringUpBenchCluster, type BenchCluster } from "./side-by-side/bench-cluster.ts";
import { plainPgbench } from "./side-by-side/plain-pgbench.ts";
import { inTurns, medianOf, ratioOf, type Rounds } from "./side-by-side/rounds.ts";
import { sendStage } from "./side-by-side/send-stage.ts";

/**
 * `npm run bench`, second part: the engines beside each other on one server, from one container, in turns. Prints
 * medians and ratios; nothing here passes or fails.
 */
const ROUNDS = 5;
const SECONDS = 5;
const CONNECTIONS = 16;
const OPEN_RATE = 5_000;

const closed: LoadShape = { kind: "closed", clients: CONNECTIONS, thinkTimeMs: 0 };
const poisson: LoadShape = {
  kind: "open",
  arrival: "poisson",
  rate: { kind: "constant", perSecond: OPEN_RATE },
};
const constant: LoadShape = { ...poisson, arrival: "constant" };

await using bench = await bringUpBenchCluster();
console.log(throughputTable(await throughput(bench)));
console.log(openTable(await openLoop(bench)));

async function throughput(on: BenchCluster): Promise<Rounds> {
  const engine =
    (name: EngineName, samplesKept = 0) =>
    async () => {
      const stage = await sendStage(on, {
        engine: name,
        shape: closed,
        connections: CONNECTIONS,
        steadySeconds: SECONDS,
        samplesKept,
      });
      return { perSecond: value(stage.throughputPerSecond), cpuUs: value(stage.client.cpuPerOperationUs) };
    };
  return await inTurns(ROUNDS, {
    "pgbench, no log": async () => {
      const { perSecond, cpuPerOperationUs } = await plainPgbench(on, {
        clients: CONNECTIONS,
        seconds: SECONDS,
      });
      return { perSecond, cpuUs: cpuPerOperationUs };
    },
    native: engine("native"),
    "pgbench engine": engine("pgbench"),
    "k6 engine": engine("k6"),
  });
}

function throughputTable(rounds: Rounds): string {
  const table = new Table({
    head: ["", "op/s", "of pgbench", "client CPU per op", "of pgbench", "op per CPU second, of k6"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const name of rounds.keys()) {
    const cpu = ratioOf(rounds, "cpuUs", { of: "k6 engine", to: name });
    table.push([
      name,
      medianOf(rounds, name, "perSecond").toFixed(0),
      spread(ratioOf(rounds, "perSecond", { of: name, to: "pgbench, no log" })),
      `${medianOf(rounds, name, "cpuUs").toFixed(1)} us`,
      spread(ratioOf(rounds, "cpuUs", { of: name, to: "pgbench, no log" })),
      spread(cpu),
    ]);
  }
  return `\nClosed loop: ${CONNECTIONS} connections, point select, ${ROUNDS} rounds of ${SECONDS} s in turns; median (least-most)\n${table.toString()}`;
}

async function openLoop(on: BenchCluster): Promise<Rounds> {
  const stage =
    (engine: EngineName, shape: LoadShape, pacing: "sleep" | "nap" | "spin" = "sleep") =>
    async () => {
      const measured = await sendStage(on, {
        engine,
        shape,
        connections: CONNECTIONS,
        steadySeconds: SECONDS,
        pacing,
      });
      return openFigures(measured);
    };
  return await inTurns(ROUNDS, {
    "pgbench -R": stage("pgbench", poisson),
    "native, sleep": stage("native", poisson),
    "native, nap": stage("native", poisson, "nap"),
    "native, spin": stage("native", poisson, "spin"),
    "k6 (constant)": stage("k6", constant),
  });
}

function openFigures({ operations, client, throughputPerSecond }: StageMeasurement): Record<string, number> {
  const [all] = operations;
  const of = (figure: Figure | undefined): number => (figure === undefined ? NaN : value(figure));
  return {
    perSecond: value(throughputPerSecond),
    lagMean: of(all?.lagMs.mean),
    lagP50: of(all?.lagMs.p50),
    lagP99: of(all?.lagMs.p99),
    p50: of(all?.latencyMs.p50),
    p95: of(all?.latencyMs.p95),
    p99: of(all?.latencyMs.p99),
    cpu: value(client.cpuCores),
  };
}

function openTable(rounds: Rounds): string {
  const table = new Table({
    head: [
      "",
      "op/s",
      "lag mean ms",
      "p50",
      "p99",
      "latency p50 ms",
      "p95",
      "p99",
      "client cores",
      "latency p50 of pgbench",
    ],
    colAligns: ["left", ...Array.from({ length: 9 }, () => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const name of rounds.keys()) {
    const figures = ["lagMean", "lagP50", "lagP99", "p50", "p95", "p99", "cpu"].map((figure) =>
      medianOf(rounds, name, figure).toFixed(3),
    );
    table.push([
      name,
      medianOf(rounds, name, "perSecond").toFixed(0),
      ...figures,
      spread(ratioOf(rounds, "p50", { of: name, to: "pgbench -R" })),
    ]);
  }
  return `\nOpen loop: ${OPEN_RATE}/s over ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s in turns; medians\n${table.toString()}`;
}

function value(figure: Figure): number {
  return figure.kind === "value" ? figure.value : NaN;
}

function spread({ median, least, most }: ReturnType<typeof ratioOf>): string {
  return Number.isNaN(median) ? "-" : `${median.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}
