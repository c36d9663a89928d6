import type { ComponentConfig } from "../../runtime/container-spec.ts";
import type { ComponentRequest } from "./component-request.ts";

/** The agent and the observer: one bundle each; what they are to do comes on their standard input. */
export function renderAgent({ node }: ComponentRequest): ComponentConfig {
  return { command: [`/opt/dpg-bench/bin/${node.component}.cjs`], environment: {}, files: [] };
}
