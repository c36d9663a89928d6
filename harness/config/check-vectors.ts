import type { PlannedVariant } from "../model/benchmark.ts";
import type { Problem } from "../model/errors.ts";
import type { Workload } from "../model/workload.ts";
import { whatVectorsLack } from "../workloads/vector-words.ts";

/** What a workload asks of a vector extension that its clusters have none of, or that theirs cannot do. */
export function checkVectors(workload: Workload, variants: readonly PlannedVariant[]): readonly Problem[] {
  const { name } = workload;
  if (workload.usesVectors !== true) return [];
  const lacking = variants.flatMap(({ topology: { vectors } }) => {
    const what = whatVectorsLack(workload, vectors);
    return what.length === 0
      ? []
      : [
          {
            where: "topology.vectors",
            message: `expected a vector extension that can do what the workload "${name}" asks for, found ${vectors}, which lacks ${what.join(", ")}.`,
            suggestion: "Use --set vectors=pgvector.",
          },
        ];
  });
  const without = variants.find(({ topology }) => topology.vectors === "none");
  if (without === undefined) return lacking.slice(0, 1);
  const on = without.name === "" ? "" : ` of the variant "${without.name}"`;
  const message = `expected a vector extension for the workload "${name}", found none${on}.`;
  return [{ where: "topology.vectors", message, suggestion: "Use --set vectors=pgvector." }];
}
