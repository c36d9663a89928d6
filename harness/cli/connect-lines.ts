import type { ContainerRuntime, FoundCluster } from "../runtime/container-runtime.ts";
import { COORDINATORS, MONITOR_NODE, patroniConfigPath } from "../model/layout.ts";

/** Lines to paste into a shell on this machine: psql as the superuser and patronictl, inside a coordinator. */
export function connectLines(
  cluster: Pick<FoundCluster, "containers" | "database">,
  runtime: Pick<ContainerRuntime, "shellInto">,
): readonly string[] {
  const nameOf = (node: string): string | undefined =>
    cluster.containers.find((container) => container.node === node)?.name;
  const coordinator = nameOf("coordinator-1");
  if (coordinator === undefined) return [];
  const inside = runtime.shellInto(coordinator);
  const patroni = cluster.containers.some((container) => container.node.startsWith("etcd-"));
  const monitor = nameOf(MONITOR_NODE);
  return [
    "# SQL as the superuser, on coordinator-1 itself",
    `${inside} psql ${cluster.database}`,
    ...(patroni
      ? [
          "# members, roles and lag; then ask for a switchover",
          `${inside} patronictl -c ${patroniConfigPath} list`,
          `${inside} patronictl -c ${patroniConfigPath} switchover`,
        ]
      : []),
    ...(monitor === undefined
      ? []
      : [
          "# nodes, their states and what the monitor wants of them; then ask for a switchover",
          `${runtime.shellInto(monitor)} setpriv --reuid postgres --clear-groups pg_autoctl show state --formation ${COORDINATORS}`,
          `${runtime.shellInto(monitor)} setpriv --reuid postgres --clear-groups pg_autoctl perform switchover --formation ${COORDINATORS}`,
        ]),
  ];
}

/** psql through the client's way in, by the port published on loopback. */
export function entryLines(entry: {
  readonly readWrite?: { readonly host: string; readonly port: number };
  readonly readOnly?: { readonly host: string; readonly port: number };
  readonly database: string;
  readonly password: string;
}): readonly string[] {
  const line = (use: string, { host, port }: { readonly host: string; readonly port: number }): string[] => [
    `# SQL as a client, ${use}`,
    `psql "postgresql://dpg_bench:${entry.password}@${host}:${port}/${entry.database}"`,
  ];
  return [
    ...(entry.readWrite === undefined ? [] : line("reads and writes: the primary", entry.readWrite)),
    ...(entry.readOnly === undefined ? [] : line("reads: the replicas", entry.readOnly)),
  ];
}
