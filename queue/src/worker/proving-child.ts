/** Run as a process by `ProvingProcesses`: proves for its parent. */
import { ProvingCalls, type ProvingSettings } from './proving-calls.ts';
import { serveCalls } from './serve-calls.ts';

const settings = JSON.parse(process.argv[2]!) as ProvingSettings;
// Begun at once; what it throws, every call throws.
const creating = ProvingCalls.create(settings);
creating.catch(() => {});

serveCalls({
  engine: async () => (await creating).engine(),
  open: async (call, context) => (await creating).open(call, context),
  prove: async (call, context) => (await creating).prove(call, context),
});
