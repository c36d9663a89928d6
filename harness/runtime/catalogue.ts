import { UsageError } from "../model/errors.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { dockerRuntime } from "./docker/docker-runtime.ts";

/** Every runtime, by the name it is chosen by. */
export const runtimeCatalogue = { docker: dockerRuntime } as const satisfies Record<string, ContainerRuntime>;

/** Where containers run unless another is chosen. */
export const defaultRuntime: ContainerRuntime = runtimeCatalogue.docker;

/** The runtime of that name, or a UsageError that lists the names there are. */
export function runtimeNamed(name: string): ContainerRuntime {
  if (Object.hasOwn(runtimeCatalogue, name)) return runtimeCatalogue[name as keyof typeof runtimeCatalogue];
  const message = `expected ${Object.keys(runtimeCatalogue).join(" or ")}, found ${JSON.stringify(name)}.`;
  throw new UsageError([{ where: "--runtime", message }]);
}
