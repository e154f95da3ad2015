/** Run as a process by `InferenceProcesses`: runs quantised networks for its parent. */
import { InferenceCalls, type InferenceSettings } from './inference-calls.ts';
import { parentLogger, serveCalls } from './serve-calls.ts';

const settings = JSON.parse(process.argv[2]!) as InferenceSettings;
const calls = new InferenceCalls(settings, parentLogger);

serveCalls({
  open: (place) => calls.open(place),
  infer: (call) => calls.infer(call),
});
