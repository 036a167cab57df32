/** How a picture of this size is shown within a box, in pixels; none where it isn't known. */
export function fitted(
  { width, height }: { width?: number; height?: number },
  mostWidth: number,
  mostHeight: number,
): { width: number; height: number } {
  if (width === undefined || height === undefined) return { width: mostWidth, height: mostHeight };
  const scale = Math.min(1, mostWidth / width, mostHeight / height);
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
}
