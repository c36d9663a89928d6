import { stageTitle } from "../../../harness/model/figure-names.ts";
import { html, type Markup } from "../../html/markup.ts";
import { chartPlace, section } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";

/** The whole distribution of each stage, latency beside service time and lag, on an axis that shows the tail. */
export function stageDistribution(run: Run): Markup | null {
  const { recording, verdict } = run;
  const titles = recording.stages.map(({ stage }) => stageTitle(stage));
  if (titles.length === 0) return null;
  const judged = verdict.targets.map(({ target }) => target.of);
  const first = titles.find((title) => judged.includes(title)) ?? titles.at(-1);
  return section(
    "distribution",
    "Distribution of latency",
    html`<p>
        Each percentile of the steady phase over all that was due, as far as ten operations lie above it and
        it falls on one that ended ok. Where latency from the intended start leaves service time behind,
        operations waited in the client because earlier ones were slow: a tool that times only what it sends
        would not show it.
      </p>
      <div class="controls">
        <label
          >Stage:
          <select id="percentile-stage">
            <option value="">latency of all stages</option>
            ${titles.map((title) => html`<option ${title === first ? "selected" : null}>${title}</option>`)}
          </select></label
        >
      </div>
      ${chartPlace("percentiles", "The chart needs JavaScript; the table above has the percentiles that matter.")}`,
  );
}
