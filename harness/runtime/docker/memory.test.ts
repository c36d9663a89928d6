import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Read in processes of their own: a test's own memory says nothing. */
describe("the memory that it takes", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "dpg-bench-burst-"));
    await build({
      entryPoints: [path.join(import.meta.dirname, "read-burst.fake.ts")],
      outfile: path.join(folder, "read-burst.mjs"),
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      logLevel: "warning",
    });
  });
  afterAll(async () => await rm(folder, { recursive: true, force: true }));

  const read = async (way: string, burst: string): Promise<Readonly<Record<string, number>>> => {
    const program = path.join(folder, "read-burst.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [program, way, burst]);
    return JSON.parse(stdout) as Record<string, number>;
  };

  it.each(["channel", "late-channel"])(
    "to read 200,000 small frames in one piece by a %s is bounded",
    async (way) => {
      const { lines, peakMb } = await read(way, "small-frames");
      expect(lines).toBe(200_000);
      expect(peakMb).toBeLessThan(250);
    },
  );

  it("to read 100 MB by a channel is bounded", async () => {
    const { lines, peakMb } = await read("channel", "burst");
    expect(lines).toBe(1000);
    expect(peakMb).toBeLessThan(200);
  });

  it("to have 100 MB come before anybody reads is bounded, and nothing is lost", async () => {
    const { lines, peakMb } = await read("late-channel", "burst");
    expect(lines).toBe(1000);
    expect(peakMb).toBeLessThan(200);
  });

  it("to read a log of 200,000 lines, or of 100 MB, is bounded, and what is left out is counted", async () => {
    const short = await read("log", "small-frames");
    expect(short.peakMb).toBeLessThan(250);
    const long = await read("log", "burst");
    expect(long.leftOut).toBeGreaterThan(90_000_000);
    expect(long.peakMb).toBeLessThan(200);
  });
});
