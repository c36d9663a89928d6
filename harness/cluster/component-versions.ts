import { everyComponent } from "./components/catalogue.ts";
import { everyDialect } from "./dialect-needs.ts";
import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** Every component's version as it reports it, asked of a node: all have the same image. */
export async function componentVersions(
  cluster: Pick<RuntimeCluster, "exec">,
  node: string,
): Promise<Readonly<Record<string, string>>> {
  const output = await cluster.exec(node, {
    what: "tell the components' versions",
    command: ["sh", "-c", versionsScript()],
    user: "nobody",
  });
  return parseVersions(output);
}

/** Prints a line for each: `name=what the program says of itself`. */
function versionsScript(): string {
  const commands = [...everyComponent(), ...everyDialect()].flatMap(({ versions }) =>
    Object.entries(versions),
  );
  return commands.map(([name, command]) => `echo "${name}=$(${command})"`).join("\n");
}

/** The first thing in each line that looks like a version; the whole of what was said where nothing does. */
export function parseVersions(output: string): Record<string, string> {
  const entries = output.split("\n").flatMap((line) => {
    const [, name, said] = /^(\w+)=(.+)$/.exec(line) ?? [];
    if (name === undefined || said === undefined) return [];
    return [[name, /\d+(\.\d+)+[-\w.]*/.exec(said)?.[0] ?? said.trim()] as const];
  });
  return Object.fromEntries(entries);
}
