import { stageTitle } from "../../../harness/model/figure-names.ts";
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatNumber,
  formatUtilisation,
  formatValue,
} from "../../../harness/model/format-value.ts";
import type { ResourceReading, StatementReading } from "../../../harness/model/resource.ts";
import type { RecordedStage } from "../../../harness/model/stage.ts";
import { steadyReadings } from "../../../harness/stats/steady-readings.ts";
import { type Content, html, type Markup } from "../../html/markup.ts";
import { type Column, table } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";

/** Means of each stage's steady phase: containers, poolers, PostgreSQL; and the statements that took most time. */
export function resourceTables(run: Run): Markup {
  const { stages, resources } = run.recording;
  const seen = stages.map((stage) => ({
    title: stageTitle(stage.stage),
    recorded: stage,
    readings: steadyReadings(resources, stage),
  }));
  return html`${cpuTable(seen)} ${poolerTable(seen)} ${postgresTable(seen)} ${citusTable(seen)}
  ${topStatements(run)}`;
}

interface SeenStage {
  readonly title: string;
  readonly recorded: RecordedStage;
  readonly readings: readonly ResourceReading[];
}

type Kind = ResourceReading["kind"];
type Of<K extends Kind> = Extract<ResourceReading, { readonly kind: K }>;

function of<K extends Kind>(kind: K, readings: readonly ResourceReading[]): Of<K>[] {
  return readings.filter((one): one is Of<K> => one.kind === kind);
}

function mean<T>(list: readonly T[], pick: (one: T) => number): number {
  return list.length === 0 ? 0 : list.reduce((sum, one) => sum + pick(one), 0) / list.length;
}

function most<T>(list: readonly T[], pick: (one: T) => number): number {
  return list.reduce((max, one) => Math.max(max, pick(one)), 0);
}

function cpuTable(stages: readonly SeenStage[]): Markup | null {
  const all = stages.flatMap(({ readings }) => of("container", readings));
  if (all.length === 0) return null;
  const nodes = [...new Set(all.map(({ node }) => node))];
  const rows = nodes
    .map((node) => {
      const mine = all.filter((one) => one.node === node);
      const perStage = stages.map(({ readings }) =>
        of("container", readings).filter((one) => one.node === node),
      );
      return { node, mine, perStage, cpu: mean(mine, ({ cpuCores }) => cpuCores) };
    })
    .toSorted((a, b) => b.cpu - a.cpu);
  const machine = stages.map(({ readings }) => of("machine", readings));
  const columns: Column[] = [
    { title: "Container" },
    ...stages.map(({ title, recorded }) => ({ title: `${recorded.stage.stage}`, number: true, hint: title })),
    { title: "limit", number: true, hint: "Cores; none: the machine's." },
    { title: "throttled", number: true, hint: "The most that it was throttled in any second." },
    { title: "memory, MB", number: true, hint: "The most it used." },
    { title: "disk written", number: true, hint: "Mean per second." },
    { title: "network sent", number: true, hint: "Mean per second." },
  ];
  return html`<details>
    <summary>CPU of every container, stage by stage</summary>
    ${table(
      columns,
      [
        ...(machine.some((list) => list.length > 0)
          ? [
              [
                html`<strong>whole machine</strong>`,
                ...machine.map((list) =>
                  list.length === 0 ? "—" : formatCores(mean(list, ({ busyCores }) => busyCores)),
                ),
                `${machine.flat()[0]?.cores ?? "—"}`,
                ...["", "", "", ""],
              ],
            ]
          : []),
        ...rows.map(({ node, mine, perStage }): Content[] => [
          node,
          ...perStage.map((list) =>
            list.length === 0 ? "—" : formatCores(mean(list, ({ cpuCores }) => cpuCores)),
          ),
          mine[0] === undefined || mine[0].cpuLimit === 0 ? "none" : formatCores(mine[0].cpuLimit),
          formatUtilisation(most(mine, ({ throttledShare }) => throttledShare)),
          formatNumber(most(mine, ({ memoryMb }) => memoryMb)),
          `${formatBytes(mean(mine, (one) => one.diskWriteBytesPerSecond))}/s`,
          `${formatBytes(mean(mine, (one) => one.networkSentBytesPerSecond))}/s`,
        ]),
      ],
      "Mean cores in the steady phase of each stage, by the stage's number (hover for its name).",
    )}
  </details>`;
}

