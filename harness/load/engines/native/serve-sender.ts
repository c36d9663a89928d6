import { findWorkload } from "../../../workloads/catalogue.ts";
import { createAddressCache } from "../../wire/address-cache.ts";
import { engineClock } from "./schedule/engine-clock.ts";
import { prepareSender, type Prepared } from "./prepare-sender.ts";
import type { SenderCommand, SenderMessage } from "./sender-protocol.ts";
import type { Sender } from "./sender.ts";

/**
 * Does what the agent's process says: one stage, then it is ended. Errors that are the program's own go to `onError`.
 */
export function serveSender(
  send: (message: SenderMessage) => void,
  onError: (error: Error) => void,
): (command: SenderCommand) => void {
  let prepared: Prepared | null = null;
  let sender: Sender | null = null;
  const prepare = async (command: Extract<SenderCommand, { kind: "prepare" }>): Promise<void> => {
    const { load, share, login } = command;
    const epochNs = BigInt(command.epochNs);
    const definition = findWorkload(load.workload, load.parameters);
    if (definition === undefined) throw new Error(`This sender has no workload ${load.workload}`);
    const addressOf = createAddressCache();
    prepared = await prepareSender(
      { ...load, definition, login, addressOf, epochNs },
      share,
      engineClock(epochNs),
    );
    send({ kind: "prepared", refusal: prepared.kind === "refused" ? prepared.refusal : null });
  };
  return (command) => {
    switch (command.kind) {
      case "prepare":
        prepare(command).catch((error: unknown) => onError(error as Error));
        return;
      case "begin":
        if (prepared?.kind !== "prepared") return;
        sender = prepared.sender.begin(
          command.startedUs,
          {
            second: (second) => send({ kind: "second", second }),
            samples: (operation, rows) => send({ kind: "samples", operation, rows }),
            answers: (operation, rows) => send({ kind: "answers", operation, rows }),
            writes: (piece) => send({ kind: "writes", piece }),
          },
          onError,
        );
        void sender.ended.then(() => send({ kind: "ended", end: { kind: "complete" } }));
        return;
      case "stop":
        sender?.stop();
    }
  };
}
