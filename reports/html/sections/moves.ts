import { formatBytes, formatCount, formatMoment, formatValue } from "../../../harness/model/format-value.ts";
import { injectionTitle } from "../../../harness/model/figure-names.ts";
import type { InjectionMeasurement } from "../../../harness/model/measurement.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** What each operation moved from worker group to worker group, and how long that took; null: none moved shards. */
export function moves(run: Run, footnotes: Footnotes): Markup | null {
  const { measurements, recording } = run;
  const moving = measurements.injections.filter(({ moves: moved }) => moved !== undefined);
  if (moving.length === 0) return null;
  const { spareGroups } = recording.plan.topology.workers;
  return section(
    "moves",
    "Shards that were moved",
    html`<p>
      As the mover recorded it, while the shards were being read and written.
      ${spareGroups === 0 ? "" : "The groups that were added had run since the cluster's start: how long it takes to get and install a server is no part of this."}
      Latency before, during and after stands under "What the faults did to the load", and second by second in
      the time line.
    </p>`,
    moving.map((injection) => ofInjection(injection, footnotes)),
  );
}

function ofInjection(injection: InjectionMeasurement, footnotes: Footnotes): Markup {
  const { moves: moved, fault } = injection;
  if (moved === undefined) return html``;
  return html`<p>
      <strong>${injectionTitle(fault, injection.injection)}</strong>:
      ${footnotes.figure(moved.shards, "shards")}, ${footnotes.figure(moved.mebibytes, "MiB")}, in
      ${footnotes.figure(moved.seconds, "s")}; the longest lock took
      ${footnotes.figure(moved.longestLockMs, "ms")}. Unavailability during the operation, of the worst probe:
      writes ${footnotes.figure(injection.writeUnavailabilitySeconds, "s")}, reads
      ${footnotes.figure(injection.readUnavailabilitySeconds, "s")}.
    </p>
    ${table(
      [
        { title: "Shards" },
        {
          title: "Tables",
          number: true,
          hint: "Co-located shards are moved together: one of each table.",
        },
        { title: "From" },
        { title: "To" },
        { title: "Size", number: true, hint: metricHint("moved-size") },
        { title: "Ended at", number: true },
        { title: "Took", number: true },
        { title: "Locked", number: true, hint: metricHint("longest-lock") },
      ],
      moved.each.map(rowOf),
    )}`;
}

function rowOf(one: NonNullable<InjectionMeasurement["moves"]>["each"][number]): Content[] {
  return [
    html`<strong>${one.name}</strong>`,
    formatCount(one.shards),
    one.from,
    one.to,
    formatBytes(one.bytes),
    formatMoment(one.endedAtUs),
    formatValue(one.tookMs / 1000, "s"),
    one.lockedMs === null ? "—" : formatValue(one.lockedMs, "ms"),
  ];
}
