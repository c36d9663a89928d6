import { createTable } from "../harness/cluster/sharding/create-table.ts";
import { clientEndpoints } from "../harness/model/layout.ts";
import { findWorkload } from "../harness/workloads/catalogue.ts";
import { bringUpBenchCluster } from "./side-by-side/bench-cluster.ts";

/**
 * `npm run bench:exact-answers`: how long the exact answers to 1,000 queries among 100,000 vectors of 128 numbers take on one
 * server, by one connection and by two at a time, as a run finds them. Prints seconds; nothing here passes or fails.
 */
const SIZE = { rows: 100_000, dimension: 128, queries: 1000, k: 10 };
const STATEMENT_MS = 300_000;

const workload = findWorkload("vector-knn", SIZE);
if (workload === undefined) throw new Error("Expected the workload vector-knn, found none.");
const [truth] = workload.filledInAnyOrder ?? [];
const findsAnswers = (statement: string): boolean => statement.includes(`insert into ${truth ?? ""} `);
const rows = workload.seed.filter((statement) => !findsAnswers(statement));
const answers = workload.seed.filter(findsAnswers);

// Filled by hand, so that no index is made.
await using bench = await bringUpBenchCluster({ workload: "point-select", parameters: { rows: 1000 } });
await run(workload.tables.map((table) => createTable(table)));
console.log(`rows and queries: ${await seconds([rows])} s`);
await run(workload.tables.map(({ name }) => `VACUUM (ANALYZE) ${name}`));
console.log(`exact answers, one connection: ${await seconds([answers])} s`);
await run([`truncate ${truth ?? ""}`]);
const lanes = [0, 1].map((lane) => answers.filter((_, index) => index % 2 === lane));
console.log(`exact answers, two connections: ${await seconds(lanes)} s`);

/** How long several connections take, each with its statements in order. */
async function seconds(connections: readonly (readonly string[])[]): Promise<string> {
  const beganMs = performance.now();
  await Promise.all(connections.map((statements) => run(statements)));
  return ((performance.now() - beganMs) / 1000).toFixed(1);
}

async function run(statements: readonly string[]): Promise<void> {
  const { agent, topology } = bench.cluster;
  const at = clientEndpoints(topology).readWrite;
  await agent.run({ at, database: topology.postgres.database, statements, budgetMs: STATEMENT_MS });
}
