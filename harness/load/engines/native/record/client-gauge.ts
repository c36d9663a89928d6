import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Micros } from "../../../../model/clock.ts";
import type { ClientSecond } from "../../../../model/stage.ts";
import { IntervalHistogram } from "./interval-histogram.ts";
import { threadCpuUs } from "./thread-cpu.ts";

/** Timers of the event-loop monitor are this far apart: 50 wake-ups a second cost next to nothing. */
const LOOP_RESOLUTION_MS = 20;

/** Reads the sending process itself: its CPU time (all threads, and the busiest that sends), its lateness, its event loop, its memory. */
export class ClientGauge {
  readonly #agent: number;
  readonly #lateness = new IntervalHistogram();
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #threadUs = threadCpuUs();
  #pacingUs: number | null = null;
  #atUs: Micros;
  #last: ClientSecond | null = null;

  constructor(agent: number, nowUs: Micros) {
    this.#agent = agent;
    this.#atUs = nowUs;
    this.#loop.enable();
  }

  /** How long after it was due the sender looked at an operation. */
  late(us: Micros): void {
    this.#lateness.record(us);
  }

  /**
   * The time since the last call. Of seconds that end at one moment, because the sender stood still over the ends of those
   * before, the first is asked for what was since, and that holds for all of them. `pacingThread`: a second thread that
   * sends; null: there is none.
   */
  read(
    nowUs: Micros,
    now: Pick<ClientSecond, "connectionsOpen" | "served"> & { readonly stoodStillUs: number },
    pacingThread: number | null,
  ): ClientSecond {
    if (this.#last !== null && nowUs <= this.#atUs) return { ...this.#last, ...now };
    const cpu = process.cpuUsage(this.#cpu);
    const tookUs = Math.max(1, nowUs - this.#atUs);
    const threadUs = threadCpuUs();
    const pacingUs = pacingThread === null ? null : threadCpuUs(pacingThread);
    const loopUs = this.#loop.percentile(99) / 1000 - LOOP_RESOLUTION_MS * 1000;
    const second: ClientSecond = {
      agent: this.#agent,
      cpuCores: (cpu.user + cpu.system) / tookUs,
      ...(threadUs === null || this.#threadUs === null
        ? {}
        : { senderCores: Math.max(threadUs - this.#threadUs, since(this.#pacingUs, pacingUs)) / tookUs }),
      latenessP50Us: this.#lateness.percentile(0.5),
      latenessP99Us: this.#lateness.percentile(0.99),
      latenessMaxUs: this.#lateness.percentile(1),
      eventLoopP99Us: Math.max(0, Math.round(loopUs)),
      memoryMb: process.memoryUsage.rss() / 2 ** 20,
      ...now,
    };
    this.#cpu = process.cpuUsage();
    this.#threadUs = threadUs;
    this.#pacingUs = pacingUs;
    this.#atUs = nowUs;
    this.#lateness.clear();
    this.#loop.reset();
    this.#last = second;
    return second;
  }

  close(): void {
    this.#loop.disable();
  }
}

/** Of a thread that was not known before, all it has done. */
function since(beforeUs: number | null, nowUs: number | null): number {
  return nowUs === null ? 0 : nowUs - (beforeUs ?? 0);
}
