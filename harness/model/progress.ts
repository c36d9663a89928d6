/** What the conductor tells whoever watches: the terminal, or plain lines. Never part of the recording. */
export interface Progress {
  /** A step of the run began; it ends when the next one begins. */
  step(title: string): void;
  /** What the current step is doing now, in a few words; replaces the text before. */
  detail(text: string): void;
  /** Something worth keeping on the screen. */
  note(text: string): void;
}
