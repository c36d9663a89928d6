import { expect, test } from "vitest";
import { metrics } from "../../harness/model/metric.ts";
import { renderSummary } from "../summary.ts";
import { fakeRunUnderLoad } from "../run-under-load.fake.ts";
import { fakeRun, fakeRunOnStandby, fakeRunWithoutCluster } from "../run.fake.ts";
import type { PageData } from "../charts/catalogue.ts";
import { readableText } from "./readable-text.fake.ts";
import { renderHtml, staticPart } from "./render-html.ts";

const assets = { chartsScript: 'console.log("</script><!-- charts");' };

test("the text and tables of a failed run read as their golden file", async () => {
  await expect(readableText(staticPart(fakeRun()).markup)).toMatchFileSnapshot("../golden/report-fail.txt");
});

test("a run of cluster operations alone says so, and that no node was hit", () => {
  const { recording, ...run } = fakeRun();
  const injections = recording.plan.injections.map((each) => ({ ...each, kind: "operation" as const }));
  const text = readableText(
    staticPart({ ...run, recording: { ...recording, plan: { ...recording.plan, injections } } }).markup,
  );
  expect(text).toContain("Unavailability per operation");
  expect(text).toContain("\nOperation | Not served");
  expect(text).not.toContain("hit once");
});

test("the text and tables of a run without a cluster read as their golden file", async () => {
  await expect(readableText(staticPart(fakeRunWithoutCluster()).markup)).toMatchFileSnapshot(
    "../golden/report-without-cluster.txt",
  );
});

test("of a run with faults alone the page says what was full before them and meanwhile, where that was watched", () => {
  const run = fakeRun();
  expect(renderHtml(run, assets)).not.toContain('<section id="resources"');
  const full = { resource: "CPU of the machine", utilisation: 0.97, evidence: "1.94 of 2 cores busy" };
  const reading = {
    kind: "machine",
    atUs: 1,
    cores: 2,
    busyCores: 2,
    ioWaitCores: 0,
    stolenCores: 0,
  } as const;
  const watched = {
    ...run,
    recording: { ...run.recording, resources: [reading] },
    measurements: {
      ...run.measurements,
      stretches: [
        { of: "steady phase", bottlenecks: [] },
        { of: "kill-node, injection 2", bottlenecks: [full] },
      ],
    },
  };
  const text = readableText(staticPart(watched).markup);
  expect(text).toMatch(/steady phase \| Nothing was saturated\./);
  expect(text).toMatch(/kill-node, injection 2 \| CPU of the machine \(97\s+%\): 1\.94 of 2 cores busy/);
  expect(renderHtml(watched, assets)).not.toContain('id="chart-resources"');
});

test("of an injection without any recorded operation none is counted, which is not 0", () => {
  const run = fakeRun();
  expect(readableText(staticPart(run).markup)).toMatch(/\d+ \/ \d+ \/ \d+/);
  const figures = run.measurements.injections.map(({ fault, injection }) => ({
    metric: "operations-unknown" as const,
    of: `${fault}, injection ${injection}`,
    fault,
    figure: { kind: "withheld", reason: "no operation was recorded" } as const,
    n: 0,
  }));
  const text = readableText(staticPart({ ...run, measurements: { ...run.measurements, figures } }).markup);
  expect(text).not.toMatch(/\d+ \/ \d+ \/ \d+/);
  expect(text).toContain("no operation was recorded");
});

test("a victim's role stands beside it, and prediction and measurement side by side by role and figure", () => {
  const page = readableText(staticPart(fakeRunOnStandby()).markup);
  expect(page).toMatch(/coordinator-1\s+synchronous standby \| — \|/);
  const role = "node-pause, synchronous standby";
  expect(page).toContain(`${role} | writes | 19-23 s | 21.1 s | 21.1 s to 21.1 s | 1 | within the band`);
  expect(page).toContain(`${role} | circuit open | 6.5-8.6 s | 7 s | 7 s to 7 s | 1 | within the band`);
});

test("a finding says what the run saw of it, and the page why writes stopped", () => {
  const page = readableText(staticPart(fakeRunOnStandby()).markup);
  const [, found = ""] = page.split("Findings about the configuration\n");
  expect(found).toContain("HAProxy marked coordinator-1 down 7 s after injection 4 (pause-node) began.");
  const stopped =
    "Writes stopped though the primary was not hit, for 21.1 s in injection 4 (pause-node on coordinator-1)";
  expect(found).toContain(stopped);
  expect(page.split(stopped)).toHaveLength(3);
  expect(readableText(staticPart(fakeRun()).markup)).not.toContain("In this run");
});

