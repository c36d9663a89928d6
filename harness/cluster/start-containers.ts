import { randomBytes } from "node:crypto";
import type {
  EtcdControl,
  LineChannel,
  NetworkControl,
  NodeControl,
  PatroniControl,
  PostgresQuestions,
  PostgresWork,
  ProcessControl,
  ResourceMeter,
} from "../model/capabilities.ts";
import type { Credentials } from "../model/credentials.ts";
import type { Environment } from "../model/environment.ts";
import { clientEndpoints, type ClusterLayout, type Endpoint } from "../model/layout.ts";
import { layOut } from "./components/lay-out.ts";
import type { Progress } from "../model/progress.ts";
import { releasedAfter } from "../support/suppressed.ts";
import type { Topology } from "../model/topology.ts";
import { bootstrapSqlPath } from "./components/postgres/bootstrap-sql.ts";
import type {
  ClusterMode,
  ContainerRuntime,
  EndedNode,
  RuntimeCluster,
} from "../runtime/container-runtime.ts";
import type { ContainerSpec } from "../runtime/container-spec.ts";
import { describeContainers } from "./describe-containers.ts";
import { pgAutoFailoverControl } from "./pg-auto-failover-control.ts";
import { patroniControl } from "./patroni-control.ts";
import { etcdControl } from "./etcd-control.ts";
import { postgresQuestions } from "./postgres-questions.ts";
import { postgresWork } from "./postgres-work.ts";
import { componentVersions } from "./component-versions.ts";

export interface StartContainersOptions {
  /** Where the containers run. */
  readonly runtime: ContainerRuntime;
  /** Names of the images, which must be there. */
  readonly images: { readonly node: string; readonly agent: string };
  readonly runId: string;
  readonly mode: ClusterMode;
  readonly credentials: Credentials;
  /** Every container ends by itself after this long. */
  readonly lifetimeSeconds: number;
  /** Publish the clients' way in to this machine, where the runtime can. */
  readonly publish: boolean;
  /** Keeps a configuration file, without passwords. */
  readonly keepConfig: (relativePath: string, text: string) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Bound on any single command to a container or its runtime. */
  readonly commandMs: number;
}

/** All containers of a cluster, started; nothing is said of readiness. Disposing of it removes every trace. */
export interface StartedContainers extends AsyncDisposable {
  /** What the labels call it. */
  readonly id: string;
  readonly layout: ClusterLayout;
  readonly nodes: NodeControl;
  readonly processes: ProcessControl;
  readonly network: NetworkControl;
  readonly patroni: PatroniControl;
  readonly postgres: PostgresQuestions;
  readonly work: PostgresWork;
  readonly etcd: EtcdControl;
  readonly meter: ResourceMeter;
  /** The node's standard input and output, attached since before its start. It ends when the harness does. */
  channel(node: "agent" | "observer"): LineChannel;
  /** Runs the bootstrap statements where there is no Patroni to do it. */
  bootstrap(): Promise<void>;
  /** Resolves with the first node whose container ends; rejects when the signal is aborted. */
  firstToEnd(signal: AbortSignal): Promise<EndedNode>;
  /** The nodes whose containers have ended. */
  ended(): Promise<readonly EndedNode[]>;
  /** Everything that the node has printed; of agent and observer, the end of their standard error. */
  logs(node: string): Promise<string>;
  /** The published way in; empty unless it was asked for. */
  readonly entry: { readonly readWrite?: Endpoint; readonly readOnly?: Endpoint };
  environment(): Promise<Pick<Environment, "engine" | "images" | "components">>;
  /** Disposing leaves it running. For a cluster of mode `interactive`: one of a `run` would be taken for an orphan. */
  keep(): void;
}

/**
 * Creates and starts every container of the topology. Members wait for etcd by themselves, so all are started as
 * fast as the runtime can. On failure, and when the signal is aborted, everything is removed before the reason is raised.
 */
