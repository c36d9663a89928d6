import type { Run } from "../../../run.ts";
import { stageTitle } from "../../../../harness/model/figure-names.ts";
import { html, type Markup } from "../../markup.ts";
import { section } from "../../section.ts";

/** Throughput and latency within the stages, second by second. */
export function stageTimeline({ recording }: Run): Markup {
  const { stages, plan } = recording;
  // Beside faults there is a time line of everything.
  const [id, title] = plan.load === null ? ["timeline", "Time line"] : ["stages", "Stages"];
  if (stages.length === 0) return section(id, title, html`<p>Nothing was recorded.</p>`);
  return section(
    id,
    title,
    html`<p>
        Second by second, by when operations ended. Strong bands: the steady phases, which alone count; weak
        bands: warm-up and cool-down. Diamonds: checkpoints of a primary.
      </p>
      <div class="controls">
        <label
          >Show:
          <select id="timeline-stage">
            <option value="">the whole run</option>
            ${stages.map(({ stage }) => html`<option>${stageTitle(stage)}</option>`)}
          </select></label
        >
      </div>
      <div class="chart" id="chart-stages" style="height: 540px">
        <noscript>The time line needs JavaScript; the tables have the figures of each stage.</noscript>
      </div>
      <p class="hint">
        Zoom with the slider, or Ctrl and the wheel. In runs longer than twenty minutes a point is more than a
        second. Between p50 and the maximum: the deepest percentile that a second of this load allows.
      </p>`,
  );
}
