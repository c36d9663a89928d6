import { formatCount, formatDuration, formatFigure } from "../../../harness/model/format-value.ts";
import { operationsRecorded } from "../../conclusion-sentences.ts";
import { injectionsDone } from "../../injections-done.ts";
import type { Run } from "../../run.ts";
import { runLengthUs } from "../../run-length.ts";
import { html, type Content, type Markup } from "../markup.ts";
import { metricHint } from "../metric-hint.ts";
import { section } from "../section.ts";
import { topologyDrawing } from "../topology-drawing.ts";

/** The question, why it is asked, the cluster and the run in short. */
export function keyFacts(run: Run): Markup {
  const { plan } = run.recording;
  return section(
    "facts",
    "The question, the cluster, the run",
    html`<p><strong>${plan.scenario.question}</strong></p>
      <p>${plan.scenario.why}</p>
      <dl class="facts">
        ${factList(run).map(
          ([title, value]) =>
            html`<div>
              <dt>${title}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      <h3>Topology ${plan.topology.name}</h3>
      <p>${plan.topology.summary}</p>
      ${topologyDrawing(plan.topology, hitsOf(run))}
      ${plan.overrides.length === 0 ? null : html`<p>Changed for this run: <code>${plan.overrides.join(" ")}</code></p>`}`,
  );
}

function factList(run: Run): [Content, Content][] {
  const { recording, measurements } = run;
  const { plan, environment } = recording;
  const { timing } = plan.advice;
  const lag = measurements.scheduleLagMs;
  const components = environment?.components ?? {};
  return [
    ["Injections done", `${injectionsDone(recording)} of ${plan.injections.length}`],
    ["Length of the recording", formatDuration(runLengthUs(recording))],
    ["Operations recorded", formatCount(operationsRecorded(run))],
    [
      html`<span class="term" title="${metricHint("schedule-lag-p99")}">Probe schedule lag p99</span>`,
      `${formatFigure(lag.p99, "ms")} (n ${formatCount(lag.n)})`,
    ],
    ["Seed", plan.seed],
    ["Dialects", `sharding ${plan.topology.sharding}, vectors ${plan.topology.vectors}`],
    ...(timing === null
      ? []
      : ([
          [
            "Patroni, in effect",
            `ttl ${timing.ttl} s, loop_wait ${timing.loopWait} s, retry_timeout ${timing.retryTimeout} s`,
          ],
        ] as [Content, Content][])),
    [
      "Versions",
      Object.entries(components)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ") || "not known",
    ],
  ];
}

/** How often each node was hurt; a worker's node counts for its group, which is what the drawing shows. */
function hitsOf(run: Run): Map<string, number> {
  const hits = new Map<string, number>();
  for (const { nodes } of run.measurements.injections) {
    for (const name of new Set(nodes.map((node) => node.replace(/^(worker-\d+)[a-z]$/, "$1"))))
      hits.set(name, (hits.get(name) ?? 0) + 1);
  }
  return hits;
}
