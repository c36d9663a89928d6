import { describe, expect, it } from "vitest";
import { outcomeOf, reportParser, type ReportLine } from "./parse-report.ts";

describe("reportParser", () => {
  it("reads each kind of line, however it is cut", () => {
    const text =
      "b 100\no 3 100 110 250 - 1 - - read one\no 4 100 180 260 40001 0 01000 40001,40P01 write\nd 300 2\nc 8\n";
    const whole = parse([text]);
    expect(whole).toEqual([
      { kind: "began", atUs: 100 },
      {
        kind: "ended",
        client: 3,
        begunUs: 100,
        startUs: 110,
        endUs: 250,
        code: null,
        sent: true,
        warning: null,
        retried: [],
        operation: "read one",
      },
      {
        kind: "ended",
        client: 4,
        begunUs: 100,
        startUs: 180,
        endUs: 260,
        code: "40001",
        sent: false,
        warning: "01000",
        retried: ["40001", "40P01"],
        operation: "write",
      },
      { kind: "dropped", atUs: 300, count: 2 },
      { kind: "connections", open: 8 },
    ]);
    for (let cut = 0; cut < text.length; cut += 1)
      expect(parse([text.slice(0, cut), text.slice(cut)])).toEqual(whole);
  });

  it("passes over what is none of it", () => {
    expect(parse(["", "x 1\n", "o 1 2\n", "c 1\n", "c 2"])).toEqual([{ kind: "connections", open: 1 }]);
  });
});

describe("outcomeOf", () => {
  it("takes a write whose answer did not come for unknown, and a read for failed", () => {
    const timeout = { code: "CLIENT_TIMEOUT", sent: true, warning: null };
    expect(outcomeOf("write", timeout)).toEqual({ outcome: "unknown", code: "CLIENT_TIMEOUT" });
    expect(outcomeOf("read", timeout)).toEqual({ outcome: "failed", code: "CLIENT_TIMEOUT" });
  });

  it("takes what was not sent for failed", () => {
    expect(outcomeOf("write", { code: "53300", sent: false, warning: null })).toEqual({
      outcome: "failed",
      code: "53300",
    });
  });

  it("takes a write that was answered with a warning of a lost standby for unknown", () => {
    expect(outcomeOf("write", { code: null, sent: true, warning: "01000" })).toMatchObject({
      outcome: "unknown",
    });
  });
});

function parse(pieces: readonly string[]): readonly ReportLine[] {
  const lines: ReportLine[] = [];
  const parser = reportParser((line) => lines.push(line));
  for (const piece of pieces) parser.push(piece);
  return lines;
}
