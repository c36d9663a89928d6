import { formatCount, formatMs, formatRate, formatValue } from "../../../harness/model/format-value.ts";
import type { RecallMeasurement, StageMeasurement } from "../../../harness/model/measurement.ts";
import { findSameAnswers } from "../../../harness/stats/same-answers.ts";
import type { Footnotes } from "../../html/footnotes.ts";
import { type Content, html, type Markup } from "../../html/markup.ts";
import { chartPlace, metricHint, section, stageCell, table } from "../../html/page-parts.ts";
import type { Run } from "../../run.ts";
import { collectRecall } from "./data.ts";

/** How right the searches of each stage were, beside how many there were and how long they took. */
export function recallByStage(run: Run, footnotes: Footnotes): Markup | null {
  const stages = run.measurements.stages.filter(({ recall }) => recall !== undefined);
  if (stages.length === 0) return null;
  const number = (title: string, hint?: string) => ({ title, number: true, hint });
  return section(
    "recall",
    "Recall",
    html`<p>
        How right the searches were, measured in the stages themselves: some of the answers were kept, and
        compared afterwards with the exact ones (of an exact scan, or of your files), by distance. What came
        and went meanwhile is left out of the comparison on both sides.
      </p>
      ${collectRecall(run) === null ? null : chartPlace("recall", "The chart needs JavaScript; the table has its figures.")}`,
    table(
      [
        { title: "Stage" },
        number("Answered per second"),
        number("p99, ms"),
        number("Mean recall", metricHint("recall")),
        number("5th percentile", metricHint("recall-p5")),
        number("Minimum", metricHint("recall-minimum")),
        number("Short results", metricHint("short-results")),
        number("Answers", "That were kept and compared."),
        number("Queries", "Different ones among them."),
      ],
      stages.flatMap((stage) => (stage.recall === undefined ? [] : [row(stage, stage.recall, footnotes)])),
      sameAnswers(run),
    ),
  );
}

function row(stage: StageMeasurement, recall: RecallMeasurement, footnotes: Footnotes): Content[] {
  const share = (value: number): string => formatValue(value, "share");
  const p99 = stage.operations[0]?.latencyMs.p99;
  return [
    stageCell(stage),
    footnotes.quantity(stage.throughputPerSecond, formatRate),
    p99 === undefined ? "—" : footnotes.quantity(p99, formatMs),
    footnotes.quantity(recall.mean, share),
    footnotes.quantity(recall.p5, share),
    footnotes.quantity(recall.minimum, share),
    footnotes.quantity(recall.shortResults, share),
    formatCount(recall.answers),
    formatCount(recall.queries),
  ];
}

/** Settings that made no difference, in words; undefined: there are none. */
function sameAnswers({ recording }: Run): string | undefined {
  const same = findSameAnswers(recording.stages).map(
    ({ stages: [one, other], queries }) =>
      `${one} and ${other} gave the very same rows to all ${formatCount(queries)} queries that both were asked: the setting makes no difference between them, or did not reach the server that searches.`,
  );
  return same.length === 0 ? undefined : same.join(" ");
}
