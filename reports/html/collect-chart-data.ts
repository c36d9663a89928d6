import { bandFor } from "../../harness/model/advice.ts";
import type { Figure, InjectionMeasurement } from "../../harness/model/measurement.ts";
import { type MetricName, metrics } from "../../harness/model/metric.ts";
import { boundValue, describeBound } from "../describe-bound.ts";
import { kindTitle } from "../../harness/model/figure-names.ts";
import { numberOf } from "../figure-values.ts";
import type { Run } from "../run.ts";
import { runLengthUs } from "../run-length.ts";
import { sustainedStages } from "../../harness/stats/steady-phase.ts";
import { bucketStage } from "./bucket-stage.ts";
import { bucketSamples } from "./bucket-samples.ts";
import type { ChartData, Dot, FaultBand, PhaseData } from "./chart-data.ts";
import { collectMarks } from "./collect-marks.ts";
import { HOPS } from "./hops.ts";
import { lowestOf } from "../../harness/stats/figures.ts";

/** Everything that the script of a page about faults draws. */
export function collectChartData(run: Run): ChartData {
  const { recording, measurements } = run;
  const lengthUs = runLengthUs(recording);
  return {
    lengthSeconds: lengthUs / SECOND,
    streams: [
      ...sustainedStages(recording.stages).map((stage) => bucketStage(stage, lengthUs)),
      ...[...recording.samples]
        .filter(([, samples]) => samples.length > 0)
        .map(([name, samples]) => bucketSamples(name, samples, lengthUs)),
    ],
    bands: measurements.injections.map(faultBand),
    marks: collectMarks(recording.events),
    distribution: distribution(run),
    phases: phases(run),
  };
}

function faultBand(one: InjectionMeasurement): FaultBand {
  const served = one.hops.find(({ hop }) => hop === "first-success")?.atUs ?? null;
  const from = one.faultAtUs / SECOND;
  const redundancy = one.timeToFullRedundancySeconds;
  return {
    injection: one.injection,
    fault: one.fault,
    victim: one.victim,
    from,
    served: served === null ? null : served / SECOND,
    to: redundancy.kind === "value" ? from + redundancy.value : one.windowEndUs / SECOND,
  };
}

const UNAVAILABILITY: ReadonlySet<MetricName> = new Set(["write-unavailability", "read-unavailability"]);

function distribution(run: Run): ChartData["distribution"] {
  const { measurements, recording } = run;
  return {
    faults: measurements.faults.map(({ fault, role }) => {
      const mine = measurements.injections.filter((one) => one.fault === fault && one.role === role);
      const band = bandFor(recording.plan.advice, { metric: "write-unavailability", fault, role });
      return {
        fault: kindTitle({ fault, role }),
        band: band === undefined ? null : [band.lowSeconds, band.highSeconds],
        writes: mine.flatMap((one) => dot(one.injection, one.writeUnavailabilitySeconds)),
        reads: mine.flatMap((one) => dot(one.injection, one.readUnavailabilitySeconds)),
      };
    }),
    // A line runs through all faults: what is promised of one of them alone is in the table of targets.
    targets: recording.plan.targets
      .filter(({ metric, of }) => of === undefined && UNAVAILABILITY.has(metric))
      .map((target) => ({
        label: `${target.id} ${describeBound(target)} (${metrics[target.metric].title.toLowerCase()})`,
        seconds: boundValue(target),
      })),
  };
}

function dot(injection: number, figure: Figure): Dot[] {
  if (figure.kind === "withheld") return [];
  const atMost = figure.kind === "between" ? figure.high : null;
  return [{ injection, seconds: lowestOf(figure), atLeast: figure.kind !== "value", atMost }];
}

function phases(run: Run): PhaseData {
  const { injections, faults } = run.measurements;
  return {
    hops: HOPS.map(({ hop, title }) => ({ name: hop, title })),
    injections: injections.map((one) => ({
      label: `${one.injection} ${one.fault}`,
      hops: HOPS.map(({ hop }) => {
        const found = one.hops.find((step) => step.hop === hop);
        return {
          seconds: found === undefined ? null : numberOf(found.tookSeconds),
          atLeast: found !== undefined && isBounded(found.tookSeconds),
          evidence: found?.evidence ?? "not measured",
        };
      }),
    })),
    medians: faults.map((fault) => ({
      label: kindTitle(fault),
      hops: HOPS.map(({ hop }) => ({
        seconds: numberOf(fault.hopMedianSeconds[hop]),
        atLeast: isBounded(fault.hopMedianSeconds[hop]),
        evidence: `median of ${fault.writeUnavailabilitySeconds.n} injections`,
      })),
    })),
  };
}

/** Only a bound is known of it. */
function isBounded({ kind }: Figure): boolean {
  return kind === "at-least" || kind === "between";
}

const SECOND = 1_000_000;
