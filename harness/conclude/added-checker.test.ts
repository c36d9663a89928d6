import { describe, expect, test } from "vitest";
import { renderHtml } from "../../reports/html/render-html.ts";
import { renderJson } from "../../reports/json.ts";
import { renderJunit } from "../../reports/junit.ts";
import type { Run } from "../../reports/run.ts";
import { renderSummary } from "../../reports/summary.ts";
import { checkerCatalogue } from "../check/catalogue.ts";
import { checkSafety } from "../check/check-safety.ts";
import { judge } from "../judge/judge.ts";
import { measure } from "../measure/measure.ts";
import { fakeBenchmarkRecording } from "../model/benchmark-recording.fake.ts";
import type { Checker } from "../model/checker.ts";
import type { CheckFinding } from "../model/measurement.ts";
import { fakeRecording } from "../model/recording.fake.ts";
import type { LedgerReading, Recording } from "../model/recording.ts";
import type { Target } from "../model/target.ts";

/** All that a new checker is, beside its line in the catalogue: nobody ever deletes a row of a ledger. */
const neverShrinks: Checker = {
  name: "never-shrinks",
  looksFor: "A ledger that holds fewer rows than it held before.",
  needs: "a ledger that was read twice",
  metric: "findings",
  check({ ledgers }) {
    const streams = [...new Set(ledgers.map(({ stream }) => stream))];
    if (streams.length === 0) return { notApplicable: "no ledger was read" };
    return { findings: streams.map((stream) => shrunk(ledgers.filter((each) => each.stream === stream))) };
  },
};

function shrunk(readings: readonly LedgerReading[]): CheckFinding {
  const inOrder = readings.toSorted((a, b) => a.atUs - b.atUs);
  const of = inOrder[0]?.stream ?? "";
  if (inOrder.length < 2) {
    return { of, figure: { kind: "withheld", reason: "it was read once" }, n: inOrder.length };
  }
  const steps = inOrder.flatMap((after, index) => {
    const before = inOrder[index - 1];
    return before !== undefined && after.rows < before.rows ? [{ before, after }] : [];
  });
  const [first] = steps;
  return {
    of,
    figure: { kind: "value", value: steps.length },
    n: inOrder.length,
    ...(first === undefined
      ? {}
      : {
          evidence: `its rows went from ${first.before.rows} to ${first.after.rows}`,
          moments: [{ fromUs: first.before.atUs, toUs: first.after.atUs }],
        }),
  };
}

const healthy = fakeRecording({ injections: [{ fault: "crash-postgres", writeOutageSeconds: 1.7 }] });

