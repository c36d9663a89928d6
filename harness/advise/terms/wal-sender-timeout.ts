import type { PostgresParameters } from "../../model/topology.ts";

/** PostgreSQL's default, seconds (its manual, wal_sender_timeout). */
const DEFAULT_SECONDS = 60;

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  "": 0.001,
  ms: 0.001,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
};

/** wal_sender_timeout as PostgreSQL reads it, seconds; null: none (0). What it would not take counts as not set. */
export function walSenderTimeoutSeconds(parameters: PostgresParameters): number | null {
  const set = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(String(parameters.wal_sender_timeout ?? ""));
  const unit = UNIT_SECONDS[set?.[2] ?? ""];
  if (set === null || unit === undefined) return DEFAULT_SECONDS;
  const seconds = Number(set[1]) * unit;
  return seconds === 0 ? null : seconds;
}
