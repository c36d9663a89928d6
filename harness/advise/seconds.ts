/** Seconds for sentences, to a tenth: `22.3 s`. */
export function seconds(value: number): string {
  return `${Math.round(value * 10) / 10} s`;
}
