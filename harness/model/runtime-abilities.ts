/** What not every runtime can do with the containers that it runs. */
export type RuntimeAbility =
  /** Commands inside a node. */
  | "commands"
  /** Killing a node, and starting it again with the data that it had. */
  | "nodeControl"
  /** Freezing a node with all its connections, and waking it. */
  | "nodeFreezing"
  /** Limiting the processor time of a running node, and giving it back. */
  | "cpuLimits"
  /** Killing single processes of a node. */
  | "processControl"
  /** Dropping packets between nodes. */
  | "networkControl"
  /** Delaying the packets of a node. */
  | "packetDelays"
  /** Telling what nodes and the machine use. */
  | "resourceUse"
  /** A way in from the machine of whoever runs dpg-bench. */
  | "publishedEntry";

/** Each ability: there, or why it is not, as a clause: "pods cannot be frozen". */
export type RuntimeAbilities = Readonly<
  Record<RuntimeAbility, { readonly can: true } | { readonly can: false; readonly why: string }>
>;

/** Why a fault cannot be injected where the containers run, as whole sentences; empty: it can. */
export function abilityGaps(
  fault: { readonly name: string; readonly needs: readonly RuntimeAbility[] },
  runtime: { readonly name: string; readonly abilities: RuntimeAbilities },
): readonly string[] {
  return fault.needs.flatMap((ability) => {
    const answer = runtime.abilities[ability];
    return answer.can
      ? []
      : [`"${fault.name}" cannot be injected where the runtime is ${runtime.name}: ${answer.why}.`];
  });
}
