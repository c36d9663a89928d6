/** Calls back with the value of the radio button or the list's entry that is chosen. */
export function onChoice(selector: string, act: (value: string) => void): void {
  for (const input of document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(selector)) {
    input.addEventListener("change", () => act(input.value));
  }
}
