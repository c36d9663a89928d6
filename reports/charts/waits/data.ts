import { stageTitle } from "../../../harness/model/figure-names.ts";
import type { PostgresReading, ResourceReading } from "../../../harness/model/resource.ts";
import { steadyReadings } from "../../../harness/stats/steady-readings.ts";
import type { Run } from "../../run.ts";

/** Mean number of client backends by what they waited for, per stage: over the looks at each member, in its steady phase. */
export interface WaitData {
  readonly stages: readonly string[];
  readonly events: readonly { readonly name: string; readonly backends: readonly number[] }[];
}

export function collectWaits({ recording }: Run): WaitData | null {
  const { stages, resources } = recording;
  if (stages.length === 0 || resources.length === 0) return null;
  const perStage = stages.map((stage) => meanBackends(steadyReadings(resources, stage)));
  const totals = new Map<string, number>();
  for (const means of perStage)
    for (const [name, mean] of means) totals.set(name, (totals.get(name) ?? 0) + mean);
  const names = [...totals].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  const shown = names.slice(0, names.length > MOST_EVENTS ? MOST_EVENTS - 1 : MOST_EVENTS);
  const others = names.slice(shown.length);
  const events = shown.map((name) => ({
    name,
    backends: perStage.map((means) => round(means.get(name) ?? 0)),
  }));
  const rest = perStage.map((means) => round(others.reduce((sum, name) => sum + (means.get(name) ?? 0), 0)));
  return {
    stages: stages.map(({ stage }) => stageTitle(stage)),
    events: others.length === 0 ? events : [...events, { name: `${others.length} others`, backends: rest }],
  };
}

/** Mean number of backends by wait event, summed over members. */
function meanBackends(readings: readonly ResourceReading[]): Map<string, number> {
  const looks = new Map<string, PostgresReading[]>();
  for (const reading of readings)
    if (reading.kind === "postgres")
      looks.set(reading.member, [...(looks.get(reading.member) ?? []), reading]);
  const means = new Map<string, number>();
  for (const list of looks.values()) {
    for (const { activeByWait } of list)
      for (const [name, backends] of Object.entries(activeByWait))
        means.set(name, (means.get(name) ?? 0) + backends / list.length);
  }
  return means;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const MOST_EVENTS = 10;
