import type { RunningCluster } from "./bring-up-cluster.ts";
import type { RecordingWriter } from "../model/recording.ts";

/** Every node's log, so that a surprising figure can be traced; what cannot be read says so in its file. */
export async function keepLogs(
  cluster: Pick<RunningCluster, "layout" | "logs">,
  recording: Pick<RecordingWriter, "file">,
): Promise<void> {
  await Promise.all(
    cluster.layout.nodes.map(async ({ name }) => {
      const log = await cluster.logs(name).catch((error: unknown) => `(no log: ${String(error)})\n`);
      await recording.file(`logs/${name}.log`, log);
    }),
  );
}
