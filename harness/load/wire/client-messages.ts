/**
 * Cuts what a client sends into messages, for servers of our own: `type` is the message's letter, or "start-up" for the
 * first, which has none; `body` is valid during the call only. Returns what is to be fed with each piece.
 */
export function clientMessages(
  receive: (type: string, body: Buffer) => void,
  /** Is this first message only a question before the start-up (for TLS, say)? */
  isQuestion: (body: Buffer) => boolean = () => false,
): (chunk: Buffer) => void {
  let unread: Buffer = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    for (;;) {
      const header = started ? 1 : 0;
      if (unread.length < header + 4) return;
      const end = header + unread.readInt32BE(header);
      if (unread.length < end) return;
      const type = started ? String.fromCharCode(unread[0] ?? 0) : "start-up";
      const body = unread.subarray(header + 4, end);
      unread = unread.subarray(end);
      started ||= !isQuestion(body);
      receive(type, body);
    }
  };
}
