import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { writeDayOfStages } from "./day-of-stages.ts";
import { writeDayOfProbes, writeLargeRecording } from "./large-recording.ts";

/** Recordings by what they are of: `node any-size.js 1000000 36000000 day-of-probes day-of-stages`. */
const asked =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ["1000000", "4000000", "10000000", "36000000", "day-of-probes", "day-of-stages"];
const cli = path.join(import.meta.dirname, "../harness/cli/main.js");
/** Said by a process when it ends: the most memory that it had, kilobytes. */
const SAY_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))`;

for (const one of asked) {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-size-"));
  try {
    const directory = await written(one, folder);
    const other = path.join(folder, "other");
    await cp(directory, other, { recursive: true });
    const megabytes = (await sizeOf(directory)) / 1e6;
    const report = await timed(["report", directory]);
    const page = (await stat(path.join(directory, "report.html"))).size / 1e6;
    const compare = await timed(["compare", directory, other]);
    const what = /^\d+$/.test(one) ? `${Number(one).toLocaleString("en")} samples` : one.replaceAll("-", " ");
    console.log(
      `${what}, ${megabytes.toFixed(0)} MB: report ${report}, its page ${page.toFixed(1)} MB, compare with a copy ${compare}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function written(one: string, folder: string): Promise<string> {
  if (one === "day-of-probes") return await writeDayOfProbes(folder);
  if (one === "day-of-stages") return await writeDayOfStages(folder);
  return await writeLargeRecording(folder, Number(one));
}

/** Time and peak memory of a command of dpg-bench, in words. */
async function timed(command: readonly string[]): Promise<string> {
  const begunMs = performance.now();
  const run = promisify(execFile)(process.execPath, ["--import", SAY_PEAK, cli, ...command]);
  // Its exit code is the verdict's: a made-up run need not pass.
  const stderr = await run.then(
    (done) => done.stderr,
    (error: unknown) => (error as { readonly stderr?: string }).stderr ?? "",
  );
  const seconds = (performance.now() - begunMs) / 1000;
  const peak = Number(/peak (\d+)$/.exec(stderr)?.[1] ?? NaN);
  return `${seconds.toFixed(1)} s, ${(peak / 1024).toFixed(0)} MiB`;
}

async function sizeOf(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(path.join(directory, entry.name))).size;
  }
  return bytes;
}
