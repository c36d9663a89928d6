import type { ClientMeasurement } from "../../../../harness/model/measurement.ts";
import type { Comparison } from "../../../comparison.ts";
import { numberOf } from "../../../figure-values.ts";
import { formatCores, formatMs, formatNumber } from "../../../../harness/model/format-value.ts";
import { sharesOfClients } from "../../../shares-of-clients.ts";
import { barCell } from "../../bar-cell.ts";
import type { Footnotes } from "../../footnotes.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { section } from "../../section.ts";
import { table } from "../../table.ts";

/** What each engine cost its own machine for the same stages. null: no two runs have a stage in common. */
export function clients({ runs }: Comparison, footnotes: Footnotes): Markup | null {
  const shares = sharesOfClients(runs);
  if (shares.length === 0) return null;
  const most = Math.max(
    1e-9,
    ...shares.flatMap(({ clients: list }) =>
      list.map((client) => (client === null ? 0 : (numberOf(client.cpuPerOperationUs) ?? 0))),
    ),
  );
  const rows = shares.flatMap(({ title, clients: list }) =>
    list.flatMap((client, index) =>
      client === null
        ? []
        : [
            [
              index === 0 ? html`<strong>${title}</strong>` : "",
              runs[index]?.name ?? "",
              ...cells(client, most, footnotes),
            ],
          ],
    ),
  );
  return section(
    "client",
    "The client's own share",
    html`<p>
      CPU of the client per operation that was answered: what an engine takes from the machine that it shares
      with the cluster. ${engines(runs)}
    </p>`,
    table(
      [
        { title: "Stage" },
        { title: "Run" },
        { title: "CPU per operation, µs", number: true },
        { title: "" },
        { title: "CPU, cores", number: true },
        { title: "Lateness p99, ms", number: true },
        { title: "Memory, MB", number: true },
        { title: "The limit?" },
      ],
      rows,
    ),
  );
}

function cells(client: ClientMeasurement, most: number, footnotes: Footnotes): Content[] {
  return [
    footnotes.quantity(client.cpuPerOperationUs, formatNumber),
    barCell((numberOf(client.cpuPerOperationUs) ?? 0) / most),
    footnotes.quantity(client.cpuCores, formatCores),
    footnotes.quantity(client.latenessP99Ms, formatMs),
    footnotes.quantity(client.memoryMb, formatNumber),
    client.clientBound === null ? "no" : html`<span class="doubt">yes:</span> ${client.clientBound}`,
  ];
}

function engines(runs: Comparison["runs"]): string {
  return runs
    .flatMap(({ name, recording }) => {
      const [stage] = recording.stages;
      if (stage === undefined) return [];
      const { ownCostUs, timer, timerResolutionNs } = stage.engine;
      const cost = ownCostUs === null ? "not measured" : `${formatNumber(ownCostUs)} µs per operation`;
      return [`${name}: own cost ${cost}, timer ${timer}, ${timerResolutionNs} ns.`];
    })
    .join(" ");
}
