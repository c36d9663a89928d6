import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { openAppendFile } from "./append-file.ts";

test("lines are on disk when they were flushed, and by themselves when a megabyte waits", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-append-"));
  const file = openAppendFile(path.join(folder, "lines"));
  const read = async () => await readFile(path.join(folder, "lines"), "utf8");
  file.append("one");
  expect(await read()).toBe("");
  file.flush();
  expect(await read()).toBe("one\n");
  file.append("x".repeat(2 ** 20));
  file.append("y");
  expect(await read()).toHaveLength(4 + 2 ** 20 + 1 + 2);
  file.close();
  await rm(folder, { recursive: true });
});

test("a disk that takes nothing throws when a megabyte waits, and lines that come afterwards do not throw again", () => {
  const file = openAppendFile("/dev/full");
  const megabyte = "x".repeat(2 ** 20);
  file.append(megabyte);
  expect(() => file.append("one more")).toThrow("ENOSPC");
  for (let count = 0; count < 100; count += 1) file.append(megabyte);
  expect(() => file.flush()).toThrow("ENOSPC");
  file.close();
});

test("what is on disk reads back line by line, as long as it may be, without what waits or was cut off", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "dpg-append-"));
  const file = openAppendFile(path.join(folder, "lines"));
  const long = "ü".repeat(1_500_000);
  expect([...file.lines()]).toEqual([]);
  file.append("one\ntwo");
  file.append(long);
  file.append("four");
  file.flush();
  file.append("five");
  expect([...file.lines()]).toEqual(["one", "two", long, "four"]);
  await appendFile(path.join(folder, "lines"), "cut");
  expect([...file.lines()]).toHaveLength(4);
  file.close();
  await rm(folder, { recursive: true });
});
