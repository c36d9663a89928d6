import { expect, test } from "vitest";
import { dataInOneLine } from "./data-in-one-line.ts";
import { fakeRun } from "./run.fake.ts";
import type { Run } from "./run.ts";

test("nothing was lost only where every ledger was read at the end as well", () => {
  const run = fakeRun();
  expect(dataInOneLine(run)).toContain("Nothing lost: all 41,207 acknowledged writes of write-probe");
  const careful = "Nothing lost as far as ledgers were read back: all 41,207 acknowledged writes";
  expect(dataInOneLine(readWhere(run, ({ injection }) => injection !== null))).toContain(careful);
  expect(
    dataInOneLine(readWhere(run, ({ injection, stream }) => injection !== null || stream === "write-probe")),
  ).toContain(careful);
});

type Reading = Run["recording"]["ledgers"][number];

/** As if only these readings had been taken. */
function readWhere(run: Run, wanted: (reading: Reading) => boolean): Run {
  return { ...run, recording: { ...run.recording, ledgers: run.recording.ledgers.filter(wanted) } };
}
