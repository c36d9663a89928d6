import type { Statement, Variable, WorkloadOperation } from "../model/workload.ts";

/** An operation of one statement, its own transaction, bounded as the load says and without a ledger. */
export function statementOperation(
  operation: Pick<WorkloadOperation, "name" | "kind" | "endpoint" | "weight"> & {
    readonly variables: readonly Variable[];
    readonly statement: Statement;
  },
): WorkloadOperation {
  const { statement, ...rest } = operation;
  return {
    ...rest,
    form: "statement",
    statements: [statement],
    rows: 0,
    timeoutMs: null,
    ledgerTable: null,
  };
}
