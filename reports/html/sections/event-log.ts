import type { ClusterEvent } from "../../../harness/model/event.ts";
import { formatCount, formatMoment } from "../../../harness/model/format-value.ts";
import { describeEvent } from "../describe-event.ts";
import { html, type Markup } from "../markup.ts";
import { section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** What happened, line by line; folded, and filtered by the page's script. */
export function eventLog(run: Run): Markup {
  const told = run.recording.events.filter((event) => !ROUTINE.has(event.kind));
  const shown = told.slice(0, MOST_ROWS);
  const left = run.recording.events.length - told.length;
  const rows = shown.map((event) => [formatMoment(event.atUs), describeEvent(event)]);
  const cut =
    told.length > shown.length
      ? ` Only the first ${formatCount(shown.length)} of ${formatCount(told.length)} are listed here.`
      : "";
  return section(
    "log",
    "Event log",
    html`<p class="hint">
        ${formatCount(left)} routine events (turns of Patroni's loop, the agent's health) are left out;
        <code>events.ndjson</code> has all.${cut}
      </p>
      <details>
        <summary>${formatCount(shown.length)} ${shown.length === 1 ? "event" : "events"}</summary>
        <div class="controls">
          <label>Filter: <input type="search" id="event-filter" placeholder="coordinator-2 down" /></label
          ><span class="muted" id="event-count" aria-live="polite"></span>
        </div>
        <div class="log" id="events">
          ${table([{ title: "Time", number: true }, { title: "Event" }], rows)}
        </div>
      </details>`,
  );
}

const ROUTINE: ReadonlySet<ClusterEvent["kind"]> = new Set(["loop-tick", "agent-health"]);
const MOST_ROWS = 4000;
