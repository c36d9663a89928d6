import type { Bottleneck } from "../../../../harness/model/measurement.ts";
import type { Run } from "../../../run.ts";
import { html, type Markup } from "../../markup.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";
import { resourceTables } from "./resource-tables.ts";
import { stageCell } from "./stage-cell.ts";
import { formatUtilisation } from "../../../../harness/model/format-value.ts";

/**
 * What was full in each stage, and before and during each injection, said as a sentence; of stages what all resources
 * were doing too. null where there was neither stage nor reading, as in recordings of faults of before these were watched.
 */
export function bottlenecks(run: Run): Markup | null {
  const { resources, plan } = run.recording;
  if (plan.benchmark === null && resources.length === 0) return null;
  return section(
    "resources",
    "Where the time and the resources went",
    fullInStages(run),
    resources.length === 0 ? null : fullInStretches(run),
    plan.benchmark === null ? null : html`${charts(run)}${resourceTables(run)}`,
  );
}

function fullInStages({ measurements: { stages } }: Run): Markup | null {
  if (stages.length === 0) return null;
  return table(
    [{ title: "Stage" }, { title: "Full in the steady phase" }],
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

/** Against the time of the stages. */
function charts({ recording: { resources }, measurements: { stages } }: Run): Markup {
  if (resources.length === 0) return html`<p>Resources were not watched.</p>`;
  return html`<h3>CPU, queues and WAL</h3>
    <div
      class="chart"
      id="chart-resources"
      style="height: ${resources.some(({ kind }) => kind === "pooler") ? 620 : 496}px"
    >
      <noscript>The chart needs JavaScript; the tables below have the means of each stage.</noscript>
    </div>
    <h3>What PostgreSQL's backends were doing</h3>
    <p class="hint">
      Mean number of client backends that were running a statement, by what they waited for (type:event of
      pg_stat_activity, sampled about once a second); CPU: they waited for nothing.
    </p>
    <div class="chart" id="chart-waits" style="height: ${90 + stages.length * 30}px">
      <noscript>The chart needs JavaScript.</noscript>
    </div>`;
}

function sentences(list: readonly Bottleneck[] | null): Markup {
  if (list === null) return html`Not known: resources were not watched.`;
  if (list.length === 0) return html`None was full.`;
  return html`${list.map(
    ({ resource, utilisation, evidence }, index) =>
      html`${index === 0 ? null : html`<br />`}<strong>${resource}</strong>
        (${formatUtilisation(utilisation)}): ${evidence}`,
  )}`;
}
