import {
  formatCores,
  formatMs,
  formatNumber,
  formatUtilisation,
} from "../../../../harness/model/format-value.ts";
import type { ClientMeasurement } from "../../../../harness/model/measurement.ts";
import { numberOf } from "../../../../harness/stats/figures.ts";
import { type Comparison, sharesOfClients } from "../../../comparison.ts";
import type { Footnotes } from "../../footnotes.ts";
import { type Content, html, type Markup } from "../../markup.ts";
import { barCell, section, table } from "../../page-parts.ts";

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

/** What was full in each run's stages of the same title. null: no two runs have a stage in common. */
export function fullResources({ runs }: Comparison): Markup | null {
  const titles = [
    ...new Set(runs.flatMap(({ measurements }) => measurements.stages.map(({ title }) => title))),
  ].filter(
    (title) =>
      runs.filter(({ measurements }) => measurements.stages.some((one) => one.title === title)).length > 1,
  );
  if (titles.length === 0) return null;
  return section(
    "full",
    "What was saturated",
    table(
      [{ title: "Stage" }, ...runs.map(({ name }) => ({ title: name }))],
      titles.map((title) => [
        html`<strong>${title}</strong>`,
        ...runs.map(({ measurements }) => {
          const stage = measurements.stages.find((one) => one.title === title);
          if (stage === undefined) return "—";
          if (stage.bottlenecks === null) return "not watched";
          const [first] = stage.bottlenecks;
          return first === undefined
            ? "nothing"
            : html`<span class="term" title="${first.evidence}">${first.resource}</span>
                (${formatUtilisation(first.utilisation)})`;
        }),
      ]),
      "The fullest resource of the steady phase.",
    ),
  );
}
