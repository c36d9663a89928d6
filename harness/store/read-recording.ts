import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { UsageError } from "../model/errors.ts";
import { listed } from "../model/format-value.ts";
import { formatVersions } from "../model/format-versions.ts";
import type { RunPlan } from "../model/plan.ts";
import type { Recording, RecordingEnd } from "../model/recording.ts";
import type { StreamName } from "../model/sample.ts";
import { type Samples, toColumns } from "../model/samples.ts";
import { noDamage, type Damage } from "./damage.ts";
import { readLines } from "./read-lines.ts";
import { readStages, type ReadFolder } from "./read-stages.ts";
import { readSampleColumns } from "./read-samples.ts";
import { copyReadingSchema } from "./schema/copy-schema.ts";
import { eventSchema, knownEvent } from "./schema/event-schema.ts";
import { placementsSchema } from "./schema/placement-schema.ts";
import { inFormatOfToday, planSchema } from "./schema/plan-schema.ts";
import {
  endSchema,
  exactAnswerSchema,
  environmentSchema,
  knownResource,
  ledgerSchema,
  resourceSchema,
  statementSchema,
} from "./schema/reading-schemas.ts";
import { invariantsSchema } from "./schema/stage-schema.ts";
import { line } from "./schema/values.ts";

/** The formats that can be read. */
const FORMATS: readonly number[] = [1, 2, formatVersions.plan];

const WITHOUT_END =
  "The recording has no end: dpg-bench was killed, or the run is still going. What was written is here.";

/**
 * Reads a run's folder back. A recording without its end, or with a torn last line, is read as far as it goes and
 * comes back as incomplete. Everything is checked: a recording may come from anywhere. Fields and kinds of events that
 * this dpg-bench does not know are left alone, and control characters come back as escapes. Throws a UsageError when the
 * folder is no run or of a format that this dpg-bench does not read, and one with all that is wrong, by file and line,
 * when it is damaged.
 */
export async function readRecording(directory: string): Promise<Recording> {
  const names = await namesIn(directory);
  const damage = noDamage(directory);
  const torn: string[] = [];
  const folder: ReadFolder = {
    directory,
    names,
    damage,
    torn,
    readLines: async (name, take) => {
      // A name from a recording leads to no file but those of its folder.
      if (!names.includes(name)) return;
      if (await readLines(path.join(directory, name), damage, take)) torn.push(name);
    },
  };
  const plan = await readPlan(folder);
  const events = await checkedLines("events.ndjson", eventSchema, folder, knownEvent);
  const samples = await readSamples(plan, folder);
  const ledgerNames = names.filter((name) => /^ledger-.*\.json$/.test(name));
  const ledgers = await Promise.all(ledgerNames.map((name) => checkedFile(name, ledgerSchema, folder)));
  const environment = await checkedFile("environment.json", environmentSchema, folder);
  const stages = await readStages(folder);
  const resources = await checkedLines("resources.ndjson", resourceSchema, folder, knownResource);
  const statements = await checkedLines("statements.ndjson", statementSchema, folder);
  const invariants = (await checkedFile("invariants.json", invariantsSchema, folder)) ?? [];
  const placements = (await checkedFile("placement.json", placementsSchema, folder)) ?? undefined;
  const exactAnswers = await checkedLines("exact-answers.ndjson", exactAnswerSchema, folder);
  const copyAnswers = await checkedLines("copy-answers.ndjson", copyReadingSchema, folder);
  const end = await checkedFile("end.json", endSchema, folder);
  damage.throwIfAny();
  if (plan === null) throw notARun(directory, "found no plan in it");
  return {
    plan,
    environment,
    events: events.toSorted((a, b) => a.atUs - b.atUs),
    samples,
    ledgers: ledgers.filter((ledger) => ledger !== null).toSorted((a, b) => a.atUs - b.atUs),
    stages,
    resources: resources.toSorted((a, b) => a.atUs - b.atUs),
    statements,
    invariants,
    placements,
    ...(exactAnswers.length === 0 ? {} : { exactAnswers }),
    ...(copyAnswers.length === 0 ? {} : { copyAnswers }),
    end: withTornLines(end ?? { kind: "incomplete", reason: WITHOUT_END }, torn),
  };
}

