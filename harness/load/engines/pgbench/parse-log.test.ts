import { describe, expect, it } from "vitest";
import { logParser, type LogFields, type LoggedTransaction } from "./parse-log.ts";

const plain: LogFields = { lag: false, retries: false };

describe("logParser", () => {
  it("reads a line of a run without a rate", () => {
    expect(parse(plain, ["3 17 2034 1 1175850568 995598\n"])).toEqual([
      {
        client: 3,
        script: 1,
        timeUs: 2034,
        problem: null,
        endedWallUs: 1_175_850_568_995_598,
        lagUs: 0,
        retries: 0,
      },
    ]);
  });

  it("reads schedule lag and retries where the run has them", () => {
    expect(parse({ lag: true, retries: true }, ["0 81 4621 0 1412881037 912698 3005 2\n"])).toMatchObject([
      { timeUs: 4621, lagUs: 3005, retries: 2 },
    ]);
    expect(parse({ lag: false, retries: true }, ["0 81 4621 0 1412881037 912698 2\n"])).toMatchObject([
      { lagUs: 0, retries: 2 },
    ]);
  });

  it.each(["skipped", "serialization", "deadlock", "failed"])("reads %s in place of a time", (problem) => {
    expect(
      parse({ lag: true, retries: false }, [`0 82 ${problem} 0 1412881037 914578 5217\n`]),
    ).toMatchObject([{ timeUs: null, problem, endedWallUs: 1_412_881_037_914_578, lagUs: 5217 }]);
  });

  it("reads lines that come in pieces, and waits for the end of the last one", () => {
    const text = "0 1 20 0 1 5\n1 1 skipped 0 1 6\n2 1 30 0 1 7\n4 1 4";
    for (let cut = 0; cut <= text.length; cut += 1) {
      const clients = parse(plain, [text.slice(0, cut), text.slice(cut)]).map(({ client, problem }) => [
        client,
        problem,
      ]);
      expect(clients).toEqual([
        [0, null],
        [1, "skipped"],
        [2, null],
      ]);
    }
  });

  it("passes over what is no line of a log", () => {
    expect(parse(plain, ["\n", "1 2 3\n", "0 1 20 0 1 5\n"])).toHaveLength(1);
  });
});

function parse(fields: LogFields, pieces: readonly string[]): readonly LoggedTransaction[] {
  const seen: LoggedTransaction[] = [];
  const parser = logParser(fields, (transaction) => seen.push(transaction));
  for (const piece of pieces) parser.push(Buffer.from(piece));
  return seen;
}
