import type { PostgresServer } from "../../model/event.ts";

/**
 * One look at a member. pg_walfile_name's first eight digits are the timeline that is written to; a standby reports the
 * one it receives, or none. Of a primary: the standbys that stream from it, and which of them its commits wait for.
 */
export const LOOK = `select pg_is_in_recovery() as in_recovery,
  case when pg_is_in_recovery()
    then (select received_tli from pg_stat_wal_receiver)
    else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
  end as timeline,
  pg_postmaster_start_time()::text as started,
  extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 as age_seconds,
  host(inet_server_addr()) as address,
  (select sender_host from pg_stat_wal_receiver where status = 'streaming') as receives_from,
  case when not pg_is_in_recovery()
    then (select coalesce(json_agg(json_build_array(application_name, sync_state) order by application_name), '[]')
      from pg_stat_replication where state = 'streaming')
  end as standbys,
  case when current_setting('synchronous_commit') in ('off', 'local') then ''
    else current_setting('synchronous_standby_names')
  end as waits_for`;

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** What a member answered to one look. */
export interface PostgresAnswer {
  readonly inRecovery: boolean;
  /** null: a standby that receives from nobody does not say. */
  readonly timeline: number | null;
  readonly started: string;
  /** How long ago that was. Seconds. */
  readonly ageSeconds: number;
  readonly server: Omit<PostgresServer, "startedUs">;
  /** null: it is in recovery. */
  readonly standbys: readonly (readonly [name: string, syncState: string])[] | null;
  readonly commitsWaitFor: number;
  /** The names that synchronous_standby_names lists; null: any standby may be one. */
  readonly listed: readonly string[] | null;
}

/** null: the answer has no row. */
export function readAnswer([row]: Rows): PostgresAnswer | null {
  if (row === undefined) return null;
  const waitsFor = textOf(row.waits_for) ?? "";
  return {
    inRecovery: row.in_recovery === true,
    timeline: typeof row.timeline === "number" ? row.timeline : null,
    started: String(row.started),
    ageSeconds: Number(row.age_seconds),
    server: { address: textOf(row.address), receivesFrom: textOf(row.receives_from) },
    standbys: (row.standbys as PostgresAnswer["standbys"] | undefined) ?? null,
    commitsWaitFor: standbysWaitedFor(waitsFor),
    listed: namesListed(waitsFor),
  };
}

/**
 * How many standbys a commit waits for, by synchronous_standby_names: "FIRST 2 (a, b)", "ANY 1 (a, b)", "2 (a, b)", or
 * a plain list, which is as FIRST 1. None where it is empty.
 */
export function standbysWaitedFor(synchronousStandbyNames: string): number {
  if (synchronousStandbyNames.trim() === "") return 0;
  const number = /^\s*(?:first\s+|any\s+)?(\d+)\s*\(/i.exec(synchronousStandbyNames)?.[1];
  return number === undefined ? 1 : Number(number);
}

/**
 * The names in synchronous_standby_names, in the forms above, in lower case, since PostgreSQL compares them without regard
 * to it; null where `*` is among them, or it does not read as a list.
 */
export function namesListed(synchronousStandbyNames: string): readonly string[] | null {
  const list = /^\s*(?:(?:first\s+|any\s+)?\d+\s*\((?<names>.*)\)|(?<plain>.*))\s*$/is.exec(
    synchronousStandbyNames,
  )?.groups;
  const text = (list?.names ?? list?.plain ?? "").trim();
  if (text === "") return [];
  const names = [...text.matchAll(/\s*(?:"(?<quoted>(?:[^"]|"")*)"|(?<bare>[^\s",()]+))\s*(?:,|$)/gy)];
  if (names.map(([whole]) => whole).join("") !== text || text.endsWith(",")) return null;
  if (names.some(({ groups }) => groups?.bare === "*")) return null;
  return names.map(({ groups }) =>
    (groups?.quoted?.replaceAll('""', '"') ?? groups?.bare ?? "").toLowerCase(),
  );
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
