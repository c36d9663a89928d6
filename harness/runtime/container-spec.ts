import type { NodeSpec } from "../model/layout.ts";
import type { ResourceLimit } from "../model/topology.ts";

/** A file that a container finds when its component starts. */
export interface ConfigFile {
  /** Absolute, inside the container. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** What a component's renderer decides: how its process is started and what it finds. */
export interface ComponentConfig {
  /** Arguments of the image's entry point. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly ConfigFile[];
}

/** One container to be, in words that every runtime understands. */
export interface ContainerSpec extends ComponentConfig {
  readonly node: NodeSpec;
  readonly image: "node" | "agent";
  /** Linux capabilities beyond the runtime's default. */
  readonly capabilities: readonly "NET_ADMIN"[];
  /** Settings of the kernel for the container's own network, by their names in sysctl. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
  readonly limit: ResourceLimit;
  /** Ports to publish on 127.0.0.1, each on a free port of the runtime's choice. */
  readonly publishedPorts: readonly number[];
  /** Does the harness talk to it on standard input and output? */
  readonly hasChannel: boolean;
}