export async function startContainers(
  topology: Topology,
  options: StartContainersOptions,
): Promise<StartedContainers> {
  const { runtime, credentials, progress, signal } = options;
  const layout = layOut(topology);
  const { resolver } = runtime;
  const specs = describeContainers({ topology, layout, credentials, publish: options.publish, resolver });
  await keepConfigs(specs, options);
  const id = randomBytes(4).toString("hex");
  const cluster = await runtime.start(specs, {
    ...options,
    identity: {
      id,
      runId: options.runId,
      mode: options.mode,
      topology: topology.name,
      database: topology.postgres.database,
    },
    onStarted: (node, running) =>
      progress.detail(`${running} of ${specs.length} containers started (${node})`),
    onStuck: ({ why }) => progress.note(why),
  });
  try {
    const entry =
      options.publish && runtime.abilities.publishedEntry.can ? await publishedEntry(cluster, topology) : {};
    signal.throwIfAborted();
    return startedContainers(cluster, { id, layout, entry, topology });
  } catch (error) {
    throw await releasedAfter(error, () => cluster[Symbol.asyncDispose]());
  }
}

function startedContainers(
  cluster: RuntimeCluster,
  parts: Pick<StartedContainers, "id" | "layout" | "entry"> & { readonly topology: Topology },
): StartedContainers {
  const { id, layout, entry, topology } = parts;
  const { port } = topology.postgres;
  const anyPostgres = layout.groups[0]?.members[0] ?? "coordinator-1";
  return {
    id,
    layout,
    entry,
    nodes: cluster.nodes,
    processes: cluster.processes,
    network: cluster.network,
    patroni: topology.pgAutoFailover.enabled
      ? pgAutoFailoverControl(cluster)
      : patroniControl(cluster, topology),
    postgres: postgresQuestions(cluster, port),
    work: postgresWork(cluster, port),
    etcd: etcdControl(cluster),
    meter: cluster.meter,
    channel: (node) => cluster.channel(node),
    bootstrap: () => bootstrapSinglePostgres(cluster, layout, port),
    firstToEnd: (ending) => cluster.firstToEnd(ending),
    ended: () => cluster.ended(),
    logs: (node) => cluster.logs(node),
    environment: async () => {
      const [described, components] = await Promise.all([
        cluster.describe(),
        componentVersions(cluster, anyPostgres),
      ]);
      return { ...described, components };
    },
    keep: () => cluster.keep(),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

async function publishedEntry(
  cluster: RuntimeCluster,
  topology: Topology,
): Promise<StartedContainers["entry"]> {
  const { readWrite, readOnly } = clientEndpoints(topology);
  const reached = await cluster.published(readWrite.host);
  const [write, read] = [reached.get(readWrite.port), reached.get(readOnly.port)];
  return {
    ...(write === undefined ? {} : { readWrite: write }),
    ...(read === undefined ? {} : { readOnly: read }),
  };
}

/** `config/NODE/FILE` for each file, and the environment where a component is configured by that. */
async function keepConfigs(specs: readonly ContainerSpec[], options: StartContainersOptions): Promise<void> {
  const keep = (relativePath: string, text: string) =>
    options.keepConfig(`config/${relativePath}`, maskPasswords(text, options.credentials));
  await Promise.all(
    specs.flatMap(({ node, files, environment }) => [
      ...files.map(({ path, content }) => keep(`${node.name}/${path.split("/").at(-1) ?? path}`, content)),
      ...(Object.keys(environment).length === 0
        ? []
        : [
            keep(
              `${node.name}/environment`,
              Object.entries(environment)
                .map(([name, value]) => `${name}=${value}\n`)
                .join(""),
            ),
          ]),
    ]),
  );
}

/** Patroni runs the bootstrap statements by itself; a PostgreSQL without Patroni has nobody else to do it. */
async function bootstrapSinglePostgres(
  cluster: RuntimeCluster,
  layout: ClusterLayout,
  port: number,
): Promise<void> {
  const single = layout.nodes.filter(({ component }) => component === "postgres");
  await Promise.all(
    single.map((node) =>
      cluster.exec(node.name, {
        what: `prepare the database of ${node.name}`,
        command: ["sh", "-c", bootstrapScript, "sh", String(port)],
        user: "postgres",
      }),
    ),
  );
}

/** Local connections need no password. */
const bootstrapScript = `
export PGHOST=/run/postgresql PGPORT="$1"
until pg_isready -q; do sleep 0.05; done
exec psql -X -q -v ON_ERROR_STOP=1 -f ${bootstrapSqlPath} -d postgres
`;

/** The same text without any of the cluster's passwords: what recordings, reports and errors may hold. */
export function maskPasswords(text: string, credentials: Credentials): string {
  return Object.values(credentials).reduce<string>(
    (masked, password) => masked.replaceAll(String(password), "********"),
    text,
  );
}
