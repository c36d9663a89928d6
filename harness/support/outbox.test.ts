import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { Outbox, type OutboxStream } from "./outbox.ts";

const MiB = 1024 * 1024;

test("what is sent in one turn goes out in one write, in order", async () => {
  const { stream, written } = fakeStream();
  const outbox = new Outbox(stream, () => undefined);
  for (const number of [1, 2, 3]) outbox.send({ number });
  expect(written).toEqual([]);
  await nextTurn();
  expect(written).toEqual(['{"number":1}\n{"number":2}\n{"number":3}\n']);
});

test("while the reader is behind nothing is written, and afterwards everything, in batches of 64 KiB", async () => {
  const { stream, written, fill, drain } = fakeStream();
  const outbox = new Outbox<string>(stream, () => undefined);
  fill();
  outbox.send("first");
  await nextTurn();
  for (let count = 0; count < 20_000; count += 1) outbox.send("one of many lines");
  await nextTurn();
  expect(written).toEqual(['"first"\n']);
  drain();
  expect(written.slice(1).join("")).toBe('"one of many lines"\n'.repeat(20_000));
  expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024);
  expect(written.length).toBeLessThan(10);
});

test("it says that the reader is far behind from 16 MiB on, until the reader has caught up", () => {
  const { stream, fill, drain } = fakeStream();
  const outbox = new Outbox<string>(stream, () => undefined);
  fill();
  outbox.send("the stream is full from now on");
  outbox.end(() => undefined);
  for (let count = 0; count < 16; count += 1) outbox.send("x".repeat(MiB - 3));
  expect(outbox.isBehind).toBe(false);
  outbox.send("");
  expect(outbox.isBehind).toBe(true);
  drain();
  expect(outbox.isBehind).toBe(false);
});

test("a reader that never reads makes 64 MiB wait, and no more", () => {
  const { stream, fill } = fakeStream();
  const reasons: string[] = [];
  const outbox = new Outbox<string>(stream, (why) => reasons.push(why));
  fill();
  for (let count = 0; count < 64; count += 1) outbox.send("x".repeat(MiB - 3));
  expect(reasons).toEqual([]);
  outbox.send("and one more");
  expect(reasons).toEqual([expect.stringContaining(`${64 * MiB} characters wait`)]);
});

test("the end comes after all that waits", () => {
  const { stream, written, fill, drain, ended } = fakeStream();
  const outbox = new Outbox<number>(stream, () => undefined);
  fill();
  outbox.send(1);
  let told = false;
  outbox.end(() => (told = true));
  outbox.send(2);
  expect(told).toBe(true);
  expect(ended()).toBe(true);
  drain();
  expect(written.join("")).toBe("1\n2\n");
});

function fakeStream() {
  const written: string[] = [];
  let full = false;
  let isEnded = false;
  let onDrain: () => void = () => undefined;
  const stream: OutboxStream = {
    write: (text) => {
      written.push(text);
      return !full;
    },
    on: (_event, listener) => (onDrain = listener),
    end: (whenWritten) => {
      isEnded = true;
      whenWritten();
    },
  };
  return {
    stream,
    written,
    ended: () => isEnded,
    fill: () => (full = true),
    drain: () => {
      full = false;
      onDrain();
    },
  };
}
