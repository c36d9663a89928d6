import type { RuntimeCluster } from "../runtime/container-runtime.ts";

/** Each line is `name=what the program says of itself`. */
const versions = `
echo "postgresql=$(postgres --version)"
echo "patroni=$(python3 -c 'from patroni.version import __version__; print(__version__)')"
echo "etcd=$(etcd --version | head -n 1)"
echo "haproxy=$(haproxy -v | head -n 1)"
echo "pgbouncer=$(pgbouncer --version | head -n 1)"
echo "pgvector=$(sed -n "s/^default_version = '\\(.*\\)'/\\1/p" /usr/share/postgresql/17/extension/vector.control)"
`;

/** Every component's version as it reports it, asked of a node: all have the same image. */
export async function componentVersions(
  cluster: Pick<RuntimeCluster, "exec">,
  node: string,
): Promise<Readonly<Record<string, string>>> {
  const output = await cluster.exec(node, {
    what: "tell the components' versions",
    command: ["sh", "-c", versions],
    user: "nobody",
  });
  return parseVersions(output);
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
