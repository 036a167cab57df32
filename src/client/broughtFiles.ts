/** The files of a paste; none where there is text too, as from a word processor, which brings a picture of it along. */
export function pastedFiles({ clipboardData }: ClipboardEvent): File[] {
  return clipboardData?.types.includes("text/plain") ? [] : [...(clipboardData?.files ?? [])];
}

/** Takes the files that are dropped on the element, which has `data-dropping` while they are over it. The answer ends it. */
export function takeDropped(element: HTMLElement, take: (files: File[]) => void): () => void {
  const over = (event: DragEvent) => {
    // Text and links go where they always go.
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    element.dataset["dropping"] = "";
  };
  const leave = (event: DragEvent) => {
    if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) delete element.dataset["dropping"];
  };
  const drop = (event: DragEvent) => {
    if (!("dropping" in element.dataset)) return;
    event.preventDefault();
    delete element.dataset["dropping"];
    take(filesOf(event));
  };
  element.addEventListener("dragover", over);
  element.addEventListener("dragleave", leave);
  element.addEventListener("drop", drop);
  return () => {
    element.removeEventListener("dragover", over);
    element.removeEventListener("dragleave", leave);
    element.removeEventListener("drop", drop);
  };
}

/** A file that is dropped beside its place would be opened instead of the page. */
export function stayWhereFilesDrop(page: Pick<EventTarget, "addEventListener">): void {
  const stay = (event: Event) => {
    if (event instanceof DragEvent && event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
  };
  page.addEventListener("dragover", stay);
  page.addEventListener("drop", stay);
}

/** Without folders, whose bytes a browser doesn't give. */
function filesOf({ dataTransfer }: DragEvent): File[] {
  return [...(dataTransfer?.items ?? [])].flatMap((item) =>
    item.kind !== "file" || item.webkitGetAsEntry()?.isDirectory === true ? [] : (item.getAsFile() ?? []),
  );
}
