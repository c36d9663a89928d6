import Ajv from "ajv";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeBenchmarkRun } from "../reports/benchmark-run.fake.ts";
import { renderJson } from "../reports/json.ts";
import type { Run } from "../reports/run.ts";
import { fakeRun, fakeRunWithoutCluster } from "../reports/run.fake.ts";
import { jsonSchemas } from "../build/json-schemas.ts";
import { concludeRun } from "./conclude/conclude-run.ts";
import { fakeBenchmarkRecording } from "./model/benchmark-recording.fake.ts";
import { formatVersions } from "./model/format-versions.ts";
import { fakeRecording } from "./model/recording.fake.ts";
import type { Recording } from "./model/recording.ts";
import { packageRoot } from "./package-root.ts";
import { writeRecording } from "./conclude/tampered-recording.fake.ts";

const NAMES = ["plan", "measurements", "verdict"] as const;

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(path.join(tmpdir(), "dpg-schemas-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true, force: true });
});

test("the published schemas are those of the zod types and the model's docstrings", async () => {
  for (const [name, text] of await jsonSchemas()) {
    const published = await readFile(path.join(packageRoot(), "schemas", name), "utf8").catch(() => null);
    expect(published, `schemas/${name} is out of date: \`npm run schemas\` writes it again`).toBe(text);
  }
});

describe("what a run leaves fits its published schema", () => {
  test.each([
    [
      "faults",
      fakeRecording({ injections: [{ fault: "kill-node", writeOutageSeconds: 22.9, lostRows: 4 }] }),
    ],
    ["a benchmark", fakeBenchmarkRecording()],
    ["nothing but a plan", nothingRecorded()],
  ])("of %s", async (_of, recording) => {
    const { directory } = await concludeRun(await writeRecording(runs, recording));
    const validator = await publishedSchemas();
    for (const name of NAMES) {
      const content: unknown = JSON.parse(await readFile(path.join(directory, `${name}.json`), "utf8"));
      expect(content).toMatchObject({ formatVersion: formatVersions[name] });
      expect([name, problems(validator, idOf(name), content)]).toEqual([name, null]);
    }
  });
});

test("a bare null for a figure, a field that is missing and another version do not fit", async () => {
  const { measurements } = fakeRun();
  const validator = await publishedSchemas();
  const fitting = { formatVersion: 1, ...measurements };
  const problemsOf = (changes: object) =>
    problems(validator, idOf("measurements"), { ...fitting, ...changes });
  expect(problemsOf({})).toBeNull();
  expect(problemsOf({ scheduleLagMs: { ...measurements.scheduleLagMs, p99: null } })).not.toBeNull();
  expect(problemsOf({ gaps: undefined })).toContain("required property 'gaps'");
  expect(problemsOf({ formatVersion: 2 })).not.toBeNull();
});

test("a field that a later dpg-bench adds fits", async () => {
  const fitting = { formatVersion: 1, ...fakeRun().verdict, added: true };
  expect(problems(await publishedSchemas(), idOf("verdict"), fitting)).toBeNull();
});

describe("each field of what --json prints has a published schema, or is its own", () => {
  const measurements = (field: string) => `${idOf("measurements")}#/properties/${field}`;
  const plan = (field: string) => `${idOf("plan")}#/properties/${field}`;
  const FORMS: Readonly<Record<string, string>> = {
    outcome: `${idOf("verdict")}#/properties/outcome`,
    targets: `${idOf("verdict")}#/properties/targets`,
    seed: plan("seed"),
    overrides: plan("overrides"),
    findings: plan("advice/properties/findings"),
    faults: measurements("faults"),
    stray: measurements("stray"),
    figures: measurements("figures"),
    ledgers: measurements("ledgers"),
    latency: measurements("latency"),
    scheduleLagMs: measurements("scheduleLagMs"),
    stages: measurements("stages"),
    capacities: measurements("capacities"),
    disturbances: measurements("disturbances"),
    stretches: measurements("stretches"),
    invariants: measurements("invariants"),
    placements: measurements("placements"),
    loadings: measurements("loadings"),
    startUps: measurements("startUps"),
    checks: measurements("checks"),
    copies: measurements("copies"),
    gaps: measurements("gaps"),
  };
  const OWN = [
    ...["formatVersion", "cluster", "dpgBench", "complete", "incompleteBecause", "scenario", "quick"],
    ...["topology", "dialects", "machine", "paths", "ratios"],
  ];

  test.each([
    ["a run of faults", fakeRun()],
    ["a benchmark", fakeBenchmarkRun()],
    ["a run without a cluster", fakeRunWithoutCluster()],
  ])("of %s", async (_of, run: Run) => {
    const printed = renderJson(run, { directory: "runs/x", report: "runs/x/report.html" });
    const document = JSON.parse(printed) as Record<string, unknown>;
    const validator = await publishedSchemas();
    expect(Object.keys(document).toSorted()).toEqual([...Object.keys(FORMS), ...OWN].toSorted());
    for (const [field, form] of Object.entries(FORMS)) {
      expect([field, problems(validator, form, document[field])]).toEqual([field, null]);
    }
    const band = plan("advice/properties/bands/items");
    for (const { predicted, predictedReads } of document.faults as Record<string, unknown>[]) {
      for (const bandOrNull of [predicted, predictedReads]) {
        if (bandOrNull !== null) expect(problems(validator, band, bandOrNull)).toBeNull();
      }
    }
  });
});

async function publishedSchemas(): Promise<Ajv.Ajv> {
  const validator = new Ajv({ allErrors: true, strictKeywords: true });
  for (const name of NAMES) {
    const text = await readFile(path.join(packageRoot(), "schemas", `${name}.schema.json`), "utf8");
    validator.addSchema(JSON.parse(text) as object);
  }
  return validator;
}

function idOf(name: (typeof NAMES)[number]): string {
  return `urn:dpg-bench:${name}:${formatVersions[name]}`;
}

/** In words; null: it fits. */
function problems(validator: Ajv.Ajv, reference: string, value: unknown): string | null {
  return validator.validate(reference, value) === true ? null : validator.errorsText();
}

function nothingRecorded(): Recording {
  const end = { kind: "incomplete", reason: "interrupted" } as const;
  return {
    ...fakeRecording({}),
    ...{ environment: null, events: [], samples: new Map<never, never>(), ledgers: [], resources: [], end },
  };
}
