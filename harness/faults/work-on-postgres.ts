import type { PostgresWork } from "../model/capabilities.ts";
import type { Victim } from "../model/fault.ts";

/** Is every node of the victim at the work of that name? */
export async function everyNodeWorks(work: PostgresWork, { nodes }: Victim, name: string): Promise<boolean> {
  const answers = await Promise.all(nodes.map((node) => work.isDone({ node, name })));
  return answers.every((done) => done);
}
