import { allWereTold, checkWrittenIds, type WrittenRows } from "./check-written-ids.ts";
import { countdown } from "../database/countdown.ts";
import type { SqlRetrying } from "../database/retry-sql.ts";
import { formatCount } from "../model/format-value.ts";
import type { InvariantReading } from "../model/stage.ts";
import { HarnessError } from "../model/errors.ts";
import type { Invariant, OperationCount, Workload } from "../model/workload.ts";
import type { WriteOutcomes } from "../model/write-outcomes.ts";
import { decidePrepared, readInvariant, readNames } from "../database/read-invariant.ts";

/** For all of a workload's invariants together, with tries: after that they are unreadable. */
const BUDGET_MS = 180_000;

/** What the client knows of what it did to one cluster. */
export interface Operated {
  /** By operation's name, over all stages; operations that never ran may be missing. */
  readonly counts: Readonly<Record<string, OperationCount>>;
  /** Of each stage, what became of the writes whose rows carry their numbers, as far as the engine told. */
  readonly told: readonly WriteOutcomes[];
  /** Why a stage ended before its time: what it sent last may not have been told. null: none did. */
  readonly brokenOff: string | null;
}

interface Checking extends SqlRetrying, Operated {
  readonly workload: Workload;
  readonly variant: string;
}

/**
 * Reads what the workload says must be true after its operations. Where rows carry their operation's number, and what
 * became of each is known, ids are compared: in a count, a lost row and a write of unknown outcome that took effect
 * cancel out. A database that cannot be read makes a reading without a number, and the reason; only the signal makes it
 * reject.
 */
export async function checkInvariants(checking: Checking): Promise<InvariantReading[]> {
  const remainingMs = countdown(checking.clock, BUDGET_MS);
  const readings: InvariantReading[] = [];
  const undecided = await whyUndecided(remainingMs, checking);
  for (const invariant of checking.workload.invariants) {
    const read =
      undecided === null
        ? await checkInvariant(invariant, remainingMs, checking)
        : [{ ...expectedOf(invariant, checking), found: null, problem: undecided }];
    readings.push(...read);
  }
  return readings;
}

async function whyUndecided(remainingMs: () => number, checking: Checking): Promise<string | null> {
  try {
    await decidePrepared(remainingMs, checking);
    return null;
  } catch (error) {
    checking.signal.throwIfAborted();
    if (!(error instanceof HarnessError)) throw error;
    return error.message;
  }
}

function expectedOf(
  { title, bounds }: Invariant,
  { workload, counts, variant }: Checking,
): Omit<InvariantReading, "found" | "problem"> {
  return { variant, workload: workload.name, title, ...bounds(counts) };
}

async function checkInvariant(
  invariant: Invariant,
  remainingMs: () => number,
  checking: Checking,
): Promise<InvariantReading[]> {
  const { workload, counts, variant, brokenOff, signal } = checking;
  const common = { variant, workload: workload.name };
  const expected = expectedOf(invariant, checking);
  const written = writtenRows(invariant, checking);
  try {
    if (written === null) return [await readCount(invariant, expected, remainingMs, checking)];
    const all = counts[written.operation] ?? { ok: 0, failed: 0, unknown: 0 };
    const complete = brokenOff === null && allWereTold(written, all);
    const byId =
      written.told.length === 0 && !complete
        ? []
        : await checkWrittenIds(written, { ...common, complete }, remainingMs, checking);
    if (complete) return byId;
    const evidence = "The engine did not tell of each row what became of it: rows were counted.";
    return [{ ...(await readCount(invariant, expected, remainingMs, checking)), evidence }, ...byId];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HarnessError)) throw error;
    return [{ ...expected, found: null, problem: error.message }];
  }
}

/** The rows that the invariant counts, where they carry their operation's number. */
function writtenRows({ counted }: Invariant, { workload, told }: Checking): WrittenRows | null {
  const table = workload.operations.find(({ name }) => name === counted)?.ledgerTable ?? null;
  if (counted === null || table === null) return null;
  return { operation: counted, table, told: told.filter(({ operation }) => operation === counted) };
}

async function readCount(
  invariant: Invariant,
  expected: Omit<InvariantReading, "found" | "problem">,
  remainingMs: () => number,
  checking: Checking,
): Promise<InvariantReading> {
  const found = await readInvariant(invariant, remainingMs, checking);
  const { brokenOff } = checking;
  if (invariant.counted === null || brokenOff === null || found <= expected.atMost) {
    const broken = found < expected.atLeast || found > expected.atMost;
    const named = broken ? await nameBroken(invariant, found, remainingMs, checking) : {};
    return { ...expected, found, problem: null, ...named };
  }
  const problem = `${found} were found, more than the client was told of, but ${brokenOff}: what it sent last was not told`;
  return { ...expected, found: null, problem };
}

async function nameBroken(
  invariant: Invariant,
  found: number,
  remainingMs: () => number,
  checking: Checking,
): Promise<Pick<InvariantReading, "evidence">> {
  try {
    const names = await readNames(invariant, remainingMs, checking);
    if (names.length === 0) return {};
    const more = found > names.length ? `; and ${formatCount(found - names.length)} more` : "";
    return { evidence: `${names.join("; ")}${more}.` };
  } catch (error) {
    checking.signal.throwIfAborted();
    if (!(error instanceof HarnessError)) throw error;
    return { evidence: `What breaks it was not named: ${error.message}` };
  }
}
