import type { Window2d } from './float-graph.ts';

/**
 * Takes one position of a window that lies inside the image: row and column in the window, and in
 * the image.
 */
export type PositionVisitor = (
  kernelRow: number,
  kernelColumn: number,
  row: number,
  column: number,
) => void;

/**
 * Visits the positions of one placement of a window that fall on the image; those on padding are
 * left out.
 */
export function forEachPosition(
  window: Window2d,
  [rows, columns]: readonly [number, number],
  [outputRow, outputColumn]: readonly [number, number],
  [rowDilation, columnDilation]: readonly [number, number],
  visit: PositionVisitor,
): void {
  const top = outputRow * window.strides[0] - window.padding.top;
  const left = outputColumn * window.strides[1] - window.padding.left;
  for (let kernelRow = 0; kernelRow < window.size[0]; kernelRow++) {
    const row = top + kernelRow * rowDilation;
    if (row < 0 || row >= rows) continue;
    for (let kernelColumn = 0; kernelColumn < window.size[1]; kernelColumn++) {
      const column = left + kernelColumn * columnDilation;
      if (column >= 0 && column < columns) visit(kernelRow, kernelColumn, row, column);
    }
  }
}
