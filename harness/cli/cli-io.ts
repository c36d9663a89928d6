/** All that a command may touch of the process around it, so that a test can stand in for the terminal. */
export interface CliIo {
  /** What was asked for: the answer alone. Control characters are shown as escapes, whoever wrote them. */
  readonly stdout: (text: string) => void;
  /** Everything else: progress, notes, errors. As printable as `stdout`. */
  readonly stderr: (text: string) => void;
  /** Text that was rendered with colours: they pass, and no other control character does. */
  readonly styled: {
    readonly stdout: (text: string) => void;
    readonly stderr: (text: string) => void;
  };
  /** Where progress may be drawn and redrawn; null where standard error is no terminal. */
  readonly live: NodeJS.WriteStream | null;
  /** May standard output and standard error carry colours? */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of the terminal. */
  readonly width: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back on each SIGINT, SIGTERM and SIGHUP until disposed. */
  readonly onSignal: (handler: (signal: string) => void) => Disposable;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}
