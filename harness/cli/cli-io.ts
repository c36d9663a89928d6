/** All that a command may touch of the process around it, so that a test can stand in for the terminal. */
export interface CliIo {
  /** What was asked for: the answer alone. */
  readonly stdout: (text: string) => void;
  /** Everything else: progress, notes, errors. */
  readonly stderr: (text: string) => void;
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
