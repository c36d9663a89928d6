import { Writable } from "node:stream";
import {
  type DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  type ListrTaskWrapper,
  ProcessOutput,
  type SimpleRenderer,
} from "listr2";
import type { RunningProgress } from "./plain-progress.ts";
import { formatValue } from "../../model/format-value.ts";

/** How often the elapsed time is redrawn. */
const REDRAW_MS = 250;

type ShownTask = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** One step: a list of one task, which ends when the next step begins. */
class ShownStep {
  readonly title: string;
  detail = "";
  readonly notes: string[] = [];
  readonly #startedAt = performance.now();
  readonly #ended: Promise<"done" | "failed">;
  #tellEnd: (how: "done" | "failed") => void = () => undefined;
  #endedAfter = 0;
  task: ShownTask | null = null;

  constructor(title: string) {
    this.title = title;
    this.#ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
  }

  end(how: "done" | "failed"): void {
    this.#endedAfter = performance.now() - this.#startedAt;
    this.detail = "";
    this.#tellEnd(how);
  }

  /** Draws until the step has ended. */
  async show(stream: NodeJS.WriteStream): Promise<void> {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
      processOutput: new ProcessOutput(stream, nowhere as unknown as NodeJS.WriteStream),
    });
    const task = {
      title: this.#line(),
      rendererOptions: { outputBar: Number.POSITIVE_INFINITY, persistentOutput: true },
      task: async (_: unknown, shown: ShownTask) => await this.#untilEnded(shown),
    };
    const list = new Listr([task], {
      renderer: "default",
      rendererOptions: { logger, collapseErrors: true, showErrorMessage: false },
      registerSignalListeners: false,
    });
    // The failure was already told to whoever caused it; here it only turns the mark red.
    await list.run().catch(() => undefined);
  }

  async #untilEnded(shown: ShownTask): Promise<void> {
    this.task = shown;
    for (const note of this.notes) shown.output = note;
    const redraw = setInterval(() => {
      shown.title = this.#line();
    }, REDRAW_MS);
    const how = await this.#ended;
    clearInterval(redraw);
    shown.title = this.#line();
    this.task = null;
    if (how === "failed") throw new Error(this.#line());
  }

  #line(): string {
    const elapsedMs = this.#endedAfter === 0 ? performance.now() - this.#startedAt : this.#endedAfter;
    const detail = this.detail === "" ? "" : `: ${this.detail}`;
    return `${this.title}${detail} (${formatValue(elapsedMs / 1000, "s")})`;
  }
}

/** Steps that appear as the run goes on, drawn by listr2: elapsed time and detail in the line, notes beneath it. */
export function liveProgress(stream: NodeJS.WriteStream): RunningProgress {
  let current: ShownStep | null = null;
  let shown: Promise<void> = Promise.resolve();
  return {
    step(title) {
      current?.end("done");
      const step = new ShownStep(title);
      current = step;
      shown = shown.then(async () => await step.show(stream));
    },
    detail(text) {
      if (current !== null) current.detail = text;
    },
    note(text) {
      if (current === null) stream.write(`${text}\n`);
      else {
        current.notes.push(text);
        if (current.task !== null) current.task.output = text;
      }
    },
    async close(how) {
      current?.end(how);
      current = null;
      await shown;
    },
  };
}
