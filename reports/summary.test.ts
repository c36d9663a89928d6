import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "./benchmark-run.fake.ts";
import { fakeRun, fakeRunOnStandby, fakeRunWithoutCluster } from "./run.fake.ts";
import type { Run } from "./run.ts";
import { renderSummary } from "./summary.ts";

const options = { colour: false, width: 80, reportPath: "runs/failover-coordinator/latest/report.html" };

test("the summary of a failed run reads as its golden file", async () => {
  await expect(renderSummary(fakeRun(), options)).toMatchFileSnapshot("golden/summary-fail.txt");
});

test("the summary of a run that never recovered says at least how long", async () => {
  const summary = renderSummary(fakeRun({ censored: true }), options);
  await expect(summary).toMatchFileSnapshot("golden/summary-censored.txt");
  expect(summary).toContain("≥ 60 s");
});

test("what was not served outside the injections is listed, and a client that stood still for moments is not", () => {
  const run = fakeRun();
  const stray: Run["measurements"]["stray"] = [
    { stream: "write-probe", fromUs: 7e6, seconds: { kind: "value", value: 0.5 }, inWarmup: true },
    {
      stream: "write-probe",
      fromUs: 15.2e6,
      seconds: { kind: "between", low: 11.9, high: 12.65 },
      inWarmup: false,
    },
    { stream: "read-probe", fromUs: 40e6, seconds: { kind: "between", low: 0, high: 0.03 }, inWarmup: false },
  ];
  const text = renderSummary({ ...run, measurements: { ...run.measurements, stray } }, options);
  expect(text).toContain(
    "Not served outside the injections:\n" +
      "  write-probe: 0.50 s from 0:07.000 on, in the warm-up (not judged)\n" +
      "  write-probe: 11.9 s to 12.7 s from 0:15.200 on\n\n",
  );
  expect(text).not.toContain("read-probe: ");
});

test("the summary says whom a fault hit beside what was predicted of that role, and why writes stopped", () => {
  const summary = renderSummary(fakeRunOnStandby(), options);
  expect(summary).toMatch(/^pause-node +writes +1 +21\.1 s +21\.1 s +21\.1 s +19-23 s/m);
  expect(summary).toMatch(/^ {2}synchronous standby +reads +1 .* 0-9 s$/m);
  expect(summary.replaceAll("\n", " ")).toContain(
    "Writes stopped though the primary was not hit, for 21.1 s in injection 4 (pause-node on coordinator-1): the victim " +
      "was the one synchronous standby, and every COMMIT waits for it until Patroni takes it out of " +
      "synchronous_standby_names (D14).",
  );
  expect(summary.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(renderSummary(fakeRun(), options)).not.toContain("Writes stopped");
});

test("the summary of a run without a cluster reads as its golden file", async () => {
  await expect(renderSummary(fakeRunWithoutCluster(), options)).toMatchFileSnapshot(
    "golden/summary-without-cluster.txt",
  );
});

test("the summary of a benchmark reads as its golden file, with a line per stage", async () => {
  await expect(renderSummary(fakeBenchmarkRun(), options)).toMatchFileSnapshot(
    "golden/summary-benchmark.txt",
  );
});

test("stages stand below their variant, and one in which the client was the limit is marked", async () => {
  const run = fakeBenchmarkRun({
    capacities: { "session pooling": 4000, "transaction pooling": 7600 },
    clientBound: true,
  });
  await expect(renderSummary(run, options)).toMatchFileSnapshot("golden/summary-variants.txt");
});

test("the summary of a benchmark that died says what was done and what was begun", () => {
  const summary = renderSummary(fakeBenchmarkRun({ diesIn: 3 }), options);
  expect(summary).toContain("INCOMPLETE");
  expect(summary).toContain("agent-1 was killed. 2 stages done of 3 begun");
});

test("the summary keeps within 80 columns, but for the report's path", () => {
  const benchmarks = [
    fakeBenchmarkRun(),
    fakeBenchmarkRun({ capacities: { "session pooling": 4000, b: 70_000 } }),
  ];
  for (const run of [fakeRun(), fakeRun({ censored: true }), fakeRunWithoutCluster(), ...benchmarks]) {
    const lines = renderSummary(run, options)
      .split("\n")
      .filter((line) => !line.startsWith("Report: "));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});

test("the last three paragraphs say apart what dpg-bench did, what the cluster did, and where the report is", () => {
  const paragraphs = renderSummary(fakeRun(), options).trimEnd().split("\n\n");
  expect(paragraphs.at(-3)).toMatch(/^dpg-bench did its work: 15 of 15 injections/);
  expect(paragraphs.at(-2)).toMatch(/^The cluster did not keep its promise: T1/);
  expect(paragraphs.at(-1)).toBe(`Report: ${options.reportPath}`);
});

test("without colours there is no escape sequence, with colours the text is the same", () => {
  const plain = renderSummary(fakeRun(), options);
  const coloured = renderSummary(fakeRun(), { ...options, colour: true });
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  const escapes = /\u001b\[[\d;]*m/g;
  expect(plain).not.toMatch(escapes);
  expect(coloured).toMatch(escapes);
  const squeeze = (text: string): string => text.replace(escapes, "").replace(/[ \n]+/g, " ");
  expect(squeeze(coloured)).toBe(squeeze(plain));
});
