import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import { HarnessError, UsageError, type Problem } from "../model/errors.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import { inOrder } from "../model/samples.ts";
import { fakePlan, fakeScenario } from "../plan/run-plan.fake.ts";
import { changeValues, writeRecording } from "../conclude/tampered-recording.fake.ts";
import { createRun } from "./create-run.ts";
import { listRuns } from "./list-runs.ts";
import { readRecording } from "./read-recording.ts";
import { writeResult } from "./write-result.ts";

let runs: string;
let directory: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-damage-"));
  directory = await writeRecording(runs, fakeRecording({ injections: [] }));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

const at = (name: string): string => path.join(directory, name);

async function problems(): Promise<readonly Problem[]> {
  const error = await readRecording(directory).catch((raised: unknown) => raised);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ code: "damaged-recording", exitCode: 64 });
  return (error as UsageError).problems;
}

describe("a damaged recording", () => {
  it("is refused with everything that is wrong: file, line, what was expected and found", async () => {
    const lines = (await readFile(at("events.ndjson"), "utf8")).trimEnd().split("\n").length;
    await appendFile(at("events.ndjson"), '{"kind":"note","text":5,"atUs":1}\nnonsense\n{"kind":"phase"}\n');
    await writeFile(
      at("samples-write-probe.ndjson"),
      '{"columns":["id","intendedUs","startUs","endUs","outcome","code"]}\n[1,1,1,2,"ok",null]\n[2,1,1,"2","ok",null]\n',
    );
    await writeFile(at("environment.json"), "{");
    await writeFile(at("end.json"), '{"kind":"over"}');
    expect(
      (await problems()).map(({ where, message }) => `${path.relative(directory, where)} ${message}`),
    ).toEqual([
      `events.ndjson:${lines + 2} expected one JSON value, found "nonsense".`,
      `events.ndjson:${lines + 1}: text expected a string, found 5.`,
      `events.ndjson:${lines + 3}: atUs expected a number, found nothing.`,
      `events.ndjson:${lines + 3}: phase expected one of warmup, steady, fault, recovery, found nothing.`,
      `events.ndjson:${lines + 3}: injection expected a number, found nothing.`,
      'samples-write-probe.ndjson:3 expected [id, intendedUs, startUs, endUs, outcome, code, timeline, address] (the last two may be left out), found [2,1,1,"2","ok",null].',
      'environment.json expected JSON, found "{".',
      'end.json: kind expected an end of kind "complete" or "incomplete", found "over".',
    ]);
  });

  it("names twenty problems and counts the others", async () => {
    await appendFile(at("events.ndjson"), '{"kind":"note","text":5,"atUs":1}\n'.repeat(5000));
    const found = await problems();
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toEqual({ where: directory, message: "and 4980 more problems like these." });
  });

  it.each([
    ["no header", '[1,1,1,2,"ok",null]\n'],
    ["other columns", '{"columns":["id","startUs","intendedUs","endUs","outcome","code"]}\n'],
  ])("with samples of %s is refused", async (_, text) => {
    await writeFile(at("samples-read-probe.ndjson"), text);
    expect((await problems())[0]?.where).toBe(`${at("samples-read-probe.ndjson")}:1`);
  });

  it.each([
    ["a moment out of this world", '[1,1e300,1,2,"ok",null]'],
    ["an endless one", '[1,1,1,1e999,"ok",null]'],
    ["an outcome of its own", '[1,1,1,2,"good",null]'],
    ["markup for a code", '[1,1,1,2,"failed",{"markup":"<script>"}]'],
    ["too few values", "[1,1,1,2]"],
    ["no list", '{"id":1}'],
  ])("with a sample of %s names its line", async (_, line) => {
    await appendFile(at("samples-read-probe.ndjson"), `${line}\n`);
    const count = (await readFile(at("samples-read-probe.ndjson"), "utf8")).trimEnd().split("\n").length;
    expect((await problems()).map(({ where }) => where)).toEqual([
      `${at("samples-read-probe.ndjson")}:${count}`,
    ]);
  });

  it("names the right line where two values share one and a value is broken over others", async () => {
    await writeFile(at("statements.ndjson"), "1,2,3\n");
    expect((await problems()).map(({ where }) => where)).toEqual([`${at("statements.ndjson")}:1`]);
  });

  it("with a plan that does not fit is still read to its end for other problems", async () => {
    await changeValues(directory, (value, file) =>
      file === "plan.json" ? { ...(value as object), seed: "x" } : value,
    );
    await appendFile(at("samples-read-probe.ndjson"), "[]\n");
    expect((await problems()).map(({ where }) => path.basename(where))).toEqual([
      "plan.json: seed",
      expect.stringMatching(/^samples-read-probe\.ndjson:\d+$/),
    ]);
  });

  it("with a histogram that is none is refused", async () => {
    directory = await writeRecording(runs, fakeBenchmarkRecording({ stages: [{}] }));
    await changeValues(
      directory,
      (value) => JSON.parse(JSON.stringify(value).replace(/"HISTF[^"]+"/, '"<svg>"')) as unknown,
    );
    expect((await problems())[0]?.message).toMatch(
      /^expected a histogram in HdrHistogram's compressed encoding, base64/,
    );
  });
});

describe("a recording of another version", () => {
  it("has fields that are not known: they are left alone", async () => {
    await changeValues(directory, (value, file) =>
      file === "invariants.json"
        ? value
        : Array.isArray(value)
          ? [...(value as unknown[]), 7, null]
          : { ...(value as object), later: { of: "another version" } },
    );
    const read = await readRecording(directory);
    expect([...(read.samples.get("write-probe") ?? [])]).toEqual([
      ...inOrder(fakeRecording({ injections: [] }).samples.get("write-probe") ?? []),
    ]);
    expect(read.plan).not.toHaveProperty("later");
  });

  it("has an event of a kind that is not known: it is in the log as a note, and the rest is read", async () => {
    await appendFile(at("events.ndjson"), '{"kind":"quorum-lost","atUs":7,"of":"etcd"}\n');
    const { events } = await readRecording(directory);
    expect(events.filter(({ kind }) => kind === "note")).toContainEqual({
      kind: "note",
      atUs: 7,
      text: 'An event of a kind that this dpg-bench does not know: "quorum-lost".',
    });
  });

  it("has a resource reading of a kind that is not known: it is left out", async () => {
    await appendFile(at("resources.ndjson"), '{"kind":"gpu","atUs":7}\n');
    expect((await readRecording(directory)).resources).toEqual([]);
  });
});

describe("names in a recording", () => {
  it.each(["mix-../../secret", "../plan", "mix-a/b", "mix-\u0000"])(
    "lead to no file outside it: %j",
    async (name) => {
      await changeValues(directory, (value, file) => {
        if (file !== "plan.json") return value;
        const plan = value as { streams: object[] };
        return { ...plan, streams: [{ ...plan.streams[0], name }] };
      });
      expect(
        (await problems()).map(({ where, message }) => [path.basename(where), message.slice(0, 44)]),
      ).toEqual([["plan.json: streams.0.name", "expected write-probe, read-probe, either of "]]);
    },
  );

  it("of files that no run writes are no operation's samples", async () => {
    directory = await writeRecording(runs, fakeBenchmarkRecording({ stages: [{}] }));
    await writeFile(at("samples-stage-1-%zz.ndjson"), "nothing of ours\n");
    expect([...(await readRecording(directory)).stages[0]!.samples.keys()]).toEqual(["select"]);
  });

  it("of a scenario or a file that lead out of the run's folder are refused when writing, too", async () => {
    const plan = fakePlan({ scenario: { ...fakeScenario, name: "../elsewhere" } });
    await expect(createRun(runs, plan)).rejects.toThrow(HarnessError);
    for (const name of ["../x", "logs/../../x", "/etc/x", ""]) {
      await expect(writeResult(directory, name, "")).rejects.toThrow(/Expected a name inside/);
    }
    expect(await writeResult(directory, "logs/..x.log", "")).toBe(at("logs/..x.log"));
  });
});

it("a list of runs shows no verdict that is none", async () => {
  await writeFile(at("verdict.json"), '{"outcome":{"markup":"<script>"}}');
  await writeFile(at("end.json"), '{"kind":"\\u001b[31m"}');
  expect(await listRuns(runs)).toMatchObject([{ outcome: null, end: "incomplete" }]);
});

it("a list of runs shows verdicts of before they had a version, and none of a version that it does not know", async () => {
  await writeFile(at("verdict.json"), '{"outcome":"pass"}');
  expect(await listRuns(runs)).toMatchObject([{ outcome: "pass" }]);
  await writeFile(at("verdict.json"), '{"formatVersion":99,"outcome":"pass"}');
  expect(await listRuns(runs)).toMatchObject([{ outcome: null }]);
});
