/** Grey pictures in a terminal: each character shows two pixels, one above the other. */

/** A grey picture, rows from the top, 0 black to 255 white. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

const RESET = '\u001b[0m';

/** Lines of half blocks, in 24 greys of the 256-colour palette or, without colours, in black and white. */
export function drawPicture(picture: GreyPicture, colours: boolean): string[] {
  const lines: string[] = [];
  for (let y = 0; y < picture.height; y += 2) {
    const pairs = Array.from({ length: picture.width }, (_, x): [number, number] => [
      pixel(picture, x, y),
      pixel(picture, x, y + 1),
    ]);
    lines.push(colours ? `${pairs.map(colourBlock).join('')}${RESET}` : pairs.map(block).join(''));
  }
  return lines;
}

function pixel({ width, height, data }: GreyPicture, x: number, y: number): number {
  return y < height ? data[y * width + x]! : 0;
}

function colourBlock([upper, lower]: [number, number]): string {
  return `\u001b[38;5;${greyIndex(upper)};48;5;${greyIndex(lower)}m▀`;
}

/** Indices 232 to 255 of the palette are greys from dark to light. */
function greyIndex(value: number): number {
  return 232 + Math.floor((value * 24) / 256);
}

function block([upper, lower]: [number, number]): string {
  const blocks = [' ', '▄', '▀', '█'] as const;
  return blocks[((upper >= 128 ? 2 : 0) + (lower >= 128 ? 1 : 0)) as 0 | 1 | 2 | 3];
}
