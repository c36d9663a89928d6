import { fork } from "node:child_process";
import { SENDER_MARK, type SenderCommand, type SenderMessage } from "./sender-protocol.ts";

/** A process that sends a share of a stage. */
export interface SenderProcess {
  tell(command: SenderCommand): void;
  onMessage: (message: SenderMessage) => void;
  /** It has ended, whoever wanted that: how. */
  onExit: (how: string) => void;
  kill(): void;
}

/** The agent's own program once more, with a mark in its environment. It ends when this process does. */
export function forkSender(): SenderProcess {
  const program = process.argv[1];
  if (program === undefined)
    throw new Error("Expected the agent's program as the first argument, found none");
  const child = fork(program, [], {
    env: { ...process.env, [SENDER_MARK]: "1" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const sender: SenderProcess = {
    tell: (command) => {
      if (child.connected) child.send(command, () => undefined);
    },
    onMessage: () => undefined,
    onExit: () => undefined,
    kill: () => void child.kill("SIGKILL"),
  };
  child.on("message", (message) => sender.onMessage(message as SenderMessage));
  child.on("error", () => undefined);
  child.on("exit", (code, signal) => sender.onExit(signal ?? `exit code ${code ?? "unknown"}`));
  return sender;
}
