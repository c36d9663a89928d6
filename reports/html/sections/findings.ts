import type { Finding } from "../../../harness/model/advice.ts";
import { html, type Markup } from "../markup.ts";
import { section } from "../page-parts.ts";
import type { Run } from "../../run.ts";
import { seenOfFinding } from "../../seen-of-finding.ts";

/** What the configuration cannot keep, or what its author believes and is not so: found before anything started. */
export function findings(run: Run): Markup {
  const list = run.recording.plan.advice.findings;
  const sorted = [...list].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const impossible = list.filter(({ severity }) => severity === "impossible").length;
  const intro =
    list.length === 0
      ? "The static checks found nothing against this configuration."
      : `Found by static checks of the configuration, before anything started${impossible > 0 ? `; ${impossible} of them impossible from the start` : ""}.`;
  return section(
    "findings",
    "Findings about the configuration",
    html`<p>${intro}</p>`,
    sorted.map((one) => finding(one, seenOfFinding(one.id, run))),
  );
}

function finding(one: Finding, seen: readonly string[]): Markup {
  return html`<div class="finding" id="finding-${one.id}">
    <h3>
      ${one.id}
      <span
        class="badge ${one.severity === "impossible" ? "fail" : one.severity === "risk" ? "unknown" : "plain"}"
        >${one.severity}</span
      >
      ${one.title}
    </h3>
    <dl>
      <dt>Claim</dt>
      <dd>${one.claim}</dd>
      <dt>Truth</dt>
      <dd>${one.truth}</dd>
      <dt>Remedy</dt>
      <dd>${one.mend}</dd>
      <dt>Source</dt>
      <dd>${one.source}</dd>
      ${
        seen.length === 0
          ? null
          : html`<dt>In this run</dt>
              ${seen.map((sentence) => html`<dd>${sentence}</dd>`)}`
      }
    </dl>
  </div>`;
}

const ORDER: readonly Finding["severity"][] = ["impossible", "risk", "note"];
