import { plainNodes, type Component } from "../component.ts";

/** Watches every component. What it is to watch comes on its standard input. */
export const observer: Component = {
  nodes: () => plainNodes("observer", ["observer"]),
  image: "agent",
  hasChannel: true,
  configure: () => ({ command: ["/opt/dpg-bench/bin/observer.cjs"], environment: {}, files: [] }),
  // The harness talks to it before it asks for anything else.
  gaps: () => [],
  drawn: { title: "watching", onTheWay: null },
  packages: [],
  versions: {},
};
