import type { ResourceMeter } from "../model/capabilities.ts";
import type { Clock } from "../model/clock.ts";
import type { RecordingWriter } from "../model/recording.ts";
import type { ResourceReading } from "../model/resource.ts";
import type { RunningWatch } from "../observe/client/watch-cluster.ts";

/** Time from one look at the containers to the next, milliseconds. */
const READING_MS = 1000;

/** What a cluster's resources are read from: its containers, its poolers and databases. */
interface WatchedCluster {
  readonly meter: Pick<ResourceMeter, "read">;
  readonly watch: Pick<RunningWatch, "readResources" | "readStatements">;
}

/** Resources, watched until disposed of. */
export interface ResourceWatch extends AsyncDisposable {
  /** Writes down what the statements cost since the stage before. Call it once a stage has ended. Does not reject. */
  stageEnded(stage: number): Promise<void>;
}

/**
 * Writes a reading of every container, of the machine, of every PgBouncer and of every PostgreSQL member to the
 * recording about once a second. It fails no run: what cannot be read becomes a note, once.
 */
export async function watchResources(options: {
  readonly cluster: WatchedCluster;
  readonly recording: Pick<RecordingWriter, "resources" | "statements" | "event">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<ResourceWatch> {
  const { cluster, recording, clock } = options;
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const noted = new Set<string>();
  const note = (texts: readonly string[]): void => {
    for (const text of texts.filter((each) => !noted.has(each))) {
      noted.add(text);
      recording.event({ kind: "note", atUs: clock.nowUs(), text });
    }
  };
  const readStatements = async (): ReturnType<RunningWatch["readStatements"]> => {
    try {
      return await cluster.watch.readStatements();
    } catch (error) {
      return { statements: [], missing: [`No statements could be read: ${reasonOf(error)}`] };
    }
  };
  // What filled the tables is no part of the first stage.
  note((await readStatements()).missing);
  const write = (readings: readonly ResourceReading[]): void => recording.resources(readings);
  cluster.watch.readResources((reading) => write([reading]));
  const metering = meter(cluster.meter, { write, clock, signal, note });
  return {
    stageEnded: async (stage) => {
      const { statements, missing } = await readStatements();
      note(missing);
      if (statements.length > 0) recording.statements(statements.map((each) => ({ stage, ...each })));
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort(new Error("resources are no longer watched"));
      cluster.watch.readResources(null);
      await metering;
    },
  };
}

/** Reads the containers until the signal is aborted; never two looks at once. */
async function meter(
  resourceMeter: WatchedCluster["meter"],
  {
    write,
    clock,
    signal,
    note,
  }: {
    readonly write: (readings: readonly ResourceReading[]) => void;
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly note: (texts: readonly string[]) => void;
  },
): Promise<void> {
  while (!signal.aborted) {
    const startedUs = clock.nowUs();
    const { readings, missing } = await resourceMeter.read();
    const atUs = clock.nowUs();
    note(missing);
    if (readings.length > 0) write(readings.map((reading) => ({ atUs, ...reading })));
    const tookMs = (clock.nowUs() - startedUs) / 1000;
    await clock.sleep(Math.max(1, READING_MS - tookMs), signal).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
