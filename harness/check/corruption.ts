import { stageTitle } from "../model/figure-names.ts";
import { counted } from "../model/format-value.ts";
import type { Checker, History } from "../model/checker.ts";
import type { CheckFinding } from "../model/measurement.ts";
import type { CodeCounts } from "../model/stage.ts";

/** By the servers' own word: SQLSTATE XX001 (data_corrupted) and XX002 (index_corrupted), PostgreSQL's appendix A. */
export const corruption: Checker = {
  name: "corruption",
  looksFor:
    "Operations that a server refused because its data or an index are corrupted (SQLSTATE XX001, XX002): a page that is not there, or not readable.",
  needs: "a server that says so",
  metric: "findings",
  check(history) {
    const findings = [...ofStages(history), ...ofStreams(history)];
    return findings.length === 0
      ? { notApplicable: "no server said that its data or an index are corrupted" }
      : { findings };
  },
};

const CORRUPTED: readonly string[] = ["XX001", "XX002"];

function ofStages({ stages }: History): CheckFinding[] {
  return stages.flatMap(({ stage, seconds }) => {
    const counts: Record<string, number> = {};
    for (const { operations } of seconds)
      for (const { failed, unknown, retried } of operations)
        for (const told of [failed, unknown, retried]) addCorrupted(told, counts);
    return findingOf(stageTitle(stage), counts);
  });
}

function ofStreams({ samples }: History): CheckFinding[] {
  return [...samples].flatMap(([stream, own]) => {
    const counts: Record<string, number> = {};
    for (const { code } of own) if (code !== null) addCorrupted({ [code]: 1 }, counts);
    return findingOf(stream, counts);
  });
}

function addCorrupted(told: CodeCounts, counts: Record<string, number>): void {
  for (const code of CORRUPTED) {
    const count = told[code] ?? 0;
    if (count > 0) counts[code] = (counts[code] ?? 0) + count;
  }
}

function findingOf(of: string, counts: Readonly<Record<string, number>>): CheckFinding[] {
  const value = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (value === 0) return [];
  const codes = Object.entries(counts).map(
    ([code, count]) => `${counted(count, "operation")} ended with ${code}`,
  );
  return [{ of, figure: { kind: "value", value }, n: value, evidence: codes.join(", ") }];
}
