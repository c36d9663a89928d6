/** Filters the event log's rows by the text typed above it. Without JavaScript the log is simply whole. */
export function filterEvents(): void {
  const input = document.querySelector<HTMLInputElement>("#event-filter");
  const shown = document.querySelector("#event-count");
  const rows = [...document.querySelectorAll<HTMLElement>("#events tbody tr")];
  if (input === null) return;
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) count++;
    }
    if (shown !== null) shown.textContent = `${count} of ${rows.length} shown`;
  });
}
