/** Text for tooltips: nothing of it may be read as HTML. */
export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Seconds since the recording began as `3:07` (or `3:07.25` with digits). */
export function clockText(seconds: number, digits = 0): string {
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - minutes * 60).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0");
  return `${minutes}:${rest}`;
}

/** Milliseconds with the unit that suits their size. */
export function latencyText(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}