function poolerTable(stages: readonly SeenStage[]): Markup | null {
  const rows = stages.flatMap(({ title, readings }) => {
    const list = of("pooler", readings);
    return [...new Set(list.map(({ pgbouncer }) => pgbouncer))].map((name, index): Content[] => {
      const mine = list.filter(({ pgbouncer }) => pgbouncer === name);
      return [
        index === 0 ? html`<strong>${title}</strong>` : "",
        name,
        formatNumber(mean(mine, ({ clientsActive }) => clientsActive)),
        `${formatNumber(mean(mine, ({ clientsWaiting }) => clientsWaiting))} (most ${formatCount(most(mine, ({ clientsWaiting }) => clientsWaiting))})`,
        `${formatNumber(mean(mine, ({ serversActive }) => serversActive))} of ${formatCount(mine[0]?.poolSize ?? 0)}`,
        formatValue(
          mean(mine, ({ meanWaitMs }) => meanWaitMs),
          "ms",
        ),
        formatValue(
          most(mine, ({ longestWaitMs }) => longestWaitMs),
          "ms",
        ),
      ];
    });
  });
  if (rows.length === 0) return null;
  return html`<details>
    <summary>Queues at PgBouncer</summary>
    ${table(
      [
        { title: "Stage" },
        { title: "PgBouncer" },
        { title: "Clients active", number: true },
        { title: "Clients waiting", number: true, hint: "For a server connection." },
        { title: "Servers active, of the pool", number: true },
        {
          title: "Mean wait",
          number: true,
          hint: "Of clients for a server connection, as PgBouncer counts it.",
        },
        { title: "Longest wait", number: true, hint: "Of the oldest waiting client at any look." },
      ],
      rows,
      "SHOW POOLS and SHOW STATS, means over the steady phase.",
    )}
  </details>`;
}

function postgresTable(stages: readonly SeenStage[]): Markup | null {
  const rows = stages.flatMap(({ title, readings }) => {
    const list = of("postgres", readings);
    return [...new Set(list.map(({ member }) => member))].map((member, index): Content[] => {
      const mine = list.filter((one) => one.member === member);
      return [
        index === 0 ? html`<strong>${title}</strong>` : "",
        `${member}${mine.at(-1)?.primary === true ? " (primary)" : ""}`,
        `${formatNumber(mean(mine, ({ connections }) => connections))} of ${formatCount(mine[0]?.maxConnections ?? 0)}`,
        waits(mine),
        `${formatBytes(mean(mine, ({ walBytesPerSecond }) => walBytesPerSecond))}/s`,
        formatCount(mine.reduce((sum, { checkpoints }) => sum + checkpoints, 0)),
      ];
    });
  });
  if (rows.length === 0) return null;
  return html`<details>
    <summary>PostgreSQL: connections, waits, WAL, checkpoints</summary>
    ${table(
      [
        { title: "Stage" },
        { title: "Member" },
        { title: "Connections", number: true },
        { title: "Backends by wait", hint: "Mean number of client backends that were running a statement." },
        { title: "WAL", number: true },
        { title: "Checkpoints begun", number: true },
      ],
      rows,
    )}
  </details>`;
}

