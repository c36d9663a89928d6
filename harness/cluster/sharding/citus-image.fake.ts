import { MachineError } from "../../model/errors.ts";
import { ensureImages } from "../../setup/images.ts";
import { citus } from "./citus.ts";
import { quietProgress } from "../../model/progress.fake.ts";

/** null: the images have Citus; else what the user would be told, as it tells that tests of `what` are skipped. */
export async function whyNoCitus(what: string): Promise<MachineError | null> {
  const { signal } = new AbortController();
  try {
    await ensureImages({ progress: quietProgress, signal, extensions: citus.extensions });
    return null;
  } catch (error) {
    if (!(error instanceof MachineError) || error.code !== "extension-missing") throw error;
    console.warn(`Tests of ${what} are skipped. ${error.message} ${error.hint ?? ""}`);
    return error;
  }
}
