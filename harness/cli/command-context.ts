import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import type { CliIo } from "./cli-io.ts";

/** What every command gets besides its own arguments. */
export interface CommandContext {
  readonly io: CliIo;
  /** Where clusters run. */
  readonly runtime: ContainerRuntime;
  /** Aborted with an InterruptedError on the first signal. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a command that ends without an error; 0 when never called. */
  readonly endWith: (exitCode: number) => void;
  /** The command answers with one JSON document: an error must be one too. */
  readonly answerWithJson: () => void;
}
