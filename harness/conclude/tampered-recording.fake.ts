import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Recording } from "../model/recording.ts";
import { createRun } from "../store/create-run.ts";

/** Writes a recording as a run does and resolves with its folder. */
export async function writeRecording(runsDirectory: string, recording: Recording): Promise<string> {
  const writer = await createRun(runsDirectory, recording.plan);
  if (recording.environment !== null) writer.environment(recording.environment);
  for (const event of recording.events) writer.event(event);
  for (const [stream, batch] of recording.samples) writer.samples(stream, [...batch]);
  for (const reading of recording.ledgers) writer.ledger(reading);
  for (const { stage, engine, startedUs, seconds, samples, end } of recording.stages) {
    writer.stageBegun(stage, engine, startedUs);
    for (const second of seconds) writer.stageSecond(second);
    for (const [operation, batch] of samples) writer.stageSamples(stage.stage, operation, batch);
    if (end === null) continue;
    const { atUs, ...how } = end;
    writer.stageEnded(stage.stage, how, atUs);
  }
  writer.resources(recording.resources);
  writer.statements(recording.statements);
  writer.invariants(recording.invariants);
  await writer.finish(recording.end);
  return writer.directory;
}

/** Words of a fixed list, numbers in base64, and names of files: where a schema takes no text but its own. */
const NO_FREE_TEXT = new Set(
  "kind phase moment endpoint purpose failureClass severity metric statistic engine sessions mix arrival synchronousMode poolMode latency serviceTime noticed lag columns roles holdUntil".split(
    " ",
  ),
);
/** Objects whose fields anybody may name. */
const OPEN = new Set(["components", "parameters", "failed", "unknown", "retried", "activeByWait"]);

/** Puts something into every field of a recording that holds free text, and into the names of fields that anybody may name. */
export async function plantEverywhere(
  directory: string,
  plant: (text: string) => unknown,
  plantName: (name: string) => string = (name) => name,
): Promise<void> {
  await changeValues(directory, (value, file) => planted(value, file === "plan.json"));

  function planted(value: unknown, ofPlan: boolean, field = ""): unknown {
    if (typeof value === "string") return plant(value);
    if (Array.isArray(value)) {
      const items = value as readonly unknown[];
      // A sample: numbers, an outcome, a code.
      const isSample = field === "" && typeof items[4] === "string";
      return items.map((one, index) => (isSample && index === 4 ? one : planted(one, ofPlan, "item")));
    }
    if (typeof value !== "object" || value === null) return value;
    const inner = Object.entries(value as Readonly<Record<string, unknown>>).map(([name, one]) => [
      OPEN.has(field) ? plantName(name) : name,
      isFixed(name, one, ofPlan, value) ? one : planted(one, ofPlan, name),
    ]);
    return Object.fromEntries(inner);
  }
}

function isFixed(name: string, value: unknown, ofPlan: boolean, holder: object): boolean {
  if (typeof value !== "string" && name !== "columns" && name !== "roles") return false;
  if (NO_FREE_TEXT.has(name)) return true;
  // Of a scenario it is a paragraph, of a server's absence one of two words.
  if (name === "why") return !("question" in holder);
  if (!ofPlan) return false;
  return ["victim", "sharding", "vectors"].includes(name) || (name === "name" && "ledgerTable" in holder);
}

/** Changes every value of a recording's files: of documents the whole, of files of lines each line. */
export async function changeValues(
  directory: string,
  change: (value: unknown, file: string) => unknown,
): Promise<void> {
  for (const file of await readdir(directory)) {
    if (!/\.(nd)?json$/.test(file)) continue;
    const at = path.join(directory, file);
    const text = await readFile(at, "utf8");
    const lines = file.endsWith(".ndjson") ? text.trimEnd().split("\n") : [text];
    const changed = lines.map((line) => JSON.stringify(change(JSON.parse(line), file)));
    await writeFile(at, `${changed.join("\n")}\n`);
  }
}
