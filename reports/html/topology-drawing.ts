import type { ClusterLayout, GroupSpec, NodeSpec } from "../../harness/model/layout.ts";
import { componentOf } from "../../harness/cluster/components/catalogue.ts";
import { layOut } from "../../harness/cluster/components/lay-out.ts";
import type { Topology } from "../../harness/model/topology.ts";
import { html, type Markup } from "./markup.ts";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The cluster's nodes as a drawing, in the order in which a query meets them; nodes that were hurt are marked. */
export function topologyDrawing(topology: Topology, hits: ReadonlyMap<string, number>): Markup {
  const layout = layOut(topology);
  const columns = columnsOf(layout);
  const rows = Math.max(...columns.map(({ nodes }) => nodes.length));
  const height = rows * ROW + 24;
  const middle = 24 + (rows * ROW - 12) / 2;
  const x = (column: number): number => 4 + (column * (WIDTH - BOX - 8)) / Math.max(1, columns.length - 1);
  const y = (row: number, count: number): number => 24 + (row + (rows - count) / 2) * ROW;
  const parts = columns.map(({ nodes, title }, column) => {
    const next = columns[column + 1];
    const arrow =
      next === undefined || next.detached
        ? null
        : drawArrow({ x: x(column) + BOX, y: middle }, { x: x(column + 1), y: middle });
    const heading = html`<text class="small" x="${x(column)}" y="13">${title}</text>`;
    return [
      heading,
      arrow,
      ...nodes.map((node, row) =>
        drawNode(node, { x: x(column), y: y(row, nodes.length) }, hits.get(node.id) ?? 0),
      ),
    ];
  });
  return html`<svg class="nodes" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${spoken(layout)}">
    ${parts}
  </svg>`;
}

interface DrawnNode {
  readonly id: string;
  readonly label: string;
  readonly small: string;
}

interface Column {
  readonly title: string;
  readonly nodes: readonly DrawnNode[];
  /** No query goes through it: no arrow leads to it. */
  readonly detached?: boolean;
}

/** What a query meets first comes first; PostgreSQL, by its groups; then, as one column, what no query goes through. */
function columnsOf(layout: ClusterLayout): Column[] {
  const drawn = layout.nodes.flatMap((node) => {
    const place = componentOf(node).drawn;
    return place === null ? [] : [{ ...place, node: drawnNode(node) }];
  });
  const onTheWay = drawn
    .filter((each) => each.onTheWay !== null)
    .toSorted((one, other) => (one.onTheWay ?? 0) - (other.onTheWay ?? 0));
  const beside = drawn.filter((each) => each.onTheWay === null);
  const titles = (of: typeof drawn): string[] => [...new Set(of.map(({ title }) => title))];
  const workers = layout.groups.filter((group) => group.role === "worker");
  const coordinators = layout.groups.filter((group) => group.role === "coordinator");
  const columns: Column[] = [
    ...titles(onTheWay).map((title) => ({
      title,
      nodes: onTheWay.filter((each) => each.title === title).map(({ node }) => node),
    })),
    { title: "coordinators", nodes: coordinators.flatMap((group) => members(group)) },
    { title: "worker groups", nodes: workers.map(workerGroup) },
    { title: titles(beside).join(", "), nodes: beside.map(({ node }) => node), detached: true },
  ];
  return columns.filter(({ nodes }) => nodes.length > 0);
}

function drawnNode({ name, fronts }: NodeSpec): DrawnNode {
  return { id: name, label: name, small: fronts === null ? "" : `→ ${fronts}` };
}

function members(group: GroupSpec): DrawnNode[] {
  return group.members.map((name) => ({ id: name, label: name, small: "" }));
}

function workerGroup(group: GroupSpec): DrawnNode {
  const letters = group.members.map((name) => name.replace(group.name, ""));
  return {
    id: group.name,
    label: group.name,
    small: letters.join(" + ") + (group.spare === true ? ", spare" : ""),
  };
}

function drawNode(node: DrawnNode, { x, y }: Place, hits: number): Markup {
  const small = hits > 0 ? (hits === 1 ? "hit once" : `hit ${hits} times`) : node.small;
  return html`<g class="${hits > 0 ? "hit" : "node"}"
    ><rect x="${x}" y="${y}" width="${BOX}" height="${ROW - 12}" rx="6"></rect
    ><text x="${x + 10}" y="${y + (small === "" ? 30 : 21)}">${node.label}</text
    ><text class="small" x="${x + 10}" y="${y + 39}">${small}</text></g
  >`;
}

function drawArrow(from: Place, to: Place): Markup {
  return html`<path d="M${from.x + 6} ${from.y}H${to.x - 12}"></path
    ><path class="tip" d="M${to.x - 5} ${to.y}l-8 -4.5v9z"></path>`;
}

function spoken(layout: ClusterLayout): string {
  return `Nodes: ${layout.nodes.map(({ name }) => name).join(", ")}`;
}

const WIDTH = 1120;
const BOX = 158;
const ROW = 60;
