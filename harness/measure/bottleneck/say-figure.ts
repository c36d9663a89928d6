/** 0.1234 -> "12 %". */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** At most two decimals, without trailing zeros: 1.5, 0.07, 12. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** "1 client", "2 clients", "0.5 clients". */
export function counted(value: number, one: string): string {
  const text = short(value);
  return `${text} ${one}${text === "1" ? "" : "s"}`;
}
