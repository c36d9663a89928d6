import { findWorkload } from "../../harness/workloads/catalogue.ts";
import type { BenchCluster, BenchLoad } from "./bench-cluster.ts";

/** pgbench as its authors ship it: no log, one thread, prepared statements. */
export interface PlainPgbench {
  readonly perSecond: number;
  /** User and system time of pgbench's process per transaction, microseconds. */
  readonly cpuPerOperationUs: number;
}

export async function plainPgbench(
  bench: BenchCluster,
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<PlainPgbench> {
  const { cluster } = bench;
  const { port, database } = cluster.topology.postgres;
  const login = `PGPASSWORD='${cluster.credentials.clientPassword}'`;
  const pgbench = `pgbench -n -M prepared -c ${clients} -j 1 -T ${seconds} -h coordinator-1 -p ${port} -U dpg_bench -f /tmp/bench.sql ${database}`;
  const output = await bench.inAgent(
    `cat > /tmp/bench.sql <<'SQL'\n${script(bench.load)}\nSQL\nTIMEFORMAT='cpu %U %S'; ${login} ; export PGPASSWORD; time ${pgbench}`,
    (seconds + 30) * 1000,
  );
  const perSecond = number(/tps = ([\d.]+)/, output);
  const processed = number(/transactions actually processed: (\d+)/, output);
  const [, user = "", system = ""] = /cpu ([\d.]+) ([\d.]+)/.exec(output) ?? [];
  return { perSecond, cpuPerOperationUs: ((Number(user) + Number(system)) * 1e6) / processed };
}

/** The workload's one operation, as pgbench says it. */
function script({ workload, parameters }: BenchLoad): string {
  const operation = findWorkload(workload, parameters)?.operations[0];
  const statement = operation?.statements[0];
  const variable = operation?.variables[0];
  if (statement === undefined || variable?.kind !== "uniform") {
    throw new Error(`Expected ${workload} to be one statement with one uniform variable.`);
  }
  return [
    `\\set ${variable.name} random(${variable.from}, ${variable.to})`,
    `${statement.sql.replaceAll("$1", `:${variable.name}`)};`,
  ].join("\n");
}

function number(pattern: RegExp, output: string): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`Expected ${String(pattern)} in pgbench's output, got: ${output}`);
  return Number(found);
}
