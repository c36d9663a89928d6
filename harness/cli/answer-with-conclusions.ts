import type { Conclusion } from "../conclude/conclude-run.ts";
import { renderJson } from "../../reports/json.ts";
import { renderSummary } from "../../reports/summary.ts";
import type { CliIo } from "./cli-io.ts";

/** Shows how runs ended: summaries, or exactly one JSON document (an array of them for several runs). */
export function answerWithConclusions(
  conclusions: readonly Conclusion[],
  { io, json }: { readonly io: CliIo; readonly json: boolean },
): void {
  if (!json) {
    for (const conclusion of conclusions) io.styled.stdout(summaryOf(conclusion, io.colour.stdout, io.width));
    return;
  }
  const documents = conclusions.map((run) =>
    renderJson(run, { directory: run.directory, report: run.reportPath }).trimEnd(),
  );
  io.stdout(documents.length === 1 ? `${documents.join("")}\n` : `[\n${documents.join(",\n")}\n]\n`);
}

/** The terminal's summary of one run. */
export function summaryOf(run: Conclusion, colour: boolean, width: number): string {
  return renderSummary(run, { colour, width, reportPath: run.reportPath });
}
