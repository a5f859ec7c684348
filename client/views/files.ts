/** A file that is dropped on the page must not take its place, or what was being written is gone. Until files can be sent, it is said so. */
export function keepFilesOut(refused: () => void): () => void {
  const ends = new AbortController();
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;
  const over = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault(); // or the drop is the browser's
  };
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    refused();
  };
  addEventListener("dragover", over, { signal: ends.signal });
  addEventListener("drop", drop, { signal: ends.signal });
  return () => ends.abort();
}
