import type { VictimRole } from "./advice.ts";
import type { Stage, SustainedLoad, WantedShape } from "./benchmark.ts";
import type { CopyReading } from "./copy-answers.ts";
import type { LatencyMeasurement } from "./measurement.ts";
import type { StreamName } from "./sample.ts";

/** What figures, targets, events and reports call a stage: by its name alone where the plan has one variant. */
export function stageTitle({ variant, name }: Pick<Stage, "variant" | "name">): string {
  return variant === "" ? name : `${variant}: ${name}`;
}

/** The name of the stage that goes on under faults. */
export function sustainedName(sustained: SustainedLoad<WantedShape>): string {
  return sustained.kind === "shape" ? sustained.name : `${sustained.percent} % of capacity, sustained`;
}

/** Before the first fault, during all of them, and after operations that have an end of their own. */
export const sustainedParts = ["before", "during", "after"] as const;

/** What the figures of one part of a sustained stage are of: "50 % of capacity, sustained, before". */
export function sustainedTitle(stage: string, part: (typeof sustainedParts)[number]): string {
  return `${stage}, ${part}`;
}

/** What the figures of one kind of operation of a stage are of. */
export function operationTitle(stage: string, operation: string): string {
  return `${stage}, ${operation}`;
}

/** What the figures of a whole variant are of: its capacity, its invariants. */
export function variantTitle(variant: string): string {
  return variant === "" ? wholeRun : variant;
}

/** What the figures of one group of members are of. */
export function groupTitle({ variant, group }: { readonly variant: string; readonly group: string }): string {
  return variant === "" ? group : `${variant}: ${group}`;
}

export const wholeRun = "whole run";
/** Of a run of faults: the phase before the first of them. */
export const steadyPhase = "steady phase";
/** Of a run of faults: what happened before, between and after them. */
export const outsideInjections = "outside the injections' windows";
export const bothProbes = "both probes, whole load";

/** What the figures of a stream in one part of a run of faults are of. */
export function streamTitle(stream: StreamName, part: LatencyMeasurement["part"]): string {
  return `${stream}, ${part}`;
}

/** What the figure of a finding is of that has no metric of its own. */
export function checkerTitle(checker: string, of: string): string {
  return `${checker}, ${of}`;
}

/** What the figures of one injection are of. */
export function injectionTitle(fault: string, injection: number): string {
  return `${fault}, injection ${injection}`;
}

/**
 * A fault on victims of one role, "pause-node, synchronous standby": what figures of its injections may be asked for by.
 * A victim that is not said to be another was the primary, or of no known consequence.
 */
export function kindTitle({
  fault,
  role,
}: {
  readonly fault: string;
  readonly role: VictimRole | null;
}): string {
  return role === null || role === "primary" ? fault : `${fault}, ${role}`;
}

/** When every copy was asked: before the first fault, or after an injection. */
export function momentTitle(injection: number | null, fault: string | null): string {
  return injection === null
    ? "before the first fault"
    : `after ${injectionTitle(fault ?? "a fault", injection)}`;
}

/** What the figure of one copy at one moment is of: "after switchover, injection 1, coordinator-2 by index". */
export function copyTitle(
  { injection, member, role, path }: Pick<CopyReading, "injection" | "member" | "role" | "path">,
  fault: string | null,
): string {
  const as = role === null ? "" : ` (${role})`;
  return `${momentTitle(injection, fault)}, ${member}${as} by ${path === "index" ? "index" : "exact scan"}`;
}
