import { expect, test } from "vitest";
import { frame, STDERR, STDIN, STDOUT } from "./frame.fake.ts";
import { OutputFrames } from "./output-frames.ts";

const stream = Buffer.concat([
  frame(STDOUT, "one"),
  frame(STDERR, ""),
  frame(STDERR, "oh"),
  frame(STDIN, "echo"),
  frame(STDOUT, Buffer.from("grün").subarray(0, 3)),
  frame(STDOUT, Buffer.from("grün").subarray(3)),
]);
const whole = { stdout: "oneechogrün", stderr: "oh" };

test("a stream in one piece gives both outputs", () => {
  expect(take([stream])).toEqual(whole);
});

test("a stream cut at any two bytes gives the same, in headers and characters too", () => {
  const wrong: unknown[] = [];
  for (let first = 0; first <= stream.length; first += 1) {
    for (let second = first; second <= stream.length; second += 1) {
      const pieces = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
      const seen = take(pieces);
      if (seen.stdout !== whole.stdout || seen.stderr !== whole.stderr) wrong.push({ first, second, seen });
    }
  }
  expect(wrong).toEqual([]);
});

test("a stream in single bytes gives the same", () => {
  expect(take(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(whole);
});

test("the outputs come in the order in which they were sent", () => {
  const order: string[] = [];
  const frames = new OutputFrames((from, piece) => order.push(`${from} ${Buffer.from(piece).toString()}`));
  frames.take(Buffer.concat([frame(STDERR, "a"), frame(STDOUT, "b"), frame(STDERR, "c")]));
  expect(order).toEqual(["stderr a", "stdout b", "stderr c"]);
});

test("a frame of 3 GB is given as it comes, before its end", () => {
  const header = Buffer.from([STDOUT, 0, 0, 0, 0xc0, 0, 0, 0]);
  expect(take([header, Buffer.from("the beginning of it")])).toEqual({
    stdout: "the beginning of it",
    stderr: "",
  });
});

test.each([
  ["an unknown stream", [7, 0, 0, 0, 0, 0, 0, 1], "07 00 00 00 00 00 00 01"],
  ["text without frames", [...Buffer.from("HTTP/1.1")], '48 54 54 50 2f 31 2e 31 ("HTTP/1.1")'],
  ["a header whose second byte is not zero", [1, 0, 1, 0, 0, 0, 0, 1], "01 00 01 00 00 00 00 01"],
])("%s is an error that says what was found, and where", (_what, bytes, found) => {
  const before = frame(STDOUT, "well");
  const broken = Buffer.concat([before, Buffer.from(bytes)]);
  expect(() => take([broken])).toThrow(found);
  expect(() => take([broken])).toThrow(`after ${before.length} bytes`);
});

test("what the engine says of an error of its own is the error", () => {
  const said = frame(3, "error from daemon in stream: no space left on device");
  for (const pieces of [[said], [said.subarray(0, 20), said.subarray(20)]]) {
    expect(() => take(pieces)).toThrow(/broke it off: error from daemon in stream: no space left/);
  }
});

function take(pieces: readonly Uint8Array[]): { stdout: string; stderr: string } {
  const seen: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  const frames = new OutputFrames((from, piece) => seen[from].push(Buffer.from(piece)));
  for (const piece of pieces) frames.take(piece);
  return { stdout: Buffer.concat(seen.stdout).toString(), stderr: Buffer.concat(seen.stderr).toString() };
}
