import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { writeLargeRecording } from "./large-recording.ts";

/** Samples of each recording: `node any-size.js 1000000 36000000`. */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1e6, 4e6, 10e6, 36e6];
const cli = path.join(import.meta.dirname, "../harness/cli/main.js");
/** Said by a process when it ends: the most memory that it had, kilobytes. */
const SAY_PEAK = `data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))`;

for (const samples of sizes) {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-size-"));
  try {
    const directory = await writeLargeRecording(folder, samples);
    const other = path.join(folder, "other");
    await cp(directory, other, { recursive: true });
    const megabytes = (await sizeOf(directory)) / 1e6;
    const report = await timed(["report", directory]);
    const compare = await timed(["compare", directory, other]);
    console.log(
      `${samples.toLocaleString("en")} samples, ${megabytes.toFixed(0)} MB: report ${report}, compare with a copy ${compare}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
