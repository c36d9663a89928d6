/**
 * A process that reads a burst of frames by one of the ways in which the harness reads them, and says how much memory
 * that took at most beyond what it had before. Started by memory.test.ts.
 */
import { Duplex, Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { frame, STDERR, STDOUT } from "./frame.fake.ts";
import { attachChannel } from "./line-channel.ts";
import { readOutput } from "./read-output.ts";

/** 200,000 lines of 50 bytes, a frame each, in one piece of 11.6 MB: what a log in short lines looks like. */
function* smallFrames(): Generator<Buffer> {
  const line = `${"x".repeat(49)}\n`;
  yield Buffer.concat(Array.from({ length: 200_000 }, () => frame(STDOUT, line)));
}

/** 100 MB: lines of 100 kB in frames of 16 kB, in pieces of 64 KiB, with words on standard error among them. */
function* burst(): Generator<Buffer> {
  const line = Buffer.from(`${"y".repeat(99_999)}\n`);
  for (let count = 0; count < 1000; count += 1) {
    const frames: Buffer[] = [frame(STDERR, `line ${count} comes\n`)];
    for (let at = 0; at < line.length; at += 16_000)
      frames.push(frame(STDOUT, line.subarray(at, at + 16_000)));
    const bytes = Buffer.concat(frames);
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
}

const bursts = { "small-frames": smallFrames, burst };

/** `late`: nobody reads the lines for a while. */
async function readLines(name: keyof typeof bursts, late: boolean): Promise<{ lines: number }> {
  const connection = Duplex.from({
    readable: Readable.from(bursts[name](), { objectMode: false }),
    writable: null,
  });
  const attach = (): Promise<Duplex> => Promise.resolve(connection);
  const channel = await attachChannel({ attach }, 1000);
  if (late) await delay(500);
  let lines = 0;
  for await (const _line of channel.lines) lines += 1;
  return { lines };
}

async function readText(name: keyof typeof bursts): Promise<{ characters: number; leftOut: number }> {
  const output = Readable.from(bursts[name](), { objectMode: false });
  const { text, leftOut } = await readOutput(output, { head: 2 ** 20, tail: 2 ** 20 });
  return { characters: text.length, leftOut };
}

const [, , way, name] = process.argv as [
  string,
  string,
  "channel" | "late-channel" | "log",
  keyof typeof bursts,
];
const beforeKb = process.resourceUsage().maxRSS;
const read = way === "log" ? await readText(name) : await readLines(name, way === "late-channel");
const peakMb = (process.resourceUsage().maxRSS - beforeKb) / 1024;
process.stdout.write(JSON.stringify({ ...read, peakMb }));
