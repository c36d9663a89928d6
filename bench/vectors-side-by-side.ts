import Table from "cli-table3";
import type { EngineName, LoadShape } from "../harness/model/benchmark.ts";
import { bringUpBenchCluster } from "./side-by-side/bench-cluster.ts";
import { plainPgbench } from "./side-by-side/plain-pgbench.ts";
import { inTurns, medianOf, ratioOf, spread, type Rounds } from "./side-by-side/rounds.ts";
import { sendStage, value } from "./side-by-side/send-stage.ts";

/**
 * `npm run bench:vectors`: what it costs to keep answers of searches for their recall, and the native engine beside pgbench
 * with the same statement, on one server, from one container, in turns. Prints medians and ratios; nothing here passes or
 * fails.
 */
// Many short ones: what else a machine does comes and goes within some ten seconds, and is then in both sides of a ratio.
const ROUNDS = 20;
const SECONDS = 2;
const CONNECTIONS = 8;
const KEEPING_NONE = "native, no answer kept";
const PGBENCH = "pgbench, no log";

const closed: LoadShape = { kind: "closed", clients: CONNECTIONS, thinkTimeMs: 0 };

await using bench = await bringUpBenchCluster({ workload: "vector-knn", parameters: { viaPrimary: 1 } });
const engine =
  (name: EngineName, parameters: Readonly<Record<string, number>> = {}) =>
  async () => {
    const { throughputPerSecond, client } = await sendStage(bench, {
      engine: name,
      shape: closed,
      connections: CONNECTIONS,
      steadySeconds: SECONDS,
      parameters,
    });
    return { perSecond: value(throughputPerSecond), cpuUs: value(client.cpuPerOperationUs) };
  };
const rounds = await inTurns(ROUNDS, {
  [PGBENCH]: async () => {
    const { perSecond, cpuPerOperationUs } = await plainPgbench(bench, {
      clients: CONNECTIONS,
      seconds: SECONDS,
    });
    return { perSecond, cpuUs: cpuPerOperationUs };
  },
  [KEEPING_NONE]: engine("native", { keepsOneIn: 0 }),
  "native, as by default": engine("native"),
  "native, all kept": engine("native", { keepsOneIn: 1 }),
  "pgbench engine": engine("pgbench"),
});
console.log(tableOf(rounds));

function tableOf(measured: Rounds): string {
  const table = new Table({
    head: ["", "searches/s", "of pgbench", "of no answer kept", "client CPU per search"],
    colAligns: ["left", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const name of measured.keys()) {
    table.push([
      name,
      medianOf(measured, name, "perSecond").toFixed(0),
      spread(ratioOf(measured, "perSecond", { of: name, to: PGBENCH })),
      spread(ratioOf(measured, "perSecond", { of: name, to: KEEPING_NONE })),
      `${medianOf(measured, name, "cpuUs").toFixed(1)} us`,
    ]);
  }
  return `\nClosed loop: ${CONNECTIONS} connections, vector-knn with its defaults, ${ROUNDS} rounds of ${SECONDS} s in turns; median (least-most)\n${table.toString()}`;
}
