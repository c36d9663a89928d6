import { stageTitle } from "../model/figure-names.ts";
import type { SearchAnswer } from "../model/search.ts";
import type { RecordedStage } from "../model/stage.ts";

/** Two stages that asked with other parameters, and were given the same rows. */
export interface SameAnswers {
  readonly stages: readonly [string, string];
  /** That both were asked, all with the same answers. */
  readonly queries: number;
}

/** Fewer could be the same by chance. */
const LEAST_QUERIES = 20;

/**
 * Stages of one variant, one after the other, whose parameters differ and whose answers do not: to every query that both
 * were asked they gave the same rows. Then what differs makes no difference, or it did not reach the server that searches.
 */
export function findSameAnswers(stages: readonly RecordedStage[]): SameAnswers[] {
  return stages.slice(1).flatMap((later, index) => {
    const earlier = stages[index];
    if (earlier?.stage.variant !== later.stage.variant) return [];
    if (JSON.stringify(earlier.stage.parameters) === JSON.stringify(later.stage.parameters)) return [];
    const [before, after] = [rowsByQuery(earlier), rowsByQuery(later)];
    const common = [...before].filter(([query]) => after.has(query));
    const same = common.every(([query, rows]) => after.get(query) === rows);
    return same && common.length >= LEAST_QUERIES
      ? [{ stages: [stageTitle(earlier.stage), stageTitle(later.stage)], queries: common.length }]
      : [];
  });
}

/** Of each query the rows of its first answer, by their distances: which of several equals is given is nobody's choice. */
function rowsByQuery({ answers }: RecordedStage): ReadonlyMap<number, string> {
  const rows = new Map<number, string>();
  const kept: readonly SearchAnswer[] = [...(answers?.values() ?? [])].flat();
  for (const { query, distances } of kept)
    if (!rows.has(query)) rows.set(query, distances.map((distance) => Math.fround(distance)).join(" "));
  return rows;
}
