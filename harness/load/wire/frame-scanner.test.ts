import { expect, test } from "vitest";
import { FrameScanner } from "./frame-scanner.ts";
import { completed, ready, report } from "./scripted-server.fake.ts";
import { serverMessage } from "./server-message.ts";

const stream = Buffer.concat([
  completed(),
  serverMessage("S", Buffer.from("TimeZone\0UTC\0")),
  report("N", "WARNING", "01000"),
  report("E", "ERROR", "23505"),
  ready("E"),
]);

/** What every scan of the stream must show: each message's type; of reports and ReadyForQuery the body as well. */
const whole = [
  ...["2", "T", "D", "C", "Z:I", "S"],
  ...["N:SŒUF|VWARNING|C01000|Mscripted 01000||", "E:SŒUF|VERROR|C23505|Mscripted 23505||", "Z:E"],
];

test("a stream in one piece gives its messages", () => {
  expect(scan([stream])).toEqual(whole);
});

test("a stream cut at any two bytes gives the same messages", () => {
  const wrong: unknown[] = [];
  for (let first = 0; first <= stream.length; first += 1) {
    for (let second = first; second <= stream.length; second += 1) {
      const pieces = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
      const seen = scan(pieces);
      if (seen.join() !== whole.join()) wrong.push({ first, second, seen });
    }
  }
  expect(wrong).toEqual([]);
});

test("a stream in single bytes gives the same messages", () => {
  expect(scan(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(whole);
});

test("a length that cannot be is malformed, whole or in pieces", () => {
  const bytes = Buffer.from([0x44, 0, 0, 0, 3]);
  expect(scan([bytes])).toEqual(["malformed D 3"]);
  expect(scan([bytes.subarray(0, 2), bytes.subarray(2)])).toEqual(["malformed D 3"]);
});

test("a report that claims to be longer than any is malformed rather than collected", () => {
  expect(scan([Buffer.from([0x45, 0x7f, 0, 0, 0])])).toEqual(["malformed E 2130706432"]);
});

test("scanning ends where the receiver wants no more", () => {
  expect(scan([Buffer.concat([ready("T"), ready("I")])], "Z:T")).toEqual(["Z:T"]);
});

function scan(pieces: readonly Buffer[], last?: string): string[] {
  const seen: string[] = [];
  const scanner = new FrameScanner({
    message: (type, body, from, to) => {
      const name = String.fromCharCode(type);
      const shown = "ENZ".includes(name)
        ? `:${Buffer.from(body).toString("utf8", from, to).replaceAll("\0", "|")}`
        : "";
      seen.push(name + shown);
      return seen.at(-1) !== last;
    },
    malformed: (type, length) => void seen.push(`malformed ${String.fromCharCode(type)} ${length}`),
  });
  // One buffer for all pieces, as a connection's reads have.
  const buffer = Buffer.alloc(stream.length);
  for (const piece of pieces) {
    buffer.fill(0xff);
    piece.copy(buffer);
    scanner.feed(buffer, piece.length);
  }
  return seen;
}
