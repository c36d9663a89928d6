import type { Comparison, NamedRun } from "../../../comparison.ts";
import { formatRate } from "../../../../harness/model/format-value.ts";
import type { Footnotes } from "../../footnotes.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { outcomeBadge } from "../../outcome-badge.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";

/** Which runs stand side by side. */
export function comparedRuns({ runs, sides }: Comparison, footnotes: Footnotes): Markup {
  const benchmarks = runs.some(({ recording }) => recording.plan.benchmark !== null);
  return section(
    "runs",
    "The runs",
    table(
      [
        { title: "Run" },
        { title: "Asked" },
        ...(benchmarks ? [{ title: "Engine" }, { title: "Capacity", number: true }] : []),
        { title: "Own verdict" },
        { title: "Seed", number: true },
        { title: "Started" },
        { title: "Folder" },
      ],
      runs.map((run, index) => [
        html`<strong>${run.name}</strong
          >${index < (sides[0]?.runs.length ?? 0) ? html`<br /><span class="hint">reference</span>` : null}`,
        `${run.recording.plan.scenario.name} on ${run.recording.plan.topology.name}${run.recording.plan.scenario.quick ? " (quick)" : ""}`,
        ...(benchmarks ? [engineOf(run), capacityOf(run, footnotes)] : []),
        html`${outcomeBadge(run.verdict.outcome)}${run.recording.end.kind === "incomplete" ? html`<br /><span class="doubt">incomplete: ${run.recording.end.reason}</span>` : null}`,
        run.recording.plan.seed,
        run.recording.environment?.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC") ?? "not known",
        html`<span class="hint path">${run.directory}</span>`,
      ]),
    ),
  );
}

function engineOf({ recording }: NamedRun): string {
  const versions = new Set(recording.stages.map(({ engine }) => engine.version));
  return [...versions].join(", ") || (recording.plan.benchmark?.client.engine ?? "none");
}

function capacityOf({ measurements }: NamedRun, footnotes: Footnotes): Content {
  return measurements.capacities.map(({ variant, perSecond }, index) => [
    index === 0 ? null : html`<br />`,
    variant === "" ? null : `${variant}: `,
    footnotes.quantity(perSecond, (rate) => `${formatRate(rate)}/s`),
  ]);
}
