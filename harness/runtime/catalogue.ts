import type { ContainerRuntime } from "./container-runtime.ts";
import { dockerRuntime } from "./docker/docker-runtime.ts";

/** Every runtime, by the name it is chosen by. */
export const runtimeCatalogue = { docker: dockerRuntime } as const satisfies Record<string, ContainerRuntime>;

/** Where containers run unless another is chosen. */
export const defaultRuntime: ContainerRuntime = runtimeCatalogue.docker;
