import type { CitusNode } from "../../model/event.ts";
import { COORDINATORS, patroniCluster, type GroupSpec } from "../../model/layout.ts";
import type { ClusterView } from "../../model/view.ts";
import type { SeenCluster } from "../components/component.ts";

/**
 * Every coordinator has a row in pg_dist_node for the primary of each group that names the member that is primary now, is
 * active and, of a worker, has the newest metadata: before that no node can be added and no table be made. Which groups may
 * hold shards is what operations change, and no gap.
 */
export function citusGaps({ topology, layout, view }: SeenCluster): readonly string[] {
  const coordinators = layout.groups.find(({ name }) => name === COORDINATORS)?.members ?? [];
  const unseen = coordinators.filter((name) => view.citusNodes[name] === undefined);
  const problems = layout.groups.flatMap((group) => {
    const { citusGroup } = patroniCluster(topology, group.name);
    const primary = onlyPrimary(group, view);
    // That there is not one primary is a gap that its group tells.
    if (primary === null) return [];
    return coordinators.flatMap((coordinator) => {
      const nodes = view.citusNodes[coordinator];
      const problem = nodes === undefined ? null : problemWith(nodes, citusGroup, primary);
      return problem === null ? [] : [{ coordinator, problem: `${group.name}: ${problem}` }];
    });
  });
  return [
    ...unseen.map((name) => `${COORDINATORS}: pg_dist_node of ${name} has not been seen`),
    // Standbys have the same rows as their primary, but for moments.
    ...[...new Set(problems.map(({ problem }) => problem))].map((problem) => {
      const on = problems.filter((each) => each.problem === problem).map(({ coordinator }) => coordinator);
      return `${problem} (pg_dist_node on ${on.join(", ")})`;
    }),
  ];
}

function problemWith(nodes: readonly CitusNode[], citusGroup: number | null, primary: string): string | null {
  const row = nodes.find((node) => node.citusGroup === citusGroup && node.role === "primary");
  if (row === undefined) return "Citus knows no primary of it";
  if (row.host !== primary) return `Citus takes ${row.host} for its primary, which is ${primary}`;
  if (!row.active) return `Citus has its primary ${primary} as not active`;
  if (citusGroup !== 0 && !row.metadataSynced) return `Citus has not synced its metadata to ${primary}`;
  return null;
}

/** null: there is none, or more than one. */
function onlyPrimary({ members }: GroupSpec, view: ClusterView): string | null {
  const [primary, second] = members.filter((name) => view.members[name]?.inRecovery === false);
  return second === undefined ? (primary ?? null) : null;
}
