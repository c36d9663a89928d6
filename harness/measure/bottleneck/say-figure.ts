/** 0.1234 -> "12 %". */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** As many decimals as help, without trailing zeros: 10055, 12.3, 1.5, 0.07. */
export function short(value: number): string {
  const factor = value >= 100 ? 1 : value >= 10 ? 10 : 100;
  return String(Math.round(value * factor) / factor);
}

/** "1 client", "2 clients", "0.5 clients". */
export function counted(value: number, one: string): string {
  const text = short(value);
  return `${text} ${one}${text === "1" ? "" : "s"}`;
}
