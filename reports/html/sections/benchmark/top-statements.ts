import type { StatementReading } from "../../../../harness/model/resource.ts";
import { formatBytes, formatCount, formatMs } from "../../../../harness/model/format-value.ts";
import type { Run } from "../../../run.ts";
import { stageTitle } from "../../../../harness/model/figure-names.ts";
import { html, type Content, type Markup } from "../../markup.ts";
import { table } from "../../table.ts";

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
