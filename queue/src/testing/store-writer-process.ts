/** Run as a process: commits two keys together without end, and tells its parent what it confirmed. */
import { LevelStore } from '../store/level-store.ts';

const store = await LevelStore.open(process.argv[2]!);
let n = Number((await store.get('a'))?.value ?? 0);
for (;;) {
  n += 1;
  const value = n;
  await store.commit([
    { type: 'put', key: 'a', value },
    { type: 'put', key: 'b', value },
  ]);
  process.send!(n);
}
