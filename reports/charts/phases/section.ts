import { kindTitle } from "../../../harness/model/figure-names.ts";
import { formatValue } from "../../../harness/model/format-value.ts";
import type { HopName } from "../../../harness/model/measurement.ts";
import { injectedTitle } from "../../../harness/model/plan.ts";
import type { ShardingDialect } from "../../../harness/model/topology.ts";
import type { Footnotes } from "../../html/footnotes.ts";
import { hopsOf } from "./data.ts";
import { html, type Markup } from "../../html/markup.ts";
import { chartPlace, metricHint, section, table } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";

/** Where the time of a failover went, hop by hop, with what told each hop. */
export function phases(run: Run, footnotes: Footnotes): Markup | null {
  const { injections, faults } = run.measurements;
  if (injections.length === 0) return null;
  const columns = hopsOf(injections);
  const hopColumns = columns.map(({ title, metric }) => ({ title, number: true, hint: metricHint(metric) }));
  const medians = faults.map((fault) => [
    html`<strong>${kindTitle(fault)}</strong>`,
    fault.writeUnavailabilitySeconds.n,
    ...columns.map(({ hop }) => footnotes.figure(fault.hopMedianSeconds[hop], "s")),
  ]);
  const evidence = injections.flatMap((one) =>
    one.hops.map((step, index) => [
      index === 0 ? html`${one.injection} ${one.fault}` : "",
      columns.find(({ hop }) => hop === step.hop)?.title ?? step.hop,
      footnotes.figure(step.tookSeconds, "s"),
      step.atUs === null ? "—" : `+${formatValue((step.atUs - one.faultAtUs) / 1_000_000, "s")}`,
      step.evidence,
    ]),
  );
  return section(
    "phases",
    "Where the time went",
    html`<p>
        Each write failover cut at the moments that the observers saw:
        ${wayOf(
          columns.map(({ hop }) => hop),
          run.recording.plan.topology.sharding,
        )}
      </p>
      <div class="controls" role="group" aria-label="rows of the chart">
        <label><input type="radio" name="phase-rows" value="injections" checked /> each injection</label
        ><label><input type="radio" name="phase-rows" value="medians" /> median per fault</label>
      </div>
      ${chartPlace("phases", "The chart needs JavaScript; the tables below have the figures.")}`,
    table(
      [{ title: injectedTitle(run.recording.plan) }, { title: "n", number: true }, ...hopColumns],
      medians,
      "Median per hop. Medians of parts need not add up to the median of the whole.",
    ),
    html`<details>
      <summary>What told each hop, for all ${injections.length} injections</summary>
      ${table(
        [
          { title: "Injection" },
          { title: "Hop" },
          { title: "Took", number: true },
          { title: "After the fault", number: true },
          { title: "Evidence" },
        ],
        evidence,
      )}
    </details>`,
  );
}

/** What was gone through one after the other, and what a worker's failover has in the place of proxy and pooler. */
function wayOf(hops: readonly HopName[], sharding: ShardingDialect): string {
  const way = `${["fault", ...hops.map((hop) => IN_WORDS[hop])].join(" → ")}.`;
  const ofWorkers = "Nothing stands between the coordinators and a worker";
  if (hops.includes("coordinator-told"))
    return `${way} ${ofWorkers}; Patroni writes its new primary into their pg_dist_node, by which Citus finds it.`;
  if (hops.includes("proxy-up")) return way;
  return sharding === "fdw"
    ? `${way} ${ofWorkers}, and nobody tells them of its new primary: postgres_fdw looks for it among the group's hosts.`
    : `${way} ${ofWorkers}.`;
}

const IN_WORDS: Readonly<Record<HopName, string>> = {
  noticed: "noticed",
  released: "released by the guards",
  "lease-gone": "lease gone",
  promoted: "promoted",
  "coordinator-told": "known by the coordinator",
  "proxy-up": "proxy up",
  pooler: "pooler",
  "first-success": "first success that lasted",
};
