import { variantTitle } from "../harness/model/figure-names.ts";
import type { Figure, StageMeasurement } from "../harness/model/measurement.ts";
import { numberOf } from "../harness/stats/figures.ts";
import type { Run } from "./run.ts";

/** What a variant reached over what the first one did. */
export interface VariantRatio {
  /** `capacity`, or the name of a stage with a closed load: an open one is sent at a rate that is given. */
  readonly of: string;
  readonly variant: string;
  /** The first variant. */
  readonly to: string;
  readonly ratio: Figure;
}

/** Of every variant but the first: its capacity, where one is looked for, and what each closed load reached. */
export function ratiosOfVariants({ recording: { plan }, measurements }: Run): readonly VariantRatio[] {
  const [first, ...others] = plan.benchmark?.variants ?? [];
  if (first === undefined) return [];
  const { stages, figures } = measurements;
  const closed = stages.filter(({ stage }) => stage.purpose !== "search" && stage.shape.kind === "closed");
  const names = [...new Set(closed.map(({ stage }) => stage.name))];
  return others.flatMap(({ name: variant }) => {
    const compared = { variant, to: first.name };
    const capacity = figures.find(({ metric, of }) => metric === "speed-up" && of === variantTitle(variant));
    const ofStage = (name: string, wanted: string): StageMeasurement | undefined =>
      closed.find(({ stage }) => stage.name === name && stage.variant === wanted);
    return [
      ...(capacity === undefined ? [] : [{ of: "capacity", ...compared, ratio: capacity.figure }]),
      ...names.map((name) => ({
        of: name,
        ...compared,
        ratio: ratioOfThroughput(ofStage(name, variant), ofStage(name, first.name)),
      })),
    ];
  });
}

/** Of two closed loads; withheld where either was not measured. */
export function ratioOfThroughput(
  one: StageMeasurement | undefined,
  first: StageMeasurement | undefined,
): Figure {
  const [mine, firsts] = [one, first].map((each) => each && numberOf(each.throughputPerSecond));
  if (mine == null || firsts == null || firsts === 0)
    return { kind: "withheld", reason: "the load was not measured on both variants" };
  return { kind: "value", value: mine / firsts };
}
