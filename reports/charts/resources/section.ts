import { formatUtilisation } from "../../../harness/model/format-value.ts";
import type { Bottleneck } from "../../../harness/model/measurement.ts";
import { type Content, html, type Markup } from "../../html/markup.ts";
import { chartPlace, section, stageCell, table } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";
import { waits } from "../waits/section.ts";
import { isOnTimeline } from "./data.ts";
import { resourceTables } from "./tables.ts";

/**
 * What was full in each stage, and before and during each injection, said as a sentence, and what all resources were
 * doing. null where there was neither stage nor reading, as in recordings of faults of before these were watched.
 */
export function bottlenecks(run: Run): Markup | null {
  const { resources, plan } = run.recording;
  if (plan.benchmark === null && resources.length === 0) return null;
  return section(
    "resources",
    "Where the time and the resources went",
    fullInStages(run),
    fullInStretches(run),
    charts(run),
    resourceTables(run),
  );
}

function fullInStages({ measurements: { stages } }: Run): Markup | null {
  if (stages.length === 0) return null;
  return table(
    [{ title: "Stage" }, { title: "Saturated in the steady phase" }],
    stages.map((one) => [stageCell(one), sentences(one.bottlenecks)]),
  );
}

function fullInStretches({ measurements: { stretches = [] } }: Run): Markup | null {
  if (stretches.length === 0) return null;
  return html`${table(
      [{ title: "Stretch" }, { title: "Full meanwhile" }],
      stretches.map(({ of, bottlenecks: full }) => [of, sentences(full)]),
    )}
    <p class="hint">
      Of an injection: from its fault until the cluster was whole again, and of the machine and its containers
      alone, because clients that queue are what an outage looks like. A machine that is full delays
      elections, replay and the client itself.
    </p>`;
}

function charts({ recording }: Run): Content {
  if (recording.resources.length === 0) return html`<p>Resources were not watched.</p>`;
  return [
    html`<h3>CPU, queues and WAL</h3>`,
    isOnTimeline(recording)
      ? html`<p>Second by second they are in the <a href="#timeline">time line</a>, beside the faults.</p>`
      : chartPlace("resources", "The chart needs JavaScript; the tables below have the means of each stage."),
    recording.stages.length === 0 ? null : waits(),
  ];
}

function sentences(list: readonly Bottleneck[] | null): Markup {
  if (list === null) return html`Not known: resources were not watched.`;
  if (list.length === 0) return html`Nothing was saturated.`;
  return html`${list.map(
    ({ resource, utilisation, evidence }, index) =>
      html`${index === 0 ? null : html`<br />`}<strong>${resource}</strong>
        (${formatUtilisation(utilisation)}): ${evidence}`,
  )}`;
}
