import type { WorkloadOperation } from "../../../model/workload.ts";

/** Names of operations in turn, so that each has its share by weight at any time, to less than one. */
export function takeTurns(operations: readonly Pick<WorkloadOperation, "name" | "weight">[]): () => string {
  const sum = operations.reduce((total, { weight }) => total + weight, 0);
  const credit = operations.map(() => 0);
  return () => {
    operations.forEach(({ weight }, index) => (credit[index] = (credit[index] ?? 0) + weight / sum));
    const next = credit.indexOf(Math.max(...credit));
    credit[next] = (credit[next] ?? 0) - 1;
    return operations[next]?.name ?? "";
  };
}
