import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { RecordingEnd } from "../model/recording.ts";
import type { VerdictOutcome } from "../model/verdict.ts";
import { endSchema } from "./schema/reading-schemas.ts";
import { verdictSchema } from "./schema/verdict-schema.ts";

/** A run as lists show it. */
export interface ListedRun {
  readonly scenario: string;
  /** Name of its folder: `<UTC time>-<id>`. */
  readonly name: string;
  readonly directory: string;
  readonly end: RecordingEnd["kind"];
  /** null: not judged yet. */
  readonly outcome: VerdictOutcome | null;
}

/**
 * What lists need of verdict.json, which had no version at first; what is something else, or of a version in which
 * outcomes may mean something else, counts as not judged.
 */
const judged = z.object({
  formatVersion: verdictSchema.shape.formatVersion.optional(),
  outcome: verdictSchema.shape.outcome,
});

/** All runs below a folder, newest first; none when there is no such folder. */
export async function listRuns(runsDirectory: string): Promise<readonly ListedRun[]> {
  const runs: ListedRun[] = [];
  for (const scenario of await foldersIn(runsDirectory)) {
    for (const name of await foldersIn(path.join(runsDirectory, scenario))) {
      const directory = path.join(runsDirectory, scenario, name);
      if ((await readIfJson(path.join(directory, "plan.json"))) === null) continue;
      const end = endSchema.safeParse(await readIfJson(path.join(directory, "end.json")));
      const verdict = judged.safeParse(await readIfJson(path.join(directory, "verdict.json")));
      runs.push({
        scenario,
        name,
        directory,
        end: end.data?.kind ?? "incomplete",
        outcome: verdict.data?.outcome ?? null,
      });
    }
  }
  return runs.toSorted((a, b) => b.name.localeCompare(a.name));
}

/** Real folders alone: `latest` is a link. */
async function foldersIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

async function readIfJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}
