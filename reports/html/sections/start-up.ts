import { formatCount, formatNumber, formatValue } from "../../../harness/model/format-value.ts";
import type { StartUpMeasurement } from "../../../harness/model/start-up.ts";
import type { Run } from "../../run.ts";
import { startUpsInWords } from "../../start-up-in-words.ts";
import { type Content, html, type Markup } from "../markup.ts";
import { metricHint, section, table } from "../page-parts.ts";

/** How long each cluster took to come up, and what every container held in memory then; null: none became ready. */
export function startUp(run: Run): Markup | null {
  const list = run.measurements.startUps ?? [];
  if (list.length === 0) return null;
  const number = (title: string, hint?: string) => ({ title, number: true, hint });
  return section(
    "start-up",
    "Start-up",
    startUpsInWords(run)
      .split("\n")
      .map((line) => html`<p title="${metricHint("start-up")}">${line}</p>`),
    list.some(({ memory }) => memory !== null)
      ? table(
          [
            { title: "Role" },
            number("Containers"),
            number("Memory, MiB", metricHint("start-up-memory")),
            number("Most of one"),
            { title: "Each" },
          ],
          list.flatMap(rows),
        )
      : null,
  );
}

function rows({ variant, memory }: StartUpMeasurement): Content[][] {
  if (memory === null) return [];
  return memory.roles.map(({ role, containers, totalMb, mostMb }) => [
    variant === "" ? role : `${variant}: ${role}`,
    formatCount(containers),
    formatNumber(totalMb),
    formatNumber(mostMb),
    memory.nodes
      .filter((node) => node.role === role)
      .map(({ node, memoryMb }) => `${node} ${formatValue(memoryMb, "MiB")}`)
      .join(", "),
  ]);
}
