import { stageTitle } from "../../../harness/model/figure-names.ts";
import { html, type Content, type Markup } from "../../html/markup.ts";
import { chartPlace, section } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";
import type { PageData } from "../catalogue.ts";

/** All that was sent, seen, used and done, against one time. */
export function timeline({ recording, measurements }: Run, { timeline: data }: PageData): Markup {
  if (data === undefined) return section("timeline", "Time line", html`<p>No operation was recorded.</p>`);
  const streams = data.streams.map(({ name }) => name);
  const stages = recording.stages.map(({ stage }) => stageTitle(stage));
  const probed = recording.samples.size > 0;
  return section(
    "timeline",
    "Time line",
    html`<p>${probed ? OF_STREAMS : null} ${stages.length > 0 ? OF_STAGES : null}</p>
      <div class="controls" role="group" aria-label="stream">
        ${streams.length > 1 ? streamChoice(streams) : null} ${stages.length > 0 ? stageChoice(stages) : null}
        ${
          measurements.injections.length > 0
            ? html`<button type="button" data-from="0" data-to="1e9">whole run</button>`
            : null
        }
      </div>
      ${chartPlace("timeline", "The time line needs JavaScript; the tables have the figures, the event log below the events.")}
      <p class="hint">
        Zoom with the slider, or Ctrl and the wheel. Latency is on a logarithmic axis; its dashed line is the
        deepest percentile that the rate allows in one point of the line. ${probed ? BUCKETS : null}
        ${stages.length > 0 ? SECONDS : null}
      </p>`,
  );
}

function streamChoice(streams: readonly string[]): Content {
  const choices = streams.map(
    (name, index) =>
      html`<label
        ><input type="radio" name="stream" value="${name}" ${index === 0 ? "checked" : null} /> ${name}</label
      >`,
  );
  return html`Stream: ${choices}`;
}

function stageChoice(stages: readonly string[]): Markup {
  return html`<label
    >Show:
    <select id="timeline-stage">
      <option value="">the whole run</option>
      ${stages.map((title) => html`<option>${title}</option>`)}
    </select></label
  >`;
}

const OF_STREAMS =
  "Every operation of a probe or of the background at the moment it was due, whether or not it could be sent. Strong bands: from a fault to the first write that lasted; weak bands: until full redundancy. Numbers above the bands are injections. Marks below: ▲ gained, ■ lost, ● other; hover for what was seen.";
const OF_STAGES =
  "The load of the stages second by second, by when operations ended; blue bands are their steady phases, which alone count. Diamonds: checkpoints of a primary.";
const BUCKETS =
  "Outcomes of probes are in buckets of 250 ms, latency in buckets of 1 s (wider in long runs).";
const SECONDS = "In runs longer than twenty minutes a point of a stage is more than a second.";
