import type { Invariant, Statement, TableSpec, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { retryPolicies } from "./retry-policies.ts";
import { rowChunks } from "./row-chunks.ts";
import { tableBytes } from "./table-bytes.ts";

const summary = "pgbench's built-in transaction: three updates, a select and an insert.";

/** For each unit of scale, beside its one branch. */
const TELLERS = 10;
const ACCOUNTS = 100_000;

/**
 * Equal to pgbench's built-in script `tpcb-like`, so that figures can be compared: the same tables, scale, filling and
 * statements in the same order (PostgreSQL manual, pgbench: "What Is the 'Transaction' Actually Performed in pgbench?"
 * and "Initialization Options"; filler columns of branches and tellers are null, those of accounts blank). As there,
 * with fewer branches than clients most of the time is spent waiting for others' locks.
 */
export const tpcbLike: WorkloadDefinition = {
  name: "tpcb-like",
  summary,
  parameters: {
    scale: {
      meaning: "branches, each with 100,000 accounts, about 15 MB",
      default: 10,
      least: 1,
      most: 1000,
    },
  },
  build: ({ scale = 1 }) => ({
    name: "tpcb-like",
    summary,
    tables,
    seed: seed(scale),
    dataBytes:
      tableBytes(ACCOUNTS * scale, 4 + 4 + 4 + 1 + 84) +
      tableBytes(TELLERS * scale, 4 + 4 + 4) +
      tableBytes(scale, 4 + 4),
    operations: [
      {
        name: "transaction",
        kind: "write",
        endpoint: "readWrite",
        weight: 1,
        form: "transaction",
        variables: [
          { name: "aid", kind: "uniform", from: 1, to: ACCOUNTS * scale },
          { name: "bid", kind: "uniform", from: 1, to: scale },
          { name: "tid", kind: "uniform", from: 1, to: TELLERS * scale },
          { name: "delta", kind: "uniform", from: -5000, to: 5000 },
        ],
        statements: transaction,
        rows: 0,
        timeoutMs: null,
        ledgerTable: null,
      },
    ],
    retry: retryPolicies.rolledBack,
    invariants: [
      balanced("tellers", "sum(tbalance) from pgbench_tellers"),
      balanced("branches", "sum(bbalance) from pgbench_branches"),
      balanced("history", "sum(delta) from pgbench_history"),
      {
        title: "every acknowledged transaction is in the history, and no other but those of unknown outcome",
        sql: "select count(*) as found from pgbench_history",
        ...bounds.acknowledged("transaction"),
      },
      {
        title: "no account is missing",
        sql: "select count(*) as found from pgbench_accounts",
        ...bounds.exactly(ACCOUNTS * scale),
      },
    ],
  }),
};

const tables: readonly TableSpec[] = [
  {
    name: "pgbench_branches",
    columns: [
      ["bid", "int not null"],
      ["bbalance", "int"],
      ["filler", "char(88)"],
    ],
    primaryKey: ["bid"],
    distribution: "local",
  },
  {
    name: "pgbench_tellers",
    columns: [
      ["tid", "int not null"],
      ["bid", "int"],
      ["tbalance", "int"],
      ["filler", "char(84)"],
    ],
    primaryKey: ["tid"],
    distribution: "local",
  },
  {
    name: "pgbench_accounts",
    columns: [
      ["aid", "int not null"],
      ["bid", "int"],
      ["abalance", "int"],
      ["filler", "char(84)"],
    ],
    primaryKey: ["aid"],
    distribution: "local",
  },
  {
    name: "pgbench_history",
    columns: [
      ["tid", "int"],
      ["bid", "int"],
      ["aid", "int"],
      ["delta", "int"],
      ["mtime", "timestamp"],
      ["filler", "char(22)"],
    ],
    primaryKey: [],
    distribution: "local",
  },
];

function seed(scale: number): readonly string[] {
  return [
    `insert into pgbench_branches (bid, bbalance)
     select bid, 0 from generate_series(1, ${scale}) as bid
     on conflict do nothing`,
    `insert into pgbench_tellers (tid, bid, tbalance)
     select tid, (tid - 1) / ${TELLERS} + 1, 0 from generate_series(1, ${TELLERS * scale}) as tid
     on conflict do nothing`,
    ...rowChunks(ACCOUNTS * scale).map(
      ([from, to]) =>
        `insert into pgbench_accounts (aid, bid, abalance, filler)
         select aid, (aid - 1) / ${ACCOUNTS} + 1, 0, '' from generate_series(${from}, ${to}) as aid
         on conflict do nothing`,
    ),
  ];
}

const transaction: readonly Statement[] = [
  { sql: "UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2", uses: ["delta", "aid"] },
  { sql: "SELECT abalance FROM pgbench_accounts WHERE aid = $1", uses: ["aid"] },
  { sql: "UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2", uses: ["delta", "tid"] },
  { sql: "UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2", uses: ["delta", "bid"] },
  {
    sql: "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP)",
    uses: ["tid", "bid", "aid", "delta"],
  },
];

/** In one statement, so that both sums are of one moment. */
function balanced(what: string, sum: string): Invariant {
  return {
    title: `the balances of accounts and ${what} are equal`,
    sql: `select coalesce((select sum(abalance) from pgbench_accounts), 0) - coalesce((select ${sum}), 0) as found`,
    ...bounds.exactly(0),
  };
}
