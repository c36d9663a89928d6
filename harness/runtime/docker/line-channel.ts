import type Dockerode from "dockerode";
import { LineCutter } from "../../support/line-cutter.ts";
import type { LineChannel } from "../../model/capabilities.ts";
import { explainEngineError } from "./explain-engine-error.ts";
import { KeptText } from "./kept-text.ts";
import { OutputFrames } from "./output-frames.ts";
import { withinBudget } from "./within-budget.ts";
import { formatCount } from "../../model/format-value.ts";

/** A channel that also keeps what its process says on standard error. */
export interface AttachedChannel extends LineChannel {
  /** The last of the process's standard error, at least 64 KiB of it and at most twice that. */
  errors(): string;
}

const keptErrorBytes = 128 * 1024;
/** So much may wait for whoever reads the lines; then the connection is not read until all of it was taken. */
const mostWaitingCharacters = 1024 * 1024;
/** How long a process may take to end once its input has. */
const closingMs = 2000;

/**
 * Attaches to a container's standard input and output, best before it is started, so that nothing is missed. The
 * container's input is closed when this connection is (StdinOnce), whatever ends it: so its process never outlives
 * the harness.
 */
export async function attachChannel(
  container: Pick<Dockerode.Container, "attach">,
  budgetMs: number,
): Promise<AttachedChannel> {
  const what = "attach to a container";
  try {
    const stream = await withinBudget(what, budgetMs, (signal) =>
      container.attach({
        stream: true,
        stdin: true,
        stdout: true,
        stderr: true,
        hijack: true,
        abortSignal: signal,
      }),
    );
    return channelOver(stream);
  } catch (error) {
    throw explainEngineError(what, error);
  }
}

/**
 * Standard error is read whether or not anybody reads the lines. Lines wait until somebody does, up to a bound; beyond
 * it the connection is left unread, which in the end makes the process wait.
 */
function channelOver(stream: NodeJS.ReadWriteStream): AttachedChannel {
  const lines = new WaitingLines(stream);
  const cutter = new LineCutter();
  const errors = new KeptText({ head: 0, tail: keptErrorBytes });
  const frames = new OutputFrames((from, piece) => {
    if (from === "stdout") lines.add(cutter.take(piece));
    else errors.add(piece);
  });
  // The end of the connection, for whatever reason, is the end of the process's output.
  const end = (): void => lines.end(cutter.rest());
  const destroy = (): void => (stream as Partial<{ destroy(): void }>).destroy?.();
  stream
    .on("data", (bytes: Uint8Array) => {
      try {
        frames.take(bytes);
      } catch (error) {
        lines.fail(error as Error);
        destroy();
      }
    })
    .on("end", end)
    .on("close", end)
    .on("error", end);
  return {
    send: (line) => void stream.write(`${line}\n`),
    lines: lines.taken(),
    errors: () => errors.text((bytes) => `(dpg-bench: the first ${formatCount(bytes)} bytes are left out)`),
    close: async () => {
      stream.end();
      await lines.ended(closingMs);
      destroy();
    },
  };
}

/** Lines that have come and were not taken yet. */
class WaitingLines {
  readonly #stream: NodeJS.ReadWriteStream;
  /** Oldest first; given away all at once, since taking the first of many moves the others. */
  #waiting: string[] = [];
  #characters = 0;
  #over: { readonly error: Error | null } | null = null;
  #wakeReader: () => void = () => undefined;
  #tellEnd: () => void = () => undefined;

  constructor(stream: NodeJS.ReadWriteStream) {
    this.#stream = stream;
  }

  add(lines: string[]): void {
    for (const line of lines) {
      this.#waiting.push(line);
      this.#characters += line.length;
    }
    if (this.#characters > mostWaitingCharacters) this.#stream.pause();
    this.#wakeReader();
  }

  /** `rest`: a last line without an end. */
  end(rest: string): void {
    if (this.#over !== null) return;
    if (rest !== "") this.#waiting.push(rest);
    this.#finish({ error: null });
  }

  fail(error: Error): void {
    this.#finish({ error });
  }

  async ended(withinMs: number): Promise<void> {
    if (this.#over !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#tellEnd = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Every line once, in order. Throws what ended them, if it was no end of theirs. */
  async *taken(): AsyncGenerator<string, void> {
    for (;;) {
      if (this.#waiting.length > 0) {
        const lines = this.#waiting;
        this.#waiting = [];
        this.#characters = 0;
        yield* lines;
        // Only now: what was taken and not looked at waits as well.
        if (this.#characters < mostWaitingCharacters) this.#stream.resume();
      } else if (this.#over !== null) {
        if (this.#over.error !== null) throw this.#over.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }

  #finish(over: { readonly error: Error | null }): void {
    this.#over ??= over;
    this.#wakeReader();
    this.#tellEnd();
  }
}