/** Of the streams that the plan has, or of those that there are where it cannot be told. */
async function readSamples(
  plan: RunPlan | null,
  { directory, names, damage, torn }: ReadFolder,
): Promise<ReadonlyMap<StreamName, Samples>> {
  const samples = new Map<StreamName, Samples>();
  const streams =
    plan?.streams.map(({ name }) => name) ??
    names.flatMap((name) => (/^samples-(?!stage-)(.+)\.ndjson$/.exec(name)?.[1] ?? []) as StreamName[]);
  for (const stream of streams) {
    const name = `samples-${stream}.ndjson`;
    if (!names.includes(name)) {
      samples.set(stream, toColumns([]));
      continue;
    }
    const read = await readSampleColumns(path.join(directory, name), damage);
    if (read.torn) torn.push(name);
    samples.set(stream, read.samples);
  }
  return samples;
}

/** The lines that fit their schema, after `prepare`; what `prepare` has nothing for is left out. */
async function checkedLines<T>(
  name: string,
  schema: z.ZodType<T>,
  { directory, readLines, damage }: ReadFolder,
  prepare: (value: unknown) => unknown = (value) => value,
): Promise<readonly T[]> {
  const file = path.join(directory, name);
  const found: T[] = [];
  await readLines(name, (line, number) => {
    const value = prepare(line);
    if (value === undefined) return;
    const fitting = damage.checked(schema, value, `${file}:${number}`);
    if (fitting !== null) found.push(fitting);
  });
  return found;
}

/** null where there is no such file, or where it does not fit. */
async function checkedFile<T>(
  name: string,
  schema: z.ZodType<T>,
  { directory, names, damage }: ReadFolder,
): Promise<T | null> {
  if (!names.includes(name)) return null;
  const value = await readJson(directory, name, damage);
  return value === undefined ? null : damage.checked(schema, value, path.join(directory, name));
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch {
    throw notARun(directory, "found no such folder");
  }
}

async function readPlan({ directory, names, damage }: ReadFolder): Promise<RunPlan | null> {
  if (!names.includes("plan.json")) throw notARun(directory, "found no plan.json in it");
  const plan = await readJson(directory, "plan.json", damage);
  if (plan === undefined) return null;
  const version =
    typeof plan === "object" && plan !== null && "formatVersion" in plan ? plan.formatVersion : undefined;
  if (typeof version !== "number") throw notARun(directory, "its plan.json has no formatVersion");
  if (FORMATS.includes(version))
    return damage.checked(planSchema, inFormatOfToday(plan as object), path.join(directory, "plan.json"));
  throw new UsageError(
    [
      {
        where: directory,
        message: `expected a recording of format ${listed(FORMATS, "or")}, which this dpg-bench can read, found format ${version}.`,
        suggestion: `It was written by ${await writerOf(directory)}: read it with that one.`,
      },
    ],
    "other-format",
  );
}

/** In whatever format the recording is: as far as its environment.json tells. */
async function writerOf(directory: string): Promise<string> {
  try {
    const text = await readFile(path.join(directory, "environment.json"), "utf8");
    const { dpgBench } = z.object({ dpgBench: z.object({ version: line }) }).parse(JSON.parse(text));
    return `dpg-bench ${dpgBench.version}`;
  } catch {
    return "another version of dpg-bench";
  }
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

/** undefined, and damage, where it is no JSON. */
async function readJson(directory: string, name: string, damage: Damage): Promise<unknown> {
  const file = path.join(directory, name);
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text);
  } catch {
    damage.add({ where: file, message: `expected JSON, found ${JSON.stringify(text.slice(0, 60))}.` });
    return undefined;
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