function citusTable(stages: readonly SeenStage[]): Markup | null {
  const rows = stages.flatMap(({ title, readings }) => {
    const list = of("citus", readings);
    return [...new Set(list.map(({ member }) => member))].map((member, index): Content[] => {
      const mine = list.filter((one) => one.member === member);
      const asked = mine.flatMap(({ lockWaits }) => (lockWaits === null ? [] : [lockWaits]));
      const counted = mine.flatMap(({ perSecond }) => (perSecond === null ? [] : [perSecond]));
      const rate = (pick: (one: (typeof counted)[number]) => number): string =>
        counted.length === 0 ? "—" : `${formatNumber(mean(counted, pick))}/s`;
      const example = mine.find(({ blocked }) => blocked !== null);
      return [
        index === 0 ? html`<strong>${title}</strong>` : "",
        member,
        rate(({ singleShardQueries }) => singleShardQueries),
        rate(({ multiShardQueries }) => multiShardQueries),
        rate(({ connectionsMade }) => connectionsMade),
        rate(({ connectionsReused }) => connectionsReused),
        rate(({ connectionsFailed }) => connectionsFailed),
        asked.length === 0
          ? "—"
          : `${formatNumber(mean(asked, (one) => one))} (most ${formatCount(most(asked, (one) => one))})`,
        example === undefined
          ? ""
          : html`<code>${example.blocked}</code> for <code>${example.blocking}</code>`,
      ];
    });
  });
  if (rows.length === 0) return null;
  return html`<details>
    <summary>Citus: single-shard and multi-shard queries, connections to workers, lock waits</summary>
    ${table(
      [
        { title: "Stage" },
        { title: "Coordinator" },
        { title: "Single-shard", number: true, hint: "Queries that one shard answered." },
        { title: "Multi-shard", number: true, hint: "Queries that several shards had a part in." },
        { title: "Connections made", number: true, hint: "To workers." },
        { title: "Reused", number: true, hint: "Connections to workers that were there already." },
        { title: "Failed", number: true, hint: "Connections to workers that could not be made." },
        {
          title: "Sessions waiting for a lock",
          number: true,
          hint: "On any node, as the primary sees them.",
        },
        { title: "One that waited, and for what" },
      ],
      rows,
      "citus_stat_counters of each coordinator and citus_lock_waits, means over the steady phase.",
    )}
  </details>`;
}

function waits(looks: readonly Of<"postgres">[]): string {
  const names = [...new Set(looks.flatMap(({ activeByWait }) => Object.keys(activeByWait)))];
  const means = names
    .map((name) => ({ name, backends: mean(looks, ({ activeByWait }) => activeByWait[name] ?? 0) }))
    .filter(({ backends }) => backends >= 0.05)
    .toSorted((a, b) => b.backends - a.backends)
    .slice(0, 5);
  return means.map(({ name, backends }) => `${name} ${formatNumber(backends, 2)}`).join(", ") || "idle";
}

/** The statements that took most of the servers' time in each stage, by pg_stat_statements. */
export function topStatements({ recording }: Run): Markup | null {
  const { statements, stages } = recording;
  if (statements.length === 0) return null;
  const rows = stages.flatMap(({ stage }) => {
    const mine = statements
      .filter((one) => one.stage === stage.stage)
      .toSorted((a, b) => b.totalMs - a.totalMs)
      .slice(0, MOST_STATEMENTS);
    const title = stageTitle(stage);
    return mine.map((one, index) => row(one, index === 0 ? title : ""));
  });
  return html`<details>
    <summary>Top statements</summary>
    ${table(
      [
        { title: "Stage" },
        { title: "Member" },
        { title: "Statement" },
        { title: "Calls", number: true },
        { title: "In all, ms", number: true },
        { title: "Mean, ms", number: true },
        { title: "Rows", number: true },
        { title: "WAL", number: true },
      ],
      rows,
      "pg_stat_statements over the whole stage, warm-up included: time in the server alone. The five with most time per stage.",
    )}
  </details>`;
}

function row(one: StatementReading, title: string): Content[] {
  const query = one.query.replace(/\s+/g, " ").trim();
  return [
    title === "" ? "" : html`<strong>${title}</strong>`,
    one.member,
    html`<code title="${query}">${query.length > 110 ? `${query.slice(0, 107)}…` : query}</code>`,
    formatCount(one.calls),
    formatCount(Math.round(one.totalMs)),
    formatMs(one.meanMs),
    formatCount(one.rows),
    formatBytes(one.walBytes),
  ];
}

const MOST_STATEMENTS = 5;
