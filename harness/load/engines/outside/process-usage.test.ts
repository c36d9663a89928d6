import { expect, it } from "vitest";
import { parseStat, readUsage } from "./process-usage.ts";

it("a process's CPU time and memory are read from its line of /proc, whatever its name", () => {
  const line =
    "4711 (pg) bench (x)) S 1 4711 4711 0 -1 4194304 1 0 0 0 150 50 0 0 20 0 1 0 99 104857600 2560 1 1 1";
  expect(parseStat(line)).toEqual({ cpuSeconds: 2, memoryMb: 10 });
});

it("a process that is gone has none", async () => {
  expect(await readUsage("0")).toBeNull();
});
