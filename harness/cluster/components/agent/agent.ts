import { plainNodes, type Component } from "../component.ts";

/** The clients: sends the load. What it is to do comes on its standard input. */
export const agent: Component = {
  nodes: () => plainNodes("agent", ["agent"]),
  image: "agent",
  hasChannel: true,
  configure: () => ({ command: ["/opt/dpg-bench/bin/agent.cjs"], environment: {}, files: [] }),
  // The harness talks to it before it asks for anything else.
  gaps: () => [],
  drawn: { title: "load", onTheWay: 0 },
  packages: [],
  versions: {},
};
