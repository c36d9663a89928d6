import type { Recording } from "../harness/model/recording.ts";

export interface MemoryForData {
  /** null: neither a limit nor the machine's memory is known. */
  readonly bytes: number | null;
  /** Whose memory it is. */
  readonly of: string;
  /** As PostgreSQL has it, or its default. */
  readonly sharedBuffers: string;
}

/** What a coordinator has for caching data: its container's limit, or the whole machine where it has none. */
export function memoryOf({ plan, environment }: Recording): MemoryForData {
  const limit = plan.topology.resources.coordinator.memoryMb;
  const sharedBuffers = String(plan.topology.postgres.parameters.shared_buffers ?? "128MB (default)");
  if (limit > 0) return { bytes: limit * MB, of: "limit of a coordinator", sharedBuffers };
  const machine = environment?.machine.memoryMb;
  return { bytes: machine === undefined ? null : machine * MB, of: "the whole machine", sharedBuffers };
}

const MB = 1024 * 1024;
