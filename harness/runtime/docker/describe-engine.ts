import type { Environment } from "../../model/environment.ts";
import type { DockerCluster } from "./docker-cluster.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { runInContainer } from "./run-in-container.ts";
import { withinBudget } from "./within-budget.ts";

/** Each line is `name=what the program says of itself`. */
const versions = `
echo "postgresql=$(postgres --version)"
echo "patroni=$(python3 -c 'from patroni.version import __version__; print(__version__)')"
echo "etcd=$(etcd --version | head -n 1)"
echo "haproxy=$(haproxy -v | head -n 1)"
echo "pgbouncer=$(pgbouncer --version | head -n 1)"
echo "pgvector=$(sed -n "s/^default_version = '\\(.*\\)'/\\1/p" /usr/share/postgresql/17/extension/vector.control)"
`;

/** The engine, the images by their ids, and every component's version as it reports it. */
export async function describeEngine(
  cluster: DockerCluster,
  images: readonly string[],
  node: string,
): Promise<Pick<Environment, "engine" | "images" | "components">> {
  const what = "describe itself and its images";
  try {
    const [{ info, version }, inspected, output] = await Promise.all([
      withinBudget(what, cluster.commandMs, async () => ({
        info: (await cluster.engine.info()) as Record<string, unknown>,
        version: await cluster.engine.version(),
      })),
      withinBudget(what, cluster.commandMs, () =>
        Promise.all(
          images.map(async (name) => ({ name, id: (await cluster.engine.getImage(name).inspect()).Id })),
        ),
      ),
      runInContainer(cluster.container(node), {
        what: "tell the components' versions",
        command: ["sh", "-c", versions],
        user: "nobody",
        budgetMs: cluster.commandMs,
      }),
    ]);
    return {
      engine: {
        name: version.Platform.Name === "" ? "Docker Engine" : version.Platform.Name,
        version: version.Version,
        storageDriver: text(info.Driver),
        cgroupVersion: text(info.CgroupVersion),
      },
      images: inspected,
      components: parseVersions(output),
    };
  } catch (error) {
    throw explainEngineError(what, error);
  }
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

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "unknown";
}
