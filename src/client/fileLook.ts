/** A size as people say it: 1.4 MB. */
export function sizeText(bytes: number, locale?: string): string {
  const [value, unit] = bytes < 1000 ? [bytes, "byte"] : bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  const digits = value < 10 && unit !== "byte" ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** Draws a picture that isn't uploaded yet: on a canvas, since a site's policy may forbid every address that a page could make for it. */
export async function drawPicture(canvas: HTMLCanvasElement, file: File): Promise<boolean> {
  if (!file.type.startsWith("image/")) return false;
  try {
    const picture = await createImageBitmap(file, { resizeHeight: 2 * canvas.clientHeight || 96, resizeQuality: "medium" });
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d")?.drawImage(picture, 0, 0);
    picture.close();
    return true;
  } catch {
    return false;
  }
}
