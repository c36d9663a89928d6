import { expect, test } from "vitest";
import { writeProbe } from "./ledger.ts";

test("a write's answer says on which timeline and by which server it was committed", () => {
  expect(writeProbe.acknowledgement(["0000001A", "172.18.0.5"])).toEqual({
    timeline: 26,
    address: "172.18.0.5",
  });
});

test("a server behind a Unix socket has no address, and an answer without a row says nothing", () => {
  expect(writeProbe.acknowledgement(["00000002", null])).toEqual({
    timeline: 2,
    address: null,
  });
  expect(writeProbe.acknowledgement(null)).toBeNull();
});
