import type { Statement, TableSpec, WorkloadDefinition } from "../model/workload.ts";
import { bounds } from "./bounds.ts";
import { parameters } from "./parameters.ts";
import { retryPolicies } from "./retry-policies.ts";
import { rowChunks } from "./row-chunks.ts";
import { tableBytes } from "./table-bytes.ts";

const summary = "Move money between two tenants' accounts in one transaction over two shards.";

const OPENING_BALANCE = 1000;
/** Broken transfers that are named. */
const NAMED = 10;

/**
 * Whether a transaction over several shards is atomic (AO: B5). The payer is of the lower half of the tenants and the
 * payee of the upper half (amounts may be negative), so that the two are never one and accounts are always locked in
 * one order; by chance, some pairs live on one shard. Each transfer writes its number on both sides, with its debit and
 * with its credit: one that is there by half is found, whatever the balances add up to, and named.
 */
export const crossShardTransfer: WorkloadDefinition = {
  name: "cross-shard-transfer",
  summary,
  parameters: {
    tenants: parameters.tenants(2),
    accountsPerTenant: { ...parameters.rowsPerTenant(), meaning: "accounts of each tenant", default: 25 },
  },
  build: ({ tenants = 2, accountsPerTenant = 1 }) => {
    const count = tenants * accountsPerTenant;
    const lowerHalf = Math.floor(tenants / 2);
    return {
      name: "cross-shard-transfer",
      summary,
      tables: [accounts, sides.debit, sides.credit],
      seed: rowChunks(count).map(
        ([from, to]) =>
          `insert into ${accounts.name} (tenant_id, id, balance)
           select (number - 1) / ${accountsPerTenant} + 1, (number - 1) % ${accountsPerTenant} + 1, ${OPENING_BALANCE}
           from generate_series(${from}::bigint, ${to}) as number
           on conflict do nothing`,
      ),
      dataBytes: tableBytes(count, 4 + 4 + 8),
      operations: [
        {
          name: "transfer",
          kind: "write",
          endpoint: "readWrite",
          weight: 1,
          form: "transaction",
          variables: [
            { name: "id", kind: "id" },
            { name: "payer", kind: "uniform", from: 1, to: lowerHalf },
            { name: "payee", kind: "uniform", from: lowerHalf + 1, to: tenants },
            { name: "payerAccount", kind: "uniform", from: 1, to: accountsPerTenant },
            { name: "payeeAccount", kind: "uniform", from: 1, to: accountsPerTenant },
            { name: "amount", kind: "uniform", from: -99, to: 99 },
          ],
          statements: [
            ...writeSide("debit", "-", "payer", "payerAccount"),
            ...writeSide("credit", "+", "payee", "payeeAccount"),
          ],
          rows: 0,
          timeoutMs: null,
          ledgerTable: sides.debit.name,
        },
      ],
      retry: retryPolicies.rolledBack,
      invariants: [
        {
          title: "the bank's total is what it was",
          sql: `select coalesce(sum(balance), 0) as found from ${accounts.name}`,
          ...bounds.exactly(count * OPENING_BALANCE),
        },
        {
          title: "no account is missing",
          sql: `select count(*) as found from ${accounts.name}`,
          ...bounds.exactly(count),
        },
        {
          title: "no transfer is torn: each has its debit and its credit, of the same amount",
          sql: `select count(*) as found ${torn}`,
          naming: `select ${nameTorn} as named ${torn} order by id limit ${NAMED}`,
          ...bounds.exactly(0),
        },
        {
          title:
            "every acknowledged transfer has its debit, and there is no other but those of unknown outcome",
          sql: `select count(*) as found from ${sides.debit.name}`,
          ...bounds.acknowledged("transfer"),
        },
      ],
    };
  },
};

const accounts: TableSpec = {
  name: "bank_accounts",
  columns: [
    ["tenant_id", "integer not null"],
    ["id", "integer not null"],
    ["balance", "bigint not null"],
  ],
  primaryKey: ["tenant_id", "id"],
  distribution: { column: "tenant_id" },
};

/** The two rows of a transfer: one with each tenant. */
const sides = { debit: tableOf("bank_debits"), credit: tableOf("bank_credits") };

function tableOf(name: string): TableSpec {
  return {
    name,
    columns: [
      ["tenant_id", "integer not null"],
      ["id", "bigint not null"],
      ["amount", "integer not null"],
    ],
    primaryKey: ["tenant_id", "id"],
    distribution: { column: "tenant_id" },
  };
}

function writeSide(
  side: keyof typeof sides,
  sign: "+" | "-",
  tenant: string,
  account: string,
): readonly Statement[] {
  return [
    {
      sql: `update ${accounts.name} set balance = balance ${sign} $1 where tenant_id = $2 and id = $3`,
      uses: ["amount", tenant, account],
    },
    {
      sql: `insert into ${sides[side].name} (tenant_id, id, amount) values ($1, $2, $3)`,
      uses: [tenant, "id", "amount"],
    },
  ];
}

/** `offset 0`: both sides are fetched whole, since no dialect can join them where they are. */
const torn = `from (select id, tenant_id, amount from ${sides.debit.name} offset 0) as debit
  full join (select id, tenant_id, amount from ${sides.credit.name} offset 0) as credit using (id)
  where debit.amount is distinct from credit.amount`;

const nameTorn = `'transfer ' || id || case
  when credit.tenant_id is null then ': debit of tenant ' || debit.tenant_id || ' without its credit'
  when debit.tenant_id is null then ': credit of tenant ' || credit.tenant_id || ' without its debit'
  else ': debit of ' || debit.amount || ' and credit of ' || credit.amount end`;
