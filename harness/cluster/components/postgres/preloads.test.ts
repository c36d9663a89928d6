import { expect, it } from "vitest";
import { preloads } from "./preloads.ts";

it("a dialect's library is loaded first, as Citus insists on, and statements are counted last", () => {
  expect(preloads(["citus"], ["auto_explain"])).toEqual(["citus", "auto_explain", "pg_stat_statements"]);
});

it("a library that both a dialect and the topology name is loaded once", () => {
  expect(preloads(["citus"], ["pg_stat_statements", "citus"])).toEqual(["citus", "pg_stat_statements"]);
});