test("a run of ten minutes and more leaves room for the script below 2 MB", () => {
  const page = renderHtml(fakeRun({ rounds: 5, mixRate: 500 }), { chartsScript: "x".repeat(700_000) });
  expect(page.length).toBeLessThan(1_500_000);
});

test("every section that the contents list names is there, for complete and broken runs alike", () => {
  for (const run of [fakeRun(), fakeRun({ censored: true }), fakeRunWithoutCluster()]) {
    const page = staticPart(run).markup;
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  }
});

test("every metric's definition and every target, finding, gap and injection is in the page", () => {
  const run = fakeRun();
  const page = staticPart(run).markup;
  const texts = [
    ...Object.values(metrics).map(({ title }) => title),
    ...run.verdict.targets.flatMap(({ sentence, target, foreseen }) => [
      sentence,
      target.source,
      foreseen ?? "",
    ]),
    ...run.recording.plan.advice.findings.flatMap(({ claim, truth, mend, source }) => [
      claim,
      truth,
      mend,
      source,
    ]),
    ...run.recording.plan.advice.bands.flatMap(({ terms }) => terms.map(({ because }) => because)),
    ...run.measurements.gaps,
    ...run.measurements.injections.flatMap(({ hops }) => hops.map(({ evidence }) => evidence)),
  ];
  expect(texts.filter((text) => !page.includes(escaped(text)))).toEqual([]);
});

test("a figure that was withheld is a dash with its reason on hover and as a note", () => {
  const page = staticPart(fakeRun()).markup;
  expect(page).toContain('title="needs 20 injections, there were 3"');
  expect(page).toMatch(/<li id="withheld-1">needs 20 injections, there were 3<\/li>/);
});

test("an outage that had not ended is shown as at least so long", () => {
  expect(staticPart(fakeRun({ censored: true })).markup).toContain("≥ 60 s");
});

test("faults under load that goes on: every section once, and the load in the time line and in a table of its own", () => {
  const run = fakeRunUnderLoad();
  const page = renderHtml(run, assets);
  const ids = [...page.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining(["disturbances", "failover", "timeline", "load", "search", "latency", "safety"]),
  );
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(ids.filter((id) => !links.includes(id))).toEqual([]);
  const text = readableText(staticPart(run).markup);
  expect(text).toContain("1 | kill-node | 37,306 | 3,580 (9.6 %) |");
  expect(text).toContain("| ≥ 2,000 ms | 33.1 s");
  const data = JSON.parse(/id="chart-data">([^<]*)</.exec(page)?.[1] ?? "") as PageData;
  expect(data.timeline?.streams.map(({ name }) => name)).toContain("load of the stages");
  expect(data.timeline?.stages.at(-1)?.title).toBe("50 % of capacity, sustained");
  const summary = renderSummary(run, { colour: false, width: 100, reportPath: "report.html" });
  expect(summary).toMatch(/Load under +due +not ok[^]*1 kill-node +37,306 +3,580/);
  expect(summary).toMatch(/9 stages done, 15 of 15 injections done|10 stages done, 15 of 15 injections done/);
});

test("an incomplete run says so on top", () => {
  const page = staticPart(fakeRunWithoutCluster()).markup;
  expect(page.indexOf("Incomplete run: coordinator-2 did not become ready within 60 s.")).toBeLessThan(200);
});

test("outcomes are words and signs, not colours alone", () => {
  const page = readableText(staticPart(fakeRun()).markup);
  expect(page).toContain("✗ fail");
  expect(page).toContain("✓ pass");
});

test("nothing in the data or the script can end its element early, and the page asks for nothing from outside", () => {
  const run = fakeRun({ rounds: 1 });
  const nasty = '</script><script>alert("x")</script><!--';
  const events = [...run.recording.events, { atUs: 1, kind: "note" as const, text: nasty }];
  const [first, ...rest] = run.measurements.injections;
  const injections = [{ ...first!, victim: nasty }, ...rest];
  const page = renderHtml(
    { ...run, recording: { ...run.recording, events }, measurements: { ...run.measurements, injections } },
    assets,
  );
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toMatch(/<!--/);
  expect(page.replace(/href="data:,"/, "")).not.toMatch(/ (?:src|href)="(?!#)/);
  expect(page).toContain("default-src 'none'");
});

function escaped(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}
