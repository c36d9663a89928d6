import type { PostgresWork } from "../model/capabilities.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** By psql on the node itself, where the superuser needs no password; it is left to itself once it was started. */
export function postgresWork(cluster: Pick<RuntimeCluster, "exec">, port: number): PostgresWork {
  const run = (node: string, what: string, script: string, ...rest: readonly string[]): Promise<string> =>
    cluster.exec(node, {
      what: `${what} ${node}`,
      command: ["sh", "-c", script, "sh", String(port), ...rest],
      user: "postgres",
    });
  return {
    async begin({ node, name, statements, seconds }) {
      const commands = statements.flatMap((statement) => ["-c", statement]);
      await run(node, `begin ${name} on`, beginScript, name, String(seconds), ...commands);
    },
    async isDone({ node, name }) {
      const printed = await run(node, `look for ${name} on`, askScript, backendsOf(name, "count(*)"));
      return Number(printed.trim()) > 0;
    },
    async end({ node, name, statements }) {
      const ended = backendsOf(name, "count(pg_terminate_backend(pid, 5000))");
      await run(node, `end ${name} on`, endScript, ended, ...statements);
    },
  };
}

const psql = `psql -X -q -A -t -v ON_ERROR_STOP=1 -h /run/postgresql -p "$port" -d postgres`;

/** The backend would not see before its end that psql is gone: the server's own time-out bounds it as well. */
const beginScript = `
port=$1 PGAPPNAME=$2 seconds=$3; shift 3
export PGAPPNAME PGOPTIONS="-c statement_timeout=\${seconds}s"
setsid timeout "$seconds" ${psql} "$@" </dev/null >/dev/null 2>&1 &`;

const askScript = `port=$1; ${psql} -c "$2"`;

/** A server that is not there has no backends; one that became a standby has nothing of its own to undo. */
const endScript = `
port=$1 ended=$2; shift 2
pg_isready -q -h /run/postgresql -p "$port" || exit 0
${psql} -c "$ended" >/dev/null
[ "$(${psql} -c 'SELECT pg_is_in_recovery()')" = f ] || exit 0
for statement in "$@"; do ${psql} -c "$statement" || exit 1; done`;

/** The names are our own: they hold no quotes. */
function backendsOf(name: string, wanted: string): string {
  return `SELECT ${wanted} FROM pg_stat_activity WHERE application_name = '${name}' AND pid <> pg_backend_pid()`;
}
