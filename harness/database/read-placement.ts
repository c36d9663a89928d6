import { distributionColumn, distributionType } from "../cluster/sharding/create-table.ts";
import { shardingCatalogue } from "../cluster/sharding/catalogue.ts";
import { HarnessError } from "../model/errors.ts";
import { type ClusterLayout, clientEndpoints, groupsOf, groupsWithShards } from "../model/layout.ts";
import type { PlacementReading } from "../model/placement.ts";
import type { TableSpec, Workload } from "../model/workload.ts";
import { countdown } from "./countdown.ts";
import { retrySql, type SqlRetrying } from "./retry-sql.ts";

/** For all tables together, with tries. */
const BUDGET_MS = 60_000;
const TRY_MS = 30_000;
/** Keys of one table that are asked for: no workload has more tenants by default, and shares need no more. */
const MOST_KEYS = 10_000;
/** Types whose values a dialect can be asked for. */
const NUMBERS = ["smallint", "integer", "int", "bigint"];

interface Placing extends SqlRetrying {
  readonly layout: ClusterLayout;
  readonly workload: Workload;
  readonly variant: string;
}

/**
 * Where the rows of a workload's distributed tables are, by the dialect's own catalogue; none where tables are whole.
 * What cannot be read makes a reading that says why; only the signal makes it reject.
 */
export async function readPlacements(placing: Placing): Promise<PlacementReading[]> {
  const { workload, topology, clock, signal } = placing;
  const atFirst = groupsWithShards(topology);
  if (atFirst.length === 0) return [];
  const remainingMs = countdown(clock, BUDGET_MS);
  const readings: PlacementReading[] = [];
  for (const table of workload.tables) {
    const column = distributionColumn(table);
    if (column === null) continue;
    const common = { variant: placing.variant, table: table.name, column, groups: atFirst };
    try {
      const read = await readTable(table, column, remainingMs, placing);
      const groups = groupsOf(topology)
        .map(({ name }) => name)
        // Those too that have been added since.
        .filter((name) => atFirst.includes(name) || read.shards.some(({ group }) => group === name));
      readings.push({ ...common, ...read, groups, problem: null });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HarnessError)) throw error;
      readings.push({ ...common, shards: [], keys: [], more: false, problem: error.message });
    }
  }
  return readings;
}

async function readTable(
  table: TableSpec,
  column: string,
  remainingMs: () => number,
  placing: Placing,
): Promise<Pick<PlacementReading, "shards" | "keys" | "more">> {
  const { placement } = shardingCatalogue[placing.topology.sharding];
  const groupOf = (holder: unknown): string =>
    placement.groupOf(String(holder), placing.layout) ?? String(holder);
  const ask = async (statement: string) =>
    await retrySql(
      {
        purpose: `read where the rows of ${table.name} are`,
        at: clientEndpoints(placing.topology).readWrite,
        statements: [statement],
        tryMs: TRY_MS,
        remainingMs,
        within: "the budget for reading placements",
      },
      placing,
    );
  const shards = (await ask(placement.shards(table))).map(({ shard, holder }) => ({
    shard: String(shard),
    group: groupOf(holder),
  }));
  if (!NUMBERS.includes(distributionType(table))) return { shards, keys: [], more: false };
  const counted = await ask(
    `select ${column} as key, count(*) as rows from ${table.name} group by ${column} order by ${column} limit ${MOST_KEYS + 1}`,
  );
  const rows = new Map(counted.slice(0, MOST_KEYS).map((row) => [Number(row.key), Number(row.rows)]));
  const placed = rows.size === 0 ? [] : await ask(placement.keys(table, [...rows.keys()]));
  const keys = placed
    .map(({ key, holder }) => ({
      key: Number(key),
      group: groupOf(holder),
      rows: rows.get(Number(key)) ?? 0,
    }))
    .toSorted((a, b) => a.key - b.key);
  return { shards, keys, more: counted.length > MOST_KEYS };
}
