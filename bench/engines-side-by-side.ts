import Table from "cli-table3";
import type { Figure, StageMeasurement } from "../harness/model/measurement.ts";
import type { EngineName, LoadShape } from "../harness/model/benchmark.ts";
import type { Arrival } from "../harness/model/load.ts";
import { bringUpBenchCluster, type BenchCluster } from "./side-by-side/bench-cluster.ts";
import { plainPgbench } from "./side-by-side/plain-pgbench.ts";
import { inTurns, medianOf, ratioOf, ratioOfMedians, spread, type Rounds } from "./side-by-side/rounds.ts";
import { sendStage, value } from "./side-by-side/send-stage.ts";

/**
 * `npm run bench`, second part: the engines beside each other on one server, from one container, in turns. Prints
 * medians and ratios; nothing here passes or fails.
 */
const ROUNDS = 5;
const SECONDS = 5;
const CONNECTIONS = 16;
const OPEN_RATES = [2_000, 5_000, 10_000, 15_000];
/** A contender that answers less of the rate than this did not reach it. */
const REACHED = 0.98;

/** About what k6 keeps up in an open loop of what it sends in a closed one. */
const K6_OPEN = 0.5;

const PGBENCH = "pgbench -R";

const OPEN_COLUMNS = [
  ["lag p50 ms", "lagP50"],
  ["p95", "lagP95"],
  ["p99", "lagP99"],
  ["latency p50 ms", "p50"],
  ["p95", "p95"],
  ["p99", "p99"],
  ["client cores", "cpu"],
] as const;

const closed: LoadShape = { kind: "closed", clients: CONNECTIONS, thinkTimeMs: 0 };

await using bench = await bringUpBenchCluster({ workload: "point-select", parameters: {} });
const inClosedLoop = await throughput(bench);
console.log(throughputTable(inClosedLoop));
for (const perSecond of OPEN_RATES) {
  const byK6 = medianOf(inClosedLoop, "k6 engine", "perSecond") * K6_OPEN >= perSecond;
  console.log(openTable(await openLoop(bench, perSecond, { byK6 }), perSecond, { byK6 }));
}

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

/** `byK6`: whether k6 can send as many. */
async function openLoop(
  on: BenchCluster,
  perSecond: number,
  { byK6 }: { readonly byK6: boolean },
): Promise<Rounds> {
  const stage = (engine: EngineName, arrival: Arrival) => async () => {
    const measured = await sendStage(on, {
      engine,
      shape: { kind: "open", arrival, rate: { kind: "constant", perSecond } },
      connections: CONNECTIONS,
      steadySeconds: SECONDS,
    });
    return openFigures(measured);
  };
  return await inTurns(ROUNDS, {
    [PGBENCH]: stage("pgbench", "poisson"),
    native: stage("native", "poisson"),
    ...(byK6 ? { "k6 (constant arrivals)": stage("k6", "constant") } : {}),
  });
}

function openFigures({ operations, client, throughputPerSecond }: StageMeasurement): Record<string, number> {
  const [all] = operations;
  const of = (figure: Figure | undefined): number => (figure === undefined ? NaN : value(figure));
  return {
    perSecond: value(throughputPerSecond),
    lagP50: of(all?.lagMs.p50),
    lagP95: of(all?.lagMs.p95),
    lagP99: of(all?.lagMs.p99),
    p50: of(all?.latencyMs.p50),
    p95: of(all?.latencyMs.p95),
    p99: of(all?.latencyMs.p99),
    cpu: value(client.cpuCores),
  };
}

function openTable(rounds: Rounds, perSecond: number, { byK6 }: { readonly byK6: boolean }): string {
  const titles = OPEN_COLUMNS.map(([title]) => title);
  const table = new Table({
    head: ["", "op/s", ...titles],
    colAligns: ["left", ...Array.from({ length: 1 + titles.length }, () => "right" as const)],
    style: { head: [], border: [] },
  });
  for (const name of rounds.keys()) {
    const reached = medianOf(rounds, name, "perSecond");
    table.push([
      reached < perSecond * REACHED ? `${name}, too slow` : name,
      reached.toFixed(0),
      ...OPEN_COLUMNS.map(([, figure]) => {
        const ratio = name === PGBENCH ? NaN : ratioOfMedians(rounds, figure, { of: name, to: PGBENCH });
        const median = medianOf(rounds, name, figure);
        if (Number.isNaN(median)) return "-";
        return `${median.toFixed(3)}${Number.isFinite(ratio) ? ` (${ratio.toFixed(2)})` : ""}`;
      }),
    ]);
  }
  const leftOut = byK6 ? "" : "; k6 cannot send as many";
  return `\nOpen loop: ${perSecond}/s, Poisson arrivals but where it is said, over ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s in turns${leftOut}; medians (of ${PGBENCH}'s median)\n${table.toString()}`;
}
