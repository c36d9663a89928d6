import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkSafety } from "../../harness/check/check-safety.ts";
import { plantEverywhere, writeRecording } from "../../harness/conclude/tampered-recording.fake.ts";
import { judge } from "../../harness/judge/judge.ts";
import { measure } from "../../harness/measure/measure.ts";
import { fakeBenchmarkRecording } from "../../harness/model/benchmark-recording.fake.ts";
import { fakeRecording } from "../../harness/model/recording.fake.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { readRecording } from "../../harness/store/read-recording.ts";
import { fakeBenchmarkRun } from "../benchmark-run.fake.ts";
import { fakeComparison } from "../comparison.fake.ts";
import { renderComparison } from "./render-comparison.ts";
import { renderHtml } from "./render-html.ts";
import { renderJunit } from "../junit.ts";
import { fakeRunUnderLoad } from "../run-under-load.fake.ts";
import { fakeRun, fakeRunWithoutCluster } from "../run.fake.ts";
import type { Run } from "../run.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
if (executable === undefined) {
  console.warn(
    "skipped: the report in a real browser (no Chromium at /usr/bin/chromium; `apt-get install chromium`)",
  );
}

describe.skipIf(executable === undefined)("the report in a real browser", () => {
  let browser: Browser;
  let directory: string;
  let chartsScript: string;

  beforeAll(async () => {
    chartsScript = await bundle();
    directory = await mkdtemp(path.join(tmpdir(), "dpg-bench-report-"));
    browser = await chromium.launch({ executablePath: executable ?? "", args: flags });
  });
  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("a full run draws its three charts, without an error and without a request", async () => {
    await using opened = await open(fakeRun(), { width: 1200, colorScheme: "light" });
    expect(await opened.marksIn("#chart-failover")).toBeGreaterThan(30);
    expect(await opened.marksIn("#chart-phases")).toBeGreaterThan(90);
    expect(await opened.marksIn("#chart-timeline")).toBeGreaterThan(100);
    expect(opened.troubles).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  test("a benchmark draws its charts, shows any stage and percentile, without an error and without a request", async () => {
    const run = fakeBenchmarkRun({ capacities: { "session pooling": 4000, "transaction pooling": 7600 } });
    await using opened = await open(run, { width: 1200, colorScheme: "light" });
    for (const chart of ["load", "percentiles", "timeline", "resources", "waits"])
      expect(await opened.marksIn(`#chart-${chart}`)).toBeGreaterThan(10);
    const drawn = (chart: string): Promise<string> => opened.page.locator(`#chart-${chart} svg`).innerHTML();
    const before = { load: await drawn("load"), percentiles: await drawn("percentiles") };
    await opened.page.getByLabel("p50").check();
    expect(await drawn("load")).not.toBe(before.load);
    await opened.page.locator("#percentile-stage").selectOption("transaction pooling: confirmation");
    expect(await drawn("percentiles")).not.toBe(before.percentiles);
    const whole = await drawn("timeline");
    await opened.page.locator("#timeline-stage").selectOption({ index: 2 });
    await expect.poll(() => drawn("timeline")).not.toBe(whole);
    expect(opened.troubles).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  test("a run of faults under load draws all of it on one axis, and any stream of it", async () => {
    const run = fakeRunUnderLoad();
    const { resources } = fakeBenchmarkRun().recording;
    const watched = { ...run, recording: { ...run.recording, resources } };
    await using opened = await open(watched, { width: 1200, colorScheme: "light" });
    const drawn = (): Promise<string> => opened.page.locator("#chart-timeline svg").innerHTML();
    expect(await drawn()).toContain("cores in use");
    expect(await opened.page.locator("#chart-resources").count()).toBe(0);
    const stages = await drawn();
    await opened.page.getByLabel("write-probe").check();
    await expect.poll(drawn).not.toBe(stages);
    expect(opened.troubles).toEqual([]);
  });

  test("a comparison draws one line per engine", async () => {
    await using opened = await openPage(renderComparison(fakeComparison(), { chartsScript }), {
      width: 1200,
      colorScheme: "dark",
    });
    const text = await opened.page.locator("#chart-load svg").textContent();
    for (const engine of ["native", "pgbench", "k6"]) expect(text).toContain(engine);
    expect(opened.troubles).toEqual([]);
    expect(opened.requests).toEqual([]);
  });

  test.each(["light", "dark"] as const)("nothing overflows sideways at 800 px in %s", async (colorScheme) => {
    const pages = [fakeRun(), fakeRun({ censored: true }), fakeRunWithoutCluster(), fakeBenchmarkRun()].map(
      (run) => renderHtml(run, { chartsScript }),
    );
    for (const html of [...pages, renderComparison(fakeComparison(), { chartsScript })]) {
      await using opened = await openPage(html, { width: 800, colorScheme });
      expect(await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      expect(opened.troubles).toEqual([]);
    }
  });

  test("the page is dark where the reader's system is, charts included", async () => {
    await using light = await open(fakeRun({ rounds: 1 }), { width: 1000, colorScheme: "light" });
    await using dark = await open(fakeRun({ rounds: 1 }), { width: 1000, colorScheme: "dark" });
    const colours = (page: Page): Promise<string[]> =>
      page.evaluate(() => [
        getComputedStyle(document.body).backgroundColor,
        document.querySelector("#chart-phases svg text")?.getAttribute("fill") ?? "none",
      ]);
    const [lightColours, darkColours] = [await colours(light.page), await colours(dark.page)];
    expect(lightColours[0]).toBe("rgb(244, 246, 249)");
    expect(darkColours[0]).toBe("rgb(16, 20, 27)");
    expect(darkColours[1]).not.toBe(lightColours[1]);
  });

  test("the stream's buttons, the injections' links and the log's filter work", async () => {
    await using opened = await open(fakeRun(), { width: 1200, colorScheme: "light" });
    const { page } = opened;
    const drawn = (): Promise<string> => page.locator("#chart-timeline svg").innerHTML();
    const whole = await drawn();
    await page.getByLabel("read-probe").check();
    const reads = await drawn();
    expect(reads).not.toBe(whole);
    await page.locator("#injections a.go").nth(2).click();
    await expect.poll(drawn).not.toBe(reads);
    expect(await page.locator("#chart-timeline svg").textContent()).toContain("0:50");
    await page.locator("#log summary").click();
    await page.locator("#event-filter").fill("coordinator-2 down");
    expect(await page.locator("#event-count").textContent()).toMatch(/^5 of \d+ shown$/);
    expect(await page.locator("#events tbody tr:visible").count()).toBe(5);
    expect(opened.troubles).toEqual([]);
  });

  test("every table can be read without JavaScript", async () => {
    await using opened = await open(fakeRun(), {
      width: 1200,
      colorScheme: "light",
      javaScriptEnabled: false,
    });
    expect(await opened.page.locator("#failover tbody tr").count()).toBe(10);
    expect(await opened.page.locator("#injections tbody tr:visible").count()).toBe(15);
    expect(await opened.page.locator("#chart-timeline noscript").textContent()).toContain("needs JavaScript");
  });

  test("on paper the page is light, and no chart is wider than the sheet", async () => {
    await using opened = await open(fakeRun(), { width: 760, colorScheme: "dark" });
    await opened.page.emulateMedia({ media: "print" });
    const found = await opened.page.evaluate(() => ({
      background: getComputedStyle(document.body).backgroundColor,
      tooWide: [...document.querySelectorAll("svg")].filter(
        (svg) => svg.getBoundingClientRect().right > innerWidth,
      ).length,
    }));
    expect(found).toEqual({ background: "rgb(255, 255, 255)", tooWide: 0 });
  });

  test("the JUnit file is well-formed XML, whatever its sentences hold", async () => {
    await using opened = await open(fakeRunWithoutCluster(), { width: 800, colorScheme: "light" });
    const run = fakeRun();
    const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join("");
    const nasty = `a < b & "c" ]]> \ud800 \ufffe \uffff ${controls}`;
    const targets = run.verdict.targets.map((one) => ({ ...one, sentence: nasty }));
    const found = await opened.page.evaluate(
      (xml) => {
        const document = new DOMParser().parseFromString(xml, "application/xml");
        return {
          errors: document.querySelectorAll("parsererror").length,
          cases: document.querySelectorAll("testcase").length,
        };
      },
      renderJunit({ ...run, verdict: { ...run.verdict, targets } }),
    );
    expect(found).toEqual({ errors: 0, cases: 2 });
  });

  test.each([
    ["faults", fakeRecording],
    ["a benchmark", () => fakeBenchmarkRecording({})],
  ] as const)(
    "a recording of %s with a script in every text runs none of it, and its charts are drawn",
    async (_, recording) => {
      const folder = await writeRecording(path.join(directory, "runs"), recording());
      const planted = `</script><script>window.planted = 1</script><img src=x onerror="window.planted = 2">`;
      await plantEverywhere(folder, (text) => `${text} ${planted}`);
      await using opened = await open(concluded(await readRecording(folder)), {
        width: 1200,
        colorScheme: "light",
      });
      const { page } = opened;
      expect(await page.textContent("body")).toContain(planted);
      for (const chart of await page.locator(".chart svg").all()) await hoverOver(page, chart);
      const tooltips = await page.locator(".chart > div:not(:has(svg))").allTextContents();
      expect(tooltips.join()).toContain(planted);
      expect(await whatRan(page)).toEqual({ planted: null, images: 0, scripts: 2 });
      expect(opened.troubles).toEqual([]);
      expect(opened.requests).toEqual([]);
    },
  );

  test("the page's policy stops a script and a handler that got past the escaping; ours runs", async () => {
    const html = renderHtml(fakeRun({ rounds: 1 }), { chartsScript }).replace(
      "<main>",
      `<main><script>window.planted = 1</script>
        <img src="x" onerror="window.planted = 2" />
        <svg onload="window.planted = 3"></svg>
        <a id="link" href="javascript:window.planted=4">go</a>
        <iframe srcdoc="<script>parent.planted = 5</script>"></iframe>
        <base href="https://example.org/" />`,
    );
    await using opened = await openPage(html, { width: 1200, colorScheme: "light" });
    await opened.page.locator("#link").click();
    expect(await whatRan(opened.page)).toMatchObject({ planted: null });
    expect(await opened.marksIn("#chart-phases")).toBeGreaterThan(5);
    expect(opened.troubles.filter((line) => line.includes("Content Security Policy")).length).toBeGreaterThan(
      4,
    );
    expect(opened.requests).toEqual([]);
  });

  function open(run: Run, options: OpenOptions): Promise<OpenedReport> {
    return openPage(renderHtml(run, { chartsScript }), options);
  }

  async function openPage(html: string, options: OpenOptions): Promise<OpenedReport> {
    const file = path.join(directory, `${Math.random().toString(36).slice(2)}.html`);
    await writeFile(file, html);
    const { width, ...rest } = options;
    const context = await browser.newContext({ viewport: { width, height: 900 }, ...rest });
    const page = await context.newPage();
    const troubles: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => troubles.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) requests.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    return {
      page,
      troubles,
      requests,
      marksIn: (selector) => page.locator(`${selector} svg path, ${selector} svg rect`).count(),
      [Symbol.asyncDispose]: () => context.close(),
    };
  }
});

/** Moves over a chart until each of its tooltips was shown. */
async function hoverOver(page: Page, chart: Locator): Promise<void> {
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) return;
  for (let x = 0.05; x < 1; x += 0.1)
    for (let y = 0.1; y < 1; y += 0.1) await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
}

/** What a planted script would have set, and elements that only planted text could have made. */
function whatRan(page: Page): Promise<object> {
  return page.evaluate(() => ({
    planted: "planted" in window ? window.planted : null,
    images: document.images.length,
    scripts: document.scripts.length,
  }));
}

function concluded(recording: Recording): Run {
  const measurements = measure(recording, checkSafety(recording));
  return {
    recording,
    measurements,
    verdict: judge({ plan: recording.plan, measurements, end: recording.end }),
    workload: null,
  };
}

interface OpenOptions {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
  readonly javaScriptEnabled?: boolean;
}

interface OpenedReport extends AsyncDisposable {
  readonly page: Page;
  /** Everything on the console, and every error. */
  readonly troubles: readonly string[];
  /** Requests to anywhere but the file itself. */
  readonly requests: readonly string[];
  marksIn(selector: string): Promise<number>;
}

/** The chart script as build/bundle.mjs makes it. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "../charts/drawing/page.ts")],
    bundle: true,
    write: false,
    platform: "browser",
    target: "es2020",
    format: "iife",
    minify: true,
    legalComments: "none",
  });
  return outputFiles[0]?.text ?? "";
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
