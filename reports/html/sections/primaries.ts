import type { Micros } from "../../../harness/model/clock.ts";
import { formatCount, formatMoment } from "../../../harness/model/format-value.ts";
import type { GroupPrimaries, PrimariesStretch } from "../../../harness/model/primaries.ts";
import { acknowledgedInWords, couldBoth, isHarmless, membersOf } from "../../data-in-one-line.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** Whether two members of a group were primaries at once, which of them could acknowledge writes, and which did. */
export function primaries(run: Run): Markup {
  const groups = run.measurements.primaries;
  const rows = groups.flatMap((group) =>
    group.stretches.filter(isShown).map((stretch) => row(run, group, stretch)),
  );
  return html`<h3>
      <span class="term" title="${metricHint("acknowledging-primaries")}">Two primaries at once</span>
    </h3>
    ${
      rows.length === 0
        ? html`<p>${none(groups)}</p>`
        : table(
            [
              { title: "Group" },
              { title: "From", number: true },
              { title: "For", number: true },
              { title: "Writable" },
              { title: "Not seen" },
              { title: "Could acknowledge" },
              { title: "Write probes acknowledged", hint: metricHint("second-primary-writes") },
              { title: "" },
            ],
            rows,
            "From looks at each member on a direct connection. A primary whose commits wait for synchronous standbys that receive from another can acknowledge nothing: an old primary that wakes is harmless then, and dangerous under asynchronous replication.",
          )
    }
    ${secondWrites(run)}`;
}

/** A member that was not seen, and could have acknowledged nothing, is of no interest. */
function isShown({ writable, able, perhapsAble }: PrimariesStretch): boolean {
  return writable.length > 1 || able.length + perhapsAble.length > 1;
}

function row(run: Run, { variant, group }: GroupPrimaries, stretch: PrimariesStretch): Content[] {
  const { fromUs, toUs, writable, unseen, able, perhapsAble, acknowledged } = stretch;
  const perhaps = perhapsAble.map((member) => `perhaps ${member}`);
  return [
    variant === "" ? group : `${variant}: ${group}`,
    formatMoment(fromUs),
    `${formatCount(Math.round((toUs - fromUs) / 1000))} ms`,
    writable.join(", "),
    unseen.join(", ") || "—",
    [...able, ...perhaps].join(", ") || "none",
    acknowledgedInWords(acknowledged, membersOf(stretch)) ?? "—",
    html`${danger(stretch)}${during(run, fromUs, toUs)}`,
  ];
}

function danger(stretch: PrimariesStretch): Markup | null {
  if (couldBoth(stretch)) return html`<span class="badge fail">split brain</span> `;
  return isHarmless(stretch) ? null : html`<span class="badge unknown">not known</span> `;
}

function during({ measurements }: Run, fromUs: Micros, toUs: Micros): string {
  const own = measurements.injections.find(
    ({ faultAtUs, windowEndUs }) => toUs > faultAtUs && fromUs < windowEndUs,
  );
  return own === undefined ? "" : `${own.injection} ${own.fault}`;
}

function none(groups: readonly GroupPrimaries[]): string {
  if (groups.length === 0)
    return "There was nothing to look at: no cluster was ready, or no group had more than one member.";
  const watched = groups.filter((group) => group.watched).length;
  const of = groups.length === 1 ? "the one group" : `${watched} of ${groups.length} groups`;
  return watched === 0
    ? "Not looked at."
    : `Never, from when the cluster was ready to the end of load, in ${of} of several members.`;
}

function secondWrites({ measurements }: Run): Markup | null {
  const second = measurements.secondAcknowledgements;
  if (second === null) return null;
  const { told, untold, writes, ids, byServer } = second;
  const of = formatCount(told + untold);
  if (told === 0) return html`<p>The write probes do not say which server committed them.</p>`;
  if (writes === 0) {
    return html`<p>
      None of ${formatCount(told)} acknowledged write probes was committed by a second
      primary${untold === 0 ? "" : `; ${formatCount(untold)} more do not say by whom`}.
    </p>`;
  }
  return html`<p>
    <strong
      >${formatCount(writes)} of ${of} acknowledged write probes were committed by a second primary</strong
    >: ${acknowledgedInWords(byServer, [])}; ids ${ids.slice(0, 20).join(", ")}${writes > 20 ? " …" : ""}.
  </p>`;
}
