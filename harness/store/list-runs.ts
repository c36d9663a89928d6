import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { RecordingEnd } from "../model/recording.ts";
import type { Verdict, VerdictOutcome } from "../model/verdict.ts";

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

/** All runs below a folder, newest first; none when there is no such folder. */
export async function listRuns(runsDirectory: string): Promise<readonly ListedRun[]> {
  const runs: ListedRun[] = [];
  for (const scenario of await foldersIn(runsDirectory)) {
    for (const name of await foldersIn(path.join(runsDirectory, scenario))) {
      const directory = path.join(runsDirectory, scenario, name);
      if ((await readIfJson(path.join(directory, "plan.json"))) === null) continue;
      const end = (await readIfJson(path.join(directory, "end.json"))) as RecordingEnd | null;
      const verdict = (await readIfJson(path.join(directory, "verdict.json"))) as Verdict | null;
      runs.push({
        scenario,
        name,
        directory,
        end: end?.kind ?? "incomplete",
        outcome: verdict?.outcome ?? null,
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
