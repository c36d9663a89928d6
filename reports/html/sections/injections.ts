import { formatMoment, formatNumber } from "../../../harness/model/format-value.ts";
import { injectionTitle } from "../../../harness/model/figure-names.ts";
import type { InjectionMeasurement } from "../../../harness/model/measurement.ts";
import { injectedTitle } from "../../../harness/model/plan.ts";
import type { Footnotes } from "../footnotes.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";
import { type Run, strayShown } from "../../run.ts";

/** Every injection with its figures and the way to its stretch of the time line. */
export function injections(run: Run, footnotes: Footnotes): Markup | null {
  const list = run.measurements.injections;
  const title = "Injections";
  const stray = strayOutages(run, footnotes);
  if (list.length === 0) {
    const planned = run.recording.plan.injections.length > 0;
    return planned || stray !== null
      ? section("injections", title, html`<p>No fault was injected.</p>`, stray)
      : null;
  }
  const told = list.some(({ elsewhere }) => elsewhere !== undefined);
  const timed = list.some(({ inForceSeconds }) => inForceSeconds !== undefined);
  const counted = list.some(({ failoverCount }) => failoverCount !== undefined);
  const rows = list.map((one) => [
    one.injection,
    html`<strong>${one.fault}</strong>${failedCommand(one)}`,
    html`<span class="node-name">${one.victim}</span><br /><span class="hint">${one.role ?? "—"}</span>`,
    html`<span class="node-name">${newPrimary(one)}</span>`,
    html`<a
      class="go"
      href="#timeline"
      data-from="${tenth(one.faultAtUs / 1e6 - 3)}"
      data-to="${tenth(one.windowEndUs / 1e6)}"
      >${formatMoment(one.faultAtUs)}</a
    >`,
    one.loopPhase === null ? "—" : formatNumber(one.loopPhase, 2),
    footnotes.figure(one.writeUnavailabilitySeconds, "s"),
    footnotes.figure(one.readUnavailabilitySeconds, "s"),
    ...(told ? [elsewhereOf(one, footnotes)] : []),
    footnotes.figure(one.timeToFullRedundancySeconds, "s"),
    ...(timed ? [one.inForceSeconds === undefined ? "—" : footnotes.figure(one.inForceSeconds, "s")] : []),
    ...(counted ? [failoversOf(one, footnotes)] : []),
    footnotes.figure(one.lostWrites, "rows"),
    footnotes.figure(one.twoPrimariesMs, "ms"),
    operationsOf(one, run, footnotes),
  ]);
  return section(
    "injections",
    title,
    table(
      [
        { title: "#", number: true },
        { title: injectedTitle(run.recording.plan) },
        {
          title: "Victim",
          hint: "The node, nodes or link, and what it was to the writes that need it when the fault hit it, by the last list of standbys before.",
        },
        { title: "New primary" },
        {
          title: "At",
          number: true,
          hint: "When the fault was done, on the recording's clock; the link shows its stretch of the time line.",
        },
        {
          title: "Phase of Patroni's loop",
          number: true,
          hint: "Where in Patroni's loop the fault began, 0 to 1 of loop_wait.",
        },
        { title: "Writes not served", number: true, hint: metricHint("write-unavailability") },
        { title: "Reads not served", number: true, hint: metricHint("read-unavailability") },
        ...(told
          ? [
              {
                title: "Elsewhere, writes / reads",
                number: true,
                hint: metricHint("write-unavailability-elsewhere"),
              },
            ]
          : []),
        { title: "Full redundancy", number: true, hint: metricHint("time-to-full-redundancy") },
        ...(timed ? [{ title: "In force", number: true, hint: metricHint("time-in-force") }] : []),
        ...(counted ? [{ title: "Failovers", number: true, hint: metricHint("failovers") }] : []),
        { title: "Lost", number: true, hint: metricHint("lost-writes") },
        { title: "Two primaries", number: true, hint: metricHint("two-primaries") },
        { title: "Failed / unknown / late", number: true, hint: metricHint("operations-unknown") },
      ],
      rows,
    ),
    stray,
  );
}

/** How many, and who took over from whom where it was another group than the one that "New primary" is of. */
function failoversOf(
  { failoverCount, failovers = [], victim }: InjectionMeasurement,
  footnotes: Footnotes,
): Content {
  if (failoverCount === undefined) return "—";
  const told = failovers
    .filter(({ from }) => from !== victim)
    .map(({ group, from, to }) => `${group}: ${from ?? "?"} to ${to}`);
  const more = told.length === 0 ? null : html`<br /><span class="hint">${told.join("; ")}</span>`;
  return html`${footnotes.figure(failoverCount, "failovers")}${more}`;
}

/** What does not need the worker groups that were hit. */
function elsewhereOf({ elsewhere }: InjectionMeasurement, footnotes: Footnotes): Content {
  if (elsewhere === undefined) return "—";
  return html`${footnotes.figure(elsewhere.writeUnavailabilitySeconds, "s")} /
  ${footnotes.figure(elsewhere.readUnavailabilitySeconds, "s")}`;
}

/** Where no operation was recorded, none was counted. */
function operationsOf(one: InjectionMeasurement, { measurements }: Run, footnotes: Footnotes): Markup {
  const of = injectionTitle(one.fault, one.injection);
  const figure = measurements.figures.find(
    (each) => each.metric === "operations-unknown" && each.of === of,
  )?.figure;
  return figure?.kind === "withheld"
    ? footnotes.figure(figure, "operations")
    : html`${one.operationsFailed} / ${one.operationsUnknown} / ${one.operationsLate}`;
}

/** Enough for where the time line is cut. */
function tenth(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function failedCommand({ commandFailed }: InjectionMeasurement): Markup | null {
  if (commandFailed === null) return null;
  return html`<br /><span class="hint">not as planned, its command failed: ${commandFailed}</span>`;
}

/** What was not served while nothing was done to the cluster. */
function strayOutages(run: Run, footnotes: Footnotes): Markup | null {
  const outages = strayShown(run);
  if (outages.length === 0) return null;
  return html`<h3>Outside the injections</h3>
    ${table(
      [
        { title: "Probe" },
        { title: "From", number: true },
        { title: "Not served", number: true, hint: metricHint("stray-unavailability") },
        { title: "" },
      ],
      outages.map(({ stream, fromUs, seconds, inWarmup }) => [
        stream,
        formatMoment(fromUs),
        footnotes.figure(seconds, "s"),
        inWarmup ? "in the warm-up: not judged" : "",
      ]),
    )}`;
}

/** Where no primary was hit, nobody is expected to take over. */
function newPrimary({ newPrimary, role }: InjectionMeasurement): string {
  return newPrimary ?? (role === null || role.startsWith("primary") ? "none seen" : "—");
}
