import { html, type Markup } from "../../html/markup.ts";
import { chartPlace } from "../../html/page-parts.ts";

/** What the backends waited for, stage by stage; the table of PostgreSQL's resources has it by member. */
export function waits(): Markup {
  return html`<h3>What PostgreSQL's backends were doing</h3>
    <p class="hint">
      Mean number of client backends that were running a statement, by what they waited for (type:event of
      pg_stat_activity, sampled about once a second); CPU: they waited for nothing.
    </p>
    ${chartPlace("waits", "The chart needs JavaScript.")}`;
}