describe("a checker that was added to the catalogue, and to nothing else", () => {
  test("has its findings in the measurements, and fails the run where it found something", () => {
    const { measurements, verdict } = concluded(withLastRows(healthy, 7));
    const check = measurements.checks?.find(({ checker }) => checker === "never-shrinks");
    expect(check?.findings.map(({ of, figure }) => [of, figure])).toEqual([
      ["write-probe", { kind: "value", value: 1 }],
      ["mix-insert-order", { kind: "value", value: 0 }],
    ]);
    expect(measurements.figures.filter(({ metric }) => metric === "findings")).toMatchObject([
      { of: "never-shrinks, write-probe", kind: "never-shrinks", figure: { kind: "value", value: 1 } },
      { of: "never-shrinks, mix-insert-order", kind: "never-shrinks", figure: { kind: "value", value: 0 } },
    ]);
    expect(verdict.outcome).toBe("fail");
    expect(verdict.targets.find(({ target }) => target.metric === "findings")).toMatchObject({
      target: { id: "CHECKERS" },
      outcome: "fail",
      sentence: expect.stringMatching(
        /^Found by a checker were 1 finding \(never-shrinks, write-probe, where its rows went from \d+ to 7\); CHECKERS promises at most 0 findings\.$/,
      ) as string,
    });
  });

  test("is shown on the page, the terminal, in JUnit's XML and in JSON, with its evidence", () => {
    const run = concluded(withLastRows(healthy, 7));
    const went = /its rows went from \d+ to 7/;
    expect(renderHtml(run, { chartsScript: "" })).toMatch(went);
    expect(renderHtml(run, { chartsScript: "" })).toContain(neverShrinks.looksFor);
    expect(inOneLine(renderSummary(run, { colour: false, width: 100, reportPath: "report.html" }))).toMatch(
      /Found by never-shrinks: write-probe: 1 finding: its rows went from \d+ to 7; from 0:\d\d\.\d{3} to/,
    );
    expect(renderJunit(run)).toMatch(went);
    const json = JSON.parse(renderJson(run, { directory: "", report: "" })) as Record<string, unknown>;
    expect(json.checks).toEqual(run.measurements.checks);
  });

  test("may be bounded by a target of its name, which then stands for the one that goes without saying", () => {
    const own: Target = {
      id: "SHRINKS",
      title: "A ledger shrinks once at most",
      metric: "findings",
      of: "never-shrinks",
      statistic: "sum",
      bound: { atMost: 1 },
      source: "ours",
    };
    const { verdict } = concluded(withTarget(withLastRows(healthy, 7), own));
    const judged = verdict.targets.filter(({ target }) => target.metric === "findings");
    expect(judged.map(({ target, outcome }) => [target.id, outcome])).toEqual([["SHRINKS", "pass"]]);
  });

  test("passes where it found nothing, and no target speaks of what it is not", () => {
    const { verdict } = concluded(healthy);
    expect(outcomeOf(verdict.targets)).toBe("pass");
    const without = concluded(healthy, []);
    expect(outcomeOf(without.verdict.targets)).toBeUndefined();
  });

  test("leaves the verdict unknown where it did not decide, and that is a gap with its reason", () => {
    const { verdict, measurements } = concluded(readOnce(healthy));
    expect(outcomeOf(verdict.targets)).toBe("unknown");
    expect(measurements.gaps).toContain(
      "The checker never-shrinks did not decide of write-probe: it was read once.",
    );
  });

  test("leaves the verdict unknown where it looked at nothing, and that is a gap too", () => {
    const { verdict, measurements } = concluded(healthy, [
      { ...neverShrinks, check: () => ({ findings: [] }) },
    ]);
    expect(outcomeOf(verdict.targets)).toBe("unknown");
    expect(verdict.outcome).toBe("unknown");
    expect(measurements.gaps).toContain(
      "The checker never-shrinks did not decide of whole run: nothing could be looked at.",
    );
  });

  test("has each of its findings judged where load goes on under the faults, also two of one thing", () => {
    const twice: Checker = {
      ...neverShrinks,
      check: () => ({
        findings: [1, 0].map((value) => ({ of: "write-probe", figure: { kind: "value", value }, n: 1 })),
      }),
    };
    const alone = concluded(healthy, [twice]);
    const both = concluded(underLoad(healthy), [twice]);
    expect(outcomeOf(alone.verdict.targets)).toBe("fail");
    expect(outcomeOf(both.verdict.targets)).toBe("fail");
    for (const metric of ["findings", "acknowledging-primaries", "second-primary-writes"] as const) {
      const [own, same] = [both, alone].map(({ measurements }) =>
        measurements.figures.filter((figure) => figure.metric === metric),
      );
      expect(own).toEqual(same);
    }
  });

  test("says why it is not applicable, and a target of its name is then not decided for that reason", () => {
    const target: Target = {
      id: "SHRINKS",
      title: "A ledger never shrinks",
      metric: "findings",
      of: "never-shrinks",
      statistic: "each",
      bound: { atMost: 0 },
      source: "ours",
    };
    const run = concluded(withTarget(fakeBenchmarkRecording(), target));
    const why = "no ledger was read; it needs a ledger that was read twice";
    expect(run.measurements.checks?.at(-1)).toMatchObject({ notApplicable: why, findings: [] });
    expect(run.verdict.targets.find((each) => each.target.id === "SHRINKS")?.sentence).toContain(
      `the checker "never-shrinks" is not applicable: ${why}`,
    );
    expect(renderHtml(run, { chartsScript: "" })).toContain(why);
  });
});

function concluded(recording: Recording, added: readonly Checker[] = [neverShrinks]): Run {
  const measurements = measure(recording, checkSafety(recording, [...checkerCatalogue, ...added]));
  return {
    recording,
    measurements,
    verdict: judge({ plan: recording.plan, measurements, end: recording.end }),
    workload: null,
  };
}

/** The write probe's ledger said at last that it held so many rows, whatever it held. */
function withLastRows(recording: Recording, rows: number): Recording {
  const last = recording.ledgers.findLast(({ stream }) => stream === "write-probe");
  return {
    ...recording,
    ledgers: recording.ledgers.map((each) => (each === last ? { ...each, rows } : each)),
  };
}

/** The same after the stages of a benchmark. */
function underLoad(recording: Recording): Recording {
  const { plan, stages, resources, invariants } = fakeBenchmarkRecording();
  return {
    ...recording,
    plan: { ...recording.plan, benchmark: plan.benchmark },
    stages,
    resources,
    invariants,
  };
}

function readOnce(recording: Recording): Recording {
  return { ...recording, ledgers: recording.ledgers.filter(({ injection }) => injection === null) };
}

function withTarget(recording: Recording, target: Target): Recording {
  return { ...recording, plan: { ...recording.plan, targets: [...recording.plan.targets, target] } };
}

function outcomeOf(targets: Run["verdict"]["targets"]): string | undefined {
  return targets.find(({ target }) => target.metric === "findings")?.outcome;
}

/** The terminal breaks lines. */
function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
