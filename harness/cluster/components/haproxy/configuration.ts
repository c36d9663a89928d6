import { groupOf, COORDINATORS } from "../../../model/layout.ts";
import { failoverManager, type Topology } from "../../../model/topology.ts";
import type { Resolver } from "../../../runtime/container-runtime.ts";
import type { ComponentConfig } from "../../../runtime/container-spec.ts";
import type { ComponentRequest } from "../component.ts";

const statsPort = 7000;
const runtimePort = 9999;

/**
 * HAProxy asks Patroni's REST interface of every coordinator who is primary and who is replica, and sends clients to
 * the PgBouncer in front of it (or to PostgreSQL itself where there is none).
 */
export function configureHaproxy(request: ComponentRequest): ComponentConfig {
  return {
    command: ["haproxy"],
    environment: {},
    files: [{ path: "/etc/dpg-bench/haproxy.cfg", content: configuration(request), mode: 0o600 }],
  };
}

function configuration(request: ComponentRequest): string {
  const { haproxy } = request.topology;
  const checks = `inter ${haproxy.interMs}ms fastinter ${haproxy.fastinterMs}ms downinter ${haproxy.downinterMs}ms fall ${haproxy.fall} rise ${haproxy.rise}`;
  return `global
  log stdout format raw daemon notice
  maxconn ${haproxy.maxConnections}
  stats socket ipv4@0.0.0.0:${runtimePort} level operator

defaults
  mode tcp
  log global
  option dontlognull
  option tcp-smart-accept
  retries 2
  timeout connect 2s
  timeout client 30m
  timeout server 30m
  # no server: fail the client soon instead of letting it hang
  timeout queue 2s
  default-server ${checks}${request.resolver === null ? "" : " resolvers runtime"} init-addr libc,none

${request.resolver === null ? "" : resolversSection(request.resolver)}frontend stats
  mode http
  no log
  bind :${statsPort}
  stats enable
  stats uri /stats
  stats refresh 2s

frontend clients_read_write
  bind :${haproxy.readWritePort}
  default_backend read_write

frontend clients_read_only
  bind :${haproxy.readOnlyPort}
  # Reads go to the replicas, and to the primary where there is no replica up.
  use_backend read_only if { nbsrv(read_only) gt 0 }
  default_backend read_write

# Who is primary and who is replica, as ${answers(request.topology)} says. These two carry no traffic: the servers
# of the backends below follow them with \`track\`. An address given by \`check addr NAME\` is resolved once, at
# the start; the address of a checked server goes on being resolved.
${checkBackend(request, "check_read_write", "/primary")}

${checkBackend(request, "check_read_only", "/replica")}

${clientBackend(request, "read_write", "check_read_write")}

${clientBackend(request, "read_only", "check_read_only")}
`;
}

function resolversSection({ address }: Resolver): string {
  return `# The runtime's own DNS: a container that was started anew may have another address.
resolvers runtime
  nameserver dns ${address}
  resolve_retries 3
  timeout resolve 500ms
  timeout retry 500ms
  hold valid 1s
  hold nx 1s
  hold refused 1s
  hold timeout 1s
  hold other 1s
  hold obsolete 1s

`;
}

function checkBackend({ topology, layout }: ComponentRequest, name: string, path: string): string {
  return [
    `backend ${name}`,
    "  mode http",
    `  option httpchk OPTIONS ${path}`,
    "  http-check expect status 200",
    ...coordinators(layout).map((member) => `  server ${member} ${member}:${checkPort(topology)} check`),
  ].join("\n");
}

function answers(topology: Topology): string {
  return failoverManager(topology) === "pg-auto-failover"
    ? "a small checker beside each PostgreSQL"
    : "Patroni's REST interface";
}

/** Patroni's REST interface, or the checker that stands in for one. */
function checkPort(topology: Topology): number {
  return failoverManager(topology) === "pg-auto-failover"
    ? topology.pgAutoFailover.checkPort
    : topology.patroni.restPort;
}

function clientBackend({ topology, layout }: ComponentRequest, name: string, tracked: string): string {
  const whenDown = topology.haproxy.shutdownSessionsWhenDown ? " on-marked-down shutdown-sessions" : "";
  return [
    `backend ${name}`,
    "  balance roundrobin",
    ...coordinators(layout).map((member) => {
      const pooler = layout.nodes.find((node) => node.fronts === member);
      const target =
        pooler === undefined
          ? `${member}:${topology.postgres.port}`
          : `${pooler.name}:${topology.pgbouncer.port}`;
      return `  server ${member} ${target} track ${tracked}/${member}${whenDown}`;
    }),
  ].join("\n");
}

function coordinators(layout: ComponentRequest["layout"]): readonly string[] {
  return layout.nodes
    .filter((node) => groupOf(layout, node.name)?.name === COORDINATORS)
    .map((node) => node.name);
}
