import { InputError, type NumericArray } from '@zkinfer/core';
import { decode, hasPngSignature } from 'fast-png';

/** Whether bytes begin like a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return bytes.length > 8 && hasPngSignature(bytes);
}

/**
 * The bytes of a PNG picture as [height, width, channels], channels 1 (grey) or 3 (RGB); an alpha
 * channel that hides nothing is dropped.
 * @param path names it in errors
 * @throws InputError CLI_PNG_DAMAGED, CLI_PNG_KIND (palettes, transparency, 16 bits or less than 8)
 */
export function readPicture(bytes: Uint8Array, path: string): NumericArray {
  const picture = decodeOrRefuse(bytes, path);
  const { width, height, channels, depth, data } = picture;
  if (depth !== 8 || picture.palette !== undefined || !(data instanceof Uint8Array)) {
    throw badKind(path, picture.palette === undefined ? `${depth} bits a channel` : 'a palette');
  }
  const hasAlpha = channels === 2 || channels === 4;
  if (!hasAlpha) return { shape: [height, width, channels], data };
  const colours = channels - 1;
  const opaque = new Uint8Array(width * height * colours);
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (data[pixel * channels + colours] !== 255) throw badKind(path, 'transparent pixels');
    for (let c = 0; c < colours; c++) opaque[pixel * colours + c] = data[pixel * channels + c]!;
  }
  return { shape: [height, width, colours], data: opaque };
}

function decodeOrRefuse(bytes: Uint8Array, path: string) {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new InputError({
      code: 'CLI_PNG_DAMAGED',
      what: `${path} cannot be read as a PNG picture`,
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

function badKind(path: string, got: string): InputError {
  return new InputError({
    code: 'CLI_PNG_KIND',
    what: `${path} is a PNG picture of a kind that models do not take`,
    got,
    expected: 'grey or RGB, 8 bits a channel, opaque',
  });
}
