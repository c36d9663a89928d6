import type { Fault, Victim } from "../model/fault.ts";
import type { PostgresWork } from "../model/capabilities.ts";
import { onEachNode } from "./on-each-node.ts";

/**
 * The acts of a fault whose session works on each node of the victim, for `seconds` at most, and is found by its name; `undo`
 * is what is left to do once its backend was terminated.
 */
export function workOnPostgres({
  undo,
  ...begun
}: {
  readonly name: string;
  readonly statements: readonly string[];
  readonly seconds: number;
  readonly undo: readonly string[];
}): Pick<Fault, "inject" | "heal"> & {
  readonly tookHold: (tools: { readonly work: PostgresWork }, victim: Victim) => Promise<boolean>;
} {
  const { name } = begun;
  return {
    inject: ({ work }, victim) => onEachNode(victim, (node) => work.begin({ node, ...begun })),
    tookHold: async ({ work }, { nodes }) => {
      const answers = await Promise.all(nodes.map((node) => work.isDone({ node, name })));
      return answers.every((done) => done);
    },
    heal: ({ work }, victim) => onEachNode(victim, (node) => work.end({ node, name, statements: undo })),
  };
}
