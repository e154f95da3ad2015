/** Where the committed models lie. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of `examples/models/<name>`; the folder need not exist. */
export function modelFolder(name: string): string {
  // Both src/ and dist/ are one level below examples/.
  return join(fileURLToPath(new URL('../models', import.meta.url)), name);
}
