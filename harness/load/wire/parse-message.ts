/** Parse of a named statement; the server finds the parameters' types by itself, as it does for pgbench. */
export function parseMessage(name: string, sql: string): Buffer {
  const text = Buffer.from(`${name}\0${sql}\0`);
  const message = Buffer.alloc(5 + text.length + 2);
  message[0] = 0x50; // P
  message.writeInt32BE(message.length - 1, 1);
  text.copy(message, 5);
  return message;
}

/** Close of a named statement; none of that name is no error. */
export function closeMessage(name: string): Buffer {
  const text = Buffer.from(`S${name}\0`);
  const message = Buffer.alloc(5 + text.length);
  message[0] = 0x43; // C
  message.writeInt32BE(message.length - 1, 1);
  text.copy(message, 5);
  return message;
}
