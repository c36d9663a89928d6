import { HarnessError } from "../model/errors.ts";
import type { RuntimeAbilities, RuntimeAbility } from "../model/runtime-abilities.ts";
import type { ContainerRuntime, EndedNode, RuntimeCluster } from "./container-runtime.ts";
import type { ContainerSpec } from "./container-spec.ts";

const ABILITIES: readonly RuntimeAbility[] = [
  "commands",
  "nodeControl",
  "nodeFreezing",
  "cpuLimits",
  "processControl",
  "networkControl",
  "packetDelays",
  "resourceUse",
  "publishedEntry",
];

/**
 * A runtime in memory, whose clusters do nothing. `calls` lists what was asked of it, in order; `lacks` says what it cannot
 * do, and why; `printed` is what every command prints.
 */
export function fakeRuntime(
  options: {
    readonly lacks?: Partial<Record<RuntimeAbility, string>>;
    readonly resolver?: ContainerRuntime["resolver"];
    readonly printed?: string;
  } = {},
): ContainerRuntime & { readonly calls: readonly string[]; readonly started: readonly ContainerSpec[] } {
  const { lacks = {}, resolver = null, printed = "" } = options;
  const calls: string[] = [];
  const started: ContainerSpec[] = [];
  const call = (ability: RuntimeAbility, what: string): Promise<void> => {
    calls.push(what);
    const why = lacks[ability];
    if (why === undefined) return Promise.resolve();
    const message = `Expected the runtime to ${what}, found that ${why}.`;
    return Promise.reject(new HarnessError({ code: "runtime-cannot", message }));
  };
  const removed = () => Promise.resolve(calls.push("remove")).then(() => undefined);
  let kept = false;
  const cluster: RuntimeCluster = {
    nodes: {
      kill: (node) => call("nodeControl", `kill ${node}`),
      start: (node) => call("nodeControl", `start ${node}`),
      pause: (node) => call("nodeFreezing", `pause ${node}`),
      resume: (node) => call("nodeFreezing", `resume ${node}`),
      state: (node) => call("nodeControl", `look at ${node}`).then(() => "running"),
      limitCpu: (node, cpus) => call("cpuLimits", `limit ${node} to ${cpus} CPUs`),
      unlimitCpu: (node) => call("cpuLimits", `give ${node} its CPUs back`),
      isHeldBack: (node) => call("cpuLimits", `is ${node} held back`).then(() => false),
    },
    processes: { killPostmaster: (node) => call("processControl", `kill the postmaster of ${node}`) },
    network: {
      isolate: (node) => call("networkControl", `isolate ${node}`),
      rejoin: (node) => call("networkControl", `rejoin ${node}`),
      cut: ({ from, to }) => call("networkControl", `cut ${from.join(", ")} from ${to.join(", ")}`),
      dropped: ({ from }) => call("networkControl", `count what ${from.join(", ")} dropped`).then(() => 0),
      delay: ({ node }) => call("packetDelays", `delay ${node}`),
      roundTripMs: (node, peer) => call("packetDelays", `measure from ${node} to ${peer}`).then(() => 0),
      undelay: (node) => call("packetDelays", `take the delay of ${node} away`),
      mend: ({ from }) => call("networkControl", `mend the link of ${from.join(", ")}`),
    },
    meter: {
      read: () =>
        Promise.resolve({
          readings: [],
          missing: lacks.resourceUse === undefined ? [] : [`${lacks.resourceUse}.`],
        }),
      memory: () =>
        Promise.resolve({
          memoryMb: {},
          missing: lacks.resourceUse === undefined ? [] : [`${lacks.resourceUse}.`],
        }),
    },
    exec: (node, { command }) => call("commands", `${node}: ${command.join(" ")}`).then(() => printed),
    channel: () => ({ send: () => undefined, lines: noLines(), close: () => Promise.resolve() }),
    logs: (node) => call("commands", `log of ${node}`).then(() => ""),
    published: async (node) => {
      await call("publishedEntry", `published ports of ${node}`);
      const ports = started.find((spec) => spec.node.name === node)?.publishedPorts ?? [];
      return new Map(ports.map((port) => [port, { host: "127.0.0.1", port: 40_000 + port }]));
    },
    firstToEnd: (signal) =>
      new Promise<EndedNode>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
    ended: () => Promise.resolve([]),
    describe: () => Promise.resolve({ engine: null, images: [] }),
    keep: () => {
      kept = true;
    },
    [Symbol.asyncDispose]: async () => {
      if (!kept) await removed();
    },
  };
  return {
    calls,
    started,
    name: "fake",
    abilities: Object.fromEntries(
      ABILITIES.map((ability) => {
        const why = lacks[ability];
        return [ability, why === undefined ? { can: true } : { can: false, why }];
      }),
    ) as RuntimeAbilities,
    resolver,
    start: (specs, { identity, onStarted }) => {
      calls.push(`start ${identity.topology}`);
      for (const spec of specs) onStarted(spec.node.name, started.push(spec));
      return Promise.resolve(cluster);
    },
    clusters: () => Promise.resolve([]),
    removeLeftovers: () => Promise.resolve({ removed: [], stuck: [] }),
    shellInto: (container) => `into ${container}:`,
  };
}

async function* noLines(): AsyncGenerator<string> {
  // A process that says nothing.
}
