import type { PostgresQuestions } from "../model/capabilities.ts";
import { HarnessError } from "../model/errors.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** By psql on the node itself, where the superuser needs no password. */
export function postgresQuestions(cluster: Pick<RuntimeCluster, "exec">, port: number): PostgresQuestions {
  return {
    async configuration({ node, parameter }) {
      const printed = await cluster.exec(node, {
        what: `ask ${node} for its configuration`,
        command: [
          ...["psql", "-X", "-q", "-A", "-t", "-h", "/run/postgresql", "-p", String(port), "-d", "postgres"],
          ...["-c", configurationQuery(parameter)],
        ],
        user: "postgres",
      });
      return parseConfiguration(printed);
    },
  };
}

function configurationQuery(parameter: string): string {
  return (
    "SELECT round(1000 * extract(epoch FROM clock_timestamp() - pg_conf_load_time())), " +
    `coalesce(current_setting('${parameter}', true), '')`
  );
}

/** `1234|value`. */
function parseConfiguration(printed: string): Awaited<ReturnType<PostgresQuestions["configuration"]>> {
  const found = /^(-?\d+)\|(.*)$/.exec(printed.trim());
  if (found === null)
    throw new HarnessError({
      code: "postgres-answer",
      message: `Expected milliseconds and a value from PostgreSQL, found ${JSON.stringify(printed)}.`,
    });
  return { loadedAgoMs: Number(found[1]), value: found[2] ?? "" };
}
