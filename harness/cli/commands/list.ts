import { Argument, type Command } from "commander";
import type { Catalogues } from "../../config/catalogues.ts";
import type { InjectionKind } from "../../model/advice.ts";
import type { ListedRun } from "../../store/list-runs.ts";
import type { CommandContext } from "../command-context.ts";
import { withOutOption, type OutOption } from "../out-option.ts";

const KINDS = ["scenarios", "topologies", "workloads", "faults", "operations", "runs"] as const;
type Kind = (typeof KINDS)[number];

/** `list [KIND]`: what can be named on the command line. */
export function registerList(program: Command, { io }: CommandContext): void {
  const command = program
    .command("list")
    .description("list what there is; without a word: all that dpg-bench ships")
    .addArgument(new Argument("[what]", "what to list").choices(KINDS));
  withOutOption(command).action(async (what: Kind | undefined, options: OutOption) => {
    const kinds = what === undefined ? KINDS.filter((kind) => kind !== "runs") : [what];
    const parts: string[] = [];
    for (const kind of kinds) {
      const lines = kind === "scenarios" ? await scenarioLines() : table(await rowsOf(kind, options.out));
      parts.push(
        what === undefined ? `${kind}:\n${lines.map((line) => `  ${line}`).join("\n")}` : lines.join("\n"),
      );
    }
    io.stdout(`${parts.join("\n\n")}\n`);
  });
}

type Row = readonly [name: string, text: string];

/** In groups, by what they ask about. */
async function scenarioLines(): Promise<readonly string[]> {
  const { scenarioGroups } = await import("../../../scenarios/catalogue.ts");
  const groups = Object.entries(scenarioGroups).map(
    ([group, scenarios]) =>
      [group, Object.values(scenarios).map(({ name, question }): Row => [name, question])] as const,
  );
  const width = Math.max(...groups.flatMap(([, rows]) => rows.map(([name]) => name.length)));
  return groups.flatMap(([group, rows]) => [group, ...table(rows, width).map((line) => `  ${line}`)]);
}

async function rowsOf(kind: Exclude<Kind, "scenarios">, out: string): Promise<readonly Row[]> {
  if (kind === "runs") {
    const { listRuns } = await import("../../store/list-runs.ts");
    const runs = await listRuns(out);
    return runs.length === 0 ? [["none", `in ${out}`]] : runs.map(runRow);
  }
  const { shippedCatalogues } = await import("../../config/shipped-catalogues.ts");
  const { topologies, workloads, faults } = shippedCatalogues;
  switch (kind) {
    case "topologies":
      return Object.values(topologies).map(({ name, summary }) => [name, summary]);
    case "workloads":
      return Object.values(workloads).map(({ name, summary }) => [name, summary]);
    case "faults":
      return mechanisms(faults, "fault");
    case "operations":
      return mechanisms(faults, "operation");
  }
}

function mechanisms(faults: Catalogues["faults"], kind: InjectionKind): readonly Row[] {
  const own = Object.values(faults).filter((each) => each.kind === kind);
  return own.map(({ name, mechanism }) => [name, mechanism]);
}

function runRow(run: ListedRun): Row {
  const incomplete = run.end === "incomplete" ? ", incomplete" : "";
  return [`${run.scenario}/${run.name}`, `${run.outcome ?? "not judged"}${incomplete}`];
}

function table(
  rows: readonly Row[],
  width = Math.max(...rows.map(([name]) => name.length)),
): readonly string[] {
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}
