import { readFileSync } from 'node:fs';
import { InputError } from '@zkinfer/core';
import { readError } from '@zkinfer/core/node';
import { decode } from 'fast-png';
import type { GreyPicture } from './draw-picture.ts';

/**
 * A PNG file as a grey picture to draw; of colours the first channel.
 * @throws InputError CORE_FILE_MISSING, EXAMPLES_PICTURE; EnvironmentError CORE_READ_FAILED
 */
export function readGreyPicture(path: string): GreyPicture {
  const bytes = readBytes(path);
  try {
    const { width, height, channels, data } = decode(bytes);
    return { width, height, data: data.filter((_, i) => i % channels === 0) };
  } catch (cause) {
    throw new InputError({
      code: 'EXAMPLES_PICTURE',
      what: `${path} cannot be read as a PNG picture`,
      got: cause instanceof Error ? cause.message : String(cause),
      expected: 'a grey PNG of 28 × 28 pixels',
      cause,
    });
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw readError(cause, path);
  }
}
