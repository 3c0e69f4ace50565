/** Hands a file to the browser. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
  // The download has its own hold on the data by then.
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
}
