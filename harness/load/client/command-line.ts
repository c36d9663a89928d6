import type { LineChannel } from "../../model/capabilities.ts";
import type { Clock } from "../../model/clock.ts";
import { HarnessError } from "../../model/errors.ts";
import type { Command, Message, Replies } from "../protocol/agent-protocol.ts";
import { within } from "../../support/within.ts";

type Unasked = Exclude<Message, { readonly type: "reply" }>;
type Reply = Extract<Message, { readonly type: "reply" }>;

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: HarnessError) => void;
}

const GONE =
  "Nobody sends load or reads ledgers without it. Did something end its container? Its last words are in the run's folder, in logs/agent.log.";

/** Puts commands to an agent over its lines and matches replies to them. Every command is bounded. */
export class CommandLine {
  readonly #channel: LineChannel;
  readonly #clock: Clock;
  readonly #onMessage: (message: Unasked) => void;
  readonly #onBroken: (error: HarnessError) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #reading: Promise<void>;
  #asked = 0;
  #broken: HarnessError | null = null;
  #closing = false;

  constructor(options: {
    readonly channel: LineChannel;
    readonly clock: Clock;
    readonly onMessage: (message: Unasked) => void;
    /** Called once when the agent has ended without having been asked to. */
    readonly onBroken: (error: HarnessError) => void;
  }) {
    this.#channel = options.channel;
    this.#clock = options.clock;
    this.#onMessage = options.onMessage;
    this.#onBroken = options.onBroken;
    this.#reading = this.#read();
  }

  /** Rejects with a HarnessError when the command failed, was not answered in time, or the agent has ended. */
  async ask<Asked extends Command>(command: Asked, budgetMs: number): Promise<Replies[Asked["command"]]> {
    if (this.#broken !== null) throw this.#broken;
    const id = ++this.#asked;
    const reply = new Promise<Reply>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    try {
      this.#channel.send(JSON.stringify({ id, ...command }));
      const settled = await within({ ms: budgetMs, clock: this.#clock }, reply, () => {
        throw new HarnessError({
          code: "agent-silent",
          message: `Expected the agent to answer "${command.command}" within ${budgetMs} ms, got nothing.`,
          hint: "Is the machine overloaded? The agent's own log is in the run's logs folder.",
        });
      });
      if (!settled.ok) throw new HarnessError({ code: settled.error.code, message: settled.error.message });
      return settled.value as Replies[Asked["command"]];
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Ends the agent by ending its input. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#channel.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    let reason = "its output ended";
    try {
      for await (const line of this.#channel.lines) {
        if (line.trim() !== "") this.#receive(JSON.parse(line) as Message);
      }
    } catch (error) {
      reason = String(error);
    }
    this.#fail(reason);
  }

  #receive(message: Message): void {
    if (message.type === "reply") this.#pending.get(message.id)?.resolve(message);
    else this.#onMessage(message);
  }

  #fail(reason: string): void {
    const error = new HarnessError({
      code: "agent-ended",
      message: `The agent is gone: ${reason}.`,
      hint: GONE,
    });
    this.#broken = error;
    for (const { reject } of this.#pending.values()) reject(error);
    if (!this.#closing) this.#onBroken(error);
  }
}
