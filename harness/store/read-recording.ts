import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Environment } from "../model/environment.ts";
import { UsageError } from "../model/errors.ts";
import type { ClusterEvent } from "../model/event.ts";
import type { RunPlan } from "../model/plan.ts";
import type { LedgerReading, Recording, RecordingEnd } from "../model/recording.ts";
import type { ResourceReading, StatementReading } from "../model/resource.ts";
import type { Sample, StreamName } from "../model/sample.ts";
import type { InvariantReading } from "../model/stage.ts";
import { readLines } from "./read-lines.ts";
import { readStages } from "./read-stages.ts";
import { toSamples } from "./sample-columns.ts";

const FORMAT_VERSION = 1;

const WITHOUT_END =
  "The recording has no end: dpg-bench was killed, or the run is still going. What was written is here.";

/**
 * Reads a run's folder back. A recording without its end, or with a torn last line, is read as far as it goes and
 * comes back as incomplete. Throws a UsageError when the folder is no run, or was written by a newer dpg-bench.
 */
export async function readRecording(directory: string): Promise<Recording> {
  const names = await namesIn(directory);
  const plan = await readPlan(directory, names);
  const torn: string[] = [];
  const lines = async (name: string): Promise<readonly unknown[]> => {
    const read = await readLines(path.join(directory, name));
    if (read.torn) torn.push(name);
    return read.values;
  };
  const events = (await lines("events.ndjson")) as readonly ClusterEvent[];
  const samples = new Map<StreamName, readonly Sample[]>();
  for (const { name } of plan.streams) samples.set(name, toSamples(await lines(`samples-${name}.ndjson`)));
  const ledgers = await Promise.all(
    names
      .filter((name) => /^ledger-.*\.json$/.test(name))
      .map((name) => readJson<LedgerReading>(directory, name)),
  );
  const environment = names.includes("environment.json")
    ? await readJson<Environment>(directory, "environment.json")
    : null;
  const stages = await readStages(names, lines);
  const resources = (await lines("resources.ndjson")) as readonly ResourceReading[];
  const statements = (await lines("statements.ndjson")) as readonly StatementReading[];
  const invariants = names.includes("invariants.json")
    ? await readJson<readonly InvariantReading[]>(directory, "invariants.json")
    : [];
  const end = names.includes("end.json")
    ? await readJson<RecordingEnd>(directory, "end.json")
    : ({ kind: "incomplete", reason: WITHOUT_END } as const);
  return {
    plan,
    environment,
    events: events.toSorted((a, b) => a.atUs - b.atUs),
    samples,
    ledgers: ledgers.toSorted((a, b) => a.atUs - b.atUs),
    stages,
    resources: resources.toSorted((a, b) => a.atUs - b.atUs),
    statements,
    invariants,
    end: withTornLines(end, torn),
  };
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch {
    throw notARun(directory, "found no such folder");
  }
}

async function readPlan(directory: string, names: readonly string[]): Promise<RunPlan> {
  if (!names.includes("plan.json")) throw notARun(directory, "found no plan.json in it");
  const plan = await readJson<{ formatVersion?: unknown }>(directory, "plan.json");
  if (plan.formatVersion === FORMAT_VERSION) return plan as RunPlan;
  if (typeof plan.formatVersion !== "number") throw notARun(directory, "its plan.json has no formatVersion");
  throw new UsageError(
    [
      {
        where: directory,
        message: `expected a recording of format ${FORMAT_VERSION}, found format ${plan.formatVersion}.`,
        suggestion: "It was written by another version of dpg-bench: read it with that one.",
      },
    ],
    "other-format",
  );
}

function notARun(directory: string, found: string): UsageError {
  return new UsageError(
    [
      {
        where: directory,
        message: `expected the folder of a run, ${found}.`,
        suggestion: "`dpg-bench list runs` names the runs that are here.",
      },
    ],
    "not-a-run",
  );
}

async function readJson<T>(directory: string, name: string): Promise<T> {
  const file = path.join(directory, name);
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new UsageError(
      [{ where: file, message: "expected JSON, found something else." }],
      "damaged-recording",
    );
  }
}

function withTornLines(end: RecordingEnd, torn: readonly string[]): RecordingEnd {
  if (torn.length === 0) return end;
  const said = end.kind === "incomplete" ? `${end.reason} ` : "";
  return {
    kind: "incomplete",
    reason: `${said}The last line of ${torn.join(", ")} was cut off and is left out.`,
  };
}
