import type { Run } from "../../run.ts";
import { stageTitle } from "../../../harness/model/figure-names.ts";
import { sustainedStages } from "../../../harness/stats/steady-phase.ts";
import { html, type Markup } from "../markup.ts";
import { section } from "../section.ts";

/** Outcomes, latency and observed events against time. */
export function timeline(run: Run): Markup {
  const { recording } = run;
  const streams = [
    ...sustainedStages(recording.stages).map(({ stage }) => stageTitle(stage)),
    ...[...recording.samples].filter(([, samples]) => samples.length > 0).map(([name]) => name),
  ];
  if (streams.length === 0) return section("timeline", "Time line", html`<p>No operation was recorded.</p>`);
  const choices = streams.map(
    (name, index) =>
      html`<label
        ><input type="radio" name="stream" value="${name}" ${index === 0 ? "checked" : null} /> ${name}</label
      >`,
  );
  return section(
    "timeline",
    "Time line",
    html`<p>
        Every operation at the moment it was due, whether or not it could be sent. Strong bands: from a fault
        to the first write that lasted; weak bands: until full redundancy. Numbers above the bands are
        injections. Marks below: ▲ gained, ■ lost, ● other; hover for what was seen.
      </p>
      <div class="controls" role="group" aria-label="stream">
        Stream: ${choices}<button type="button" data-from="0" data-to="1e9">whole run</button>
      </div>
      <div class="chart" id="chart-timeline" style="height: 668px">
        <noscript>The time line needs JavaScript; the event log below has the events.</noscript>
      </div>
      <p class="hint">
        Zoom with the slider, or Ctrl and the wheel. Outcomes in buckets of 250 ms, latency of served
        operations in buckets of 1 s (wider in long runs), on a logarithmic axis. In one bucket the dashed
        line is the deepest percentile that the stream's rate allows.
      </p>`,
  );
}
