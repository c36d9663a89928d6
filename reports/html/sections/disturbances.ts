import { formatCount, formatShare } from "../../../harness/model/format-value.ts";
import { injectedTitle } from "../../../harness/model/plan.ts";
import type { Footnotes } from "../footnotes.ts";
import { html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";
import type { Run } from "../../run.ts";

/** What each injection did to the load that went on under it; null: none did. */
export function disturbances({ recording, measurements }: Run, footnotes: Footnotes): Markup | null {
  const list = measurements.disturbances ?? [];
  const [first] = list;
  if (first === undefined) return null;
  const ms = (figure: Parameters<Footnotes["figure"]>[0]) => footnotes.figure(figure, "ms");
  const told = list.some(({ after }) => after !== undefined);
  return section(
    "disturbances",
    "What the faults did to the load",
    html`<p>
      The load of <strong>${first.stage}</strong> went on under all faults. Before: its steady phase before
      the first fault (${formatCount(first.before.n)} operations, p50 ${ms(first.before.p50)}, p95
      ${ms(first.before.p95)}, p99 ${ms(first.before.p99)}). During: from a fault to the beginning of the next
      one's wait${told ? ", or to the end of an operation that moves shards" : ""}. All percentiles are over
      what was due: what did not end ok ranks last, as at least the client's time-out (≥). Second by second,
      by when they ended, it is in the time line below.
    </p>`,
    table(
      [
        { title: "#", number: true },
        { title: injectedTitle(recording.plan) },
        { title: "Due", number: true, hint: "Operations that were due during the injection." },
        { title: "Not ok", number: true, hint: "Failed, unknown, or never sent." },
        { title: "p50", number: true, hint: metricHint("latency-p50") },
        { title: "p95", number: true, hint: metricHint("latency-p95") },
        { title: "p99", number: true, hint: metricHint("latency-p99") },
        {
          title: "Worst 5 s, p99",
          number: true,
          hint: "The highest p99 of any window of five seconds, sliding by one.",
        },
        ...(told
          ? [
              {
                title: "p99 after",
                number: true,
                hint: "From the end of the operation to that of its window.",
              },
            ]
          : []),
        { title: "Latency back after", number: true, hint: metricHint("latency-recovery") },
      ],
      list.map((one) => [
        one.injection,
        html`<strong>${one.kind}</strong>`,
        formatCount(one.during.n),
        one.during.notOk === 0
          ? "0"
          : `${formatCount(one.during.notOk)} (${formatShare(one.during.notOk, one.during.n)})`,
        ms(one.during.p50),
        ms(one.during.p95),
        ms(one.during.p99),
        ms(one.worstP99Ms),
        ...(told ? [one.after === undefined ? "—" : ms(one.after.p99)] : []),
        footnotes.figure(one.recoverySeconds, "s"),
      ]),
    ),
  );
}
