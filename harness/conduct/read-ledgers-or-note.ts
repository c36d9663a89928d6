import { HarnessError } from "../model/errors.ts";
import { tellNote } from "./tell-note.ts";

/**
 * Reads ledgers. A cluster that does not let itself be read is a finding about the cluster, not a failure of
 * dpg-bench: it becomes a note in the recording, and the writes concerned stay unjudged.
 */
export async function readLedgersOrNote(
  when: string,
  read: () => Promise<void>,
  telling: Parameters<typeof tellNote>[1],
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "ledger-unreadable") throw error;
    tellNote(`Ledgers could not be read ${when}: ${error.message}`, telling);
  }
}
