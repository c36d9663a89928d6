import type { LineChannel } from "../../model/capabilities.ts";

/** A channel whose other end is a test. */
export interface FakeLineChannel extends LineChannel {
  readonly sent: readonly string[];
  /** The other end says a line. */
  say(line: string): void;
  /** The other end ends. */
  end(): void;
}

/** `onSend` is called with each line that was sent, and may answer with `say`. */
export function fakeLineChannel(
  onSend: (line: string, channel: FakeLineChannel) => void = () => undefined,
): FakeLineChannel {
  const sent: string[] = [];
  const unread: string[] = [];
  const state = { ended: false };
  let wake: () => void = () => undefined;
  const channel: FakeLineChannel = {
    sent,
    send: (line) => {
      sent.push(line);
      onSend(line, channel);
    },
    say: (line) => {
      unread.push(line);
      wake();
    },
    end: () => {
      state.ended = true;
      wake();
    },
    lines: (async function* () {
      for (;;) {
        const line = unread.shift();
        if (line !== undefined) yield line;
        else if (state.ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    })(),
    close: () => {
      channel.end();
      return Promise.resolve();
    },
  };
  return channel;
}
