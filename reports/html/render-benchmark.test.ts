import { expect, test } from "vitest";
import { fakeBenchmarkRun } from "../benchmark-run.fake.ts";
import { readableText } from "./readable-text.fake.ts";
import { renderHtml, staticPart } from "./render-html.ts";

const variants = { "transaction pooling": 7600, "session pooling": 4000 };

test("the text and tables of a benchmark read as their golden file", async () => {
  await expect(readableText(staticPart(fakeBenchmarkRun()).markup)).toMatchFileSnapshot(
    "../golden/report-benchmark.txt",
  );
});

test("every section that the contents list names is there, and each heading is unique", () => {
  const runs = [
    fakeBenchmarkRun(),
    fakeBenchmarkRun({ capacities: variants }),
    fakeBenchmarkRun({ diesIn: 1 }),
    fakeBenchmarkRun({ clientBound: true }),
  ];
  for (const run of runs) {
    const page = staticPart(run).markup;
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids).toEqual([...new Set(ids)]);
    expect(page).not.toMatch(/undefined|NaN|\[object Object\]/);
  }
});

test("each step of the search says whether its rate was kept up, and why not", () => {
  const page = readableText(staticPart(fakeBenchmarkRun()).markup);
  expect(page).toMatch(/step 2: 6,400\/s \|.*✓ yes/);
  expect(page).toMatch(/step 3: 7,840\/s \|.*✗ no: p99 20\.8 ms, above 8 ms/);
  expect(page).toMatch(/saturation \|.*the most that a closed load draws/);
});

test("that nothing was full is said, and so is what was", () => {
  const page = readableText(staticPart(fakeBenchmarkRun()).markup);
  expect(page).toContain("step 1: 4,000/s | Nothing was saturated.");
  expect(page).toMatch(/saturation \| CPU of the machine \(97 %\): 1\.94 of 2 cores were busy/);
});

test("a stage in which the client was the limit is marked wherever its figures stand", () => {
  const run = fakeBenchmarkRun({ clientBound: true });
  const page = staticPart(run).markup;
  const marks = page.match(/title="client-bound: agent 1 used 0\.97 of a core in the steady phase"/g);
  expect(marks?.length).toBeGreaterThanOrEqual(4);
  expect(page).toContain("The client was the limit in 1 stage. Where it was the limit,");
});

test("what the workload is and whether its invariants hold is in the page", () => {
  const page = readableText(staticPart(fakeBenchmarkRun()).markup);
  expect(page).toContain("select payload from point_select where id = $1");
  expect(page).toContain("40001, CONNECTION_LOST: tried again, 3 attempts in all");
  expect(page).toContain("no row was updated");
  expect(page).toContain("08006: the server closed the connection");
});

test("a workload that is not known any more is said to be so", () => {
  const page = staticPart({ ...fakeBenchmarkRun(), workload: null }).markup;
  expect(page).toContain("This dpg-bench does not know the workload");
});

test("several variants stand side by side, one alone does not", () => {
  expect(staticPart(fakeBenchmarkRun()).markup).not.toContain('id="variants"');
  const page = readableText(staticPart(fakeBenchmarkRun({ capacities: variants })).markup);
  expect(page).toContain("pgbouncer.poolMode | transaction | session");
  expect(page).toContain("transaction pooling | 6,840/s to 7,448/s | 1");
  expect(page).toContain("session pooling | 3,600/s to 3,920/s | ");
});

test("the page of eighteen stages leaves room for longer ones below 1.5 MB", () => {
  const page = renderHtml(fakeBenchmarkRun({ capacities: variants }), { chartsScript: "x".repeat(700_000) });
  expect(page.length).toBeLessThan(1_000_000);
});

test("what Citus counted and who waited for whom has a table of its own", () => {
  const run = fakeBenchmarkRun();
  expect(readableText(staticPart(run).markup)).not.toContain("lock waits");
  const rates = {
    singleShardQueries: 900,
    multiShardQueries: 30,
    connectionsMade: 0.5,
    connectionsReused: 930,
  };
  const citus = run.recording.resources.flatMap((one) =>
    one.kind === "machine"
      ? [
          {
            ...{ atUs: one.atUs, kind: "citus" as const, member: "coordinator-1", lockWaits: 2 },
            ...{ blocked: "update accounts", blocking: "commit" },
            perSecond: { ...rates, connectionsFailed: 0 },
          },
        ]
      : [],
  );
  const resources = [...run.recording.resources, ...citus];
  const page = readableText(staticPart({ ...run, recording: { ...run.recording, resources } }).markup);
  expect(page).toContain(
    "coordinator-1 | 900/s | 30/s | 0.500/s | 930/s | 0/s | 2 (most 2) | update accounts for commit",
  );
});

test("nothing in a statement or a wait event can end its element early", () => {
  const nasty = '</script><script>alert("x")</script><!--';
  const run = fakeBenchmarkRun();
  const statements = run.recording.statements.map((one) => ({ ...one, query: nasty }));
  const resources = run.recording.resources.map((one) =>
    one.kind === "postgres" ? { ...one, activeByWait: { [nasty]: 2 } } : one,
  );
  const page = renderHtml(
    { ...run, recording: { ...run.recording, statements, resources } },
    { chartsScript: "" },
  );
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toMatch(/<!--/);
});
