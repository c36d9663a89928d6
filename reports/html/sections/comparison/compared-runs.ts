import { formatRate } from "../../../../harness/model/format-value.ts";
import type { Comparison, NamedRun } from "../../../comparison.ts";
import { conditionsBySide } from "../../../differing-conditions.ts";
import type { Footnotes } from "../../footnotes.ts";
import { type Content, html, type Markup } from "../../markup.ts";
import { outcomeBadge, section, table } from "../../page-parts.ts";

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

/** In what the runs differ, before any figure: a difference of figures may be a difference of these. */
export function conditions({ sides, compared }: Comparison): Markup {
  const list = conditionsBySide(sides.map(({ runs }) => runs));
  const { notComparable } = compared;
  const markup = section(
    "conditions",
    "In what they differ",
    notComparable.length === 0
      ? null
      : html`<p>
            <strong>The figures are of different things, and no difference is called better or worse:</strong>
          </p>
          <ul>
            ${notComparable.map((why) => html`<li>${why}</li>`)}
          </ul>`,
    list.length === 0
      ? html`<p>In nothing: plan, machine and versions are the same.</p>`
      : table(
          [{ title: "Condition" }, ...sides.map(({ name }) => ({ title: name }))],
          list.map(({ condition, values }) => [
            condition,
            ...values.map((value) => html`<span class="path">${value ?? "none"}</span>`),
          ]),
          "Every setting of the plan, version and property of the machine that is not the same on all sides.",
        ),
  );
  return notComparable.length === 0 ? markup : html`<div class="gaps-frame">${markup}</div>`;
}
