import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@zkinfer/core';

const BESIDE_MODEL = 'calibration.npy';

/**
 * The file of calibration samples: the one given, else `calibration.npy` beside the model.
 * @throws InputError CLI_NO_CALIBRATION
 */
export async function calibrationFile(model: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const candidates = [join(model, BESIDE_MODEL), join(dirname(model), BESIDE_MODEL)];
  for (const path of candidates) {
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  throw new InputError({
    code: 'CLI_NO_CALIBRATION',
    what: 'no calibration data: integer ranges are chosen from what the model sees in use',
    expected: `--calibration FILE with some hundreds of real inputs, or ${BESIDE_MODEL} beside the model`,
    hint: 'Save inputs with numpy.save, the first axis counting samples; IDX files (-ubyte) do too.',
  });
}
