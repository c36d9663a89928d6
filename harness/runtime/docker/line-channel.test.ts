import { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type Dockerode from "dockerode";
import { expect, test } from "vitest";
import { frame, STDERR, STDOUT } from "./frame.fake.ts";
import { attachChannel, type AttachedChannel } from "./line-channel.ts";

test("lines come whole, however their frames are cut, and a last one without an end too", async () => {
  const { channel, connection } = await attached();
  const bytes = Buffer.concat([
    frame(STDOUT, "on"),
    frame(STDERR, "!\n"),
    frame(STDOUT, "e\ntwo\nth"),
    frame(STDOUT, "ree"),
  ]);
  for (const byte of bytes) connection.push(Buffer.from([byte]));
  connection.push(null);
  expect(await all(channel)).toEqual(["one", "two", "three"]);
});

test("standard error is kept though nobody reads the lines, and of much of it the end", async () => {
  const { channel, connection } = await attached();
  connection.push(frame(STDERR, "first words\n"));
  await nextTurn();
  expect(channel.errors()).toBe("first words\n");
  for (let count = 0; count < 300; count += 1) connection.push(frame(STDERR, `${"x".repeat(999)}\n`));
  connection.push(frame(STDERR, "last words\n"));
  connection.push(null);
  expect(await all(channel)).toEqual([]);
  expect(channel.errors()).toMatch(/^\(dpg-bench: the first [\d,]+ bytes are left out\)\nx{999}\n/);
  expect(channel.errors().endsWith("\nlast words\n")).toBe(true);
  expect(channel.errors().length).toBeLessThan(140_000);
});

test("a connection whose lines nobody takes is not read on, and read on when they are taken", async () => {
  const { channel, connection, asked } = await attached(`${"x".repeat(9_999)}\n`);
  for (let turn = 0; turn < 1000; turn += 1) await nextTurn();
  // A megabyte waits in the channel, the rest in the connection's own buffers.
  expect(asked()).toBeLessThan(200);
  let lines = 0;
  for await (const _line of channel.lines) if (++lines === 1000) break;
  expect(asked()).toBeGreaterThan(800);
  connection.destroy();
});

test("bytes that are no frames end the lines with an error that says what was found", async () => {
  const { channel, connection } = await attached();
  connection.push(Buffer.concat([frame(STDOUT, "well\n"), Buffer.from("HTTP/1.1 500")]));
  await expect(all(channel)).rejects.toMatchObject({
    code: "engine-stream",
    message: expect.stringContaining('"HTTP/1.1"') as string,
  });
  expect(connection.destroyed).toBe(true);
});

test("a connection that breaks ends the lines, with all that had come", async () => {
  const { channel, connection } = await attached();
  connection.push(frame(STDOUT, "before\n"));
  await nextTurn();
  connection.destroy(new Error("ECONNRESET"));
  expect(await all(channel)).toEqual(["before"]);
});

test("closing ends the process's input, and waits for the end of its output", async () => {
  const { channel, connection, sent } = await attached();
  channel.send("hello");
  const closing = channel.close();
  connection.push(frame(STDOUT, "bye\n"));
  connection.push(null);
  await closing;
  expect(sent()).toBe("hello\n");
  expect(await all(channel)).toEqual(["bye"]);
});

/** `endless`: what the connection says again and again, whenever it is read. */
async function attached(endless?: string) {
  let asked = 0;
  let sent = "";
  const connection = new Duplex({
    allowHalfOpen: true,
    read() {
      asked += 1;
      if (endless !== undefined) this.push(frame(STDOUT, endless));
    },
    write(bytes: Buffer, _encoding, done) {
      sent += bytes.toString();
      done();
    },
  });
  connection.on("error", () => undefined);
  const container = { attach: () => Promise.resolve(connection) } as unknown as Dockerode.Container;
  const channel = await attachChannel(container, 1000);
  return { channel, connection, asked: () => asked, sent: () => sent };
}

async function all(channel: AttachedChannel): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of channel.lines) lines.push(line);
  return lines;
}
